import Compiler
import Inspection
import Testing

@Suite struct PlanSummaryTests {
  @Test func stepsAndBuffersAreListed() throws {
    let network = try Fixture.network(Fixture.values)
    let plans = NetworkPlans(network, rewrites: [], selection: .none)
    let plan = try #require(plans.run)
    let summary = PlanSummary(plan, of: network, phase: "run")
    #expect(
      summary.text() == """
        plan of a run: 1 steps, 128 B
        step  what     node  op     reads  writes
           0  forward  y     dense  0      1

        buffer  type     shape   bytes  offset  life
             0  float32  [1, 2]      8       0  0 to 1
             1  float32  [1, 2]      8      64  0 to 1

        """)
  }

  @Test func rewritesSayWhetherTheyAreOn() throws {
    let network = try Fixture.network(Fixture.blocks)
    let selection = RewriteSelection.without(["softmax-cross-entropy"])
    let rules = Fixture.registry.rewrites.map(\.item)
    let plans = NetworkPlans(network, rewrites: rules, selection: selection)
    let shown = try [#require(plans.run)].map { PlanSummary($0, of: network, phase: "run") }
    let list = RewriteList(Fixture.registry, selection: selection, plans: shown)
    let states = Dictionary(
      uniqueKeysWithValues: list.entries.map { ($0.name, $0.isApplied ? "applied" : $0.isOn ? "on" : "off") })
    #expect(states["dense-activation"] == "applied")
    #expect(states["softmax-cross-entropy"] == "off")
    #expect(states["sigmoid-cross-entropy"] == "on")
  }
}
