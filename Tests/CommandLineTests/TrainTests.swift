import Foundation
import Testing

@Suite struct TrainTests {
  @Test func theFolderHoldsAGraphThatRuns() throws {
    let place = try Workplace.withPoints()
    let outcome = try place.run("train", "points.json", "--out", "trained", "--json")
    #expect(outcome.code == 0, "\(outcome.errors)")
    let json = outcome.json()
    #expect(json["schema"] as? String == "nngraph.train/1")
    #expect(json["end"] as? String == "finished")
    #expect(json["epochs"] as? Int == 30)
    #expect(json["steps"] as? Int == 180)
    let rows = json["rows"] as? [String: Int]
    #expect(rows == ["training": 84, "validation": 24, "test": 12])
    for part in ["validation", "test"] {
      let metrics = (json[part] as? [String: Any])?["metrics"] as? [String: Double]
      #expect((metrics?["accuracy"] ?? 0) > 0.9, "\(part): \(outcome.output)")
    }
    #expect(place.names("trained") == ["graph.json", "graph.safetensors", "metrics.jsonl", "run.json"])
    #expect(place.text("trained/metrics.jsonl").split(separator: "\n").count == 30)
    let evaluated = try place.run("evaluate", "trained/graph.json", "--data", "points.csv", "--json")
    #expect(evaluated.code == 0, "\(evaluated.errors)")
    #expect(((evaluated.json()["metrics"] as? [String: Double])?["accuracy"] ?? 0) > 0.9)
    #expect(try place.run("check", "trained/graph.json").code == 0)
  }

  @Test func theSameSeedGivesTheSameBytesWithAnyNumberOfThreads() throws {
    let place = try Workplace.withPoints()
    let runs = [("first", "1"), ("second", "1"), ("two", "2"), ("three", "3")]
    for (folder, threads) in runs {
      let outcome = try place.run(
        "train", "points.json", "--out", folder, "--threads", threads, "--epochs", "3", "--quiet")
      #expect(outcome.code == 0, "\(outcome.errors)")
    }
    for file in ["graph.json", "graph.safetensors", "metrics.jsonl"] {
      let first = try #require(place.bytes("first/\(file)"))
      for (folder, _) in runs.dropFirst() {
        #expect(place.bytes("\(folder)/\(file)") == first, "\(folder)/\(file)")
      }
    }
    let other = try place.run("train", "points.json", "--out", "other", "--seed", "8", "--epochs", "3", "-q")
    #expect(other.code == 0)
    #expect(place.bytes("other/graph.safetensors") != place.bytes("first/graph.safetensors"))
  }

  @Test func equalRunsHaveEqualRunFilesButForTheSeconds() throws {
    let place = try Workplace.withPoints()
    for folder in ["a", "b"] {
      #expect(try place.run("train", "points.json", "--out", folder, "--steps", "5", "-q").code == 0)
    }
    func lines(_ folder: String) -> [Substring] {
      place.text("\(folder)/run.json").split(separator: "\n").filter { !$0.contains("\"seconds\"") }
    }
    #expect(lines("a") == lines("b"))
    #expect(lines("a").contains { $0.contains("\"learning_rate\": 0.05") })
    #expect(lines("a").contains { $0.contains("\"beta2\": 0.999") })
  }

  @Test func aFolderThatIsNotEmptyIsRefused() throws {
    let place = try Workplace.withPoints()
    try place.write("mine", "taken/note.txt")
    let refused = try place.run("train", "points.json", "--out", "taken", "--epochs", "1")
    #expect(refused.code == 64)
    #expect(refused.errors.contains("--force"))
    #expect(place.names("taken") == ["note.txt"])
    #expect(try place.run("train", "points.json", "--out", "taken", "--epochs", "1", "--force").code == 0)
    #expect(place.text("taken/note.txt") == "mine")
  }

  @Test func withoutAFolderNothingIsWrittenAndItSaysSo() throws {
    let place = try Workplace.withPoints()
    let before = place.names("")
    let outcome = try place.run("train", "points.json", "--epochs", "2")
    #expect(outcome.code == 0)
    #expect(outcome.errors.contains("--out FOLDER keeps them"))
    #expect(outcome.errors.contains("epoch 2/2  loss "))
    #expect(outcome.output.contains("validation"))
    #expect(outcome.output.contains("\u{2524}"), "the curve of the loss")
    #expect(place.names("").filter { !$0.hasPrefix(".") } == before.filter { !$0.hasPrefix(".") })
  }

  @Test func quietPrintsResultsAlone() throws {
    let outcome = try Workplace.withPoints().run("train", "points.json", "--epochs", "2", "--quiet")
    #expect(outcome.errors.isEmpty)
    #expect(outcome.output.contains("trained after 2 epochs"))
  }

  @Test func aDryRunPrintsTheSettingsAndTrainsNothing() throws {
    let place = try Workplace.withPoints()
    let outcome = try place.run(
      "train", "points.json", "--dry-run", "--out", "trained", "--batch-size", "all")
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("\"batch_size\": \"all\""))
    #expect(outcome.output.contains("\"epsilon\": 1e-8"))
    #expect(place.names("trained").isEmpty)
  }

  @Test func aRecipeReplacesKeyByKey() throws {
    let place = try Workplace.withPoints()
    try place.write("{\"optimizer\": {\"kind\": \"sgd\", \"momentum\": 0.5}, \"epochs\": 2}", "recipe.json")
    let json = try place.run("train", "points.json", "--recipe", "recipe.json", "--json", "--quiet").json()
    let settings = json["settings"] as? [String: Any]
    #expect((settings?["optimizer"] as? [String: Any])?["kind"] as? String == "sgd")
    #expect(settings?["epochs"] as? Int == 2)
    #expect(settings?["batch_size"] as? Int == 16)
    #expect(json["epochs"] as? Int == 2)
  }

  @Test func aBrokenRecipeIsNamed() throws {
    let place = try Workplace.withPoints()
    try place.write("{\"optimizer\": {\"kind\": \"adma\"}}", "recipe.json")
    let outcome = try place.run("train", "points.json", "--recipe", "recipe.json")
    #expect(outcome.code == 2)
    #expect(outcome.errors.contains("recipe.json:1:24: error: training, optimizer"))
    #expect(outcome.errors.contains("did you mean \"adam\"?"))
    try place.write("{\"epochs\": 2, \"epochs\": 3}", "recipe.json")
    let twice = try place.run("train", "points.json", "--recipe", "recipe.json")
    #expect(twice.code == 2)
    #expect(twice.errors.contains("recipe.json:1:"))
  }

  @Test func itStartsFromFreshParametersUnlessToldOtherwise() throws {
    let place = try Workplace.withPoints()
    #expect(try place.run("train", "points.json", "--out", "one", "--steps", "1", "-q").code == 0)
    #expect(
      try place.run("train", "one/graph.json", "--data", "points.csv", "--out", "two", "--steps", "1", "-q")
        .code == 0)
    #expect(place.bytes("one/graph.safetensors") == place.bytes("two/graph.safetensors"))
    let own = try place.run(
      "train", "one/graph.json", "--data", "points.csv", "--out", "own", "--steps", "1", "--parameters",
      "own", "-q")
    #expect(own.code == 0, "\(own.errors)")
    let file = try place.run(
      "train", "points.json", "--out", "file", "--steps", "1", "--parameters", "one/graph.safetensors", "-q")
    #expect(file.code == 0, "\(file.errors)")
    #expect(place.bytes("own/graph.safetensors") == place.bytes("file/graph.safetensors"))
    #expect(place.bytes("own/graph.safetensors") != place.bytes("one/graph.safetensors"))
    #expect(try place.run("train", "points.json", "--parameters", "own").code == 2)
  }

  @Test func divergenceIs4AndLeavesNothing() throws {
    let place = try Workplace.withPoints()
    let outcome = try place.run(
      "train", "points.json", "--out", "trained", "--set",
      "training.optimizer={\"kind\": \"sgd\", \"learning_rate\": 1e30}", "--set",
      "nodes.hidden.activation=relu")
    #expect(outcome.code == 4, "\(outcome.errors)")
    #expect(outcome.errors.contains("step"))
    #expect(outcome.errors.contains("finite"))
    #expect(!place.names("").contains("trained"))
  }

  @Test func aParameterThatNoGradientReachesIsAWarning() throws {
    let place = try Workplace.withPoints()
    let lost = pointsGraph.replacing(
      "\"nodes\": [",
      with: "\"nodes\": [{\"name\": \"lost\", \"op\": \"dense\", \"inputs\": [\"x\"], \"units\": 2},")
    try place.write(lost, "points.json")
    let outcome = try place.run("train", "points.json", "--epochs", "1")
    #expect(outcome.code == 0)
    #expect(outcome.errors.contains("reaches parameter \"lost.weight\""))
  }

  @Test func oneInterruptSavesAndEndsWith130() throws {
    let place = try Workplace.withPoints()
    let process = try place.start(
      ["train", "points.json", "--out", "trained", "--epochs", "100000000", "--progress", "plain"])
    for _ in 0..<400 where !place.text(".errors").contains("epoch 1/") { usleep(25_000) }
    process.interrupt()
    let outcome = place.outcome(of: process)
    #expect(outcome.code == 130, "\(outcome.errors)")
    #expect(place.names("trained").contains("graph.safetensors"))
    #expect(try place.run("evaluate", "trained/graph.json", "--data", "points.csv", "-q").code == 0)
  }

  @Test(arguments: [
    ("a,b,kind\n1,2,left\n3,x,right\n", "column \"b\""), ("a,kind\n1,left\n", "\"b\""),
    ("a,b,kind\n", "no rows"),
  ])
  func brokenDataIsNamed(_ table: String, _ message: String) throws {
    let place = try Workplace.withPoints()
    try place.write(table, "bad.csv")
    let outcome = try place.run("train", "points.json", "--data", "bad.csv")
    #expect(outcome.code == 2)
    #expect(outcome.errors.contains(message), "\(outcome.errors)")
  }

  @Test func aGraphWithoutTrainingIsRefused() throws {
    let outcome = try Workplace.withSum().run("train", "sum.json")
    #expect(outcome.code == 2)
    #expect(outcome.errors.contains("training: missing"))
  }
}
