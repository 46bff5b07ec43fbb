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
        plan of a run: 1 step
        activations and gradients: 128 B, 0.0 % above the 128 B that live at one step
        step  what     node  op     reads  writes
           0  forward  y     dense  0      1

        buffer  type     shape   bytes  offset  life
             0  float32  [1, 2]      8       0  0 to 1
             1  float32  [1, 2]      8      64  0 to 1

        """)
  }

  @Test func jsonHasTheBoundAndTheShareAboveIt() throws {
    let network = try Fixture.network(Fixture.blocks)
    let plans = NetworkPlans(network, rewrites: [])
    var summary = PlanSummary(try #require(plans.run), of: network, phase: "run")
    #expect(summary.leastBytes > 0 && summary.arenaBytes >= summary.leastBytes)
    #expect(summary.json["bytes"]?.integer == summary.arenaBytes)
    #expect(summary.json["least_bytes"]?.integer == summary.leastBytes)
    summary.arenaBytes = 150
    summary.leastBytes = 100
    #expect(summary.json["excess"]?.double == 0.5)
    #expect(summary.text().contains("150 B, 50.0 % above the 100 B"))
    summary.leastBytes = 0
    #expect(summary.excess == 0)
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
