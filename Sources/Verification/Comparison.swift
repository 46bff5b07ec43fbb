import Diagnostics
import JSONText
import Tensors
import Training

/// What came of a comparison of named tensors with those that were expected.
public struct Comparison: Sendable {
  /// The value that differs most; nil where nothing could be compared.
  public internal(set) var worst: ValueDifference?
  /// Everything that is wrong; empty where all agrees.
  public internal(set) var problems: [String] = []

  public var passed: Bool { problems.isEmpty }

  /// One line for each problem, or one that says how far the values differ at most.
  public var text: String {
    guard passed else { return problems.map { $0.quotedForTerminal + "\n" }.joined() }
    guard let worst else { return "agrees: nothing was expected\n" }
    return
      "agrees: worst difference \(short(worst.element.difference)) (allowed \(short(worst.element.allowed))) "
      + "at \(worst.place.quotedForTerminal)\n"
  }

  /// `{"passed", "worst", "problems"}`.
  public var json: JSONValue {
    var members: [(String, JSONValue)] = [("passed", .boolean(passed))]
    if let worst { members.append(("worst", worst.json)) }
    members.append(("problems", .array(problems.map(JSONValue.string))))
    return .object(members)
  }
}

extension Agreement {
  /// Compares names, types and shapes, then every element; `file` is how messages name what is expected.
  public func compare(
    _ found: [String: Tensor], with expected: [TensorFile.Entry], file: String
  ) -> Comparison {
    var comparison = Comparison()
    for entry in expected {
      guard let value = found[entry.name] else {
        let near = nearest(to: entry.name, among: found.keys).map { "; did you mean \"\($0)\"?" } ?? ""
        comparison.problems.append("\(entry.name) is expected, but the graph gives no such value\(near)")
        continue
      }
      guard entry.fileType == value.elementType.fileType else {
        comparison.problems.append(
          "\(entry.name) has the type \(value.elementType.fileType), expected \(entry.fileType)")
        continue
      }
      guard entry.tensor.shape == value.shape else {
        comparison.problems.append(
          "\(entry.name) has the shape \(value.shapeText), expected \(entry.tensor.shapeText)")
        continue
      }
      if let element = worst(found: value, expected: entry.tensor) {
        let index = coordinates(of: element.index, in: value.shape)
        comparison.add(ValueDifference(value: entry.name, index: index, element: element))
      }
    }
    let names = Set(expected.map(\.name))
    for name in found.keys.sorted() where !names.contains(name) {
      comparison.problems.append("\(name) is computed, but \(file) does not hold it")
    }
    return comparison
  }
}

extension Comparison {
  fileprivate mutating func add(_ one: ValueDifference) {
    let element = one.element
    if !element.agrees {
      problems.append(
        "\(one.place) is \(element.found), expected \(element.expected): they differ by "
          + "\(short(element.difference)), allowed is \(short(element.allowed))")
    }
    if worst.map({ $0.element.share < element.share }) ?? true { worst = one }
  }
}

extension RunResult {
  /// Compares the outputs with a file of tensors, by their names or, as a conformance case has them, by
  /// `output/NAME`; gradients are compared where they were computed and the file is of the second kind.
  public func compared(with expected: TensorFile, file: String, _ agreement: Agreement) -> Comparison {
    guard expected.names.contains(where: { $0.hasPrefix("output/") }) else {
      let found = Dictionary(outputs.map { ($0.name, $0.tensor) }, uniquingKeysWith: { first, _ in first })
      return agreement.compare(found, with: expected.entries, file: file)
    }
    let entries = expected.entries.filter {
      !$0.name.hasPrefix("trained/") && !(gradients.isEmpty && $0.name.hasPrefix("gradient/"))
    }
    return agreement.compare(byCaseName, with: entries, file: file)
  }
}

extension ElementType {
  /// The type as safetensors spells it.
  fileprivate var fileType: String {
    switch self {
    case .float32: "F32"
    case .float64: "F64"
    case .int32: "I32"
    case .bool: "BOOL"
    }
  }
}
