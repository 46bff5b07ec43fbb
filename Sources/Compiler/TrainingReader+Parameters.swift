import Diagnostics
import JSONText
import LayerKit
import Tensors

// The keys of `training` that choose parameters by patterns.
extension TrainingReader {
  mutating func regularization(_ json: JSONValue, _ place: String) -> RegularizationTerm? {
    let schema = Schema(
      "regularization", "A term that keeps parameters small.",
      attributes: [
        .word("kind", RegularizationTerm.Kind.allCases.map(\.rawValue), "l1 or l2."),
        .number("strength", .notNegative, "The factor of the term."),
      ], inputs: [])
    guard let members = object(json, place) else { return nil }
    let read = reader.read(members, schema, place: place, at: json.textPlace, reserved: ["parameters"])
    let chosen = matched(json["parameters"] ?? .array([.string("*.weight")]), at: json, place)
    guard let attributes = read, let kind = RegularizationTerm.Kind(rawValue: attributes.word("kind")) else {
      return nil
    }
    return RegularizationTerm(kind: kind, strength: attributes.number("strength"), parameters: chosen)
  }

  mutating func group(_ json: JSONValue, _ place: String) -> ParameterGroup? {
    let schema = Schema(
      "group", "Factors for some parameters.",
      attributes: [
        .number("rate", .notNegative, default: 1, "The factor on the learning rate."),
        .number("decay", .notNegative, default: 1, "The factor on the weight decay."),
      ], inputs: [])
    guard let members = object(json, place) else { return nil }
    let read = reader.read(members, schema, place: place, at: json.textPlace, reserved: ["parameters"])
    let meaning = "it is an array of patterns over parameters' names"
    guard let patterns = member("parameters", of: json, place, meaning) else { return nil }
    let chosen = matched(patterns, at: json, place)
    return read.map {
      ParameterGroup(parameters: chosen, rate: $0.number("rate"), decay: $0.number("decay"))
    }
  }

  /// The trainable parameters that one of the patterns matches; a pattern without a match is a fault.
  private mutating func matched(_ json: JSONValue, at outer: JSONValue, _ place: String) -> [ParameterID] {
    guard let patterns = json.elements else {
      refuse(json, place + ", parameters", "expected an array of patterns, found \(json.excerpt)")
      return []
    }
    let trainable = parameters.indices.filter { parameters[$0].isTrainable }
    comparisons = saturatingSum(comparisons, saturatingProduct(patterns.count, trainable.count))
    guard comparisons <= Self.mostComparisons else {
      reader.faults.append(
        .limit, at: json.textPlace, "\(place), parameters",
        "\(patterns.count) patterns for \(trainable.count) parameters are over the limit of "
          + "\(Self.mostComparisons) comparisons")
      return []
    }
    var chosen = Set<Int>()
    for (index, pattern) in patterns.enumerated() {
      guard let text = pattern.string else {
        refuse(pattern, "\(place), parameters[\(index)]", "expected a pattern, found \(pattern.excerpt)")
        continue
      }
      let found = trainable.filter { matches(pattern: text, text: parameters[$0].name) }
      if found.isEmpty, !faulty.couldMean(pattern: text) {
        let at = pattern.place.line == 0 ? outer : pattern
        refuse(
          at, "\(place), parameters[\(index)]", "no trainable parameter matches \(pattern.excerpt)",
          nearest: nearestPattern(to: text, trainable))
      }
      chosen.formUnion(found)
    }
    return chosen.sorted().map { ParameterID($0) }
  }

  /// A pattern as it was probably meant: the node's name alone is compared where the rest is a pattern.
  private mutating func nearestPattern(to pattern: String, _ trainable: [Int]) -> String? {
    let names = trainable.map { parameters[$0].name }
    if let near = reader.faults.nearest(to: pattern, among: names) { return near }
    guard let point = pattern.lastIndex(of: "."), !pattern[..<point].contains("*") else { return nil }
    let nodes = Set(trainable.map { parameters[$0].node } + faulty.names)
    return reader.faults.nearest(to: String(pattern[..<point]), among: nodes).map { $0 + pattern[point...] }
  }
}
