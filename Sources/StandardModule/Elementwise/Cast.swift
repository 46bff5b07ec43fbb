import Kernels
import LayerKit
import Tensors

/// The operator `cast`.
struct Cast: DifferentiableLayer {
  static let examples = [
    Example("\"type\": \"int32\"", .floats([3, 4])),
    Example("\"type\": \"bool\"", .integers([3, 4], below: 2)),
    Example("\"type\": \"float32\"", ExampleInput([3, 4], .booleans)),
    Example("\"type\": \"float64\"", .floats([3, 4])),
  ]
  static let schema = Schema(
    "cast", "Converts every element to another type: to int32 towards zero, to bool as not 0.",
    formula: "y = type(x)",
    attributes: [Attribute("type", .elementType, "The type of the output's elements.")])

  private let type: ElementType

  init(_ attributes: Attributes) { type = attributes.elementType("type") }

  func infer(_ inference: inout Inference) throws { inference.output(type, inference.input().shape) }

  func backwardReads(_ signature: Signature) -> BackwardReads { .nothing }

  func hasGradient(input: Int) -> Bool { type.isFloat }

  func forward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) throws {
    call.convert(call.view(), to: call.outputs[0])
  }

  func backward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) {
    guard let gradient = call.inputGradients[0], let from = call.outputGradients[0] else { return }
    call.convert(from, to: gradient)
  }
}

extension Call {
  fileprivate func convert(_ x: TensorView, to y: TensorView) {
    let (from, to) = (x.type.element, y.type.element)
    parallel(y.count) { start, count in
      Kernel.cast(
        from: x.base + start * from.byteCount, from, to: y.base + start * to.byteCount, to, count: count)
    }
  }
}
