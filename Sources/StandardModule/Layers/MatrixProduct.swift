import Kernels
import LayerKit

/// The operator `matmul`: the products of two stacks of matrices.
public struct MatrixProduct: DifferentiableLayer {
  public let transposesA: Bool
  public let transposesB: Bool

  public static let examples = [
    Example("", .floats([2, 3]), .floats([3, 4])),
    Example("\"transpose_a\": true", .floats([2, 3, 4]), .floats([3, 2])),
    Example("\"transpose_b\": true", .floats([2, 1, 2, 3]), .floats([3, 4, 3])),
    Example("\"transpose_a\": true, \"transpose_b\": true", .floats([3, 2]), .floats([2, 4, 3])),
  ]

  public static let schema = Schema(
    "matmul", "Multiplies matrices; axes before the last two broadcast.", formula: "y = op(a) op(b)",
    attributes: [
      .boolean("transpose_a", default: false, "Whether the last two axes of a change places."),
      .boolean("transpose_b", default: false, "Whether the last two axes of b change places."),
    ],
    inputs: Schema.pair)

  public init(_ attributes: Attributes) throws {
    transposesA = attributes.boolean("transpose_a")
    transposesB = attributes.boolean("transpose_b")
  }

  public func infer(_ inference: inout Inference) throws {
    let (a, b) = (try inference.float(0), try inference.float(1))
    try inference.sameType(0, 1)
    for (index, type) in [a, b].enumerated() where type.rank < 2 {
      throw LayerFault("needs 2 axes or more, found \(type.shapeText)", input: index)
    }
    let (aRows, aColumns) = matrix(a, transposesA)
    let (bRows, bColumns) = matrix(b, transposesB)
    guard aColumns == bRows, let stack = broadcast(a.shape.dropLast(2), b.shape.dropLast(2)) else {
      throw LayerFault(
        "shapes \(a.shapeText)\(transposesA ? " (transposed)" : "") and "
          + "\(b.shapeText)\(transposesB ? " (transposed)" : "") do not multiply: "
          + (aColumns == bRows
            ? "the leading axes do not broadcast"
            : "a row of a has \(aColumns) numbers, b has \(bRows) rows"),
        input: 1)
    }
    inference.output(a.element, stack + [aRows, bColumns])
  }

  private func matrix(_ type: ValueType, _ isTransposed: Bool) -> (rows: Dimension, columns: Dimension) {
    let (next, last) = (type.shape[type.rank - 2], type.shape[type.rank - 1])
    return isTransposed ? (last, next) : (next, last)
  }

  public func operations(_ signature: Signature) -> Int {
    let a = signature.input(0).shape
    let inner = a.dropLast(transposesA ? 1 : 0).last ?? 1
    return saturatingProduct(signature.outputs[0].count, saturatingProduct(2, inner))
  }

  public func forward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) throws {
    let sizes = Sizes(call, transposesA)
    let axes = BatchAxes(a: call.view(0).type, b: call.view(1).type, y: call.outputs[0].type)
    let (a, b): (UnsafePointer<Scalar>, UnsafePointer<Scalar>) = (call.input(0), call.input(1))
    let y: UnsafeMutablePointer<Scalar> = call.output()
    let (m, n, k) = (sizes.m, sizes.n, sizes.k)
    if axes.countB == 1, !transposesA {
      call.product(transposeB: transposesB, m: axes.count * m, n: n, k: k, a, b, y)
      return
    }
    Products(call, transposesA, transposesB, m: m, n: n, k: k).run(axes.count, uses: 1) { index, _ in
      (a + axes.indexA(index) * m * k, b + axes.indexB(index) * k * n, y + index * m * n)
    }
  }

  public func backward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) {
    let sizes = Sizes(call, transposesA)
    let (m, n, k) = (sizes.m, sizes.n, sizes.k)
    let axes = BatchAxes(a: call.view(0).type, b: call.view(1).type, y: call.outputs[0].type)
    let (a, b): (UnsafePointer<Scalar>, UnsafePointer<Scalar>) = (call.input(0), call.input(1))
    let gy = UnsafePointer(call.outputGradient(0, as: Scalar.self))
    if let ga: UnsafeMutablePointer<Scalar> = call.inputGradient(0) {
      let products =
        transposesA
        ? Products(call, transposesB, true, m: k, n: m, k: n)
        : Products(call, false, !transposesB, m: m, n: k, k: n)
      products.run(axes.countA, uses: axes.count / axes.countA) { index, number in
        let use = axes.useOfA(index, number)
        let (left, right) = (gy + use * m * n, b + axes.indexB(use) * k * n)
        return transposesA ? (right, left, ga + index * m * k) : (left, right, ga + index * m * k)
      }
    }
    guard let gb: UnsafeMutablePointer<Scalar> = call.inputGradient(1) else { return }
    if axes.countB == 1, !transposesA {
      // The rows of the whole stack are summed in one product.
      let rows = axes.count * m
      if transposesB {
        call.product(transposeA: true, m: n, n: k, k: rows, gy, a, gb)
      } else {
        call.product(transposeA: true, m: k, n: n, k: rows, a, gy, gb)
      }
      return
    }
    let products =
      transposesB
      ? Products(call, true, transposesA, m: n, n: k, k: m)
      : Products(call, !transposesA, false, m: k, n: n, k: m)
    products.run(axes.countB, uses: axes.count / axes.countB) { index, number in
      let use = axes.useOfB(index, number)
      let (left, right) = (a + axes.indexA(use) * m * k, gy + use * m * n)
      return transposesB ? (right, left, gb + index * k * n) : (left, right, gb + index * k * n)
    }
  }
}

/// The sizes of one product of the stacks.
private struct Sizes {
  let m: Int
  let n: Int
  let k: Int

  init(_ call: Call, _ transposesA: Bool) {
    let (a, y) = (call.view(0).shape, call.outputs[0].shape)
    m = y[y.count - 2]
    n = y[y.count - 1]
    k = a[a.count - (transposesA ? 2 : 1)]
  }
}

/// Products of one size, each the sum of as many as a result has uses, added in the order of the uses.
private struct Products {
  private let call: Call
  private let transposeA: Bool
  private let transposeB: Bool
  private let m: Int
  private let n: Int
  private let k: Int

  init(_ call: Call, _ transposeA: Bool, _ transposeB: Bool, m: Int, n: Int, k: Int) {
    self.call = call
    self.transposeA = transposeA
    self.transposeB = transposeB
    self.m = m
    self.n = n
    self.k = k
  }

  /// Computes `count` results; `operands` says where use `number` of a result finds its matrices and
  /// the result.
  func run<Scalar: FloatScalar>(
    _ count: Int, uses: Int,
    _ operands: (_ index: Int, _ number: Int) -> (
      UnsafePointer<Scalar>, UnsafePointer<Scalar>, UnsafeMutablePointer<Scalar>
    )
  ) {
    // A kernel does about 16 multiply-adds in the time of one item of a simple loop.
    let work = saturatingProduct(saturatingProduct(m, n), k)
    if count == 1 || work >= 1 << 23 {
      for index in 0..<count {
        for number in 0..<uses {
          let (a, b, c) = operands(index, number)
          call.product(
            transposeA: transposeA, transposeB: transposeB, m: m, n: n, k: k, a, b,
            beta: number == 0 ? 0 : 1, c)
        }
      }
      return
    }
    call.parallel(count, cost: saturatingProduct(uses, work / 16 + 64)) { start, length in
      for index in start..<start + length {
        for number in 0..<uses {
          let (a, b, c) = operands(index, number)
          Kernel.product(
            transposeA: transposeA, transposeB: transposeB, m: m, n: n, k: k, a: a,
            leadingA: transposeA ? m : k, b: b, leadingB: transposeB ? k : n, beta: number == 0 ? 0 : 1, c: c,
            leadingC: n)
        }
      }
    }
  }
}
