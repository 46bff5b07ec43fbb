import NNGraph
import NNGraphTestKit
import Testing

@Suite struct PowersTests {
  let registry: Registry

  init() throws {
    var registry = try LinkedModules.registry()
    try registry.register(PowersModule())
    self.registry = registry
  }

  /// Every example: backward against central differences in 64 bits, and 32 bits against 64.
  @Test func gradientsAreRight() throws {
    let report = try RegistryGradientCheck(registry).run(.module("powers"))
    #expect(report.passed && report.gradients > 0, "\(report)")
  }

  /// Every example: the same bits in two runs, and on 1, 2 and 3 threads.
  @Test func bitsDoNotDependOnThreads() throws {
    let report = try LayerChecks(registry).run(.module("powers"))
    #expect(report.passed && report.uses > 0, "\(report)")
  }
}
