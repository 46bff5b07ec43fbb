import Diagnostics
import JSONText
import LayerKit

extension SchemaReader {
  /// The most elements that one input of an example may have: examples are small.
  private static let mostElements = 1 << 16

  mutating func readExamples(_ json: JSONValue) -> [Example] {
    var examples: [Example] = []
    for (index, entry) in (array(json, "examples") ?? []).enumerated() {
      let place = "examples[\(index)]"
      guard members(entry, place, ["attributes", "inputs"]) != nil else { continue }
      var example = Example()
      if let attributes = entry["attributes"],
        members(attributes, "\(place), attributes", attributeNames) != nil
      {
        // A graph file writes them between the braces of a node.
        example.attributes = String(JSONWriter.compactText(attributes).dropFirst().dropLast())
      }
      let inputs = required(entry, "inputs", place).flatMap { array($0, "\(place), inputs") } ?? []
      for (port, input) in inputs.enumerated() {
        if input.isNull {
          example.inputs.append(nil)
        } else if let read = readInput(input, "\(place), inputs[\(port)]") {
          example.inputs.append(read)
        }
      }
      examples.append(example)
    }
    return examples
  }

  private static let values = ["integers", "distribution", "log_distribution", "signs", "booleans"]

  private mutating func readInput(_ json: JSONValue, _ place: String) -> ExampleInput? {
    guard json.members != nil else {
      refuse(json, place, "an object or null")
      return nil
    }
    let shape = required(json, "shape", place).flatMap { readShape($0, "\(place), shape") }
    let values: ExampleInput.Values?
    switch json["values"] {
    case nil:
      _ = members(json, place, ["shape", "values", "from", "to", "kinks"])
      values = readFloats(json, place)
    case let word? where word.string == "integers":
      _ = members(json, place, ["shape", "values", "below"])
      let bound = required(json, "below", place)
        .flatMap { integer($0, "\(place), below", 1...Int(Int32.max)) }
      values = bound.map { .integers(below: $0) }
    case let word?:
      _ = members(json, place, ["shape", "values"])
      values = readValues(word, "\(place), values")
    }
    guard let shape, let values else { return nil }
    return ExampleInput(shape, values)
  }

  private mutating func readFloats(_ json: JSONValue, _ place: String) -> ExampleInput.Values? {
    let lower = json["from"].map { number($0, "\(place), from") } ?? -2
    let upper = json["to"].map { number($0, "\(place), to") } ?? 2
    let kinks = json["kinks"].map { numbers($0, "\(place), kinks") } ?? [0]
    guard let lower, let upper, let kinks else { return nil }
    if lower <= upper { return .floats(lower...upper, kinks: kinks) }
    report("\(place), to", "\(upper.short) is below `from`, \(lower.short)")
    return nil
  }

  private mutating func readValues(_ json: JSONValue, _ place: String) -> ExampleInput.Values? {
    switch json.string {
    case "distribution": return .distribution
    case "log_distribution": return .logDistribution
    case "signs": return .signs
    case "booleans": return .booleans
    default:
      report(
        place, "unknown values \(json.excerpt); accepted: \(Self.values.joined(separator: ", "))",
        nearest: json.string.flatMap { nearest(to: $0, among: Self.values) })
      return nil
    }
  }

  private mutating func readShape(_ json: JSONValue, _ place: String) -> [Int]? {
    guard let entries = array(json, place) else { return nil }
    let before = faults.count
    let shape = entries.enumerated().compactMap {
      integer($0.element, "\(place)[\($0.offset)]", 1...Self.mostElements)
    }
    guard faults.count == before else { return nil }
    if shape.count <= 64, shape.reduce(1, saturatingProduct) <= Self.mostElements { return shape }
    report(place, "has more than 64 axes or \(Self.mostElements) elements")
    return nil
  }
}
