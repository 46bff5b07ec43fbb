import JSONText
import Tensors
import Training

extension ZooEntry {
  /// The entry as the index holds it.
  var indexJSON: JSONValue {
    var members: [(String, JSONValue)] = [("name", .string(name)), ("task", .string(task))]
    if !description.isEmpty { members.append(("description", .string(description))) }
    members += [("data", data.json), ("licence", .string(licence))]
    if let record { members.append(("record", record.json)) }
    return .object(members)
  }

  /// `nngraph.zoo.show/1`: the entry as the index holds it, and the folder.
  public func json(folder: String) -> JSONValue {
    .object([
      ("schema", .string("nngraph.zoo.show/1")), ("folder", .string(folder)), ("model", indexJSON),
    ])
  }
}

extension ZooIndex {
  /// `nngraph.zoo.list/1`: a model an element, `name`, `task`, `description`, `data`, `licence`, `parameters`,
  /// `bytes`, `rows`, `row_count`, `metrics`; null where a model was not recorded.
  public var json: JSONValue {
    let models = entries.map { entry -> JSONValue in
      let record = entry.record
      return .object([
        ("name", .string(entry.name)), ("task", .string(entry.task)),
        ("description", .string(entry.description)), ("data", entry.data.json),
        ("licence", .string(entry.licence)), ("parameters", record.map { .integer($0.parameters) } ?? .null),
        ("bytes", record.map { .integer($0.bytes) } ?? .null),
        ("rows", record.map { .string($0.figures.rows.rawValue) } ?? .null),
        ("row_count", record.map { .integer($0.figures.rowCount) } ?? .null),
        ("metrics", record?.figures.metricsJSON ?? .null),
      ])
    }
    return .object([
      ("schema", .string("nngraph.zoo.list/1")), ("folder", .string(folder)), ("models", .array(models)),
    ])
  }
}

extension ZooData {
  var json: JSONValue {
    .object([("name", .string(name)), ("source", .string(source)), ("licence", .string(licence))])
  }
}

extension ZooRecord {
  var json: JSONValue {
    .object([
      ("parameters", .integer(parameters)), ("bytes", .integer(bytes)), ("figures", figures.json),
      ("files", .array(files.map(\.json))), ("sample", sample.json),
    ])
  }
}

extension ZooFigures {
  /// The figures as the index and the graph's `metadata.recorded` hold them.
  public var json: JSONValue {
    var members: [(String, JSONValue)] = [
      ("rows", .string(rows.rawValue)), ("row_count", .integer(rowCount)),
    ]
    if let loss { members.append(("loss", .double(loss))) }
    // A graph's seed is below 2^63.
    members += [
      ("metrics", metricsJSON), ("seed", .integer(Int(clamping: seed))), ("epochs", .integer(epochs)),
    ]
    return .object(members)
  }

  var metricsJSON: JSONValue { .object(metrics.map { ($0.name, .double($0.value)) }) }
}

extension ZooFile {
  var json: JSONValue {
    .object([
      ("role", .string(role.rawValue)), ("path", .string(path)), ("bytes", .integer(bytes)),
      ("sha256", .string(sha256)),
    ])
  }
}

extension ZooSample {
  var json: JSONValue {
    func object(_ tensors: [NamedTensor]) -> JSONValue { .object(tensors.map { ($0.name, $0.tensor.json) }) }
    return .object([
      ("tolerance", .double(tolerance)), ("inputs", object(inputs)), ("outputs", object(outputs)),
    ])
  }
}

extension Tensor {
  /// `{"shape": [...], "type": ..., "values": [...]}`, values flat and row-major; `float32` is not said.
  fileprivate var json: JSONValue {
    var members: [(String, JSONValue)] = [("shape", .array(shape.map(JSONValue.integer)))]
    if elementType != .float32 { members.append(("type", .string(elementType.rawValue))) }
    let values: [JSONValue] =
      switch elements {
      // The shortest digits that read back as the same float32, not as its float64.
      case .float32(let values): values.map { .double(Double($0.description) ?? Double($0)) }
      case .float64(let values): values.map { .double($0) }
      case .int32(let values): values.map { .integer(Int($0)) }
      case .bool(let values): values.map { .boolean($0) }
      }
    members.append(("values", .array(values)))
    return .object(members)
  }
}
