import Diagnostics
import GraphFile
import JSONText
import LayerKit
import Tensors

/// Reads the `training` object against the network that it trains; collects every fault.
struct TrainingReader {
  var reader: AttributeReader
  let valueNames: [String: ValueID]
  let types: (ValueID) -> ValueType
  let parameters: [NetworkParameter]
  /// The names of the graph's inputs.
  let inputs: [String]
  let faulty: FaultyNames

  init(
    reader: AttributeReader, valueNames: [String: ValueID], types: @escaping (ValueID) -> ValueType,
    parameters: [NetworkParameter], inputs: [String], faulty: FaultyNames
  ) {
    self.reader = reader
    self.valueNames = valueNames
    self.types = types
    self.parameters = parameters
    self.inputs = inputs
    self.faulty = faulty
  }

  /// How many comparisons of a pattern with a parameter's name a file may ask for.
  static let mostComparisons = 5_000_000
  var comparisons = 0

  static let schema = Schema(
    "training", "How the network is trained.",
    attributes: [
      .integer("epochs", atLeast: 1, default: 10, "How often all rows are seen."),
      .boolean("shuffle", default: true, "Whether each epoch has an order of its own."),
      .integer("seed", atLeast: 0, default: 0, "What every random number is drawn from."),
    ], inputs: [])
  static let structured = [
    "loss", "optimizer", "schedule", "regularization", "groups", "batch_size", "gradient_clip",
    "early_stopping", "metrics", "data", "phases",
  ]

  /// The settings; nil where there is a fault.
  mutating func read(_ json: JSONValue) -> TrainingSettings? {
    let place = "training"
    let before = reader.faults.reported
    guard let members = json.members else {
      refuse(json, place, "expected an object, found \(json.excerpt)")
      return nil
    }
    let plain = reader.read(
      members, TrainingReader.schema, place: place, at: json.textPlace, reserved: TrainingReader.structured)
    if let phases = json["phases"] {
      refuse(phases, "training, phases", "training in phases is not supported by this version")
    }
    let losses = self.losses(json)
    let (optimizerName, optimizer) = self.optimizer(
      json["optimizer"], place: "training, optimizer", at: json.textPlace)
    var schedule: (any Schedule)?
    if let found = json["schedule"] { schedule = component(.schedule, found, "training, schedule") }
    let regularization = list(json, "regularization") { (own: inout TrainingReader, json, place) in
      own.regularization(json, place)
    }
    let groups = list(json, "groups") { (own: inout TrainingReader, json, place) in own.group(json, place) }
    let batchSize = self.batchSize(json["batch_size"])
    var clip: GradientClip?
    if let found = json["gradient_clip"] { clip = gradientClip(found) }
    var metrics = list(json, "metrics") { (own: inout TrainingReader, json, place) in own.metric(json, place)
    }
    for (index, name) in Self.metricNames(metrics.map(\.kind)).enumerated() { metrics[index].kind = name }
    var early: EarlyStopping?
    if let found = json["early_stopping"] { early = earlyStopping(found, json["metrics"]) }
    var data: DataSettings?
    if let found = json["data"] { data = self.data(found) }
    guard reader.faults.reported == before, let plain, let optimizer else { return nil }
    return TrainingSettings(
      losses: losses, optimizerName: optimizerName, optimizer: optimizer, schedule: schedule,
      regularization: regularization, groups: groups, epochs: plain.integer("epochs"),
      batchSize: batchSize, seed: UInt64(plain.integer("seed")), shuffle: plain.boolean("shuffle"),
      gradientClip: clip, earlyStopping: early, metrics: metrics, data: data)
  }

  mutating func refuse(_ json: JSONValue, _ place: String, _ message: String, nearest: String? = nil) {
    reader.faults.append(at: json.textPlace, place, message, nearest: nearest)
  }

  /// The value that a reference names.
  mutating func value(_ json: JSONValue, _ place: String) -> ValueID? {
    guard let name = json.string else {
      refuse(json, place, "expected the name of a value, found \(json.excerpt)")
      return nil
    }
    if let found = valueNames[name] { return found }
    if !faulty.couldMean(value: name) {
      refuse(
        json, place, "no value \(json.excerpt) in this graph",
        nearest: reader.faults.nearest(to: name, among: Array(valueNames.keys) + faulty.names))
    }
    return nil
  }

  /// A component that stands as a name, or as an object with `kind`.
  private mutating func component<Wanted>(_ family: Family, _ json: JSONValue, _ place: String) -> Wanted? {
    let found = reader.value(json, .component(family, key: "kind", inlined: false), place: place)
    guard case .component(let component)? = found else { return nil }
    return component as? Wanted
  }

  private mutating func optimizer(
    _ json: JSONValue?, place: String, at text: TextPlace?
  ) -> (String, (any Optimizer)?) {
    let name = json?["kind"]?.string ?? json?.string ?? "sgd"
    guard let json else {
      let made = reader.component(.optimizer, .string("sgd"), [], place: place, outer: place, at: text)
      return (name, made as? any Optimizer)
    }
    return (name, component(.optimizer, json, place))
  }

  /// Reads each element of an array with `read`.
  private mutating func list<Item>(
    _ json: JSONValue, _ key: String, _ read: (inout TrainingReader, JSONValue, String) -> Item?
  ) -> [Item] {
    guard let value = json[key] else { return [] }
    guard let elements = value.elements else {
      refuse(value, "training, \(key)", "expected an array of objects, found \(value.excerpt)")
      return []
    }
    var items: [Item] = []
    for (index, element) in elements.enumerated() {
      if let item = read(&self, element, "training, \(key)[\(index)]") { items.append(item) }
    }
    return items
  }

  private mutating func losses(_ json: JSONValue) -> [LossTerm] {
    let meaning = "it names the value of shape [] that training makes small"
    guard let loss = member("loss", of: json, "training", meaning) else { return [] }
    guard let elements = loss.elements else {
      return lossValue(loss, "training, loss").map { [LossTerm(value: $0, weight: 1)] } ?? []
    }
    if elements.isEmpty { refuse(loss, "training, loss", "expected at least one loss, found []") }
    var terms: [LossTerm] = []
    let schema = Schema(
      "loss", "A term of the training loss.",
      attributes: [.number("weight", default: 1, "The factor of the term.")], inputs: [])
    for (index, element) in elements.enumerated() {
      let place = "training, loss[\(index)]"
      guard let members = object(element, place) else { continue }
      let attributes = reader.read(members, schema, place: place, at: element.textPlace, reserved: ["value"])
      guard let name = member("value", of: element, place, "it names a value of the graph") else { continue }
      if let value = lossValue(name, place + ", value"), let attributes {
        terms.append(LossTerm(value: value, weight: attributes.number("weight")))
      }
    }
    return terms
  }

  private mutating func lossValue(_ json: JSONValue, _ place: String) -> ValueID? {
    guard let found = value(json, place) else { return nil }
    let type = types(found)
    guard type.shape.isEmpty, type.element.isFloat else {
      refuse(
        json, place,
        "a loss is one float of shape [], but \(json.excerpt) is \(type.element.rawValue) \(type.shapeText)")
      return nil
    }
    return found
  }

  /// A required value; one that is missing is a fault. `isRead`: unknown keys are reported elsewhere, so that
  /// a misspelt one is enough.
  mutating func member(
    _ key: String, of json: JSONValue, _ place: String, _ meaning: String, isRead: Bool = true
  ) -> JSONValue? {
    if let found = json[key] { return found }
    let misspelt = (json.members ?? []).first { nearest(to: $0.key, among: [key]) != nil }
    if misspelt == nil {
      refuse(json, "\(place), \(key)", "missing; \(meaning)")
    } else if let misspelt, !isRead {
      let found = misspelt.key.excerpt()
      reader.faults.append(
        at: misspelt.keyTextPlace, "\(place), \(found)",
        "unknown key \"\(found)\"; expected \"\(key)\": \(meaning)",
        nearest: key)
    }
    return nil
  }

  mutating func object(_ json: JSONValue, _ place: String) -> [JSONMember]? {
    if let members = json.members { return members }
    refuse(json, place, "expected an object, found \(json.excerpt)")
    return nil
  }

  private mutating func batchSize(_ json: JSONValue?) -> BatchSize {
    guard let json else { return .rows(32) }
    if json.string == "all" { return .all }
    if let rows = json.integer, rows >= 1 { return .rows(rows) }
    refuse(
      json, "training, batch_size", "expected an integer of at least 1 or \"all\", found \(json.excerpt)")
    return .all
  }

  private mutating func gradientClip(_ json: JSONValue) -> GradientClip? {
    let place = "training, gradient_clip"
    let schema = Schema(
      "gradient_clip", "A bound on the gradients.",
      attributes: [
        .number("norm", .positive, optional: true, "The bound on the norm of all gradients."),
        .number("value", .positive, optional: true, "The bound on each number."),
      ], inputs: [])
    guard let members = object(json, place),
      let attributes = reader.read(members, schema, place: place, at: json.textPlace)
    else { return nil }
    switch (attributes.optionalNumber("norm"), attributes.optionalNumber("value")) {
    case (let norm?, nil): return .norm(norm)
    case (nil, let value?): return .value(value)
    default:
      refuse(json, place, "expected either \"norm\" or \"value\", found \(json.excerpt)")
      return nil
    }
  }
}
