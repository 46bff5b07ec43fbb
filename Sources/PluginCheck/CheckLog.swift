import Diagnostics
import NNGraphTestKit

/// Where the checks of one plugin report to: it names the component, and says the same thing once.
final class CheckLog {
  private let send: (CheckEvent) -> Void
  /// What was found, and in which examples, by what makes two findings the same.
  private var seen: [[String]: (finding: Finding, examples: Set<Int>)] = [:]
  private var failed: [String: Set<Check>] = [:]
  /// The example that is looked at.
  var example = 0

  init(_ send: @escaping (CheckEvent) -> Void) { self.send = send }

  /// Says what is called next.
  func begins(_ what: String) { send(.begins(what.quotedForTerminal)) }

  /// Reports a finding.
  ///
  /// Where the same `key` of the component was reported by that check before, or the same `sentence` by any,
  /// only the further example counts: what fails in one setting fails in most.
  func found(
    _ check: Check, _ component: String, key: String? = nil, sentence: String? = nil, _ message: String
  ) {
    let place = key.map { [check.rawValue, component, $0] } ?? [component, sentence ?? message]
    if let before = seen[place] {
      if seen[place]?.examples.insert(example).inserted == true { send(.repeated(before.finding)) }
      return
    }
    failed[component, default: []].insert(check)
    let finding = Finding(check, component.quotedForTerminal, told(message, of: component).quotedForTerminal)
    seen[place] = (finding, [example])
    send(.finding(finding))
  }

  /// The message without what the finding says anyway.
  private func told(_ message: String, of component: String) -> String {
    if component.isEmpty { return message }
    var message = message
    message.replace("\(component), ", with: "")
    message.replace("\(component) with ", with: "with ")
    // `operator "gated" of plugin "gated" 1.2.0: refuses`.
    if let start = message.firstRange(of: "\(component) of plugin \""),
      let end = message[start.upperBound...].firstRange(of: ": ")
    {
      message.removeSubrange(start.lowerBound..<end.upperBound)
    }
    return message
  }

  /// Reports a buffer that a function wrote outside of.
  func foundOutside(
    _ function: String, _ damage: String, of buffer: String, _ component: String, _ place: String
  ) {
    found(
      .memory, component, key: "\(function) \(buffer.prefix { $0 != "," }) outside",
      "\(function) writes \(damage) of \(buffer) (\(place))")
  }

  /// Adds to what a check looked at.
  func counted(_ check: Check, _ count: Int = 1) {
    if count > 0 { send(.counted(check, count)) }
  }

  /// Whether the component may go through `checks`; where it fails one that they rely on, says that they are
  /// skipped.
  ///
  /// They would find the same again, and without guards: what writes outside of its memory must not run
  /// there.
  func admits(_ component: String, to checks: [Check]) -> Bool {
    let needed: [Check] = [.examples, .shapes, .memory]
    guard let cause = needed.first(where: { failed[component]?.contains($0) == true }) else { return true }
    for check in checks {
      send(.skipped(SkippedCheck(check: check, component: component.quotedForTerminal, failed: cause)))
    }
    return false
  }

  /// Reports what the checks of the test kit found in these uses.
  func take(_ report: RegistryReport, of uses: [CheckedUse] = [], as check: Check) {
    counted(check, report.uses)
    for failure in report.failures {
      example = failure.example
      let use = uses.first { $0.component == failure.component && $0.number == failure.example }
      let place = use?.name.quotedForTerminal ?? failure.component
      var words = failure.description
      if words.hasPrefix(place) {
        words = String(words.dropFirst(place.count).drop { $0 == "," || $0 == ":" || $0 == " " })
      }
      words = words.withoutNode.replacing("error: ", with: "", maxReplacements: 1)
        .replacing("output node", with: "output", maxReplacements: 1)
      // What is wrong with one gradient is wrong in every example, with other numbers.
      found(
        check, failure.component, key: failure.subject.isEmpty ? nil : failure.subject, sentence: words,
        use == nil ? words : "\(place): \(words)")
    }
  }
}
