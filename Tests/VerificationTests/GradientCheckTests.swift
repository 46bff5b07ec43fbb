import Compiler
import Diagnostics
import LayerKit
import Runtime
import Tensors
import Testing
import Verification

@Suite struct GradientCheckTests {
  private func report(
    _ text: String, registry: Registry? = nil, mode: Mode = .training
  ) throws -> GradientReport {
    let registry = try registry ?? standardRegistry()
    let network = try network(text, registry: registry)
    var check = try GradientCheck(network, registry: registry, executor: ThreadPool(threadCount: 1))
    check.mode = mode
    let parameters = try ParameterStore(network, inDouble: true)
    parameters.initialize(seed: 1)
    let inputs = try SampleInputs.find(for: check, parameters: parameters)
    return try check.run(inputs: inputs, parameters: parameters)
  }

  private func classifier(_ middle: String, last: String = "middle") -> String {
    """
    {"format": "nngraph/1", "name": "classifier", "plugins": ["planted"],
     "inputs": {"x": {"shape": ["batch", 5]}, "label": {"shape": ["batch"], "type": "int32"}},
     "nodes": [
       {"name": "hidden", "op": "dense", "inputs": ["x"], "units": 70, "activation": "relu"},
       \(middle),
       {"name": "p", "op": "dense", "inputs": ["\(last)"], "units": 3},
       {"name": "s", "op": "softmax", "inputs": ["p"]},
       {"name": "loss", "op": "loss", "inputs": ["s", "label"], "kind": "cross_entropy"}],
     "outputs": ["s"], "training": {"loss": "loss"}}
    """
  }

  private func planted() throws -> Registry {
    var registry = try standardRegistry()
    try registry.register(PlantedModule())
    return registry
  }

  @Test func aSoundNetworkPasses() throws {
    for mode in [Mode.training, .inference] {
      let report = try report(
        classifier(#"{"name": "middle", "op": "batch_norm", "inputs": ["hidden"]}"#), registry: planted(),
        mode: mode)
      #expect(report.passed, "\(report.text)")
      #expect(
        Set(report.rows.map(\.name)) == [
          "hidden.weight", "hidden.bias", "middle.scale", "middle.shift", "p.weight", "p.bias", "x",
        ])
      let errors = report.rows.map(\.error)
      #expect(errors == errors.sorted(by: >))
      #expect(report.rows.first { $0.name == "hidden.weight" }?.compared == 64)
    }
  }

  @Test func aWrongSignIsNamedFirst() throws {
    let report = try report(
      classifier(#"{"name": "middle", "op": "wrong_sign", "inputs": ["hidden"]}"#), registry: planted())
    #expect(!report.passed)
    let wrong = Set(report.rows.filter { $0.error >= GradientReport.tolerance }.map(\.name))
    #expect(wrong == ["hidden.weight", "hidden.bias", "x"])
    #expect(wrong.contains(try #require(report.rows.first).name))
    #expect(report.text.hasPrefix("wrong "))
    #expect(report.json.elements?.first?["relative_error"]?.double.map { $0 > 0.1 } == true)
  }

  @Test func aGradientThatIsNotWrittenIsFound() throws {
    let report = try report(
      classifier(#"{"name": "middle", "op": "unwritten_gradient", "inputs": ["hidden"]}"#),
      registry: planted())
    #expect(report.rows.first?.name == "middle.factor")
    #expect(report.rows.first?.error == .infinity)
    #expect(!report.passed)
  }

  @Test func aStoppedGradientIsNotCompared() throws {
    let report = try report(
      classifier(#"{"name": "middle", "op": "stop_gradient", "inputs": ["hidden"]}"#), registry: planted())
    #expect(report.passed, "\(report.text)")
    let notes = report.rows.filter { $0.note != nil }.map(\.name)
    #expect(Set(notes) == ["hidden.weight", "hidden.bias", "x"])
  }

  @Test func aParameterWithoutUseIsShown() throws {
    let report = try report(
      classifier(#"{"name": "middle", "op": "dense", "inputs": ["x"], "units": 4}"#, last: "hidden"),
      registry: planted())
    #expect(report.passed, "\(report.text)")
    #expect(report.rows.filter { !$0.isReached }.map(\.name) == ["middle.weight", "middle.bias"])
  }

  @Test func aKinkTakesAnySlopeBetweenItsSides() throws {
    let text = """
      {"format": "nngraph/1", "name": "kink", "inputs": {"x": {"shape": [3]}},
       "nodes": [{"name": "w", "op": "parameter", "shape": [3]}, {"name": "r", "op": "abs", "inputs": ["w"]},
         {"name": "m", "op": "multiply", "inputs": ["r", "x"]},
         {"name": "loss", "op": "reduce_sum", "inputs": ["m"], "axes": [0]}],
       "outputs": ["loss"], "training": {"loss": "loss"}}
      """
    let report = try report(text)
    #expect(report.passed, "\(report.text)")
    #expect(report.rows.first { $0.name == "w.value" }?.kinks == 3)
  }

  @Test func inputsWithinALogarithmArePositive() throws {
    let text = """
      {"format": "nngraph/1", "name": "log", "inputs": {"x": {"shape": ["n", 4]}},
       "nodes": [{"name": "l", "op": "log", "inputs": ["x"]},
         {"name": "loss", "op": "reduce_sum", "inputs": ["l"], "axes": [0, 1]}],
       "outputs": ["loss"], "training": {"loss": "loss"}}
      """
    let report = try report(text)
    #expect(report.passed, "\(report.text)")
    #expect(report.rows.first?.compared == 12)
  }

  @Test func inputsBeyondAllMemoryAreRefused() throws {
    let text = """
      {"format": "nngraph/1", "name": "huge", "inputs": {"x": {"shape": [2147483647, 2147483647]}},
       "nodes": [{"name": "loss", "op": "reduce_sum", "inputs": ["x"], "axes": [0, 1]}],
       "outputs": ["loss"], "training": {"loss": "loss"}}
      """
    #expect(throws: Faults.self) { try report(text) }
  }

  @Test func aGraphWithoutTrainingIsRefused() throws {
    let network = try network(
      #"{"format": "nngraph/1", "name": "n", "inputs": {"x": {"shape": [1]}}, "nodes": [], "outputs": ["x"]}"#
    )
    #expect(throws: Faults.self) {
      try GradientCheck(network, registry: standardRegistry(), executor: ThreadPool(threadCount: 1))
    }
  }

  @Test func statesAreAsBefore() throws {
    let registry = try planted()
    let text = classifier(#"{"name": "middle", "op": "batch_norm", "inputs": ["hidden"]}"#)
    let network = try network(text, registry: registry)
    let check = try GradientCheck(network, registry: registry, executor: ThreadPool(threadCount: 1))
    let parameters = try ParameterStore(network, inDouble: true)
    parameters.initialize(seed: 1)
    let inputs = try SampleInputs.find(for: check, parameters: parameters)
    let before = parameters.tensors().map(\.1)
    _ = try check.run(inputs: inputs, parameters: parameters)
    #expect(parameters.tensors().map(\.1) == before)
  }
}
