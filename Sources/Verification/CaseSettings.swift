import Compiler
import Diagnostics
import JSONText
import LayerKit

/// What a `case.json` says: the mode of the run, the steps of training, and what counts as equal.
public struct CaseSettings: Hashable, Sendable {
  public var mode: Mode
  public var steps: Int
  public var agreement: Agreement

  private static let keys = ["mode", "steps", "tolerance"]

  /// Reads the text of a `case.json`. Throws `Faults` with everything that is wrong in it.
  public init(_ bytes: [UInt8], file: String) throws {
    let document: JSONDocument
    do {
      document = try JSONText.parse(bytes)
    } catch {
      throw error.inOrder(file: file)
    }
    var reader = CaseReader(faults: document.faults)
    guard let members = document.root.members else {
      throw Faults(
        Fault(
          file: file, text: document.root.place,
          "expected an object with the keys "
            + CaseSettings.keys.joined(separator: ", ") + ", found \(document.root.excerpt)"))
    }
    for member in members where !CaseSettings.keys.contains(member.key) {
      reader.faults.append(
        Fault(
          text: member.keyPlace, place: member.key.excerpt(),
          "unknown key; accepted: " + CaseSettings.keys.joined(separator: ", "),
          nearest: nearest(to: member.key, among: CaseSettings.keys)))
    }
    let root = document.root
    let mode = reader.read(root, "mode", "\"inference\" or \"training\"") { $0.string.flatMap(Mode.init) }
    let steps = reader.read(root, "steps", "an integer of at least 0") { value in
      value.integer.flatMap { $0 >= 0 ? $0 : nil }
    }
    let tolerance = reader.read(root, "tolerance", "a number of at least 0") { value in
      value.double.flatMap { $0 >= 0 ? $0 : nil }
    }
    guard reader.faults.isEmpty, let mode, let steps, let tolerance else {
      throw Faults(reader.faults).inOrder(file: file)
    }
    self.mode = mode
    self.steps = steps
    agreement = Agreement(tolerance: tolerance)
  }
}

/// Reads the members of a `case.json` and keeps what is wrong.
private struct CaseReader {
  var faults: [Fault]

  mutating func read<Value>(
    _ root: JSONValue, _ key: String, _ accepted: String, _ value: (JSONValue) -> Value?
  ) -> Value? {
    guard let member = root[key] else {
      faults.append(Fault(text: root.place, place: key, "missing; accepted: \(accepted)"))
      return nil
    }
    if let found = value(member) { return found }
    faults.append(Fault(text: member.place, place: key, "expected \(accepted), found \(member.excerpt)"))
    return nil
  }
}
