import Kernels
import LayerKit

/// One step of a plan with everything it touches looked up.
///
/// A class, because a run would copy a value at every step, and count the references in it.
class RunStep {
  func perform() throws {}
  /// The call that the step runs forward.
  var forwardCall: Call? { nil }
}

/// A call forward, in the precision of the scalar.
final class ForwardStep<Scalar: FloatScalar>: RunStep {
  private let call: Call
  private let layer: any Layer

  init(_ call: Call, _ layer: any Layer) {
    self.call = call
    self.layer = layer
  }

  override var forwardCall: Call? { call }

  override func perform() throws {
    do {
      try call.forward(layer, as: Scalar.self)
    } catch let fault as RunFault {
      throw CallFault(call: call, fault: fault)
    }
  }
}

/// What stopped a call.
struct CallFault: Error {
  let call: Call
  let fault: RunFault
}

/// A call backward, in the precision of the scalar.
final class BackwardStep<Scalar: FloatScalar>: RunStep {
  private let call: Call
  private let layer: any DifferentiableLayer

  init(_ call: Call, _ layer: any DifferentiableLayer) {
    self.call = call
    self.layer = layer
  }

  override func perform() throws { try call.backward(layer, as: Scalar.self) }
}

/// Sets every element.
final class FillStep: RunStep {
  private let view: TensorView
  private let number: Double

  init(_ view: TensorView, _ number: Double) {
    self.view = view
    self.number = number
  }

  override func perform() {
    view.withScalars(
      float: { Kernel.fill(value: number, y: $0, count: view.count) },
      double: { Kernel.fill(value: number, y: $0, count: view.count) })
  }
}

/// Adds a tensor to another.
final class AddStep: RunStep {
  private let source: TensorView
  private let target: TensorView

  init(_ source: TensorView, to target: TensorView) {
    self.source = source
    self.target = target
  }

  override func perform() {
    target.withScalars(
      float: { Kernel.addScaled(alpha: 1, x: source.pointer(), y: $0, count: target.count) },
      double: { Kernel.addScaled(alpha: 1, x: source.pointer(), y: $0, count: target.count) })
  }
}

/// Adds a number to a single element.
final class AddNumberStep: RunStep {
  private let number: Double
  private let target: TensorView

  init(_ number: Double, to target: TensorView) {
    self.number = number
    self.target = target
  }

  override func perform() {
    target.withScalars(float: { $0.pointee += Float(number) }, double: { $0.pointee += number })
  }
}
