import LayerKit
import Tensors
import Verification

/// Checks that a metric adds up over pieces, gives finite numbers and writes no more than its sums.
struct MetricCheck {
  let log: CheckLog
  let component: String
  private static let rows = 12

  func run(_ metric: any Metric, _ what: String, isDefault: Bool) {
    let place = "\(component) with \(what)"
    guard (1...64).contains(metric.sumCount) else {
      return log.found(
        .rules, component, key: "sums", "keeps \(metric.sumCount) sums; 1 to 64 are accepted (\(place))")
    }
    hostile(metric, place)
    var accepted = 0
    for (prediction, target) in pairs {
      do {
        log.begins("check of \(place)")
        try metric.check(prediction: type(prediction), target: type(target))
      } catch {
        if error.isMisuse { log.found(.rules, component, key: "check", "check: \(error.words) (\(place))") }
        continue
      }
      accepted += 1
      check(
        metric, prediction, target,
        "\(place), prediction \(shapeText(prediction.shape)) and \(target.elementType.rawValue) target "
          + shapeText(target.shape))
    }
    // At its corners an attribute may well ask for more than any of them has.
    if accepted == 0, isDefault {
      log.found(
        .examples, component, key: "accepted",
        "refuses all \(pairs.count) pairs of values that it was offered, so nothing is checked (\(place))")
    }
  }

  /// Values that metrics compare: numbers with numbers, and numbers or classes with classes.
  private var pairs: [(Tensor, Tensor)] {
    let rows = Self.rows
    var found: [(Tensor, Tensor)] = []
    for shape in [[rows], [rows, 1], [rows, 3], [rows, 12], [rows, 4, 3]] {
      found.append((floats(shape, 3), floats(shape, 4)))
      found.append((floats(shape, 3), classes(shape, 2)))
      found.append((classes(shape, 2), classes(shape, 2)))
      if shape.count > 1 { found.append((floats(shape, 3), classes(shape.dropLast(), shape.last ?? 1))) }
    }
    return found
  }

  private func floats(_ shape: [Int], _ seed: UInt64) -> Tensor {
    var numbers = SeededNumbers(seed: seed)
    return Tensor(shape: shape, (0..<shape.reduce(1, *)).map { _ in Float(numbers.uniform(0.1...0.9)) })
  }

  private func classes(_ shape: [Int], _ bound: Int) -> Tensor {
    var numbers = SeededNumbers(seed: 6)
    return Tensor(shape: shape, (0..<shape.reduce(1, *)).map { _ in Int32(numbers.integer(below: bound)) })
  }

  private func type(_ tensor: Tensor) -> ValueType {
    ValueType(
      tensor.elementType, [Dimension(symbol: "batch")] + tensor.shape.dropFirst().map { Dimension($0) })
  }

  private func hostile(_ metric: any Metric, _ place: String) {
    log.begins("check of \(place) with hostile types")
    for prediction in HostileTypes.all {
      for target in [prediction, ValueType(.int32, [Dimension(symbol: "batch")]), ValueType(.bool, [])] {
        log.counted(.shapes)
        do {
          try metric.check(prediction: prediction, target: target)
        } catch {
          if error.isMisuse { log.found(.rules, component, key: "check", "check: \(error.words) (\(place))") }
        }
      }
    }
  }

  private func check(_ metric: any Metric, _ prediction: Tensor, _ target: Tensor, _ place: String) {
    guard let left = block(prediction), let right = block(target),
      let sums = GuardedNumbers<Double>([Double](repeating: 0, count: metric.sumCount))
    else { return }
    log.begins("add and value of \(place)")
    log.counted(.rules)
    func sum(_ pieces: [Range<Int>]) -> [Double] {
      sums.reset()
      for piece in pieces {
        metric.add(
          prediction: values(left, prediction, piece), target: values(right, target, piece),
          rows: piece.count,
          to: UnsafeMutableBufferPointer(start: sums.pointer, count: sums.count))
      }
      log.inspect([("the sums", sums)], after: "add", component, place)
      return sums.values
    }
    let all = Self.rows
    let whole = sum([0..<all])
    if sum([0..<all]).map(\.bitPattern) != whole.map(\.bitPattern) {
      log.found(
        .determinism, component, key: "add", "the sums of the same rows differ from run to run (\(place))")
    }
    let pieces = sum([0..<5, 5..<all])
    if let index = whole.indices.first(where: {
      !((whole[$0] - pieces[$0]).magnitude <= 1e-9 * (1 + whole[$0].magnitude))
    }) {
      log.found(
        .rules, component, key: "pieces",
        "sum \(index) is \(whole[index]) of \(all) rows, and \(pieces[index]) when they are added in "
          + "two pieces (\(place))")
    }
    let value = whole.withUnsafeBufferPointer { metric.value($0) }
    if !value.isFinite {
      log.found(.rules, component, key: "value", "value is \(value) (\(place)); a finite number is expected")
    }
  }

  private func block(_ tensor: Tensor) -> GuardedBlock? {
    tensor.withBytes { bytes in
      let block = GuardedBlock(byteCount: bytes.count)
      if let base = bytes.baseAddress { block?.base.copyMemory(from: base, byteCount: bytes.count) }
      return block
    }
  }

  private func values(_ block: GuardedBlock, _ tensor: Tensor, _ rows: Range<Int>) -> MetricValues {
    let row = tensor.count / Self.rows * tensor.elementType.byteCount
    let shape = [rows.count] + tensor.shape.dropFirst()
    return MetricValues(
      TensorView(block.base + rows.lowerBound * row, ConcreteType(tensor.elementType, shape)))
  }
}
