import Foundation
import Testing

/// What the plans of the graphs of the project take in memory.
@Suite struct PlanMemoryTests {
  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  static let graphs: [String] = ["models", "Benchmarks/graphs"].flatMap { folder in
    let path = root.appendingPathComponent(folder).path
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return names.filter { $0.hasSuffix(".json") && $0 != "index.json" }.sorted().map { "\(path)/\($0)" }
  }

  @Test func theGraphsAreThere() { #expect(Self.graphs.count >= 17) }

  @Test(arguments: graphs, [1, 128]) func plansTakeLittleMoreThanWhatLivesAtOnce(
    _ graph: String, _ rows: Int
  ) throws {
    let outcome = try Workplace().run("inspect", graph, "--plan", "--json", "--set", "batch=\(rows)")
    #expect(outcome.code == 0, "\(outcome.errors)")
    let plans = try #require(outcome.json()["plans"] as? [[String: Any]])
    #expect(plans.count == 2)
    for plan in plans {
      let bytes = try #require(plan["bytes"] as? Int)
      let least = try #require(plan["least_bytes"] as? Int)
      let excess = try #require(plan["excess"] as? Double)
      #expect(excess <= 0.1 && abs(Double(bytes) / Double(least) - 1 - excess) < 1e-9, "\(excess)")
      #expect(least == (try leastBytes(plan)))
    }
  }

  /// The bound worked out from the buffers as they are listed, step by step.
  private func leastBytes(_ plan: [String: Any]) throws -> Int {
    let buffers = try #require(plan["buffers"] as? [[String: Any]])
    let steps = try #require(plan["steps"] as? [Any]).count
    return (0...steps).map { step in
      buffers.reduce(0) { sum, buffer in
        guard let bytes = buffer["bytes"] as? Int, let first = buffer["first_step"] as? Int,
          let last = buffer["last_step"] as? Int, first <= step, step <= last
        else { return sum }
        return sum + (bytes + 63) / 64 * 64
      }
    }.max() ?? 0
  }
}
