import Foundation
import Testing

@Suite struct EvaluateTests {
  private func kind(_ outcome: Outcome) -> [String: Any]? { outcome.json()["rows"] as? [String: Any] }

  @Test func theAnswerSaysWhichRowsWereTaken() throws {
    let place = try Workplace.withPoints()
    for (arguments, kind, count) in [
      ([], "test", 12), (["--rows", "training"], "training", 84),
      (["--rows", "validation"], "validation", 24),
      (["--rows", "all"], "all", 120), (["--set", "training.data.test=0"], "validation", 24),
      (["--set", "training.data.test=0", "--set", "training.data.validation=0"], "all", 120),
      (["--data", "points.csv"], "all", 120), (["--data", "points.csv", "--rows", "test"], "test", 12),
    ] {
      let outcome = place.outcome(
        of: try place.start(["evaluate", "points.json", "--json", "-q"] + arguments))
      #expect(outcome.code == 0, "\(outcome.errors)")
      let rows = self.kind(outcome)
      #expect(rows?["kind"] as? String == kind, "\(arguments)")
      #expect(rows?["count"] as? Int == count, "\(arguments)")
    }
  }

  @Test func itGivesLossMetricsAndAConfusionMatrix() throws {
    let place = try Workplace.withPoints()
    let outcome = try place.run("evaluate", "points.json", "--rows", "all", "--json", "--quiet")
    let json = outcome.json()
    #expect(json["schema"] as? String == "nngraph.evaluate/1")
    #expect(json["loss"] is Double)
    #expect((json["metrics"] as? [String: Double])?.keys.sorted() == ["accuracy"])
    let confusion = json["confusion"] as? [String: Any]
    #expect(confusion?["classes"] as? [String] == ["left", "right", "top"])
    let counts = try #require(confusion?["counts"] as? [[Int]])
    #expect(counts.map { $0.reduce(0, +) } == [40, 40, 40])
    let text = try place.run("evaluate", "points.json", "--rows", "all", "--quiet")
    #expect(text.output.contains("left  right"), "\(text.output)")
  }

  @Test func aPartWithoutRowsIsRefused() throws {
    let place = try Workplace.withPoints()
    let outcome = try place.run("evaluate", "points.json", "--rows", "test", "--set", "training.data.test=0")
    #expect(outcome.code == 2)
    #expect(outcome.errors.contains("no test rows among 120"))
  }

  @Test func parametersThatDoNotFitAreNamed() throws {
    let place = try Workplace.withPoints()
    #expect(try place.run("train", "points.json", "--out", "trained", "--steps", "1", "-q").code == 0)
    let outcome = try place.run(
      "evaluate", "points.json", "--parameters", "trained/graph.safetensors", "--set", "nodes.hidden.units=4")
    #expect(outcome.code == 2)
    #expect(outcome.errors.contains("hidden.weight"))
    #expect(outcome.errors.contains("[8, 2]"))
  }
}
