import Compiler
import Diagnostics
import JSONText
import Tensors

/// A benchmark beside an earlier one.
public struct BenchmarkComparison: Hashable, Sendable {
  /// The median seconds of the stored result, and of the new one.
  public var baseline: Double
  public var median: Double
  /// How much slower the new one may be, as a share of the baseline.
  public var tolerance: Double

  /// The change of the median as a share of the baseline; above 0 where the new one is slower.
  public var change: Double { median / baseline - 1 }
  /// Whether the new one is slower by more than is tolerated.
  public var isSlower: Bool { change > tolerance }

  /// `{"median", "change", "tolerance", "ok"}`.
  public var json: JSONValue {
    .object([
      ("median", .double(baseline)), ("change", .double(change)), ("tolerance", .double(tolerance)),
      ("ok", .boolean(!isSlower)),
    ])
  }
}

extension Benchmark {
  /// Compares the median with that of a stored `nngraph.bench/1` document.
  ///
  /// Throws `Faults` where the file holds no such document, or one of another graph, phase, number of rows or
  /// of threads.
  public func compared(with file: String, tolerance: Double) throws -> BenchmarkComparison {
    let root: JSONValue
    do {
      root = try JSONText.parse(FileAccess.readFile(file, limit: 64 << 20)).root
    } catch let faults as Faults {
      throw faults.inOrder(file: file)
    }
    guard root["schema"]?.string == "nngraph.bench/1", let median = root["seconds"]?["median"]?.double,
      median > 0
    else {
      throw Faults(
        Fault(file: file, text: root.place, "is no result of a benchmark (\"schema\": \"nngraph.bench/1\")"))
    }
    let own = json
    var faults: [Fault] = []
    for key in ["graph", "phase", "rows", "threads"] {
      let (found, wanted) = (root[key]?.excerpt ?? "nothing", own[key]?.excerpt ?? "")
      if found != wanted {
        faults.append(
          Fault(
            file: file, text: root[key]?.place, place: key, "is \(found), but this benchmark has \(wanted)"))
      }
    }
    try Faults(faults).check()
    return BenchmarkComparison(baseline: median, median: self.median, tolerance: tolerance)
  }
}

extension Network {
  /// The rows of a benchmark where nobody says otherwise: 1 for a run, for a training step the batch of the
  /// graph, or 32 where that is all rows.
  public func benchmarkRows(_ phase: Benchmark.Phase) -> Int {
    guard phase == .train, let training else { return 1 }
    if case .rows(let rows) = training.batchSize { return rows }
    return 32
  }
}
