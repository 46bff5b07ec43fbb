/// The slope of a function of one number, from its values near the number alone.
struct NumericSlope {
  /// The best estimate.
  let value: Double
  /// The slopes to the left and to the right, over the shortest step.
  let left: Double
  let right: Double
  /// Whether the two stay apart however short the step: the function has a kink or a jump here.
  let isKink: Bool

  /// The first step; the fourth-order stencil errs by its fourth power.
  private static let firstStep = 1e-3
  private static let shrinkage = 4.0

  /// Measures the slope of `f` at `x`; `f` is called with arguments around `x`.
  ///
  /// Steps shrink until two estimates agree within `agreement`, or four were made; then the two that are
  /// nearest to each other decide. That passes kinks that lie near `x`, but not on it.
  static func measure(
    at x: Double, agreement: (_ first: Double, _ second: Double) -> Bool, _ f: (Double) throws -> Double
  ) rethrows -> NumericSlope {
    let center = try f(x)
    var step = firstStep * max(1, x.magnitude / 10)
    var estimates: [Estimate] = []
    for _ in 0..<4 {
      estimates.append(try Estimate(x, step, f))
      if estimates.count > 1 {
        let last = estimates.suffix(2).map(\.slope)
        if agreement(last[0], last[1]) { break }
      }
      step /= shrinkage
    }
    var best = estimates.count - 1
    var least = Double.infinity
    for index in 1..<estimates.count {
      let distance = (estimates[index].slope - estimates[index - 1].slope).magnitude
      if distance < least { (least, best) = (distance, index) }
    }
    let (widest, narrowest) = (estimates[0], estimates[estimates.count - 1])
    let left = narrowest.left(center)
    let right = narrowest.right(center)
    // Of a smooth function the two come together as the step shrinks.
    let gap = (right - left).magnitude
    let firstGap = (widest.right(center) - widest.left(center)).magnitude
    let rounding = 1e-6 * max(1, center.magnitude)
    let isApart = gap > 0.6 * firstGap && gap > max(rounding, 1e-3 * (left.magnitude + right.magnitude))
    return NumericSlope(value: estimates[best].slope, left: left, right: right, isKink: isApart)
  }

  /// Whether a slope lies between those of the two sides, as every convention at a kink does.
  func allows(_ slope: Double) -> Bool {
    let slack = 1e-4 * (left.magnitude + right.magnitude) + 1e-7
    return slope >= min(left, right) - slack && slope <= max(left, right) + slack
  }

  /// The values around a number, and the slope that they give.
  private struct Estimate {
    let step: Double
    let below: Double
    let above: Double
    let slope: Double

    init(_ x: Double, _ step: Double, _ f: (Double) throws -> Double) rethrows {
      self.step = step
      below = try f(x - step)
      above = try f(x + step)
      let outer = try f(x + 2 * step) - f(x - 2 * step)
      slope = (8 * (above - below) - outer) / (12 * step)
    }

    func left(_ center: Double) -> Double { (center - below) / step }
    func right(_ center: Double) -> Double { (above - center) / step }
  }
}
