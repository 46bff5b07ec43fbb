import Compiler
import JSONText
import LayerKit

extension TrainingSettings {
  /// All settings as a `training` object, with every default filled in and the data's mapping as it was
  /// settled.
  func json(of network: Network, data: DataSettings?) -> JSONValue {
    let written = network.document.root["training"]
    func name(_ value: ValueID) -> JSONValue { .string(network.graph[value].name) }
    func names(_ parameters: [ParameterID]) -> JSONValue {
      .array(parameters.map { .string(network.parameters[$0.index].name) })
    }
    var members: [(String, JSONValue)] = [
      (
        "loss",
        .array(losses.map { .object([("value", name($0.value)), ("weight", .double($0.weight))]) })
      ), ("optimizer", component(optimizer.schema, written?["optimizer"])),
    ]
    if let schedule {
      members.append(("schedule", component(schedule.schema, written?["schedule"])))
    }
    if !regularization.isEmpty {
      let terms = regularization.map { term in
        JSONValue.object([
          ("kind", .string(term.kind.rawValue)), ("strength", .double(term.strength)),
          ("parameters", names(term.parameters)),
        ])
      }
      members.append(("regularization", .array(terms)))
    }
    if !groups.isEmpty {
      let all = groups.map { group in
        JSONValue.object([
          ("parameters", names(group.parameters)), ("rate", .double(group.rate)),
          ("decay", .double(group.decay)),
        ])
      }
      members.append(("groups", .array(all)))
    }
    members.append(("epochs", .integer(epochs)))
    switch batchSize {
    case .all: members.append(("batch_size", .string("all")))
    case .rows(let rows): members.append(("batch_size", .integer(rows)))
    }
    members += [("seed", .integer(Int(clamping: seed))), ("shuffle", .boolean(shuffle))]
    switch gradientClip {
    case .norm(let bound): members.append(("gradient_clip", .object([("norm", .double(bound))])))
    case .value(let bound): members.append(("gradient_clip", .object([("value", .double(bound))])))
    case nil: break
    }
    if let stopping = earlyStopping {
      members.append(
        (
          "early_stopping",
          .object([
            ("monitor", .string(stopping.monitor)), ("patience", .integer(stopping.patience)),
            ("minimum_delta", .double(stopping.minimumDelta)),
            ("restore_best", .boolean(stopping.restoreBest)),
          ])
        ))
    }
    if !metrics.isEmpty {
      let all = metrics.enumerated().map { index, setting in
        var own =
          component(setting.metric.schema, written?["metrics"]?.elements?[index]).members ?? []
        own.append(JSONMember(key: "prediction", value: name(setting.prediction)))
        own.append(JSONMember(key: "target", value: name(setting.target)))
        return JSONValue.object(own)
      }
      members.append(("metrics", .array(all)))
    }
    if let data { members.append(("data", data.json)) }
    return .object(members)
  }

  /// A component with every attribute: what the file gives, else the default.
  private func component(_ schema: Schema, _ written: JSONValue?) -> JSONValue {
    let attributes = schema.attributes.compactMap { attribute -> (String, JSONValue)? in
      (written?[attribute.name] ?? attribute.standard?.json).map { (attribute.name, $0) }
    }
    return .object([("kind", .string(schema.name))] + attributes)
  }
}

extension AttributeValue {
  /// A default as a file would write it; nil for what no setting of training has.
  fileprivate var json: JSONValue? {
    switch self {
    case .integer(let number): .integer(number)
    case .number(let number): .double(number)
    case .boolean(let truth): .boolean(truth)
    case .word(let word): .string(word)
    case .integers(let numbers): .array(numbers.map(JSONValue.integer))
    case .named(let name, _): .string(name)
    case .shape, .numbers, .elementType, .component: nil
    }
  }
}

extension DataSettings {
  fileprivate var json: JSONValue {
    var members: [(String, JSONValue)] = []
    if let file { members.append(("file", .string(file))) }
    members.append(("inputs", .object(inputs.map { ($0.name, $0.json) })))
    members += [
      ("validation", .double(validation)), ("test", .double(test)), ("split", .string(split.rawValue)),
    ]
    return .object(members)
  }
}
