import Kernels
import LayerKit
import Verification

/// Checks the functions of an activation between guards; its gradients are checked as those of an operator.
struct ActivationCheck {
  let log: CheckLog
  let component: String

  func run(_ activation: any Activation, _ what: String, isDefault: Bool) {
    let place = "\(component) with \(what)"
    check(activation, place, as: Float.self)
    check(activation, place, as: Double.self)
    if isDefault {
      for kink in activation.kinks where !kink.isFinite {
        log.found(.rules, component, "names \(kink) as a kink; a kink is a finite number")
      }
    }
  }

  private func check<Scalar: FloatScalar>(_ activation: any Activation, _ place: String, as: Scalar.Type) {
    var numbers = SeededNumbers(seed: 7)
    let corners = [0, -0.0, .infinity, -.infinity, .nan, 1e30, -1e30, 1e-40, -1e-40].map { Scalar($0) }
    for count in [0, 1, 3, 8, 17, 64, 1000] {
      let drawn = (0..<count).map { _ in Scalar(Float(numbers.uniform(-7...7))) }
      check(activation, drawn, place)
    }
    check(activation, corners, "\(place), at 0, infinities, NaN and the like")
  }

  private func check<Scalar: FloatScalar>(_ activation: any Activation, _ x: [Scalar], _ place: String) {
    let count = x.count
    let slopes = (0..<count).map { Scalar(0.5 + Double($0 % 7) / 7) }
    guard let arguments = GuardedNumbers(x), let results = GuardedNumbers<Scalar>(count: count),
      let gy = GuardedNumbers(slopes), let gx = GuardedNumbers<Scalar>(count: count)
    else { return }
    let reads = activation.gradientReads
    log.counted(.memory)
    log.begins("apply of \(place), \(count) elements of \(Scalar.elementType.rawValue)")
    log.writesWhole(results, "y", by: "apply", component, place) {
      activation.apply(UnsafePointer(arguments.pointer), results.pointer, count: count)
    }
    log.inspect([("x", arguments), ("y", results)], after: "apply", component, place)
    log.inspectUnchanged([("x", arguments)], after: "apply", component, place)
    log.begins("gradient of \(place), \(count) elements of \(Scalar.elementType.rawValue)")
    let before = results.bytes
    log.writesWhole(gx, "gx", by: "gradient", component, place) {
      activation.gradient(
        x: reads.input ? UnsafePointer(arguments.pointer) : nil,
        y: reads.output ? UnsafePointer(results.pointer) : nil, gy: UnsafePointer(gy.pointer), gx: gx.pointer,
        count: count)
    }
    log.inspect(
      [("x", arguments), ("y", results), ("gy", gy), ("gx", gx)], after: "gradient", component, place)
    log.inspectUnchanged([("x", arguments), ("gy", gy)], after: "gradient", component, place)
    if results.bytes != before {
      log.found(
        .memory, component, key: "gradient y", "gradient writes into y, which it may only read (\(place))")
    }
    checkInPlace(activation, arguments, results, gy, gx, place)
  }

  /// `y` may be `x`, `gx` may be `gy`, and elements do not depend on their neighbours.
  private func checkInPlace<Scalar: FloatScalar>(
    _ activation: any Activation, _ x: GuardedNumbers<Scalar>, _ y: GuardedNumbers<Scalar>,
    _ gy: GuardedNumbers<Scalar>, _ gx: GuardedNumbers<Scalar>, _ place: String
  ) {
    let (count, reads) = (x.count, activation.gradientReads)
    guard let same = GuardedNumbers(x.values), let slopes = GuardedNumbers(gy.values) else { return }
    log.begins("gradient of \(place) in place")
    activation.gradient(
      x: reads.input ? UnsafePointer(x.pointer) : nil, y: reads.output ? UnsafePointer(y.pointer) : nil,
      gy: UnsafePointer(slopes.pointer), gx: slopes.pointer, count: count)
    if slopes.bytes != gx.bytes {
      log.found(
        .rules, component, key: "gradient in place", "gradient gives something else where gx is gy (\(place))"
      )
    }
    log.begins("apply of \(place) in place")
    activation.apply(UnsafePointer(same.pointer), same.pointer, count: count)
    if same.bytes != y.bytes {
      log.found(
        .rules, component, key: "apply in place", "apply gives something else where y is x (\(place))")
    }
    guard count > 8 else { return }
    same.reset()
    for start in [0, 5] {
      let length = start == 0 ? 5 : count - 5
      activation.apply(UnsafePointer(same.pointer + start), same.pointer + start, count: length)
    }
    if same.bytes != y.bytes {
      log.found(
        .determinism, component, key: "pieces",
        "apply gives other bits where the elements are cut into pieces, as threads do (\(place))")
    }
  }
}
