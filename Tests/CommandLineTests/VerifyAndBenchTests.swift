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

@Suite struct BenchTests {
  @Test func theResultHasTheFigures() throws {
    let place = try Workplace.withPoints()
    for (phase, rows) in [("run", 1), ("train", 16)] {
      let outcome = try place.run(
        "bench", "points.json", "--phase", phase, "--seconds", "0.05", "--json", "--threads", "1")
      #expect(outcome.code == 0, "\(outcome.errors)")
      let json = outcome.json()
      #expect(json["schema"] as? String == "nngraph.bench/1")
      #expect(json["phase"] as? String == phase)
      #expect(json["rows"] as? Int == rows)
      #expect(json["threads"] as? Int == 1)
      let seconds = try #require(json["seconds"] as? [String: Double])
      #expect(Set(seconds.keys) == ["minimum", "median", "p90", "p99"])
      for key in ["operations_per_second", "peak_share"] {
        #expect((json[key] as? Double ?? 0) > 0, "\(key)")
      }
      #expect((json["peak_bytes"] as? Int ?? 0) > 0)
    }
    let text = try place.run("bench", "points.json", "--seconds", "0.05", "--profile")
    #expect(text.output.contains("median"))
    #expect(text.output.contains("hidden (dense)"))
  }

  @Test func aBaselineIsComparedWith() throws {
    let place = try Workplace.withPoints()
    let stored = try place.run("bench", "points.json", "--seconds", "0.05", "--json", "--threads", "1").output
    func edited(median: String) -> String {
      stored.replacing(/"median":[^,]*/, with: "\"median\":\(median)")
    }
    let arguments = [
      "bench", "points.json", "--seconds", "0.05", "--threads", "1", "--baseline", "base.json",
    ]
    try place.write(edited(median: "1e-12"), "base.json")
    let slower = place.outcome(of: try place.start(arguments + ["--json"]))
    #expect(slower.code == 1)
    #expect((slower.json()["baseline"] as? [String: Any])?["ok"] as? Bool == false)
    try place.write(edited(median: "1000"), "base.json")
    #expect(place.outcome(of: try place.start(arguments)).code == 0)
    try place.write(stored.replacing("\"rows\":1,", with: "\"rows\":2,"), "base.json")
    let other = place.outcome(of: try place.start(arguments))
    #expect(other.code == 2)
    #expect(other.errors.contains("rows: is 2, but this benchmark has 1"))
  }
}
