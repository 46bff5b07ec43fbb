import Diagnostics
import NNGraphTestKit

/// Where the checks of one plugin report to: it names the component, and says the same thing once.
final class CheckLog {
  private let send: (CheckEvent) -> Void
  private var seen: Set<[String]> = []
  /// The components that write outside of their memory, which nothing without guards may run any longer.
  private(set) var corrupting: Set<String> = []

  init(_ send: @escaping (CheckEvent) -> Void) { self.send = send }

  /// Says what is called next.
  func begins(_ what: String) { send(.begins(what.quotedForTerminal)) }

  /// Reports a finding unless the same `key` of the component was reported by that check before: what fails in one
  /// setting fails in most.
  func found(_ check: Check, _ component: String, key: String? = nil, _ message: String) {
    guard seen.insert([check.rawValue, component, key ?? message]).inserted else { return }
    // The finding names its component, and places begin with it.
    var message = message
    if !component.isEmpty {
      message.replace("\(component), ", with: "")
      message.replace("\(component) with ", with: "with ")
    }
    send(.finding(Finding(check, component.quotedForTerminal, message.quotedForTerminal)))
  }

  /// Reports a buffer that a function wrote outside of, and keeps in mind that the component does so.
  func foundOutside(
    _ function: String, _ damage: String, of buffer: String, _ component: String, _ place: String
  ) {
    corrupting.insert(component)
    found(
      .memory, component, key: "\(function) \(buffer.prefix { $0 != "," }) outside",
      "\(function) writes \(damage) of \(buffer) (\(place))")
  }

  /// Adds to what a check looked at.
  func counted(_ check: Check, _ count: Int = 1) {
    if count > 0 { send(.counted(check, count)) }
  }

  /// Reports what the checks of the test kit found.
  func take(_ report: RegistryReport, as check: Check) {
    counted(check, report.uses)
    for failure in report.failures {
      var message = Substring(failure.description)
      if message.hasPrefix(failure.component) {
        message = message.dropFirst(failure.component.count)
        message = message.drop { $0 == "," || $0 == ":" || $0 == " " }
      }
      found(check, failure.component, String(message).replacing(": error: ", with: ": "))
    }
  }
}
