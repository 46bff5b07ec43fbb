import Diagnostics
import LayerKit

extension Error {
  /// What was thrown, in words.
  var words: String {
    switch self {
    case let fault as LayerFault: fault.words
    case let fault as RunFault: "input \(fault.input), element \(fault.element), \(fault.message)"
    case let fault as Fault: fault.words
    case let faults as Faults: faults.all.map(\.words).joined(separator: "; ")
    default: "\(self)"
    }
  }

  /// Whether the plugin broke the contract, rather than that it refused what it was given.
  var isMisuse: Bool {
    switch self {
    case let fault as LayerFault:
      // What the host finds wrong begins with the plugin's name, what the plugin says ends with it.
      return fault.message.hasPrefix("plugin \"") || fault.message.isUnexplained
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
