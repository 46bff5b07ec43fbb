import Inspection
import Testing

@Suite struct RecomputationCostTests {
  private func plans(_ recomputes: Bool) throws -> NetworkPlans {
    let network = try Fixture.network(
      """
      {"format": "nngraph/1", "name": "deep", "inputs": {"x": {"shape": ["batch", 4]}},
       "nodes": [
        {"name": "h", "op": "wide", "inputs": ["x"], "repeat": 8, "recompute": \(recomputes)},
        {"name": "loss", "op": "reduce_mean", "inputs": ["h"], "axes": [0, 1]}],
       "outputs": ["h"], "training": {"loss": "loss"},
       "blocks": {"wide": {"inputs": ["v"], "nodes": [
        {"name": "a", "op": "dense", "inputs": ["v"], "units": 600, "activation": "tanh"},
        {"name": "b", "op": "dense", "inputs": ["a"], "units": 4}], "outputs": ["b"]}}}
      """)
    return NetworkPlans(network, rewrites: [])
  }

  @Test func theCostIsThatOfBothPlans() throws {
    #expect(RecomputationCost(try plans(false)) == nil)
    let plans = try plans(true)
    let cost = try #require(RecomputationCost(plans))
    #expect(cost.operations == plans.training?.repeatedOperations)
    // Eight times 600 by 4 products and additions, 600 biases and 600 values of a function.
    #expect(cost.operations + cost.operationsKeepingAll == plans.training?.operations)
    #expect(cost.share > 0.1 && cost.share < 0.3)
    #expect(cost.bytes < cost.bytesKeepingAll)
    #expect(cost.text.hasPrefix("computed again for backward: "))
    #expect(cost.json["bytes_keeping_all"]?.integer == cost.bytesKeepingAll)
  }
}
