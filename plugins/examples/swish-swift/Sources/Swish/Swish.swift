import PluginKit

/// The activation `swish`: y = x sigmoid(beta x).
///
/// Source: Ramachandran, Zoph, Le, "Searching for Activation Functions", 2017.
struct Swish: Activation {
  let beta: Double

  static let schema = Schema(
    "swish", "A smooth ramp: beta bends it from half a line at 0 to relu far above 1.",
    formula: "y = x sigmoid(beta x)",
    attributes: [.number("beta", .positive, default: 1, "How sharply it bends.")],
    inputs: [], outputs: [])

  init(_ attributes: Attributes) throws { beta = attributes.number("beta") }

  var gradientReads: (input: Bool, output: Bool) { (true, false) }

  func apply<Scalar: FloatScalar>(
    _ x: UnsafePointer<Scalar>, _ y: UnsafeMutablePointer<Scalar>, count: Int
  ) { writeSwish(Scalar(beta), x, y, count) }

  func gradient<Scalar: FloatScalar>(
    x: UnsafePointer<Scalar>?, y: UnsafePointer<Scalar>?, gy: UnsafePointer<Scalar>,
    gx: UnsafeMutablePointer<Scalar>, count: Int
  ) {
    guard let x else { return }
    writeSwishGradient(Scalar(beta), x, gy, gx, count)
  }
}

/// As many elements as are computed at once; the sigmoids of one block stay in the nearest cache.
private let block = 256

/// Calls the body for one block after the other with room for its sigmoids, which are sigmoid(beta x).
@inline(__always)
private func withSigmoids<Scalar: FloatScalar>(
  _ beta: Scalar, _ x: UnsafePointer<Scalar>, _ count: Int,
  _ body: (_ start: Int, _ length: Int, _ sigmoids: UnsafeMutablePointer<Scalar>) -> Void
) {
  withUnsafeTemporaryAllocation(of: Scalar.self, capacity: block) { room in
    guard let sigmoids = room.baseAddress else { return }
    for start in stride(from: 0, to: count, by: block) {
      let length = min(block, count - start)
      for i in 0..<length { sigmoids[i] = beta * x[start + i] }
      Kernel.map(.sigmoid, x: sigmoids, y: sigmoids, count: length)
      body(start, length, sigmoids)
    }
  }
}

/// y = x sigmoid(beta x); `y` may be `x`.
@specialized(where Scalar == Float) @specialized(where Scalar == Double)
private func writeSwish<Scalar: FloatScalar>(
  _ beta: Scalar, _ x: UnsafePointer<Scalar>, _ y: UnsafeMutablePointer<Scalar>, _ count: Int
) {
  withSigmoids(beta, x, count) { start, length, sigmoids in
    for i in 0..<length { y[start + i] = x[start + i] * sigmoids[i] }
  }
}

/// gx = gy (s + beta x s (1 - s)) with s = sigmoid(beta x); `gx` may be `gy`.
@specialized(where Scalar == Float) @specialized(where Scalar == Double)
private func writeSwishGradient<Scalar: FloatScalar>(
  _ beta: Scalar, _ x: UnsafePointer<Scalar>, _ gy: UnsafePointer<Scalar>,
  _ gx: UnsafeMutablePointer<Scalar>, _ count: Int
) {
  withSigmoids(beta, x, count) { start, length, sigmoids in
    for i in 0..<length {
      let s = sigmoids[i]
      gx[start + i] = gy[start + i] * (s + beta * x[start + i] * s * (1 - s))
    }
  }
}
