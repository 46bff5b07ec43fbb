import LayerKit

/// An operator along one axis that keeps the shape, and whose gradient follows from its output alone.
public protocol AxisLayer: DifferentiableLayer {
  /// The axis, as the file gives it: it may count from the end.
  var axis: Int { get }
}

extension AxisLayer {
  public static var examples: [Example] {
    [
      Example("", .floats([3, 4])), Example("\"axis\": 1", .floats([2, 3, 4])),
      Example("\"axis\": 0", .floats([5])),
    ]
  }

  public var computesInPlace: Bool { true }

  public func infer(_ inference: inout Inference) throws {
    let x = try inference.float()
    _ = try inference.axis(axis, of: x)
    inference.output(x)
  }

  public func operations(_ signature: Signature) -> Int { saturatingProduct(5, signature.outputs[0].count) }

  public func backwardReads(_ signature: Signature) -> BackwardReads { BackwardReads(outputs: [0]) }
}
