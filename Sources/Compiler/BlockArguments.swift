import Diagnostics
import GraphFile
import JSONText

/// The values of a block's arguments in one use.
typealias BlockArguments = [String: JSONValue]

extension BlockDeclaration {
  /// The values that a use gives, and the defaults of the others, without a check.
  func values(given attributes: [JSONMember]) -> BlockArguments {
    var values: BlockArguments = [:]
    for argument in arguments {
      let given = attributes.first { $0.key == argument.name.value }?.value
      values[argument.name.value] = given ?? argument.standard
    }
    return values
  }

  /// The defaults, and for the arguments without one a value that nobody judges.
  var unknownValues: BlockArguments {
    var values: BlockArguments = [:]
    for argument in arguments {
      values[argument.name.value] = argument.standard ?? .unknown(argument.name.value)
    }
    return values
  }
}

extension JSONValue {
  /// What stands for an argument whose value is not known.
  static func unknown(_ name: String) -> JSONValue { .raw("$" + name) }

  var isUnknown: Bool {
    if case .raw(let text) = kind { return text.hasPrefix("$") }
    return false
  }

  /// The value with arguments in place of texts `$name`, at any depth; an argument that the block does not
  /// have is a fault.
  func substituting(
    _ arguments: BlockArguments, place: @autoclosure () -> String, _ faults: inout FaultList
  ) -> JSONValue {
    switch kind {
    case .string(let text) where text.hasPrefix("$"):
      let name = String(text.dropFirst())
      if let value = arguments[name] { return value }
      let known = arguments.keys.sorted().map { "$" + $0 }
      let list = known.isEmpty ? "it has none" : "accepted: " + known.joined(separator: ", ")
      faults.append(
        at: textPlace, place(), "the block has no argument \(excerpt); \(list)",
        nearest: nearest(to: text, among: known))
      return replacing(kind: .raw(text))
    case .array(let elements):
      return replacing(kind: .array(elements.map { $0.substituting(arguments, place: place(), &faults) }))
    case .object(let members):
      return replacing(
        kind: .object(
          members.map { $0.replacing(value: $0.value.substituting(arguments, place: place(), &faults)) }))
    default:
      return self
    }
  }
}
