import Compiler
import Diagnostics
import GraphFile
import JSONText
import LayerKit
import Runtime

/// How the time of a network grows along one of its sizes.
public struct BenchmarkSweep: Sendable {
  /// The size that grows.
  public enum Axis: String, Hashable, Sendable, CaseIterable {
    /// The rows of a batch.
    case rows
    /// A factor for the width of every hidden node.
    case width
    /// The copies of a block.
    case depth

    /// Up to which value a sweep goes where nobody says otherwise.
    public var usualLimit: Int {
      switch self {
      case .rows: 4096
      case .width: 16
      case .depth: 64
      }
    }
  }

  /// A value of the axis, and what was measured there.
  public struct Point: Sendable {
    public var value: Int
    public var result: Benchmark
  }

  public var axis: Axis
  public var phase: Benchmark.Phase
  public var points: [Point]

  /// What the time is compared with: the value itself, or the operations for the width, with which they do not
  /// grow in proportion.
  public func work(_ point: Point) -> Double {
    axis == .width ? Double(point.result.operations) : Double(point.value)
  }

  /// The line through the upper half of the points; nil where there are fewer than two, or no work grows.
  public var fit: BenchmarkFit? {
    BenchmarkFit(points.map { (work: work($0), seconds: $0.result.median) })
  }

  /// 1, 2, 4 and on, up to the limit.
  public static func values(upTo limit: Int) -> [Int] {
    Array(sequence(first: 1) { $0 <= limit / 2 ? $0 * 2 : nil })
  }

  /// Measures a network at each value, for about `seconds` each; `network` gives the one of a value, and `rows`
  /// those of a batch where they are not what grows.
  ///
  /// Throws the faults of the network or its plan with the value at which they arose.
  public static func measure(
    _ axis: Axis, _ values: [Int], phase: Benchmark.Phase, rows: Int, seconds: Double,
    rewrites: RewriteSelection = .all, rules: [any Rewrite], pool: ThreadPool, memoryLimit: Int = .max,
    network: (Int) throws -> Network
  ) throws -> BenchmarkSweep {
    let peak = Benchmark.peakOperations(pool)
    var points = try values.map { value in
      do {
        let network = try network(value)
        if axis == .rows { try network.checkForRows() }
        let result = try Benchmark.measure(
          network, phase: phase, rows: axis == .rows ? value : rows, seconds: seconds, rewrites: rewrites,
          rules: rules, pool: pool, memoryLimit: memoryLimit, peak: peak)
        return Point(value: value, result: result)
      } catch let faults as Faults {
        throw Faults(faults.all.map { $0.within("\(axis.rawValue) \(value)") })
      } catch let fault as Fault {
        throw fault.within("\(axis.rawValue) \(value)")
      }
    }
    let best = max(peak, Benchmark.peakOperations(pool))
    for index in points.indices { points[index].result.peakOperationsPerSecond = best }
    return BenchmarkSweep(axis: axis, phase: phase, points: points)
  }

  /// The sweep as JSON.
  public var json: JSONValue {
    .object([
      ("phase", .string(phase.rawValue)),
      (
        "points",
        .array(
          points.map { point in
            .object([
              ("value", .integer(point.value)), ("rows", .integer(point.result.rows)),
              ("seconds", .double(point.result.median)),
              ("repetitions", .integer(point.result.repetitions)),
              ("operations", .integer(point.result.operations)),
              ("operations_per_second", .double(point.result.operationsPerSecond)),
              ("peak_share", .double(point.result.peakShare)),
              ("parameters", .integer(point.result.parameterCount)),
              ("peak_bytes", .integer(point.result.peakBytes)),
            ])
          })
      ), ("fit", fit?.json ?? .null),
    ])
  }
}

extension Network {
  /// Throws a fault where no input's first axis is a symbol, which is what rows are.
  fileprivate func checkForRows() throws {
    guard inputs.allSatisfy({ $0.type.shape.first?.symbols.isEmpty ?? true }) else { return }
    throw Faults(
      Fault(
        .usage, file: document.file,
        "the first axis of no input is a symbol, so its rows cannot grow; expected a shape such as "
          + "[\"batch\", 2], and no --set that binds it"))
  }
}

extension Fault {
  /// The fault with a place before its own.
  fileprivate func within(_ outer: String) -> Fault {
    var fault = self
    fault.place = outer + (place.isEmpty ? "" : ", \(place)")
    return fault
  }
}
