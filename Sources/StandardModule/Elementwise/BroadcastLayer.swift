import Kernels
import LayerKit

/// An operator of two or more float tensors, broadcast to one shape as NumPy does.
///
/// The gradient of an input that was broadcast is summed back to the input's shape.
protocol BroadcastLayer: DifferentiableLayer {
  static var function: BinaryFunction { get }
}

extension BroadcastLayer {
  var computesInPlace: Bool { true }

  func infer(_ inference: inout Inference) throws {
    var type = try inference.float()
    for index in 1..<inference.inputs.count {
      try inference.sameType(0, index)
      type.shape = try inference.broadcast(type.shape, index)
    }
    inference.output(type)
  }

  func operations(_ signature: Signature) -> Int {
    saturatingProduct(signature.outputs[0].count, signature.inputs.count - 1)
  }

  func forward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) throws {
    call.combine(Self.function, call.input(0, as: Scalar.self), 0, with: 1, into: call.output())
  }

  /// A second gradient of the output's shape, where both inputs were broadcast.
  func workspace(_ signature: Signature) -> Workspace {
    let repeated = signature.inputs.count { ($0?.count ?? 0) != signature.outputs[0].count }
    return repeated > 1 && signature.isDifferentiated
      ? Workspace(backwardScratch: [.scalars(signature.outputs[0].count)]) : Workspace()
  }

  func backward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) {
    let (a, b): (UnsafePointer<Scalar>, UnsafePointer<Scalar>) = (call.input(0), call.input(1))
    let (y, gy): (UnsafeMutablePointer<Scalar>, UnsafeMutablePointer<Scalar>) =
      (call.output(), call.outputGradient())
    let walk = BroadcastWalk(call.outputs[0].shape, call.view(0).shape, call.view(1).shape)
    call.forEachBroadcastGradient(as: Scalar.self) { side, gradient in
      walk.forEachSpan(on: call, cost: 4, a, b) { span in
        Kernel.binaryGradient(
          Self.function, side: side, a: span.a, aStride: span.aStride, b: span.b, bStride: span.bStride,
          y: y + span.start, gy: gy + span.start, out: gradient + span.start, count: span.count)
      }
    }
  }
}

extension Inference {
  /// The shape of `shape` and of an input under broadcasting. Throws `LayerFault` where they conflict.
  func broadcast(_ shape: [Dimension], _ index: Int) throws -> [Dimension] {
    let other = input(index)
    guard let common = LayerKit.broadcast(shape, other.shape) else {
      throw LayerFault(
        "shapes \(shape.text) and \(other.shapeText) do not broadcast: from the last axis on, sizes must be "
          + "equal or one of them 1", input: index)
    }
    return common
  }
}

extension Call {
  /// Writes `y = f(x, input)`, where `x` is input `index` or, where that is nil, has the shape of output 0.
  func combine<Scalar: FloatScalar>(
    _ f: BinaryFunction, _ x: UnsafePointer<Scalar>, _ index: Int?, with input: Int,
    into y: UnsafeMutablePointer<Scalar>
  ) {
    let shape = outputs[0].shape
    let walk = BroadcastWalk(shape, index.map { view($0).shape } ?? shape, view(input).shape)
    walk.forEachSpan(on: self, x, self.input(input, as: Scalar.self)) { span in
      Kernel.binary(
        f, a: span.a, aStride: span.aStride, b: span.b, bStride: span.bStride, y: y + span.start,
        count: span.count)
    }
  }

  /// Calls `body` for every input whose gradient is asked for, with memory for a gradient of the output's
  /// shape, and sums it back where the input was broadcast.
  ///
  /// The last of several broadcast inputs gets the output's gradient itself, which nobody needs after it.
  func forEachBroadcastGradient<Scalar: FloatScalar>(
    as: Scalar.Type, _ body: (_ input: Int, _ gradient: UnsafeMutablePointer<Scalar>) -> Void
  ) {
    let count = outputs[0].count
    var repeated = 0
    for index in 0..<inputs.count {
      guard let gradient: UnsafeMutablePointer<Scalar> = inputGradient(index) else { continue }
      if view(index).count == count { body(index, gradient) } else { repeated += 1 }
    }
    for index in 0..<inputs.count {
      guard view(index).count != count, let gradient: UnsafeMutablePointer<Scalar> = inputGradient(index)
      else { continue }
      let whole: UnsafeMutablePointer<Scalar> = repeated == 1 ? outputGradient() : scratch(0)
      body(index, whole)
      sum(UnsafePointer(whole), to: view(index).shape, gradient)
      repeated -= 1
    }
  }
}
