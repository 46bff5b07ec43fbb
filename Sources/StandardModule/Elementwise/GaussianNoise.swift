import Kernels
import LayerKit

/// The operator `gaussian_noise`.
struct GaussianNoise: DifferentiableLayer {
  static let examples = [
    Example("\"deviation\": 0.1", .floats([3, 4])), Example("\"deviation\": 0", .floats([4])),
  ]
  static let schema = Schema(
    "gaussian_noise", "Adds normal random numbers, in training only.",
    formula: "y = x + deviation n, n normal with mean 0 and deviation 1",
    attributes: [.number("deviation", .notNegative, "The standard deviation of the noise.")])

  private let deviation: Double

  init(_ attributes: Attributes) { deviation = attributes.number("deviation") }

  var computesInPlace: Bool { true }
  var drawsRandomNumbers: Bool { true }

  func infer(_ inference: inout Inference) throws { inference.output(try inference.float()) }

  func backwardReads(_ signature: Signature) -> BackwardReads { .nothing }

  func forward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) throws {
    let (x, y): (UnsafePointer<Scalar>, UnsafeMutablePointer<Scalar>) = (call.input(), call.output())
    call.copy(x, to: call.outputs[0])
    guard call.mode == .training else { return }
    let (key, deviation) = (call.randomKey("gaussian_noise"), deviation)
    call.parallel(call.outputs[0].count, cost: 8) { start, count in
      Tile.with(Scalar.self) { noise in
        for place in stride(from: start, to: start + count, by: Tile.count) {
          let length = min(Tile.count, start + count - place)
          Kernel.randomNormal(
            key: key, start: UInt64(place), y: noise, count: length, mean: 0, deviation: deviation)
          Kernel.addScaled(alpha: 1, x: noise, y: y + place, count: length)
        }
      }
    }
  }

  func backward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) {
    guard let gradient = call.inputGradients[0] else { return }
    call.copy(call.outputGradient(0, as: Scalar.self), to: gradient)
  }
}
