import LayerKit
import Testing

@testable import Convolution

/// A pool as the definition says, window by window.
private struct PoolDefinition {
  var shape: [Int]
  var kernel: [Int]
  var stride: [Int]
  var begin: [Int]
  var output: [Int]

  /// The elements of the plane under each window, in row-major order.
  func windows() -> [[Int]] {
    var windows: [[Int]] = []
    for row in 0..<output[0] {
      for column in 0..<output[1] {
        let (top, left) = (row * stride[0] - begin[0], column * stride[1] - begin[1])
        windows.append(
          (top..<top + kernel[0]).flatMap { line in
            (left..<left + kernel[1])
              .filter { line >= 0 && line < shape[0] && $0 >= 0 && $0 < shape[1] }
              .map { line * shape[1] + $0 }
          })
      }
    }
    return windows
  }

  func run(_ x: [Double], _ gy: [Double], takesMaximum: Bool) -> (y: [Double], gx: [Double]) {
    let windows = windows()
    let size = shape[0] * shape[1]
    var (y, gx) = ([Double](), [Double](repeating: 0, count: x.count))
    for plane in 0..<x.count / size {
      for window in windows {
        let places = window.map { plane * size + $0 }
        let share = gy[y.count]
        if takesMaximum {
          let best = places.max { x[$0] < x[$1] }.map { x[$0] } ?? .nan
          y.append(best)
          if let first = places.first(where: { x[$0] == best }) { gx[first] += share }
        } else {
          y.append(places.reduce(0) { $0 + x[$1] } / Double(places.count))
          for place in places { gx[place] += share / Double(places.count) }
        }
      }
    }
    return (y, gx)
  }
}

/// A pool of a random window over a random image or sequence.
private struct PoolCase: CustomStringConvertible {
  let isFlat: Bool
  let shape: [Int]
  let attributes: [String: AttributeValue]
  let definition: PoolDefinition

  init(_ draws: inout Draws) {
    isFlat = draws.integer(0...2) == 0
    let rank = isFlat ? 1 : 2
    let sizes = (0..<rank).map { _ in draws.integer(1...23) }
    let kernel = (0..<rank).map { draws.integer(1...min(5, sizes[$0])) }
    let stride = (0..<rank).map { _ in draws.integer(1...4) }
    shape =
      [draws.integer(1...3), draws.integer(0...3) == 0 ? draws.integer(15...35) : draws.integer(1...3)]
      + sizes
    var attributes: [String: AttributeValue] = ["kernel": .integers(kernel), "stride": .integers(stride)]
    var (begin, output) = ([Int](repeating: 0, count: rank), [Int](repeating: 0, count: rank))
    switch draws.integer(0...2) {
    case 0:
      attributes["padding"] = .word("valid")
      for axis in 0..<rank { output[axis] = (sizes[axis] - kernel[axis]) / stride[axis] + 1 }
    case 1:
      attributes["padding"] = .word("same")
      for axis in 0..<rank {
        output[axis] = (sizes[axis] + stride[axis] - 1) / stride[axis]
        begin[axis] = max(0, (output[axis] - 1) * stride[axis] + kernel[axis] - sizes[axis]) / 2
      }
    default:
      begin = kernel.map { draws.integer(0...$0 - 1) }
      let end = kernel.map { draws.integer(0...$0 - 1) }
      attributes["padding"] = .integers(begin + end)
      for axis in 0..<rank {
        output[axis] = (sizes[axis] + begin[axis] + end[axis] - kernel[axis]) / stride[axis] + 1
      }
    }
    self.attributes = attributes
    let (one, none) = (isFlat ? [1] : [], isFlat ? [0] : [])
    definition = PoolDefinition(
      shape: one + sizes, kernel: one + kernel, stride: one + stride, begin: none + begin,
      output: one + output)
  }

  var description: String { "\(shape) \(attributes)" }

  func use(takesMaximum: Bool) throws -> LayerUse {
    let values = Attributes(attributes)
    switch (takesMaximum, isFlat) {
    case (true, true): return try LayerUse(MaxPool1D(values), shape)
    case (true, false): return try LayerUse(MaxPool2D(values), shape)
    case (false, true): return try LayerUse(AveragePool1D(values), shape)
    case (false, false): return try LayerUse(AveragePool2D(values), shape)
    }
  }
}

/// The pools with a window against their definition.
@Suite struct PoolTests {
  @Test(arguments: [true, false])
  func followsTheDefinition(takesMaximum: Bool) throws {
    var draws = Draws(takesMaximum ? 1 : 2)
    for _ in 0..<400 {
      let pool = PoolCase(&draws)
      let use = try pool.use(takesMaximum: takesMaximum)
      let (x, gy) = (draws.quarters(use.inputCount), draws.quarters(use.outputCount))
      let expected = pool.definition.run(x, gy, takesMaximum: takesMaximum)
      let single = try use.run(x, gy: gy, as: Float.self)
      let double = try use.run(x, gy: gy, as: Double.self)
      #expect(distance(single.y, expected.y) < 1e-6, "\(pool)")
      #expect(distance(single.gx, expected.gx) < 1e-5, "\(pool)")
      #expect(distance(double.y, expected.y) < 1e-14, "\(pool)")
      #expect(distance(double.gx, expected.gx) < 1e-14, "\(pool)")
      #expect(try use.run(x, as: Float.self).y == single.y, "\(pool)")
      let turned = try #require(use.turned())
      for isSingle in [false, true] {
        let found =
          isSingle ? try turned.run(x, gy: gy, as: Float.self) : try turned.run(x, gy: gy, as: Double.self)
        #expect(distance(found.y, expected.y) < (isSingle ? 1e-6 : 1e-14), "channels last: \(pool)")
        #expect(distance(found.gx, expected.gx) < (isSingle ? 1e-5 : 1e-14), "channels last: \(pool)")
      }
    }
  }

  @Test func theFirstOfEqualsTakesTheGradient() throws {
    let use = try LayerUse(MaxPool2D(window([2])), [1, 1, 2, 8])
    let x: [Double] = [0, 5, 7, 7, 1, 1, 2, 3, 5, 5, 7, 7, 1, 1, 3, 2]
    let expected: [Double] = [0, 1, 2, 0, 3, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0]
    #expect(try use.run(x, gy: [1, 2, 3, 4], as: Float.self).gx == expected)
    #expect(try use.run(x, gy: [1, 2, 3, 4], as: Double.self).gx == expected)
  }

  @Test func whatIsNoNumberIsPassedOn() throws {
    var draws = Draws(3)
    for _ in 0..<100 {
      let pool = PoolCase(&draws)
      let use = try pool.use(takesMaximum: true)
      var x = draws.quarters(use.inputCount)
      x[draws.integer(0...x.count - 1)] = .nan
      x[draws.integer(0...x.count - 1)] = .infinity
      x[draws.integer(0...x.count - 1)] = -.infinity
      let size = pool.definition.shape[0] * pool.definition.shape[1]
      let expected = (0..<x.count / size).flatMap { plane in
        pool.definition.windows().map { window in
          let values = window.map { x[plane * size + $0] }
          return values.contains(where: \.isNaN) ? Double.nan : values.max() ?? .nan
        }
      }
      let gy = [Double](repeating: 1, count: use.outputCount)
      let result = try use.run(x, gy: gy, as: Float.self)
      #expect(distance(result.y, expected) == 0, "\(pool)")
      #expect(result.gx.reduce(0, +) == Double(use.outputCount), "\(pool)")
      #expect(distance(try use.run(x, as: Double.self).y, expected) == 0, "\(pool)")
      let turned = try #require(use.turned())
      let found = try turned.run(x, gy: gy, as: Float.self)
      #expect(distance(found.y, expected) == 0, "channels last: \(pool)")
      #expect(found.gx == result.gx, "channels last: \(pool)")
      #expect(distance(try turned.run(x, as: Double.self).y, expected) == 0, "channels last: \(pool)")
    }
  }

  @Test func minusInfinityAloneStaysWithinItsWindow() throws {
    let use = try LayerUse(MaxPool1D(window([3], padding: .integers([2, 2]))), [1, 1, 6])
    let x = [Double](repeating: -.infinity, count: 6)
    let result = try use.run(x, gy: [1, 2, 3], as: Float.self)
    #expect(result.y == [-.infinity, -.infinity, -.infinity])
    #expect(result.gx == [1, 2, 0, 0, 3, 0])
  }

  @Test(arguments: ["max_pool2d", "average_pool2d"])
  func theOrderOfThePiecesChangesNoBit(op: String) throws {
    let values = Attributes([
      "kernel": .integers([3]), "stride": .integers([2]), "padding": .word("same"),
    ])
    let layer: any DifferentiableLayer = try op == "max_pool2d" ? MaxPool2D(values) : AveragePool2D(values)
    var use = try LayerUse(layer, [4, 8, 31, 33])
    var draws = Draws(4)
    let (x, gy) = (draws.uniform(use.inputCount), draws.uniform(use.outputCount))
    let first = try use.run(x, gy: gy, as: Float.self)
    use.reversesPieces = true
    let second = try use.run(x, gy: gy, as: Float.self)
    #expect(first.y == second.y && first.gx == second.gx)
  }

  @Test func aHugeWindowEndsWithTheImage() throws {
    let kernel = AttributeValue.integers([Int.max])
    let values = Attributes(["kernel": kernel, "stride": .integers([2]), "padding": .word("same")])
    let x: [Double] = [4, 1, 7, 2, 3, 1, 0, 2, 1, 3, 5, 7]
    let largest = try LayerUse(MaxPool2D(values), [1, 1, 3, 4])
    let mean = try LayerUse(AveragePool2D(values), [1, 1, 3, 4])
    #expect(largest.outputShape == [1, 1, 2, 2])
    #expect(try largest.run(x, gy: [1, 1, 1, 1], as: Float.self).y == [7, 7, 7, 7])
    #expect(try mean.run(x, gy: [3, 3, 3, 3], as: Float.self).y == [3, 3, 3, 3])
    #expect(try mean.run(x, gy: [3, 3, 3, 3], as: Float.self).gx == [Double](repeating: 1, count: 12))
    let begin = Attributes([
      "kernel": kernel, "stride": kernel, "padding": .integers([Int.max - 1, 0, 0, Int.max - 1]),
    ])
    #expect(throws: Never.self) { _ = try MaxPool2D(begin) }
  }
}

private func window(
  _ kernel: [Int], stride: [Int]? = nil, padding: AttributeValue = .word("valid")
) -> Attributes {
  var values = Attributes(["kernel": .integers(kernel), "padding": padding])
  if let stride { values["stride"] = .integers(stride) }
  return values
}

/// What the pools say of types they accept, and of those they refuse.
@Suite struct PoolTypeTests {
  private func output(_ layer: any Layer, _ shape: [Dimension]) throws -> String {
    var inference = Inference(inputs: [ValueType(.float64, shape)])
    try layer.infer(&inference)
    #expect(inference.outputs[0].element == .float64)
    return inference.outputs[0].shapeText
  }

  private func fault(_ body: () throws -> Void) -> LayerFault? {
    do {
      try body()
      return nil
    } catch {
      return error as? LayerFault
    }
  }

  @Test func symbolsStay() throws {
    let (batch, width) = (Dimension(symbol: "batch"), Dimension(symbol: "width"))
    let pool = try MaxPool2D(window([3, 2], stride: [2, 2], padding: .integers([1, 0, 1, 1])))
    #expect(try output(pool, [batch, 3, 9, width]) == "[batch, 3, 5, floor((width + 1)/2)]")
    let same = try AveragePool1D(window([3], stride: [2], padding: .word("same")))
    #expect(try output(same, [batch, 3, width]) == "[batch, 3, ceil(width/2)]")
    #expect(try output(GlobalMaxPool(Attributes()), [batch, 3, width]) == "[batch, 3]")
    #expect(try output(GlobalAveragePool(Attributes()), [batch, 3, width, width]) == "[batch, 3]")
  }

  @Test func theStrideIsTheKernel() throws {
    #expect(try output(MaxPool2D(window([3, 2])), [1, 1, 9, 8]) == "[1, 1, 3, 4]")
    #expect(try output(AveragePool1D(window([4])), [1, 1, 9]) == "[1, 1, 2]")
  }

  @Test func refusesWindowsOfPaddingAlone() {
    let message = "padding 2 makes windows of padding alone; accepted for kernel 2 are 0 to 1"
    let found = fault { _ = try MaxPool1D(window([2], padding: .integers([0, 2]))) }
    #expect(found == LayerFault(message, attribute: "padding"))
    let image = fault { _ = try AveragePool2D(window([3, 2], padding: .integers([2, 2, 0, 0]))) }
    #expect(image == LayerFault(message, attribute: "padding"))
  }

  @Test func refusesAKernelLargerThanTheImage() {
    let padding = AttributeValue.integers([0, 1, 0, 0])
    let found = fault { _ = try output(MaxPool2D(window([2, 5], padding: padding)), [1, 1, 4, 3]) }
    #expect(found == LayerFault("kernel 5 is larger than the axis of 3 + 1 of padding", attribute: "kernel"))
  }

  @Test func refusesAWrongNumberOfEntries() {
    let kernel = fault { _ = try MaxPool2D(window([2, 2, 2])) }
    #expect(
      kernel == LayerFault("kernel has 3 entries; accepted are an integer, or 2 entries", attribute: "kernel")
    )
    let padding = fault { _ = try AveragePool2D(window([2], padding: .integers([1, 1]))) }
    #expect(
      padding
        == LayerFault(
          "padding has 2 entries; accepted are \"valid\", \"same\", or 4 entries: every begin, then every "
            + "end",
          attribute: "padding"))
  }

  @Test func refusesWrongInputs() {
    let flat = fault { _ = try output(MaxPool1D(window([2])), [4, 6]) }
    #expect(flat == LayerFault("needs [batch, channels, length], found [4, 6]", input: 0))
    let image = fault { _ = try output(AveragePool2D(window([2])), [4, 6, 8]) }
    #expect(image == LayerFault("needs [batch, channels, height, width], found [4, 6, 8]", input: 0))
    let global = fault { _ = try output(GlobalMaxPool(Attributes()), [4, 6]) }
    #expect(
      global == LayerFault("needs [batch, channels] and at least one more axis, found [4, 6]", input: 0))
    let integers = fault {
      var inference = Inference(inputs: [ValueType(.int32, [1, 1, 4])])
      try MaxPool1D(window([2])).infer(&inference)
    }
    #expect(integers == LayerFault("needs float32 or float64, found int32", input: 0))
  }
}

/// `global_average_pool` and `global_max_pool` against their definition.
@Suite struct PoolGlobalTests {
  @Test func followTheDefinition() throws {
    var draws = Draws(5)
    for _ in 0..<60 {
      let shape =
        [draws.integer(1...3), draws.integer(1...4)]
        + (0..<draws.integer(1...3)).map { _ in draws.integer(1...7) }
      let (mean, largest) = (
        try LayerUse(GlobalAveragePool(Attributes()), shape), try LayerUse(GlobalMaxPool(Attributes()), shape)
      )
      let (x, gy) = (draws.quarters(mean.inputCount), draws.quarters(mean.outputCount))
      let inner = x.count / gy.count
      let planes = gy.indices.map { Array(x[$0 * inner..<($0 + 1) * inner]) }
      let means = try mean.run(x, gy: gy, as: Float.self)
      #expect(distance(means.y, planes.map { $0.reduce(0, +) / Double(inner) }) < 1e-6)
      #expect(distance(means.gx, x.indices.map { gy[$0 / inner] / Double(inner) }) < 1e-6)
      let maxima = try largest.run(x, gy: gy, as: Double.self)
      #expect(maxima.y == planes.map { $0.max() ?? .nan })
      let firsts = planes.map { plane in plane.firstIndex(of: plane.max() ?? .nan) }
      #expect(maxima.gx == x.indices.map { firsts[$0 / inner] == $0 % inner ? gy[$0 / inner] : 0 })
    }
  }

  @Test func whatIsNoNumberIsPassedOn() throws {
    let use = try LayerUse(GlobalMaxPool(Attributes()), [1, 2, 3])
    let result = try use.run([1, .nan, 2, 4, .infinity, 5], as: Float.self)
    #expect(result.y[0].isNaN && result.y[1] == .infinity)
  }
}
