import Foundation
import Testing

/// What `scripts/instructions` makes of figures; the counting itself is left to continuous integration.
@Suite struct InstructionsTests {
  static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  static let counted = ["step": 10_000, "node": 200]

  static func document(_ figures: [String: Int], swift: String = "6.3") -> String {
    let lines = figures.sorted { $0.key < $1.key }.map { "    \"\($0.key)\": \($0.value)" }
    return """
      {
        "architecture": "x86_64",
        "swift": "\(swift)",
        "figures": {
      \(lines.joined(separator: ",\n"))
        }
      }

      """
  }

  func judge(
    _ recorded: String?, _ measured: String = document(counted), _ more: String...
  ) throws -> (outcome: Outcome, recorded: String) {
    let place = try Workplace()
    if let recorded { try place.write(recorded, "recorded.json") }
    try place.write(measured, "measured.json")
    let process = Process()
    let (output, errors) = (Pipe(), Pipe())
    process.executableURL = Self.root.appendingPathComponent("scripts/instructions")
    process.arguments = ["--recorded", "recorded.json", "--measured", "measured.json"] + more
    process.currentDirectoryURL = place.folder
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let texts = [output, errors].map {
      String(decoding: $0.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    }
    process.waitUntilExit()
    let outcome = Outcome(code: process.terminationStatus, output: texts[0], errors: texts[1])
    return (outcome, place.text("recorded.json"))
  }

  @Test func aFigureThatGrewIsNamedWithBothNumbers() throws {
    let found = try judge(Self.document(["step": 9_000, "node": 200])).outcome
    #expect(found.code == 1)
    #expect(found.errors.contains("step: 9000 recorded, 10000 now, +11.11 %; allowed is 5 % more"))
    #expect(found.errors.contains("scripts/instructions --record"))
    #expect(found.errors.contains("node: 200 recorded, 200 now, +0.00 %\n"))
  }

  @Test func fivePercentIsAllowed() throws {
    for recorded in [9_524, 10_000, 10_500] {
      let found = try judge(Self.document(["step": recorded, "node": 200])).outcome
      #expect(found.code == 0 && !found.output.contains("--record"), "\(found.output)\(found.errors)")
    }
  }

  @Test func aFigureThatShrankIsToldAndPasses() throws {
    let found = try judge(Self.document(["step": 12_000, "node": 200])).outcome
    #expect(found.code == 0)
    #expect(found.output.contains("12000 recorded, 10000 now, -16.67 %; to keep the gain"))
  }

  @Test func anotherCompilerIsToldAndJudgesNothing() throws {
    let found = try judge(Self.document(["step": 1, "node": 1], swift: "6.2")).outcome
    #expect(found.code == 0)
    #expect(found.output.contains("swift was \"6.2\" when the figures were recorded, here it is \"6.3\""))
  }

  @Test(arguments: [["step": 10_000], ["step": 10_000, "node": 200, "row": 5]])
  func aFigureOfOneFileAloneFails(_ recorded: [String: Int]) throws {
    let found = try judge(Self.document(recorded)).outcome
    #expect(found.code == 1)
    #expect(found.errors.contains("none recorded") || found.errors.contains("not counted now"))
  }

  @Test func recordingWritesWhatWasCounted() throws {
    for before in [nil, Self.document(["step": 1])] {
      let (outcome, recorded) = try judge(before, Self.document(Self.counted), "--record")
      #expect(outcome.code == 0 && recorded == Self.document(Self.counted), "\(outcome.errors)")
    }
    #expect(try judge(nil).outcome.code == 2)
    #expect(try judge(nil, "", "--twice").outcome.code == 64)
  }

  @Test func theStoredFiguresAreWhole() throws {
    let data = try Data(contentsOf: Self.root.appendingPathComponent("Benchmarks/instructions.json"))
    let json = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let figures = try #require(json["figures"] as? [String: Int])
    #expect(figures.count == 4 && figures.values.allSatisfy { $0 > 0 })
    #expect(Set(json.keys) == ["architecture", "vectors", "swift", "libc", "onednn", "figures"])
  }
}
