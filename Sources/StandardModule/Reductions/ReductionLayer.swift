import Kernels
import LayerKit

/// An operator that makes one number of all numbers along some axes.
protocol ReductionLayer: DifferentiableLayer {
  var axes: ReducedAxes { get }
}

extension ReductionLayer {
  public static var examples: [Example] {
    [
      Example("", .floats([3, 4])), Example("\"axes\": [0, -1]", .floats([2, 3, 4])),
      Example("\"axes\": [1], \"keep_dimensions\": true", .floats([2, 3, 2])),
      Example("\"axes\": [0, 2, 4]", .floats([2, 2, 2, 2, 3])), Example("\"axes\": [0, 1]", .floats([3, 2])),
    ]
  }

  public func infer(_ inference: inout Inference) throws { try axes.infer(&inference) }

  public func operations(_ signature: Signature) -> Int { signature.input().count }

  public func workspace(_ signature: Signature) -> Workspace {
    Workspace(forwardScratch: axes.buffers(signature.input()))
  }
}

/// A reduction that picks one of the numbers; equals share its gradient evenly.
protocol ExtremeReduction: ReductionLayer {
  static var function: ReduceFunction { get }
}

extension ExtremeReduction {
  public func workspace(_ signature: Signature) -> Workspace {
    Workspace(
      forwardScratch: axes.buffers(signature.input()), backwardScratch: axes.extremeBuffers(signature))
  }

  public func backwardReads(_ signature: Signature) -> BackwardReads {
    BackwardReads(inputs: [0], outputs: [0])
  }

  public func forward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) throws {
    let y: UnsafeMutablePointer<Scalar> = call.output()
    axes.reduce(Self.function, call, call.view().type, call.input(), y, scratch: 0)
  }

  public func backward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) {
    axes.extremeGradient(call, as: Scalar.self)
  }
}
