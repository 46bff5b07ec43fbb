import Diagnostics
import GraphFile
import Inspection
import Testing

@Suite struct CheckReportTests {
  private func report(_ text: String, training: Bool = false, memory: Int = .max) -> String {
    let options = CheckReport.Options(training: training, memoryLimit: memory)
    let document = GraphDocument.read(Array(text.utf8), file: "graph.json", folder: ".").document
    return [
      CheckReport(
        Fixture.resolve(text), of: document, file: "graph.json", registry: Fixture.registry, options)
    ].text
  }

  @Test func aSoundGraphIsOk() {
    #expect(report(Fixture.blocks, training: true) == "graph.json: ok\n")
    #expect(report(Fixture.values) == "graph.json: ok\n")
  }

  @Test func storedValuesAreCompared() {
    let text = Fixture.values.replacing("[0, 0.5]", with: "[0, 0.5, 1]")
      .replacing("\"y.weight\": [[1, 2], [3, 4]]", with: "\"y.wight\": [[1, 2], [3, 4]]")
    #expect(
      report(text) == """
        graph.json:4:17: error: parameters, values, parameter "y.weight": missing; the graph needs [2, 2]
        graph.json:4:42: error: parameters, values, parameter "y.wight": extra; the graph has no such parameter; \
        did you mean "y.weight"?
        graph.json:4:70: error: parameters, values, parameter "y.bias": has the shape [3], but the graph needs [2]

        """)
  }

  @Test func valuesThatAreNoNumbersAreNamed() {
    let text = Fixture.values.replacing("[3, 4]]", with: "[3]]").replacing("0.5", with: "\"a\"")
    #expect(
      report(text) == """
        graph.json:4:52: error: parameters, values, "y.weight"[1]: expected an array of 2, found 1
        graph.json:4:72: error: parameters, values, "y.bias"[1]: expected a number, found "a"

        """)
  }

  @Test func aFileThatIsNotThereIsNamed() {
    let text = Fixture.values.replacing(
      "{ \"values\": { \"y.weight\": [[1, 2], [3, 4]], \"y.bias\": [0, 0.5] } }",
      with: "{ \"file\": \"no-such.safetensors\" }")
    let missing = "parameters, file: \"no-such.safetensors\" cannot be opened: No such file or directory"
    #expect(report(text) == "graph.json:4:27: error: \(missing)\n")
    // It is found beside the faults of the graph itself.
    let broken = report(text.replacing("\"dense\"", with: "\"dens\""))
    #expect(broken.contains("\"dens\"") && broken.contains(missing))
  }

  @Test func parametersThatNoGradientReachesAreNamed() {
    let text = Fixture.blocks.replacing(
      "\"op\": \"add\", \"inputs\": [\"x\", \"first\"]", with: "\"op\": \"identity\", \"inputs\": [\"x\"]"
    ).replacing("\"repeat\": 3", with: "\"repeat\": 1")
    let found = report(text, training: true)
    #expect(
      found == """
        graph.json:18:9: error: blocks.residual.nodes[0] "body_0/first": no gradient of the training loss \
        reaches parameter "body_0/first.weight"
        graph.json:18:9: error: blocks.residual.nodes[0] "body_0/first": no gradient of the training loss \
        reaches parameter "body_0/first.bias"

        """)
  }

  @Test func memoryHasALimit() {
    #expect(
      report(Fixture.values, memory: 100).contains("bytes of memory, over the limit of 100"))
  }
}
