import Diagnostics
import LayerKit

extension Error {
  /// What was thrown, in words.
  var words: String {
    switch self {
    case let fault as LayerFault: fault.words
    case let fault as RunFault: "input \(fault.input), element \(fault.element), \(fault.message)"
    case let fault as Fault: fault.words.withoutNode
    case let faults as Faults: faults.all.map(\.words.withoutNode).joined(separator: "; ")
    default: "\(self)"
    }
  }

  /// Whether the plugin broke the contract, rather than that it refused what it was given.
  var isMisuse: Bool {
    switch self {
    case let fault as LayerFault:
      // What the host finds wrong begins with the plugin's name, what the plugin says ends with it.
      let isHosts = fault.message.hasPrefix("plugin \"") && !fault.message.isLargeParameter
      return isHosts || fault.message.isUnexplained
    case is RunFault, is GuardedCall.Refusal: return false
    case let fault as Fault: return fault.kind == .program || fault.message.isUnexplained
    case let faults as Faults: return faults.all.contains(where: \.isMisuse)
    default: return true
    }
  }
}

extension String {
  /// Whether a function failed and did not say why.
  fileprivate var isUnexplained: Bool {
    contains("without saying why") || contains("which is no code of the interface")
  }
}

extension String {
  /// What stands behind the place of the node that the check makes around an example, which nobody else has.
  var withoutNode: String {
    for place in ["nodes[0] \"node\"", "node \"node\""] {
      guard let range = firstRange(of: place) else { continue }
      let rest = self[range.upperBound...].drop { $0 == ":" || $0 == "," || $0 == " " }
      return String(rest).replacing("\"node.", with: "\"")
    }
    return self
  }

  /// Whether the host refuses a parameter since it is large: where types are huge, that is as it should be.
  fileprivate var isLargeParameter: Bool {
    guard contains("gives parameter \""), let start = firstRange(of: "the shape [") else { return false }
    let sizes = self[start.upperBound...].prefix { $0 != "]" }.split(separator: ", ").map { Int($0) ?? 0 }
    return !sizes.isEmpty && sizes.allSatisfy { $0 >= 1 }
  }
}

extension Fault {
  /// The fault in one line, without its file and the word that begins its line elsewhere.
  var words: String {
    (place.isEmpty ? "" : "\(place): ") + message + (nearest.map { "; did you mean \"\($0)\"?" } ?? "")
  }
}

extension LayerFault {
  /// The fault with what it is about.
  fileprivate var words: String {
    if let attribute { return "attribute \"\(attribute)\": \(message)" }
    return input.map { "input \($0): \(message)" } ?? message
  }
}
