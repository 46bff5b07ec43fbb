import Kernels
import LayerKit

/// The operator `local_response_norm`: each element divided by the size of its neighbours in other channels.
///
/// Krizhevsky, Sutskever and Hinton, ImageNet classification with deep convolutional networks, 2012; the mean
/// over the window and the place of an even window are PyTorch's.
struct LocalResponseNorm: DifferentiableLayer {
  private let size: Int
  private let alpha: Double
  private let beta: Double
  private let k: Double

  static let schema = Schema(
    "local_response_norm", "Divides each element by the size of its neighbours in the channels around it.",
    formula: """
      y_c = x_c / (k + alpha / size (x_(c - floor(size / 2))^2 + ... + x_(c + floor((size - 1) / 2))^2))^beta
      """,
    attributes: [
      .integer("size", atLeast: 1, "How many channels count; those that do not exist are 0."),
      .number("alpha", .notNegative, default: 1e-4, "The weight of the mean of the squares."),
      .number("beta", default: 0.75, "The power."),
      .number("k", .notNegative, default: 1, "Added to the mean of the squares."),
    ],
    inputs: [Port("x", "[batch, channels, ...]")])

  static let examples = [
    Example("\"size\": 3, \"alpha\": 0.3", .floats([2, 4, 2, 2])),
    Example("\"size\": 4, \"alpha\": 0.5, \"beta\": 1.5, \"k\": 2", .floats([1, 5, 3])),
    Example("\"size\": 9", .floats([2, 3])),
  ]

  init(_ attributes: Attributes) {
    size = attributes.integer("size")
    alpha = attributes.number("alpha")
    beta = attributes.number("beta")
    k = attributes.number("k")
  }

  func infer(_ inference: inout Inference) throws {
    let x = try inference.float()
    guard x.rank >= 2 else {
      throw LayerFault("needs [batch, channels] or more axes, found \(x.shapeText)", input: 0)
    }
    inference.output(x)
  }

  func operations(_ signature: Signature) -> Int {
    saturatingProduct(saturatingSum(min(size, signature.input().shape[1]), 12), signature.input().count)
  }

  /// What is raised to the power beta; in backward a term of the neighbours' gradients.
  func workspace(_ signature: Signature) -> Workspace {
    let buffer = [Workspace.Buffer.scalars(signature.input().count)]
    return Workspace(
      saved: signature.isDifferentiated ? buffer : [],
      forwardScratch: signature.isDifferentiated ? [] : buffer, backwardScratch: buffer)
  }

  func backwardReads(_ signature: Signature) -> BackwardReads { BackwardReads(inputs: [0]) }

  private func neighbours(_ type: ConcreteType) -> ChannelNeighbours {
    let (samples, channels) = (type.shape[0], type.shape[1])
    return ChannelNeighbours(
      planes: samples * channels, channels: channels, inner: type.count / (samples * channels), size: size)
  }

  func forward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) throws {
    let neighbours = neighbours(call.outputs[0].type)
    let (x, y): (UnsafePointer<Scalar>, UnsafeMutablePointer<Scalar>) = (call.input(), call.output())
    let base: UnsafeMutablePointer<Scalar> = call.isDifferentiated ? call.saved(0) : call.scratch(0)
    let (weight, added) = (Scalar(alpha) / Scalar(size), Scalar(k))
    var power = Scalar(-beta)
    withUnsafePointer(to: &power) { power in
      call.parallel(neighbours.planes, cost: neighbours.cost) { start, count in
        for plane in start..<start + count {
          writeBase(neighbours, plane: plane, x, base, weight: weight, added: added)
        }
        let (first, total) = (start * neighbours.inner, count * neighbours.inner)
        Kernel.binary(
          .power, a: base + first, aStride: 1, b: power, bStride: 0, y: y + first, count: total)
        Kernel.binary(
          .multiply, a: x + first, aStride: 1, b: y + first, bStride: 1, y: y + first, count: total)
      }
    }
  }

  func backward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) {
    guard let gx: UnsafeMutablePointer<Scalar> = call.inputGradient() else { return }
    let neighbours = neighbours(call.outputs[0].type)
    let (x, gy): (UnsafePointer<Scalar>, UnsafeMutablePointer<Scalar>) = (call.input(), call.outputGradient())
    let (base, term): (UnsafeMutablePointer<Scalar>, UnsafeMutablePointer<Scalar>) = (
      call.saved(0), call.scratch(0)
    )
    var power = Scalar(-beta - 1)
    withUnsafePointer(to: &power) { power in
      call.parallel(call.outputs[0].count, cost: 16) { start, count in
        let term = term + start
        Kernel.binary(.power, a: base + start, aStride: 1, b: power, bStride: 0, y: term, count: count)
        writeTerms(x + start, base + start, gy + start, term, count: count)
      }
    }
    let slope = Scalar(2 * alpha * beta) / Scalar(size)
    call.parallel(neighbours.planes, cost: neighbours.cost) { start, count in
      for plane in start..<start + count {
        writeGradient(neighbours, plane: plane, x, gy, term, gx, slope: slope)
      }
    }
  }
}
