import Compiler
import Inspection
import JSONText
import Testing

@Suite struct NetworkSummaryTests {
  private func summary(
    _ text: String, isExpanded: Bool = false, bindings: [String: Int] = [:],
    rewrites: RewriteSelection = .none
  ) throws -> NetworkSummary {
    let network = try Fixture.network(text, bindings: bindings)
    let rules = Fixture.registry.rewrites.map(\.item)
    return NetworkSummary(
      network, plans: NetworkPlans(network, rewrites: rules, selection: rewrites), isExpanded: isExpanded)
  }

  @Test func aUseOfABlockIsARow() throws {
    #expect(
      try summary(Fixture.blocks).text() == """
        blocks (graph.json)
        A small stack.

        inputs   x       [batch, 4]  float32  Four numbers.
                 target  [batch, 4]  float32
        outputs  again   [batch, 4]  float32

        node   op            inputs         shape       parameters  operations  activations
        stem   dense         x              [batch, 4]          20          32         16 B
        body   residual x 3  stem           [batch, 4]          60         120         96 B
        again  dense         body           [batch, 4]     of stem          32         16 B
        loss   loss          again, target  []                   0          16          4 B

        parameters   80 (60 trainable, 20 frozen), 320 B
        operations   184 for a run, 472 for a training step
        activations  256 B for a run, 1.0 KiB for a training step
        batch counts 1; --set NAME=SIZE binds a symbol

        """)
  }

  @Test func expandedNodesAreRows() throws {
    let rows = try summary(Fixture.blocks, isExpanded: true).rows
    #expect(
      rows.map(\.name) == [
        "stem", "body_0/first", "body_0/sum", "body_1/first", "body_1/sum", "body_2/first", "body_2/sum",
        "again", "loss",
      ])
    #expect(rows[7].inputs == ["body_2/sum"])
    #expect(rows.reduce(0) { $0 + $1.parameters } == 80)
  }

  @Test func boundSymbolsCount() throws {
    let summary = try summary(Fixture.blocks, bindings: ["batch": 10])
    #expect(summary.assumed.symbols.isEmpty)
    #expect(summary.totals.operationsRun == 1840)
    #expect(summary.rows[0].activationBytes == 160)
  }

  @Test func withoutTrainingItsTotalsAreNull() throws {
    #expect(
      JSONWriter.compactText(try summary(Fixture.values).json) == """
        {"schema":"nngraph.inspect/1","file":"graph.json","name":"values","description":null,\
        "inputs":[{"name":"x","shape":["batch",2],"type":"float32","description":null}],\
        "outputs":[{"name":"y","shape":["batch",2],"type":"float32","description":null}],\
        "plugins":[],"unbound":["batch"],"unbound_counts":1,\
        "nodes":[{"name":"y","op":"dense","repeat":null,"nodes":1,"inputs":["x"],"shape":["batch",2],\
        "type":"float32","outputs":[{"name":"y","shape":["batch",2],"type":"float32"}],"parameters":6,\
        "shared":null,"operations":8,"activation_bytes":8}],\
        "totals":{"parameters":6,"trainable":6,"frozen":0,"states":0,"parameter_bytes":24,\
        "operations_run":8,"operations_train":null,"activation_bytes_run":128,\
        "activation_bytes_train":null},"notes":[]}
        """)
  }

  @Test func aSymbolCountsAsManyAsItsShapesNeed() throws {
    let text = """
      { "format": "nngraph/1", "name": "cut", "inputs": { "x": { "shape": ["time"] } },
        "nodes": [{ "name": "y", "op": "slice", "inputs": ["x"], "axis": 0, "start": 2, "stop": 5 }],
        "outputs": ["y"] }
      """
    guard let network = try? Fixture.network(text) else { return }
    let assumed = network.assumedSize
    #expect(NetworkPlans(network, rewrites: []).run != nil, "\(assumed)")
  }
}
