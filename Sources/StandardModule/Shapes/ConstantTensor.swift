import Kernels
import LayerKit
import Tensors

/// The operator `constant`.
struct ConstantTensor: GradientFreeLayer {
  static let examples = [
    Example("\"shape\": [2, 3], \"value\": 0.5"),
    Example("\"shape\": [2, 2], \"value\": [[1, -2], [0.5, 3]]"),
    Example("\"shape\": [3], \"value\": [1, 2, 3], \"type\": \"int32\""),
    Example("\"shape\": [], \"value\": 1, \"type\": \"bool\""),
  ]
  static let schema = Schema(
    "constant", "A tensor whose values stand in the graph.", formula: "y = value",
    attributes: [
      Attribute("shape", .integers(1...Int.max), "The shape: sizes alone."),
      Attribute("value", .numbers, "One number for all places, or nested arrays of the shape."),
      Attribute("type", .elementType, default: .elementType(.float32), "The type of the elements."),
    ], inputs: [])

  private let shape: [Int]
  private let value: NestedNumbers
  private let type: ElementType

  init(_ attributes: Attributes) throws {
    shape = attributes.integers("shape")
    value = attributes.numbers("value")
    type = attributes.elementType("type")
    guard value.shape.isEmpty || value.shape == shape else {
      throw LayerFault(
        "values of the shape \(shapeText(value.shape)) do not fill the shape \(shapeText(shape))",
        attribute: "value")
    }
    for number in value.values { try checkNumber(number, fits: type, attribute: "value") }
  }

  func operations(_ signature: Signature) -> Int { 0 }

  func infer(_ inference: inout Inference) throws {
    inference.output(type, shape.map { Dimension($0) })
  }

  func forward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) throws {
    let y = call.outputs[0]
    if value.shape.isEmpty, let number = value.values.first {
      call.fill(y, with: number)
      return
    }
    value.values.withUnsafeBufferPointer { numbers in
      guard let source = numbers.baseAddress else { return }
      Kernel.cast(from: source, .float64, to: y.base, y.type.element, count: min(y.count, numbers.count))
    }
  }
}
