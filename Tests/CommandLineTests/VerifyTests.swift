import Foundation
import Testing

@Suite struct VerifyTests {
  /// A case made of `sum.json`, with the outputs that the program gives for it.
  private func caseFolder() throws -> Workplace {
    let place = try Workplace.withSum()
    let single = sumGraph.replacing(", \"unused\": {\"shape\": [\"batch\"]}", with: "")
      .replacing(",\n   {\"name\": \"other\", \"op\": \"negate\", \"inputs\": [\"unused\"]}", with: "")
    try place.write(single, "sum.json")
    try place.write(
      single.replacing("\"outputs\": [\"total\"]", with: "\"outputs\": {\"output/total\": \"total\"}"),
      "named.json")
    try place.write(
      single.replacing("\"outputs\": [\"total\"]", with: "\"outputs\": {\"x\": \"x\"}"), "inputs.json")
    for (graph, file) in [("named", "expected"), ("inputs", "inputs")] {
      let written = try place.run(
        "run", "\(graph).json", "--input", "x=x.csv", "--outputs", "\(file).safetensors")
      #expect(written.code == 0, "\(written.errors)")
    }
    #expect(try place.run("export", "sum.json", "-o", "parameters.safetensors").code == 0)
    for file in ["inputs", "expected", "parameters"] {
      let bytes = try #require(place.bytes("\(file).safetensors"))
      try FileManager.default.createDirectory(
        at: place.folder.appendingPathComponent("cases/sum"), withIntermediateDirectories: true)
      try bytes.write(to: place.folder.appendingPathComponent("cases/sum/\(file).safetensors"))
    }
    try place.write(single, "cases/sum/graph.json")
    try place.write("{\"mode\": \"inference\", \"steps\": 0, \"tolerance\": 1e-5}", "cases/sum/case.json")
    return place
  }

  @Test func aCaseThatAgreesPasses() throws {
    let place = try caseFolder()
    let outcome = try place.run("verify", "cases")
    #expect(outcome.code == 0, "\(outcome.output)\(outcome.errors)")
    #expect(outcome.output.hasSuffix("1 passed, 0 failed\n"))
    let json = try place.run("verify", "cases/sum", "--json").json()
    #expect(json["passed"] as? Int == 1)
    #expect((json["cases"] as? [[String: Any]])?.first?["passed"] as? Bool == true)
  }

  @Test func aCaseThatDiffersOrCannotBeReadHasFailed() throws {
    let place = try caseFolder()
    let graph = place.text("cases/sum/graph.json")
    try place.write(graph.replacing("\"reduce_sum\"", with: "\"reduce_mean\""), "cases/sum/graph.json")
    let different = try place.run("verify", "cases")
    #expect(different.code == 1)
    #expect(different.output.contains("failed cases/sum"))
    #expect(different.output.contains("output/total["))
    try place.write("{}", "cases/sum/case.json")
    let unreadable = try place.run("verify", "cases", "--json")
    #expect(unreadable.code == 1)
    #expect(unreadable.json()["failed"] as? Int == 1)
    #expect(try place.run("verify", "nowhere").code == 1)
  }
}
