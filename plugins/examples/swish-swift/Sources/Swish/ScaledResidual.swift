import PluginKit

/// The operator `scaled_residual`: `y = x + scale branch`, with one learned scale for each feature.
///
/// Source: Touvron et al., "Going deeper with Image Transformers", 2021.
struct ScaledResidual: DifferentiableLayer {
  private let initializer: any Initializer

  static let schema = Schema(
    "scaled_residual", "Adds a branch, each feature times a number that is learned.",
    formula: "y = x + scale branch",
    attributes: [
      .initializer("scale_init", default: "constant", with: ["value": .number(0.1)], "The scale at first.")
    ],
    inputs: [Port("x", "[..., features]"), Port("branch", "[..., features]")],
    parameters: ["scale [features]"])

  static let examples = [Example("", .floats([4, 3]), .floats([4, 3]))]

  init(_ attributes: Attributes) throws { initializer = attributes.initializer("scale_init") }

  func infer(_ inference: inout Inference) throws {
    let (x, branch) = (try inference.float(0), try inference.float(1))
    try inference.sameType(0, 1)
    guard x.shape == branch.shape else {
      throw LayerFault("needs the shape of x, \(x.shapeText), found \(branch.shapeText)", input: 1)
    }
    let features = try inference.size(x, axis: -1)
    inference.output(x)
    inference.parameter("scale", [features], initializer)
  }

  func backwardReads(_ signature: Signature) -> BackwardReads { BackwardReads(inputs: [1]) }

  func operations(_ signature: Signature) -> Int { saturatingProduct(2, signature.outputs.first?.count ?? 0) }

  func forward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) throws {
    let (x, branch): (UnsafePointer<Scalar>, UnsafePointer<Scalar>) = (call.input(0), call.input(1))
    let (scale, y): (UnsafeMutablePointer<Scalar>, UnsafeMutablePointer<Scalar>) =
      (call.parameter(0), call.output())
    let features = call.parameters[0].count
    call.parallel(call.outputs[0].count / max(1, features), cost: features) { start, count in
      for row in start..<start + count {
        addScaled(x + row * features, branch + row * features, scale, y + row * features, features)
      }
    }
  }

  func backward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) {
    let branch: UnsafePointer<Scalar> = call.input(1)
    let scale: UnsafeMutablePointer<Scalar> = call.parameter(0)
    let gy: UnsafeMutablePointer<Scalar> = call.outputGradient()
    let features = call.parameters[0].count
    let rows = call.outputs[0].count / max(1, features)
    if let gscale: UnsafeMutablePointer<Scalar> = call.parameterGradient(0) {
      // One thread a feature's sum, rows in their order: the same bits whatever the number of threads.
      sumProducts(gy, branch, gscale, rows, features)
    }
    if let gx: UnsafeMutablePointer<Scalar> = call.inputGradient(0) {
      gx.update(from: gy, count: rows * features)
    }
    if let gbranch: UnsafeMutablePointer<Scalar> = call.inputGradient(1) {
      call.parallel(rows, cost: features) { start, count in
        for row in start..<start + count {
          multiply(gy + row * features, scale, gbranch + row * features, features)
        }
      }
    }
  }
}

/// y = x + scale branch, for one row.
@specialized(where Scalar == Float) @specialized(where Scalar == Double)
private func addScaled<Scalar: FloatScalar>(
  _ x: UnsafePointer<Scalar>, _ branch: UnsafePointer<Scalar>, _ scale: UnsafePointer<Scalar>,
  _ y: UnsafeMutablePointer<Scalar>, _ count: Int
) {
  for i in 0..<count { y[i] = x[i] + scale[i] * branch[i] }
}

/// y = a b, for one row.
@specialized(where Scalar == Float) @specialized(where Scalar == Double)
private func multiply<Scalar: FloatScalar>(
  _ a: UnsafePointer<Scalar>, _ b: UnsafePointer<Scalar>, _ y: UnsafeMutablePointer<Scalar>, _ count: Int
) {
  for i in 0..<count { y[i] = a[i] * b[i] }
}

/// y[j] = sum over the rows i of a[i, j] b[i, j].
@specialized(where Scalar == Float) @specialized(where Scalar == Double)
private func sumProducts<Scalar: FloatScalar>(
  _ a: UnsafePointer<Scalar>, _ b: UnsafePointer<Scalar>, _ y: UnsafeMutablePointer<Scalar>, _ rows: Int,
  _ count: Int
) {
  y.update(repeating: 0, count: count)
  for row in 0..<rows {
    let (a, b) = (a + row * count, b + row * count)
    for i in 0..<count { y[i] += a[i] * b[i] }
  }
}
