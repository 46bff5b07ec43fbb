import Kernels
import LayerKit
import Tensors

/// Two operators that examples are put into; the graph of a check depends on no other than the one it checks.
struct CheckModule: Module {
  static let name = "gradient_check"
  static let version = "1.0.0"

  func register(into registrar: inout Registrar) throws {
    registrar.layers(CheckedCopy.self, CheckedSum.self)
  }
}

/// The operator `checked_copy`: a value that, unlike an input of the graph, may be overwritten by what reads it.
struct CheckedCopy: DifferentiableLayer {
  static let examples: [Example] = []
  static let schema = Schema("checked_copy", "Copies its input.", formula: "y = x")

  init(_ attributes: Attributes) {}

  func infer(_ inference: inout Inference) throws { inference.output(inference.input()) }

  func backwardReads(_ signature: Signature) -> BackwardReads { .nothing }

  func forward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) throws {
    call.outputs[0].base.copyMemory(from: call.view().base, byteCount: call.view().type.byteCount)
  }

  func backward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) {
    guard let target = call.inputGradients[0], let source = call.outputGradients[0] else { return }
    target.base.copyMemory(from: source.base, byteCount: source.type.byteCount)
  }
}

/// The operator `checked_sum`: a sum in which every element has a factor of its own, so that no two elements of
/// a gradient can be mistaken for each other.
struct CheckedSum: DifferentiableLayer {
  static let examples: [Example] = []
  static let schema = Schema(
    "checked_sum", "Adds all elements, each with a factor of its own.", formula: "y = sum_i factor_i x_i")

  init(_ attributes: Attributes) {}

  func infer(_ inference: inout Inference) throws { inference.output(try inference.float().element, []) }

  func backwardReads(_ signature: Signature) -> BackwardReads { .nothing }

  func forward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) throws {
    call.output(0, as: Scalar.self)[0] = weightedSum(call.input(), call.view().count)
  }

  func backward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) {
    guard let gradient: UnsafeMutablePointer<Scalar> = call.inputGradient() else { return }
    writeFactors(gradient, call.view().count, scale: call.outputGradient(0, as: Scalar.self)[0])
  }
}

/// A factor between 0.5 and 1.5; the golden ratio spreads them.
private func factor(_ index: Int) -> Double {
  let turns = Double(index + 1) * 0.618_033_988_749_894_8
  return 0.5 + turns - turns.rounded(.down)
}

@specialized(where Scalar == Float) @specialized(where Scalar == Double)
private func weightedSum<Scalar: FloatScalar>(_ x: UnsafePointer<Scalar>, _ count: Int) -> Scalar {
  var sum = 0.0
  for index in 0..<count { sum += factor(index) * Double(x[index]) }
  return Scalar(sum)
}

@specialized(where Scalar == Float) @specialized(where Scalar == Double)
private func writeFactors<Scalar: FloatScalar>(
  _ y: UnsafeMutablePointer<Scalar>, _ count: Int, scale: Scalar
) {
  for index in 0..<count { y[index] = scale * Scalar(factor(index)) }
}
