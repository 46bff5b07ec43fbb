import Foundation
import Testing

@Suite struct RunTests {
  private func values(_ outcome: Outcome, _ name: String) -> [Double]? {
    let outputs = outcome.json()["outputs"] as? [String: Any]
    return (outputs?[name] as? [String: Any])?["values"] as? [Double]
  }

  @Test(arguments: ["x.csv", "x.json"]) func itReadsATensorFromAFile(_ file: String) throws {
    let outcome = try Workplace.withSum().run("run", "sum.json", "--input", "x=\(file)", "--json")
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(values(outcome, "total") == [5, 11])
    #expect(outcome.json()["schema"] as? String == "nngraph.run/1")
  }

  @Test func itReadsTheGraphFromStandardInput() throws {
    let outcome = try Workplace.withSum().run("run", "-", "--input", "x=x.csv", "--json", input: sumGraph)
    #expect(values(outcome, "total") == [5, 11])
  }

  @Test func aTableIsPrintedWithoutJSON() throws {
    let outcome = try Workplace.withSum().run("run", "sum.json", "--input", "x=x.csv")
    #expect(outcome.output.contains("total  float32 [2]"))
    #expect(outcome.output.contains("11"))
  }

  @Test func anyValueCanBeFetchedBesideTheOutputs() throws {
    let outcome = try Workplace.withSum().run(
      "run", "sum.json", "--input", "x=x.csv", "--fetch", "hidden", "--json")
    #expect(values(outcome, "hidden") == [1.5, 3.5, 3.5, 7.5])
    #expect(values(outcome, "total") == [5, 11])
    let unknown = try Workplace.withSum().run("run", "sum.json", "--input", "x=x.csv", "--fetch", "hiden")
    #expect(unknown.code == 64)
    #expect(unknown.errors.contains("did you mean \"hidden\"?"))
  }

  @Test func onlyTheInputsThatAreNeededMustBeGiven() throws {
    let place = try Workplace.withSum()
    #expect(try place.run("run", "sum.json", "--input", "x=x.csv").code == 0)
    let missing = try place.run("run", "sum.json")
    #expect(missing.code == 2)
    #expect(missing.errors.contains("input \"x\": missing"))
    #expect(!missing.errors.contains("unused"))
    let fetched = try place.run("run", "sum.json", "--input", "x=x.csv", "--fetch", "other")
    #expect(fetched.code == 2)
    #expect(fetched.errors.contains("input \"unused\": missing"))
  }

  @Test(arguments: [
    ("x=bad.csv", "first\n1\n", 2, "cannot fill the rows of [batch, 2]"),
    ("x=bad.csv", "1,2\n3,4\n", 2, "a header with the names of the columns"),
    ("x=bad.csv", "a,b\n1,two\n", 2, "column \"b\": \"two\" is no number"),
    ("x=bad.json", "[[1, 2], [3]]", 2, "expected an array of 2, found 1"),
    ("x=bad.json", "[[1, 2", 2, "bad.json:1:"),
    ("x=bad.json", "[[1, 2, 3]]", 2, "has the shape [1, 3], but the graph needs [batch, 2]"),
    ("y=bad.csv", "a,b\n1,2\n", 64, "the graph has no such input"),
    ("x=none.csv", "", 74, "none.csv"),
    ("bad.csv", "", 64, "expected NAME=FILE"),
  ])
  func aBrokenInputIsNamed(_ input: String, _ text: String, _ code: Int, _ message: String) throws {
    let place = try Workplace.withSum()
    let file = input.split(separator: "=").last.map(String.init) ?? ""
    if !text.isEmpty { try place.write(text, file) }
    let outcome = try place.run("run", "sum.json", "--input", input)
    #expect(outcome.code == code, "\(outcome.errors)")
    #expect(outcome.errors.contains(message), "\(outcome.errors)")
  }

  @Test func outputsCanBeWrittenAndExpected() throws {
    let place = try Workplace.withSum()
    let written = try place.run("run", "sum.json", "--input", "x=x.csv", "--outputs", "out.safetensors")
    #expect(written.code == 0, "\(written.errors)")
    #expect(written.output.isEmpty)
    let same = try place.run(
      "run", "sum.json", "--input", "x=x.csv", "--expect", "out.safetensors", "--tolerance", "0")
    #expect(same.code == 0)
    try place.write("[[1, 2], [3, 4.5]]", "other.json")
    let different = try place.run(
      "run", "sum.json", "--input", "x=other.json", "--expect", "out.safetensors", "--json")
    #expect(different.code == 1)
    let expected = different.json()["expected"] as? [String: Any]
    #expect(expected?["passed"] as? Bool == false)
    #expect((expected?["worst"] as? [String: Any])?["difference"] as? Double == 1)
    let loose = try place.run(
      "run", "sum.json", "--input", "x=other.json", "--expect", "out.safetensors", "--tolerance", "0.1")
    #expect(loose.code == 0, "\(loose.output)")
  }

  @Test func aTableGoesThroughTheMappingOfATrainedGraph() throws {
    let place = try Workplace.withPoints()
    #expect(try place.run("train", "points.json", "--out", "trained", "--quiet").code == 0)
    try place.write("a,b\n-2,0\n2,0\n0,3\n", "new.csv")
    let outcome = try place.run("run", "trained/graph.json", "--data", "new.csv", "--json")
    #expect(outcome.code == 0, "\(outcome.errors)")
    let found = try #require(values(outcome, "probabilities"))
    #expect(found.count == 9)
    for row in 0..<3 { #expect(found[row * 3 + row] > 0.5, "\(found)") }
    let fresh = try place.run("run", "points.json", "--data", "new.csv")
    #expect(fresh.code == 2)
    #expect(fresh.errors.contains("standardize"))
  }

  @Test func gradientsAreWrittenForParametersAndInputs() throws {
    let place = try Workplace.withPoints()
    try place.write("[[1, 2]]", "x.json")
    try place.write("[2]", "label.json")
    let arguments = ["run", "points.json", "--input", "x=x.json", "--gradients", "g.safetensors"]
    let missing = place.outcome(of: try place.start(arguments))
    #expect(missing.code == 2)
    #expect(missing.errors.contains("input \"label\": missing"))
    let outcome = place.outcome(of: try place.start(arguments + ["--input", "label=label.json"]))
    #expect(outcome.code == 0, "\(outcome.errors)")
    let text = place.bytes("g.safetensors").map { String(decoding: $0, as: UTF8.self) } ?? ""
    for name in ["hidden.weight", "logits.bias", "x"] {
      #expect(text.contains("\"gradient/\(name)\""), "\(name)")
    }
    #expect(!text.contains("gradient/label"))
  }

  @Test func anInputIsDrawnWithABarForEachClass() throws {
    let place = try Workplace.withPoints()
    try place.write("[[0, 1]]", "x.json")
    let outcome = try place.run("run", "points.json", "--input", "x=x.json", "--draw", "x=1x2")
    #expect(outcome.output.contains("  \u{2588}\u{2588}\n"), "\(outcome.output)")
    let wrong = try place.run("run", "points.json", "--input", "x=x.json", "--draw", "x=8x8")
    #expect(wrong.code == 64)
    #expect(wrong.errors.contains("64 numbers a row"))
  }
}
