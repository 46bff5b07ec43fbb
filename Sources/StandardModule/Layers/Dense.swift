import Kernels
import LayerKit

/// The operator `dense`: a weighted sum of the last axis for each unit.
public struct Dense: DifferentiableLayer {
  public let units: Int
  public let hasBias: Bool
  public let activation: (any Activation)?
  /// The function that is applied in the same pass as the bias; a rewrite sets it.
  public var fused: (any KernelActivation)?
  private let weightInitializer: any Initializer
  private let biasInitializer: any Initializer

  public static let examples = [
    Example("\"units\": 3", .floats([4, 5])),
    Example("\"units\": 2, \"bias\": false", .floats([2, 3, 4])),
    Example("\"units\": 4, \"bias_init\": \"ones\", \"weight_init\": \"he_normal\"", .floats([3])),
    Example("\"units\": 3, \"activation\": \"tanh\"", .floats([2, 4])),
  ]

  public static let schema = Schema(
    "dense", "Gives each unit a weighted sum of the last axis.", formula: "y = x weight^T + bias",
    attributes: [
      .integer("units", atLeast: 1, "The size of the last axis of the result."),
      .boolean("bias", default: true, "Whether a bias is added."),
      .activation(),
      .initializer("weight_init", default: "glorot_uniform", "The first values of the weight."),
      .initializer("bias_init", default: "zeros", "The first values of the bias."),
    ],
    parameters: ["weight [units, in]", "bias [units]"])

  public init(_ attributes: Attributes) throws {
    units = attributes.integer("units")
    hasBias = attributes.boolean("bias")
    activation = attributes.activation()
    weightInitializer = attributes.initializer("weight_init")
    biasInitializer = attributes.initializer("bias_init")
  }

  public func infer(_ inference: inout Inference) throws {
    let x = try inference.float()
    let width = try inference.size(x, axis: -1)
    inference.parameter("weight", [units, width], weightInitializer, fanIn: width, fanOut: units)
    if hasBias { inference.parameter("bias", [units], biasInitializer, fanIn: width, fanOut: units) }
    inference.output(x.element, x.shape.dropLast() + [Dimension(units)])
  }

  public func operations(_ signature: Signature) -> Int {
    let width = signature.input().shape.last ?? 1
    return saturatingProduct(signature.outputs[0].count, saturatingProduct(2, width))
  }

  public func workspace(_ signature: Signature) -> Workspace {
    let count = signature.outputs[0].count
    let keepsInput = signature.isDifferentiated && fused?.gradientReads.input == true
    return Workspace(
      saved: keepsInput ? [.scalars(count)] : [],
      backwardScratch: hasBias ? [.scalars(RowBlocks(rows: count / units, columns: units).partialCount)] : [])
  }

  public func backwardReads(_ signature: Signature) -> BackwardReads {
    BackwardReads(inputs: [0], outputs: fused?.gradientReads.output == true ? [0] : [])
  }

  public func forward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) throws {
    let y: UnsafeMutablePointer<Scalar> = call.output()
    let rows = call.outputs[0].count / units
    // Where nothing keeps the sum before the function, the product's last step adds the bias and clamps.
    let clamps = fused?.kernel.function == .relu && call.saved.isEmpty
    call.product(
      transposeB: true, m: rows, n: units, k: call.view().count / rows, call.input(),
      UnsafePointer(call.parameter(0, as: Scalar.self)),
      bias: hasBias ? UnsafePointer(call.parameter(1, as: Scalar.self)) : nil, clamped: clamps, y)
    guard let map = fused?.kernel, !clamps else { return }
    let z: UnsafeMutablePointer<Scalar>? = call.saved.isEmpty ? nil : call.saved(0)
    call.parallel(rows, cost: saturatingProduct(4, units)) { start, count in
      let part = y + start * units
      Kernel.biasMap(
        map.function, x: part, bias: nil, z: z.map { $0 + start * units }, y: part, rows: count,
        columns: units, a: map.a, b: map.b)
    }
  }

  public func backward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) {
    let gradient: UnsafeMutablePointer<Scalar> = call.outputGradient()
    let rows = call.outputs[0].count / units
    let width = call.parameters[0].count / units
    let biasGradient: UnsafeMutablePointer<Scalar>? = hasBias ? call.parameterGradient(1) : nil
    throughBias(call, gradient, biasGradient, rows: rows)
    if let weightGradient: UnsafeMutablePointer<Scalar> = call.parameterGradient(0) {
      call.product(
        transposeA: true, m: units, n: width, k: rows, UnsafePointer(gradient), call.input(), weightGradient)
    }
    if let inputGradient: UnsafeMutablePointer<Scalar> = call.inputGradient() {
      call.product(
        m: rows, n: width, k: units, UnsafePointer(gradient),
        UnsafePointer(call.parameter(0, as: Scalar.self)), inputGradient)
    }
  }

  /// Takes the gradient back through the fused function, in place, and sums it up for the bias.
  private func throughBias<Scalar: FloatScalar>(
    _ call: Call, _ gradient: UnsafeMutablePointer<Scalar>, _ biasGradient: UnsafeMutablePointer<Scalar>?,
    rows: Int
  ) {
    guard fused != nil || biasGradient != nil else { return }
    let blocks = RowBlocks(rows: rows, columns: units)
    let partial: UnsafeMutablePointer<Scalar> = hasBias ? call.scratch(0) : gradient
    let map = fused?.kernel
    let reads = fused?.gradientReads ?? (input: false, output: false)
    let z: UnsafePointer<Scalar>? = reads.input ? UnsafePointer(call.saved(0, as: Scalar.self)) : nil
    let y: UnsafePointer<Scalar>? = reads.output ? UnsafePointer(call.output(0, as: Scalar.self)) : nil
    blocks.run(call) { block, start, count in
      let place = start * units
      let sum = blocks.partial(block, of: partial, for: biasGradient)
      if let map {
        Kernel.biasMapGradient(
          map.function, z: z.map { $0 + place }, y: y.map { $0 + place }, gy: gradient + place,
          gz: gradient + place, gbias: sum, rows: count, columns: units, a: map.a, b: map.b)
      } else if let sum {
        Kernel.reduce(
          .sum, x: gradient + place, outer: 1, count: count, inner: units, y: sum, accumulate: false)
      }
    }
    blocks.finish(partial, into: biasGradient)
  }
}
