import Kernels
import LayerKit
import Verification

/// Checks an optimizer between guards; what else users rely on is checked by the test kit.
struct OptimizerCheck {
  let log: CheckLog
  let component: String

  func run(_ optimizer: any Optimizer, _ what: String) {
    let place = "\(component) with \(what)"
    log.begins("slot_count and first_scalars of \(place)")
    guard (0...64).contains(optimizer.slotCount), optimizer.firstScalars.count <= 64 else {
      return log.found(
        .rules, component, key: "counts",
        "keeps \(optimizer.slotCount) arrays and \(optimizer.firstScalars.count) numbers; at most 64 of each "
          + "are accepted (\(place))")
    }
    if let odd = optimizer.firstScalars.first(where: { !$0.isFinite }) {
      log.found(.rules, component, key: "scalars", "begins with \(odd) among its own numbers (\(place))")
    }
    check(optimizer, place, as: Float.self)
    check(optimizer, place, as: Double.self)
  }

  private func check<Scalar: FloatScalar>(_ optimizer: any Optimizer, _ place: String, as: Scalar.Type) {
    for count in [1, 7, 64] {
      let first = walk(optimizer, count, place, as: Scalar.self)
      let again = walk(optimizer, count, place, as: Scalar.self)
      log.counted(.memory)
      if first != again {
        log.found(.determinism, component, key: "runs", "the parameters differ from run to run (\(place))")
      }
    }
  }

  /// The bytes of parameters, slots and numbers after some steps.
  private func walk<Scalar: FloatScalar>(
    _ optimizer: any Optimizer, _ count: Int, _ place: String, as: Scalar.Type
  ) -> [[UInt8]] {
    var numbers = SeededNumbers(seed: 9)
    func draw() -> [Scalar] { (0..<count).map { _ in Scalar(Float(numbers.uniform(0.2...1))) } }
    let slotCount = optimizer.slotCount
    guard let parameters = GuardedNumbers(draw()),
      let slots = GuardedNumbers([Scalar](repeating: 0, count: slotCount * count)),
      let scalars = GuardedNumbers<Double>(optimizer.firstScalars)
    else { return [] }
    for step in 1...3 {
      guard let gradients = GuardedNumbers(draw()) else { return [] }
      log.begins("advance of \(place), step \(step)")
      optimizer.advance(scalars.pointer, step: step)
      let advanced = scalars.bytes
      log.begins("update of \(place), step \(step), \(count) elements of \(Scalar.elementType.rawValue)")
      optimizer.update(
        OptimizerRange(
          parameters: parameters.pointer, gradients: UnsafePointer(gradients.pointer), slots: slots.pointer,
          slotStride: count, count: count, rate: Scalar(optimizer.learningRate),
          weightDecay: Scalar(optimizer.weightDecay), step: step, scalars: UnsafePointer(scalars.pointer)))
      log.inspect(
        [("parameters", parameters), ("gradients", gradients), ("slots", slots)], after: "update", component,
        place)
      log.inspect([("its own numbers", scalars)], after: "advance", component, place)
      log.inspectUnchanged([("gradients", gradients)], after: "update", component, place)
      if scalars.bytes != advanced {
        log.found(
          .memory, component, key: "update scalars",
          "update writes into its own numbers, which only advance may change (\(place))")
      }
    }
    return [parameters.bytes, slots.bytes, scalars.bytes]
  }
}
