import Glibc
import JSONText

/// A line through measured times: an overhead, and what each unit of work adds.
///
/// It goes through the upper half of the points, where the overhead no longer hides what grows, and makes the
/// sum of the squared relative differences small, so that the largest time does not count most.
public struct BenchmarkFit: Hashable, Sendable {
  /// Seconds without any work; below 0 where the times grow faster than the work.
  public var overhead: Double
  /// Seconds that one unit of work adds.
  public var slope: Double
  /// The largest difference of a time from the line, as a share of the time.
  public var deviation: Double
  /// The power of the work with which the times grow, from the same points: 1 where they are in proportion.
  public var power: Double
  /// How many points the line goes through.
  public var pointCount: Int

  /// Nil where fewer than two different amounts of work are in the upper half, or a number is not above 0.
  public init?(_ points: [(work: Double, seconds: Double)]) {
    let sorted = points.sorted { $0.work < $1.work }
    let upper = sorted.suffix(max(2, (sorted.count + 1) / 2))
    guard upper.count >= 2, let first = upper.first, let last = upper.last, last.work > first.work,
      upper.allSatisfy({ $0.work > 0 && $0.seconds > 0 && $0.work.isFinite && $0.seconds.isFinite })
    else { return nil }
    pointCount = upper.count
    let weighted = upper.map { (x: $0.work, y: $0.seconds, weight: 1 / ($0.seconds * $0.seconds)) }
    (overhead, slope) = Self.line(weighted)
    (_, power) = Self.line(upper.map { (x: log($0.work), y: log($0.seconds), weight: 1) })
    let (overhead, slope) = (overhead, slope)
    deviation = upper.map { abs(overhead + slope * $0.work - $0.seconds) / $0.seconds }.max() ?? 0
  }

  /// The line that makes the weighted sum of squared differences least.
  private static func line(
    _ points: [(x: Double, y: Double, weight: Double)]
  ) -> (start: Double, slope: Double) {
    let whole = points.reduce(0) { $0 + $1.weight }
    let x = points.reduce(0) { $0 + $1.weight * $1.x } / whole
    let y = points.reduce(0) { $0 + $1.weight * $1.y } / whole
    let spread = points.reduce(0) { $0 + $1.weight * ($1.x - x) * ($1.x - x) }
    let slope = points.reduce(0) { $0 + $1.weight * ($1.x - x) * ($1.y - y) } / spread
    return (y - slope * x, slope)
  }

  /// The seconds that the line gives for an amount of work.
  public func seconds(at work: Double) -> Double { overhead + slope * work }

  /// `{"overhead", "slope", "deviation", "power", "points"}`.
  var json: JSONValue {
    .object([
      ("overhead", .double(overhead)), ("slope", .double(slope)), ("deviation", .double(deviation)),
      ("power", .double(power)), ("points", .integer(pointCount)),
    ])
  }
}
