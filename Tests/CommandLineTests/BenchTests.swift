import Foundation
import Testing

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
    #expect(try place.run("bench", "points.json", "--seconds", "0.05").output.contains("median"))
  }

  @Test func aProfileHasARowForEachStep() throws {
    let place = try Workplace.withPoints()
    let arguments = ["bench", "points.json", "--phase", "train", "--seconds", "0.05", "--profile"]
    let json = place.outcome(of: try place.start(arguments + ["--json"])).json()
    let rows = try #require(json["profile"] as? [[String: Any]])
    let total = try #require(json["profile_total"] as? [String: Any])
    func row(_ name: String, _ direction: String) throws -> [String: Any] {
      try #require(
        rows.first { $0["name"] as? String == name && $0["direction"] as? String == direction },
        "\(name) \(direction)")
    }
    for (name, op, direction) in [
      ("hidden", "dense", "forward"), ("logits", "dense", "backward"), ("optimizer", "adam", "update"),
    ] {
      let found = try row(name, direction)
      #expect(found["op"] as? String == op)
      for key in ["seconds", "share", "bytes", "bytes_per_second"] {
        #expect((found[key] as? Double ?? 0) > 0, "\(name) \(key)")
      }
    }
    // 16 rows of 2 numbers in, 8 out, with 8 x 2 weights and 8 biases.
    let hidden = try row("hidden", "forward")
    #expect(hidden["bytes"] as? Int == 4 * (16 * 2 + 16 * 8 + 8 * 2 + 8))
    let rate = try #require(hidden["operations_per_second"] as? Double)
    let seconds = try #require(hidden["seconds"] as? Double)
    #expect(abs(rate * seconds - Double(hidden["operations"] as? Int ?? 0)) < 1e-3)
    #expect(rows.last?["operations"] is NSNull && rows.last?["direction"] as? String == "update")
    for key in ["operations", "bytes"] {
      #expect(total[key] as? Int == rows.reduce(0) { $0 + ($1[key] as? Int ?? 0) }, "\(key)")
    }
    #expect(abs(rows.reduce(0) { $0 + ($1["share"] as? Double ?? 0) } - 1) < 1e-9)
    #expect((json["profile_repetitions"] as? Int ?? 0) >= 10)
    let text = place.outcome(of: try place.start(arguments)).output
    for title in ["operator", "direction", "GFLOP/s", "of peak", "bytes", "GB/s", "total", "adam"] {
      #expect(text.contains(title), "\(title)")
    }
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

  @Test func aSweepMeasuresAndFitsALine() throws {
    let place = try Workplace.withPoints()
    let outcome = try place.run(
      "bench", "points.json", "--sweep", "rows", "--phase", "both", "--to", "9", "--seconds", "0.01",
      "--json", "--plot", "rows.svg")
    #expect(outcome.code == 0, "\(outcome.errors)")
    let json = outcome.json()
    #expect(json["schema"] as? String == "nngraph.bench.sweep/1")
    #expect(json["axis"] as? String == "rows")
    let sweeps = try #require(json["sweeps"] as? [[String: Any]])
    #expect(sweeps.map { $0["phase"] as? String } == ["train", "run"])
    for sweep in sweeps {
      let points = try #require(sweep["points"] as? [[String: Any]])
      #expect(points.map { $0["value"] as? Int } == [1, 2, 4, 8])
      #expect(points.map { $0["rows"] as? Int } == [1, 2, 4, 8])
      #expect(points.allSatisfy { ($0["seconds"] as? Double ?? 0) > 0 })
      let fit = try #require(sweep["fit"] as? [String: Any])
      #expect(Set(fit.keys) == ["overhead", "slope", "deviation", "power", "points"])
    }
    let picture = place.text("rows.svg")
    #expect(picture.hasPrefix("<svg ") && picture.contains("training step"))
    #expect(picture.contains("points: rows"))
    #expect(picture.ranges(of: "<circle").count == 8)
  }

  @Test func widthAndDepthAreThoseOfTheGraph() throws {
    let place = try Workplace.withPoints()
    func points(_ file: String, _ axis: String) throws -> [[String: Any]] {
      let outcome = try place.run("bench", file, "--sweep", axis, "--to", "4", "--seconds", "0.01", "--json")
      let sweeps = outcome.json()["sweeps"] as? [[String: Any]]
      return try #require(sweeps?.first?["points"] as? [[String: Any]], "\(outcome.errors)")
    }
    let wide = try points("points.json", "width")
    #expect(wide.map { $0["parameters"] as? Int } == [8, 16, 32].map { 3 * $0 + 3 * ($0 + 1) })
    let deepened =
      pointsGraph
      .replacing(#""op": "dense", "inputs": ["x"]"#, with: #""op": "b", "inputs": ["x"], "repeat": 3"#)
      .replacing(#", "units": 8, "activation": "tanh""#, with: "")
      .replacing(#""outputs""#, with: Self.block + #", "outputs""#)
    try place.write(deepened, "deep.json")
    let deep = try points("deep.json", "depth")
    #expect(deep.map { $0["parameters"] as? Int } == [1, 2, 4].map { 6 * $0 + 9 })
  }

  private static let block = """
    "blocks": {"b": {"inputs": ["x"], "outputs": ["d"],
      "nodes": [{"name": "d", "op": "dense", "inputs": ["x"], "units": 2}]}}
    """

  @Test func optionsThatDoNotGoTogetherAreRefused() throws {
    let place = try Workplace.withPoints()
    for (options, words) in [
      (["--sweep", "with"], "did you mean \"width\"?"), (["--sweep", "rows", "--batch", "3"], "--batch"),
      (["--sweep", "rows", "--profile"], "--profile"),
      (["--sweep", "rows", "--baseline", "x"], "--baseline"),
      (["--plot", "x.svg"], "--plot goes with --sweep"), (["--to", "8"], "--to goes with --sweep"),
      (["--sweep", "rows", "--to", "1"], "--to: expected an integer from 2"),
      (["--phase", "both"], "expected run, train"), (["--sweep", "rows", "--phase", "bth"], "\"both\""),
      (["--sweep", "depth"], "repeat"), (["--sweep", "rows", "--set", "batch=4"], "first axis"),
    ] {
      let outcome = place.outcome(of: try place.start(["bench", "points.json"] + options))
      #expect(outcome.code == 64, "\(options): \(outcome.errors)")
      #expect(outcome.errors.contains(words), "\(options): \(outcome.errors)")
      #expect(outcome.output.isEmpty)
    }
  }
}
