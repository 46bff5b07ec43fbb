import Diagnostics
import LayerKit

/// A use of a component that is checked: one of its examples, or one that was made of its attributes.
public struct CheckedUse: Sendable {
  /// The family and the name of the component: `operator "dense"`, `loss "huber"`.
  public let component: String
  /// The operator that stands in the graph: the component's own, `activation` or `loss`.
  package let op: String
  /// Counted from 0 among the component's uses.
  public let number: Int
  package let example: Example

  package init(component: String, op: String, number: Int, example: Example) {
    self.component = component
    self.op = op
    self.number = number
    self.example = example
  }

  /// `operator "dense", example 0 ("units": 3)`.
  public var name: String {
    let attributes = example.attributes.isEmpty ? "no attributes" : example.attributes
    return "\(component), example \(number) (\(attributes))"
  }
}

/// One thing that a check found wrong.
public struct CheckFailure: Sendable, CustomStringConvertible {
  /// `operator "dense"`.
  public let component: String
  /// The number of the example.
  public let example: Int
  /// The input or parameter at fault: `input x0`, `parameter weight`; empty where it is the whole example.
  public let subject: String
  /// The element at fault.
  public let index: [Int]
  /// Everything in one line, with the numbers.
  public let description: String

  /// A component that could not be checked at all.
  init(_ component: String, _ message: String) {
    self.component = component
    example = 0
    subject = ""
    index = []
    description = "\(component): \(message)".quotedForTerminal
  }

  init(_ use: CheckedUse, subject: String = "", index: [Int] = [], _ message: String, in setting: String) {
    component = use.component
    example = use.number
    self.subject = subject
    self.index = index
    let place = subject.isEmpty ? "" : ", \(subject)\(index.isEmpty ? "" : "\(index)")"
    let suffix = setting.isEmpty ? "" : " [\(setting)]"
    description = "\(use.name)\(place): \(message)\(suffix)".quotedForTerminal
  }
}

/// What came of checking the components of a registry.
public struct RegistryReport: Sendable, CustomStringConvertible {
  /// How many uses were checked.
  public internal(set) var uses = 0
  /// How many gradients, of an input or a parameter, were compared with differences.
  public internal(set) var gradients = 0
  /// The largest relative error of a gradient that passed, and where it is.
  public internal(set) var largestError = 0.0
  public internal(set) var largestErrorPlace = ""
  public internal(set) var failures: [CheckFailure] = []

  public var passed: Bool { failures.isEmpty }

  /// A line for each failure, and a last one that counts.
  public var description: String {
    let last =
      "\(uses) uses, \(gradients) gradients, \(failures.count) failures; largest error \(largestError)"
      + (largestErrorPlace.isEmpty ? "" : " (\(largestErrorPlace))")
    return (failures.map(\.description) + [last]).joined(separator: "\n")
  }

  /// Adds failures; one that was found for the same thing in another setting is left out.
  mutating func add(_ found: [CheckFailure]) {
    for failure in found
    where !failures.contains(where: {
      $0.component == failure.component && $0.example == failure.example && $0.subject == failure.subject
    }) {
      failures.append(failure)
    }
  }
}
