import Kernels
import LayerKit
import Verification

/// Checks the functions of a loss between guards; its gradients are checked as those of the operator `loss`.
struct LossCheck {
  let log: CheckLog
  let component: String

  func run(_ loss: any Loss, _ what: String) {
    if loss.targets.isEmpty { log.found(.rules, component, "accepts no target") }
    for (rows, features) in [(1, 1), (5, 3), (64, 4)] {
      for wantsClasses in [false, true] where loss.targets.contains(wantsClasses ? .classes : .numbers) {
        let place = "\(component) with \(what), \(rows) rows of \(features)"
        check(loss, rows, features, wantsClasses, place, as: Float.self)
        check(loss, rows, features, wantsClasses, place, as: Double.self)
      }
    }
  }

  private func check<Scalar: FloatScalar>(
    _ loss: any Loss, _ rows: Int, _ features: Int, _ wantsClasses: Bool, _ place: String, as: Scalar.Type
  ) {
    var numbers = SeededNumbers(seed: 8)
    func draw(_ count: Int) -> [Scalar] { (0..<count).map { _ in Scalar(Float(numbers.uniform(0.1...0.9))) } }
    guard let prediction = GuardedNumbers(draw(rows * features)),
      let target = GuardedNumbers(draw(rows * features)),
      let errors = GuardedNumbers<Scalar>(count: rows), let coefficients = GuardedNumbers(draw(rows)),
      let slopes = GuardedNumbers<Scalar>(count: rows * features),
      let targetSlopes = GuardedNumbers<Scalar>(count: rows * features)
    else { return }
    let classes = (0..<rows).map { Int32($0 % features) }
    classes.withUnsafeBufferPointer { classes in
      let all = LossRows(
        prediction: UnsafePointer(prediction.pointer),
        target: wantsClasses ? nil : UnsafePointer(target.pointer),
        classes: wantsClasses ? classes.baseAddress : nil, rows: rows, features: features)
      log.counted(.memory)
      log.begins("errors of \(place)")
      log.writesWhole(errors, "errors", by: "errors", component, place) { loss.errors(all, errors.pointer) }
      log.begins("gradients of \(place)")
      let gradients = {
        loss.gradients(
          all, coefficients: UnsafePointer(coefficients.pointer), prediction: slopes.pointer,
          target: wantsClasses ? nil : targetSlopes.pointer)
      }
      log.writesWhole(slopes, "the prediction's gradient", by: "gradients", component, place, gradients)
      if !wantsClasses {
        log.writesWhole(targetSlopes, "the target's gradient", by: "gradients", component, place, gradients)
      }
      let read = [("the prediction", prediction), ("the target", target), ("the coefficients", coefficients)]
      let written = [
        ("errors", errors), ("the prediction's gradient", slopes), ("the target's gradient", targetSlopes),
      ]
      log.inspect(read + written, after: "errors and gradients", component, place)
      log.inspectUnchanged(read, after: "errors and gradients", component, place)
      log.begins("gradients of \(place) where none is asked for")
      loss.gradients(all, coefficients: UnsafePointer(coefficients.pointer), prediction: nil, target: nil)
      checkPieces(loss, all, errors, place)
    }
  }

  /// Rows do not depend on each other, so that threads may share them.
  private func checkPieces<Scalar: FloatScalar>(
    _ loss: any Loss, _ rows: LossRows<Scalar>, _ errors: GuardedNumbers<Scalar>, _ place: String
  ) {
    guard rows.rows > 4 else { return }
    let whole = errors.bytes
    errors.reset(prefill: 0xFF)
    log.begins("errors of \(place) in two pieces")
    loss.errors(rows.slice(0, 2), errors.pointer)
    loss.errors(rows.slice(2, rows.rows - 2), errors.pointer + 2)
    if errors.bytes != whole {
      log.found(
        .determinism, component, key: "pieces",
        "errors gives other bits where the rows are cut into pieces, as threads do (\(place))")
    }
  }
}
