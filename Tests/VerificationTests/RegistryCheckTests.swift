import Kernels
import LayerKit
import NNGraphTestKit
import Testing

@Suite struct RegistryCheckTests {
  @Test func everyComponentHasItsGradients() throws {
    let registry = try standardRegistry()
    let report = try RegistryGradientCheck(registry).run()
    #expect(report.passed, "\(report)")
    #expect(report.largestError < 1e-6)
    // Every operator with an example, function and kind of loss was there.
    let least = registry.names(.layer).count + registry.names(.activation).count + registry.names(.loss).count
    #expect(report.uses > least)
    #expect(report.gradients > 1000)
  }

  @Test func everyComponentGivesTheSameBits() throws {
    let report = try LayerChecks(standardRegistry()).run()
    #expect(report.passed, "\(report)")
  }

  @Test func checksWhatIsNamed() throws {
    let check = try RegistryGradientCheck(standardRegistry())
    let scan = check.run(operators: ["selective_scan"])
    #expect(scan.passed, "\(scan)")
    #expect(scan.uses == check.run(.module("state_space")).uses)
    #expect(check.run(.named(activations: ["relu"])).uses == 1)
    #expect(check.run(.named(activations: ["elu"])).uses == 2)
    #expect(check.run(.named(losses: ["kl_divergence"])).uses == 4)
  }

  private func planted(_ name: String) throws -> RegistryReport {
    var registry = Registry()
    try registry.register(PlantedModule())
    return try RegistryGradientCheck(registry).run(operators: [name])
  }

  @Test func passesARightOne() throws {
    let report = try planted("right_scale")
    #expect(report.passed, "\(report)")
    #expect(report.uses == 2)
    #expect(report.gradients == 2 * 2 * 8)
  }

  @Test func findsAWrongSign() throws {
    let report = try planted("wrong_sign")
    #expect(report.failures.count == 2)
    let failure = try #require(report.failures.first)
    #expect(failure.component == "operator \"wrong_sign\"")
    #expect(failure.example == 0)
    #expect(failure.subject == "input x0")
    #expect(failure.index.count == 2)
    #expect(failure.description.hasPrefix("operator \"wrong_sign\", example 0 (no attributes), input x0["))
    #expect(failure.description.contains("backward gives -"))
    #expect(failure.description.contains("differences give "))
  }

  @Test func findsAGradientThatIsNotWritten() throws {
    let report = try planted("unwritten_gradient")
    #expect(report.failures.map(\.subject) == ["parameter factor", "parameter factor"])
    #expect(report.failures.first?.description.contains("backward gives nan (not written") == true)
  }

  @Test func findsAParameterWithoutGradient() throws {
    let report = try planted("missing_gradient")
    #expect(report.failures.map(\.subject) == ["parameter factor"])
    #expect(report.failures.first?.description.contains("no gradient reaches it") == true)
  }

  @Test func findsAKinkThatIsNotNamed() throws {
    let report = try planted("hidden_kink")
    #expect(report.failures.map(\.subject) == ["input x0"])
    #expect(report.failures.first?.description.contains("3 of 3 elements stand at a kink") == true)
  }

  @Test func findsOtherBits() throws {
    var registry = Registry()
    try registry.register(PlantedModule())
    let report = try LayerChecks(registry).run()
    #expect(report.failures.map(\.component) == ["operator \"restless\""])
    #expect(report.failures.first?.description.contains("has other bits in a second run") == true)
  }

  @Test func everyOptimizerKeepsItsPromises() throws {
    let report = try OptimizerChecks(standardRegistry()).run()
    #expect(report.passed, "\(report)")
    #expect(report.uses >= 8)
  }

  @Test func findsAnOptimizerThatLooksAtItsNeighbours() throws {
    var registry = Registry()
    try registry.register(PlantedModule())
    let report = OptimizerChecks(registry).run()
    #expect(report.failures.map(\.component) == ["optimizer \"sideways\""])
    #expect(report.failures.first?.description.contains("where the range is cut into pieces") == true)
  }

  @Test func refusesARegistryThatHasItsNames() throws {
    struct Taken: Module {
      static let name = "gradient_check"
      static let version = "1"
      func register(into registrar: inout Registrar) throws {}
    }
    var registry = Registry()
    try registry.register(Taken())
    let taken = registry
    #expect(throws: RegistrationFault.self) { try RegistryGradientCheck(taken) }
  }

  @Test func aNameThatNobodyRegisteredFails() throws {
    let check = try RegistryGradientCheck(standardRegistry())
    let operators = check.run(operators: ["selective_scam"])
    #expect(!operators.passed)
    #expect(
      operators.failures.map(\.description)
        == ["operator \"selective_scam\": is not registered; did you mean \"selective_scan\"?"])
    #expect(!check.run(.module("state_spice")).passed)
    #expect(!check.run(.named(activations: ["rely"])).passed)
  }

  @Test func anOperatorWithoutExamplesFails() throws {
    var registry = Registry()
    try registry.register(SilentModule())
    let report = try RegistryGradientCheck(registry).run()
    #expect(report.failures.map(\.component) == ["operator \"silent\""])
    #expect(report.failures.first?.description.contains("has no examples") == true)
  }
}

/// An operator that shows no use of itself.
private struct SilentModule: Module {
  static let name = "silent"
  static let version = "1.0.0"

  func register(into registrar: inout Registrar) throws { registrar.layers(Silent.self) }
}

private struct Silent: Layer {
  static let schema = Schema("silent", "Copies its input.")
  static let examples: [Example] = []

  init(_ attributes: Attributes) throws {}

  func infer(_ inference: inout Inference) throws { inference.output(try inference.float()) }

  func forward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) throws {
    Kernel.map(
      .copy, x: call.input(0, as: Scalar.self), y: call.output(), count: call.outputs[0].count)
  }
}
