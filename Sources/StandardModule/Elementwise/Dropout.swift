import Kernels
import LayerKit

/// The operator `dropout`.
///
/// What is dropped depends on the seed, the node's name, the step and the element's place, so backward draws
/// it again and nothing is kept.
struct Dropout: DifferentiableLayer {
  static let examples = [Example("\"rate\": 0.25", .floats([3, 4])), Example("\"rate\": 0", .floats([4]))]
  static let schema = Schema(
    "dropout", "Sets elements to 0 by chance and scales the others up, in training only.",
    formula: "y = 0 with the chance rate, else x / (1 - rate)",
    attributes: [.number("rate", .fraction, "The chance of an element to be dropped.")])

  private let rate: Double

  init(_ attributes: Attributes) { rate = attributes.number("rate") }

  var computesInPlace: Bool { true }
  var drawsRandomNumbers: Bool { true }

  func infer(_ inference: inout Inference) throws { inference.output(try inference.float()) }

  func backwardReads(_ signature: Signature) -> BackwardReads { .nothing }

  func forward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) throws {
    drop(call, call.input(0, as: Scalar.self), call.outputs[0])
  }

  func backward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) {
    guard let gradient = call.inputGradients[0] else { return }
    drop(call, UnsafePointer(call.outputGradient(0, as: Scalar.self)), gradient)
  }

  private func drop<Scalar: FloatScalar>(_ call: Call, _ x: UnsafePointer<Scalar>, _ to: TensorView) {
    guard call.mode == .training, rate > 0 else {
      call.copy(x, to: to)
      return
    }
    let key = call.randomKey("dropout")
    let y: UnsafeMutablePointer<Scalar> = to.pointer()
    call.parallel(to.count, cost: 4) { start, count in
      Tile.with(Scalar.self) { chance in
        for place in stride(from: start, to: start + count, by: Tile.count) {
          let length = min(Tile.count, start + count - place)
          Kernel.randomUniform(key: key, start: UInt64(place), y: chance, count: length)
          keep(x + place, chance, rate, y + place, count: length)
        }
      }
    }
  }
}

/// Writes `x / (1 - rate)` where the chance is at least the rate, else 0; `y` may be `x`.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func keep<Scalar: FloatScalar>(
  _ x: UnsafePointer<Scalar>, _ chance: UnsafePointer<Scalar>, _ rate: Double,
  _ y: UnsafeMutablePointer<Scalar>, count: Int
) {
  let (limit, factor) = (Scalar(rate), Scalar(1 / (1 - rate)))
  for i in 0..<count {
    // Read and scaled in either case: a choice between two numbers, not a branch that nobody can predict.
    let scaled = x[i] * factor
    y[i] = chance[i] >= limit ? scaled : 0
  }
}
