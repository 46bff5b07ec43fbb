import Kernels
import LayerKit

/// What the reductions share: which axes go, and how a tensor is reduced and expanded over them.
struct ReducedAxes {
  private let axes: [Int]?
  private let keepsDimensions: Bool

  static let attributes: [Attribute] = [
    Attribute(
      "axes", .integers(Int.min...Int.max), optional: true,
      "The axes that are reduced; all but the first where none are given."),
    .boolean("keep_dimensions", default: false, "Whether a reduced axis stays, with the size 1."),
  ]

  init(_ attributes: Attributes) {
    axes = attributes.optionalIntegers("axes")
    keepsDimensions = attributes.boolean("keep_dimensions")
  }

  /// Says the type of the result; throws `LayerFault` for an axis that is not there or stands twice.
  func infer(_ inference: inout Inference) throws {
    let x = try inference.float()
    var seen = Set<Int>()
    for axis in axes ?? [] {
      let place = axis < 0 ? axis &+ x.rank : axis
      guard place >= 0, place < x.rank else {
        throw LayerFault("axis \(axis) is outside the \(x.rank) axes of \(x.shapeText)", attribute: "axes")
      }
      guard seen.insert(place).inserted else {
        throw LayerFault(
          "axis \(axis) names axis \(place) of \(x.shapeText) again; each axis goes once", attribute: "axes")
      }
    }
    let mask = mask(rank: x.rank)
    var shape: [Dimension] = []
    for (place, size) in x.shape.enumerated() {
      if mask >> UInt64(place) & 1 == 0 { shape.append(size) } else if keepsDimensions { shape.append(1) }
    }
    inference.output(x.element, shape)
  }

  /// Bit i: axis i is reduced.
  private func mask(rank: Int) -> UInt64 {
    guard let axes else { return rank == 0 ? 0 : (1 << UInt64(rank)) - 2 }
    return axes.reduce(0) { $0 | 1 << UInt64(max(0, $1 < 0 ? $1 &+ rank : $1)) }
  }

  /// Calls `body` for each run of neighbouring reduced axes, the last first, with the tensor as
  /// `[outer, count, inner]` around the run after the runs before it are gone.
  private func forEachRun(_ shape: [Int], _ body: (_ outer: Int, _ count: Int, _ inner: Int) -> Void) {
    let mask = mask(rank: shape.count)
    var (axis, outer, inner) = (shape.count, shape.reduce(1, *), 1)
    while axis > 0 {
      axis -= 1
      outer /= shape[axis]
      guard mask >> UInt64(axis) & 1 == 1 else {
        inner *= shape[axis]
        continue
      }
      var count = shape[axis]
      while axis > 0, mask >> UInt64(axis - 1) & 1 == 1 {
        axis -= 1
        outer /= shape[axis]
        count *= shape[axis]
      }
      body(outer, count, inner)
    }
  }

  private func runCount(_ shape: [Int]) -> Int {
    var runs = 0
    forEachRun(shape) { _, _, _ in runs += 1 }
    return runs
  }

  /// The buffers that `reduce` needs between runs.
  func buffers(_ type: ConcreteType) -> [Workspace.Buffer] {
    var sizes: [Workspace.Buffer] = []
    forEachRun(type.shape) { outer, _, inner in sizes.append(.scalars(outer * inner)) }
    return Array(sizes.dropLast().prefix(2))
  }

  /// How many elements become one.
  func countPerResult(_ type: ConcreteType) -> Int {
    var product = 1
    forEachRun(type.shape) { _, count, _ in product *= count }
    return product
  }

  /// Reduces `x`, of the type `type`, to `y`, with the scratch buffers from `scratch` on.
  func reduce<Scalar: FloatScalar>(
    _ function: ReduceFunction, _ call: Call, _ type: ConcreteType, _ x: UnsafePointer<Scalar>,
    _ y: UnsafeMutablePointer<Scalar>, scratch: Int
  ) {
    let runs = runCount(type.shape)
    if runs == 0 {
      call.parallel(type.count) { start, count in Kernel.map(.copy, x: x + start, y: y + start, count: count)
      }
      return
    }
    var source = x
    var run = 0
    forEachRun(type.shape) { outer, count, inner in
      let from = source
      let target: UnsafeMutablePointer<Scalar> = run == runs - 1 ? y : call.scratch(scratch + run % 2)
      call.parallel(outer, cost: saturatingProduct(count, inner)) { start, length in
        Kernel.reduce(
          function, x: from + start * count * inner, outer: length, count: count, inner: inner,
          y: target + start * inner, accumulate: false)
      }
      source = UnsafePointer(target)
      run += 1
    }
  }

  /// Repeats the reduced `values` along the reduced axes; `type` is the type of the result.
  func expand<Scalar: FloatScalar>(
    _ call: Call, _ type: ConcreteType, _ values: UnsafePointer<Scalar>,
    _ result: UnsafeMutablePointer<Scalar>
  ) {
    let shape = type.shape
    let rank = shape.count
    guard rank > 0 else {
      Kernel.map(.copy, x: values, y: result, count: 1)
      return
    }
    let mask = mask(rank: rank)
    call.parallel(shape[0], cost: saturatingProduct(2, type.count / shape[0])) { start, count in
      withUnsafeTemporaryAllocation(of: Int.self, capacity: 3 * rank) { numbers in
        guard let sizes = numbers.baseAddress else { return }
        let (from, to) = (sizes + rank, sizes + 2 * rank)
        var (own, whole) = (1, 1)
        for axis in stride(from: rank - 1, through: 0, by: -1) {
          let isReduced = mask >> UInt64(axis) & 1 == 1
          sizes[axis] = axis == 0 ? count : shape[axis]
          from[axis] = isReduced ? 0 : own
          to[axis] = whole
          if !isReduced { own *= shape[axis] }
          whole *= shape[axis]
        }
        Kernel.copyStrided(
          elementSize: MemoryLayout<Scalar>.size, rank: rank, dimensions: sizes,
          source: values + start * from[0], sourceStrides: from, destination: result + start * to[0],
          destinationStrides: to)
      }
    }
  }
}

extension ReducedAxes {
  /// The memory for `extremeGradient`.
  func extremeBuffers(_ signature: Signature) -> [Workspace.Buffer] {
    let (x, y) = (signature.input(), signature.outputs[0])
    return [.scalars(y.count), .scalars(x.count)] + buffers(x)
  }

  /// The gradient of a maximum or a minimum: equals share it evenly.
  func extremeGradient<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) {
    guard let gx: UnsafeMutablePointer<Scalar> = call.inputGradient() else { return }
    let type = call.view().type
    let (x, y): (UnsafePointer<Scalar>, UnsafeMutablePointer<Scalar>) = (call.input(), call.output())
    let gy: UnsafeMutablePointer<Scalar> = call.outputGradient()
    let (shares, chosen): (UnsafeMutablePointer<Scalar>, UnsafeMutablePointer<Scalar>) =
      (call.scratch(0), call.scratch(1))
    expand(call, type, y, chosen)
    call.parallel(type.count) { start, count in markEqual(x + start, chosen + start, count: count) }
    reduce(.sum, call, type, chosen, shares, scratch: 2)
    let results = call.outputs[0].count
    Kernel.binary(.divide, a: gy, aStride: 1, b: shares, bStride: 1, y: gy, count: results)
    expand(call, type, gy, gx)
    call.parallel(type.count) { start, count in
      Kernel.binary(
        .multiply, a: gx + start, aStride: 1, b: chosen + start, bStride: 1, y: gx + start, count: count)
    }
  }
}

/// Puts 1 where the two are equal, else 0, in place of the second.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func markEqual<Scalar: FloatScalar>(
  _ x: UnsafePointer<Scalar>, _ y: UnsafeMutablePointer<Scalar>, count: Int
) {
  for index in 0..<count { y[index] = x[index] == y[index] ? 1 : 0 }
}
