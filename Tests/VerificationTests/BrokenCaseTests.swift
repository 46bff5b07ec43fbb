import Tensors
import Testing
import Verification

/// A copy of a sound case with one thing wrong; each must fail, and say why.
@Suite struct BrokenCaseTests {
  private func expect(
    _ words: [String], in name: String = "optimizer/sgd", break: (CaseCopy) throws -> Void,
    at location: SourceLocation = #_sourceLocation
  ) throws {
    let copy = try CaseCopy(name)
    #expect(try copy.report().passed, "the case must be sound before it is broken", sourceLocation: location)
    try `break`(copy)
    let report = try copy.report()
    #expect(!report.passed, sourceLocation: location)
    for word in words {
      #expect(report.line.contains(word), "\(report.line) does not say \(word)", sourceLocation: location)
    }
  }

  /// The place of the first tensor whose name begins with `prefix`.
  private func first(_ prefix: String, _ tensors: [(String, Tensor)]) throws -> Int {
    try #require(tensors.firstIndex { $0.0.hasPrefix(prefix) })
  }

  @Test(arguments: ["output/", "gradient/", "trained/"])
  func anotherValue(_ prefix: String) throws {
    let copy = try CaseCopy("optimizer/sgd")
    var name = ""
    var last = 0
    try copy.change("expected.safetensors") { tensors in
      let place = try first(prefix, tensors)
      var values = tensors[place].1.doubles.map { Float($0) }
      last = values.count - 1
      values[last] += 0.01
      name = tensors[place].0
      tensors[place].1 = Tensor(shape: tensors[place].1.shape, values)
    }
    let report = try copy.report()
    #expect(!report.passed)
    let worst = try #require(report.worst)
    #expect(worst.value == name)
    #expect(report.problems.count == 1)
    #expect((worst.element.difference - 0.01).magnitude < 1e-4)
    #expect(worst.element.index == last)
    #expect(report.line.contains("differ by 0.01"))
  }

  @Test(arguments: ["output/", "gradient/", "trained/"])
  func anExpectedValueThatIsMissing(_ prefix: String) throws {
    var name = ""
    try expect(["is computed, but expected.safetensors does not hold it"]) { copy in
      try copy.change("expected.safetensors") { tensors in
        name = tensors.remove(at: try first(prefix, tensors)).0
      }
    }
    #expect(name.hasPrefix(prefix))
  }

  @Test func anExpectedValueTooMuch() throws {
    try expect(["output/logit is expected, but the graph gives no such value"]) { copy in
      try copy.change("expected.safetensors") { $0.append(("output/logit", Tensor(shape: [], [Float(0)]))) }
    }
  }

  @Test func anotherTypeOrShape() throws {
    try expect(["has the type F32, expected F64"]) { copy in
      try copy.change("expected.safetensors") { tensors in
        let place = try first("output/", tensors)
        tensors[place].1 = try #require(tensors[place].1.converted(to: .float64))
      }
    }
    try expect(["has the shape [", "expected [1, "]) { copy in
      try copy.change("expected.safetensors") { tensors in
        let place = try first("gradient/", tensors)
        tensors[place].1 = try #require(tensors[place].1.reshaped(to: [1] + tensors[place].1.shape))
      }
    }
  }

  @Test func anExpectedValueThatIsNotFinite() throws {
    try expect(["they differ by inf"]) { copy in
      try copy.change("expected.safetensors") { tensors in
        let place = try first("output/", tensors)
        var values = tensors[place].1.doubles.map { Float($0) }
        values[0] = .nan
        tensors[place].1 = Tensor(shape: tensors[place].1.shape, values)
      }
    }
  }

  @Test func aCaseFileThatIsBroken() throws {
    try expect(["case.json:1:1"]) { try $0.write("mode: training", to: "case.json") }
    try expect(["steps: missing"]) {
      try $0.write(#"{"mode": "training", "tolerance": 1e-5}"#, to: "case.json")
    }
    try expect(["tolerence: unknown key", "did you mean \"tolerance\"?", "tolerance: missing"]) {
      try $0.write(#"{"mode": "training", "steps": 0, "tolerence": 1e-5}"#, to: "case.json")
    }
    try expect(["expected \"inference\" or \"training\", found \"train\""]) {
      try $0.write(#"{"mode": "train", "steps": 0, "tolerance": 1e-5}"#, to: "case.json")
    }
    try expect(["expected an integer of at least 0, found -1", "expected a number of at least 0, found -2"]) {
      try $0.write(#"{"mode": "training", "steps": -1, "tolerance": -2}"#, to: "case.json")
    }
  }

  @Test func aGraphOrFileThatIsBroken() throws {
    try expect(["graph.json:", "error"]) { try $0.write("{", to: "graph.json") }
    try expect(["unknown operator \"dens\"", "did you mean \"dense\"?"]) {
      try $0.replace("\"dense\"", by: "\"dens\"", in: "graph.json")
    }
    try expect(["inputs.safetensors", "cannot be opened"]) { try $0.remove("inputs.safetensors") }
    try expect(["expected.safetensors", "is no safetensors file"]) {
      try $0.write("nothing", to: "expected.safetensors")
    }
    try expect(["parameters.safetensors", "is absent, but the graph has"]) {
      try $0.remove("parameters.safetensors")
    }
  }

  @Test func parametersThatDoNotFit() throws {
    try expect(["parameters.safetensors", "missing; the graph needs"]) { copy in
      try copy.change("parameters.safetensors") { $0.removeLast() }
    }
    try expect(["extra; the graph has no such parameter"]) { copy in
      try copy.change("parameters.safetensors") { $0.append(("more.weight", Tensor(shape: [1], [Float(0)]))) }
    }
  }

  @Test func inputsThatDoNotFit() throws {
    try expect(["inputs.safetensors", "missing; the graph needs"]) { copy in
      try copy.change("inputs.safetensors") { _ = $0.removeLast() }
    }
    try expect(["the graph has no such input"]) { copy in
      try copy.change("inputs.safetensors") { $0.append(("more", Tensor(shape: [1], [Float(0)]))) }
    }
    try expect(["the size batch is"], in: "core/dense_plain") { copy in
      try copy.change("inputs.safetensors") { tensors in
        let place = tensors.count - 1
        let shape = tensors[place].1.shape
        let values = [Float](repeating: 0, count: shape.dropFirst().reduce(shape[0] + 1, *))
        tensors[place].1 = Tensor(shape: [shape[0] + 1] + shape.dropFirst(), values)
      }
    }
  }

  @Test func stepsWithoutTraining() throws {
    try expect(["steps", "but the graph has no \"training\""]) { copy in
      try copy.replace("\"training\"", by: "\"x-training\"", in: "graph.json")
    }
  }

  @Test func aFolderWithoutCases() throws {
    let copy = try CaseCopy("optimizer/sgd")
    try copy.remove("case.json")
    let report = Conformance.verify([copy.folder], try settings())
    #expect(report.failed == 1)
    #expect(report.text.contains("no case.json in this folder or below it"))
  }
}
