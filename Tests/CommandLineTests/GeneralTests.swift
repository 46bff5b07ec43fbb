import Foundation
import Testing

/// The verbs whose whole behaviour is tested in this folder.
let verbs = ["run", "train", "evaluate", "verify", "bench", "zoo"]

@Suite struct GeneralTests {
  @Test(arguments: verbs) func helpListsTheOptionsOfAVerb(_ verb: String) throws {
    let outcome = try Workplace().run(verb, "--help")
    #expect(outcome.code == 0)
    #expect(outcome.output.contains("nngraph \(verb)"))
    #expect(outcome.output.contains("--threads"))
    #expect(outcome.errors.isEmpty)
  }

  @Test func theOverviewListsEveryVerb() throws {
    let outcome = try Workplace().run()
    #expect(outcome.code == 0)
    for verb in verbs { #expect(outcome.output.contains("nngraph \(verb)"), "\(verb)") }
  }

  @Test(arguments: [
    (["trian"], "train"), (["evalute", "x"], "evaluate"), (["run", "--inptus", "x"], "--inputs"),
    (["train", "--epoch", "3", "x"], "--epochs"), (["bench", "--phase", "trian", "x"], "train"),
    (["zoo", "lst"], "list"), (["evaluate", "--rows", "tset", "x"], "test"),
    (["run", "--mode", "trainin", "x"], "training"),
  ])
  func aMisspeltWordGetsTheNearestOne(_ arguments: [String], _ wanted: String) throws {
    let place = try Workplace()
    let outcome = place.outcome(of: try place.start(arguments))
    #expect(outcome.code == 64)
    #expect(outcome.errors.contains("did you mean \"\(wanted)\"?"), "\(outcome.errors)")
    #expect(outcome.output.isEmpty)
  }

  @Test(arguments: ["run", "train", "evaluate", "bench"]) func aGraphThatIsNotThereIs74(_ verb: String) throws
  {
    let outcome = try Workplace().run(verb, "nowhere.json")
    #expect(outcome.code == 74)
    #expect(outcome.errors.contains("nowhere.json"))
  }

  @Test(arguments: ["run", "train", "evaluate", "bench"]) func aBrokenGraphIs2WithAllItsFaults(_ verb: String)
    throws
  {
    let place = try Workplace()
    try place.write(
      sumGraph.replacing("\"dense\"", with: "\"dens\"").replacing("\"unused\"]", with: "\"unsued\"]"),
      "sum.json")
    let outcome = try place.run(verb, "sum.json", "--json")
    #expect(outcome.code == 2)
    #expect(outcome.errors.contains("did you mean \"dense\"?"))
    #expect(outcome.errors.contains("did you mean \"unused\"?"))
    let json = outcome.json()
    #expect(json["schema"] as? String == "nngraph.\(verb)/1")
    #expect((json["faults"] as? [Any])?.count == 2)
  }

  @Test func aSymbolAndAKeyCanBeSet() throws {
    let place = try Workplace.withPoints()
    let rate = try place.run(
      "train", "points.json", "--dry-run", "--json", "--set", "training.optimizer.learning_rate=0.25")
    let settings = rate.json()["settings"] as? [String: Any]
    #expect((settings?["optimizer"] as? [String: Any])?["learning_rate"] as? Double == 0.25)
    let bound = try place.run("bench", "points.json", "--set", "batch=4", "--seconds", "0.05", "--json")
    #expect(bound.code == 0, "\(bound.errors)")
    let unknown = try place.run("bench", "points.json", "--set", "btach=4")
    #expect(unknown.code == 64)
    #expect(unknown.errors.contains("did you mean \"batch\"?"))
  }

  @Test func aLimitIs5() throws {
    let place = try Workplace.withPoints()
    let outcome = try place.run("train", "points.json", "--limit-nodes", "2")
    #expect(outcome.code == 5)
  }
}
