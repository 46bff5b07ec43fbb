import Foundation
import Testing

@Suite struct ZooTests {
  /// A folder of models with one that was recorded.
  private func zoo() throws -> Workplace {
    let place = try Workplace.withPoints()
    try place.write(pointsGraph.replacing("points.csv", with: "data/points.csv"), "models/points.json")
    try place.write(pointsTable, "models/data/points.csv")
    try place.write(
      """
      {"schema": "nngraph.zoo.index/1", "models": [
        {"name": "points", "task": "classification", "licence": "CC0-1.0",
         "data": {"name": "points", "source": "made for this test", "licence": "CC0-1.0"}}]}
      """, "models/index.json")
    let recorded = try run(place, "zoo", "record", "--quiet")
    #expect(recorded.code == 0, "\(recorded.errors)")
    return place
  }

  private func run(_ place: Workplace, _ arguments: String...) throws -> Outcome {
    place.outcome(of: try place.start(arguments, models: "models"))
  }

  @Test func modelsAreListedShownVerifiedAndRun() throws {
    let place = try zoo()
    let list = try run(place, "zoo", "list", "--json").json()
    #expect((list["models"] as? [[String: Any]])?.first?["name"] as? String == "points")
    #expect(try run(place, "zoo", "show", "points").output.contains("sha256"))
    let unknown = try run(place, "zoo", "show", "pionts")
    #expect(unknown.code == 64)
    #expect(unknown.errors.contains("did you mean \"points\"?"))
    #expect(try run(place, "zoo", "verify").code == 0)
    let evaluated = try run(place, "evaluate", "zoo:points", "--json")
    #expect(((evaluated.json()["metrics"] as? [String: Double])?["accuracy"] ?? 0) > 0.9)
    #expect(try run(place, "zoo", "copy", "points", "copied").code == 0)
    #expect(try run(place, "evaluate", "copied/points.json").code == 0)
  }

  @Test func aChangedModelFails() throws {
    let place = try zoo()
    try place.write(
      place.text("models/points.json").replacing("\"tanh\"", with: "\"relu\""), "models/points.json")
    let outcome = try run(place, "zoo", "verify", "points", "--json")
    #expect(outcome.code == 1)
    #expect(outcome.json()["failed"] as? Int == 1)
  }
}
