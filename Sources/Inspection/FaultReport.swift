import Diagnostics
import JSONText

extension Fault {
  /// The fault as JSON: `file`, `place`, `line`, `column`, `kind`, `message`, `nearest`; null where unknown.
  public var json: JSONValue {
    .object([
      ("file", file.map(JSONValue.string) ?? .null), ("place", .string(place)),
      ("line", text.map { .integer($0.line) } ?? .null),
      ("column", text.map { .integer($0.column) } ?? .null), ("kind", .string(kind.rawValue)),
      ("message", .string(message)), ("nearest", nearest.map(JSONValue.string) ?? .null),
    ])
  }
}

extension Faults {
  /// The one JSON document of a verb that failed: `{"schema": "nngraph.run/1", "ok": false, "faults": [...]}`.
  public func document(verb: String) -> JSONValue {
    .object([
      ("schema", .string("nngraph.\(verb)/1")), ("ok", .boolean(false)),
      ("faults", .array(all.map(\.json))),
    ])
  }

  /// The faults of any error; what is none of ours is a fault of the program's own.
  public static func of(_ error: any Error) -> Faults {
    switch error {
    case let faults as Faults: faults
    case let fault as Fault: Faults(fault)
    default: Faults(Fault(.program, "\(error)"))
    }
  }
}
