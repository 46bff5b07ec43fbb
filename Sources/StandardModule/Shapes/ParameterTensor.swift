import Kernels
import LayerKit

/// The operator `parameter`.
struct ParameterTensor: DifferentiableLayer {
  static let examples = [
    Example("\"shape\": [3, 4], \"init\": \"glorot_uniform\""),
    Example("\"shape\": []"),
    Example("\"shape\": [2], \"init\": \"ones\""),
  ]
  static let schema = Schema(
    "parameter", "A trainable tensor of no input.", formula: "y = value",
    attributes: [
      Attribute("shape", .integers(1...Int.max), "The shape: sizes alone."),
      .initializer("init", default: "zeros", "The value at first."),
    ], inputs: [], parameters: ["value: shape"])

  private let shape: [Int]
  private let initializer: any Initializer

  init(_ attributes: Attributes) {
    shape = attributes.integers("shape")
    initializer = attributes.initializer("init")
  }

  func operations(_ signature: Signature) -> Int { 0 }

  func infer(_ inference: inout Inference) throws {
    // As for a weight [out, in, ...]: the fans are the first two sizes, times what one place of both holds.
    let area = shape.dropFirst(2).reduce(1, saturatingProduct)
    let fanOut = saturatingProduct(shape.first ?? 1, area)
    let fanIn = shape.count > 1 ? saturatingProduct(shape[1], area) : fanOut
    inference.parameter("value", shape, initializer, fanIn: fanIn, fanOut: fanOut, element: .float32)
    inference.output(.float32, shape.map { Dimension($0) })
  }

  func backwardReads(_ signature: Signature) -> BackwardReads { .nothing }

  func forward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) throws {
    call.copy(call.parameter(0, as: Scalar.self), to: call.outputs[0])
  }

  func backward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) {
    guard let gradient = call.parameterGradients[0] else { return }
    call.copy(call.outputGradient(0, as: Scalar.self), to: gradient)
  }
}
