import Kernels
import LayerKit

/// The operator `global_average_pool`: the mean of each channel of each sample.
struct GlobalAveragePool: DifferentiableLayer {
  static let schema = Schema(
    "global_average_pool", "The mean of each channel of each sample.",
    formula: "y = the mean of x over every axis from 2 on",
    inputs: [Port("x", "[batch, channels, ...]")])

  static let examples = [Example("", .floats([2, 3, 4, 3])), Example("", .floats([3, 2, 5]))]

  /// Whether the channels stand on the last axis; a rewrite says so.
  private var hasChannelsLast = false

  init(_ attributes: Attributes) {}

  func infer(_ inference: inout Inference) throws { try GlobalPool.infer(&inference) }

  func operations(_ signature: Signature) -> Int { signature.input().count }

  func backwardReads(_ signature: Signature) -> BackwardReads { .nothing }

  func forward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) throws {
    let (planes, inner) = GlobalPool.sizes(call)
    let (x, y): (UnsafePointer<Scalar>, UnsafeMutablePointer<Scalar>) = (call.input(), call.output())
    if hasChannelsLast {
      let channels = call.outputs[0].shape[1]
      call.parallel(planes / channels, cost: inner * channels) { start, count in
        let place = start * channels
        Kernel.reduce(
          .sum, x: x + place * inner, outer: count, count: inner, inner: channels, y: y + place,
          accumulate: false)
        divide(y + place, by: inner, count: count * channels)
      }
      return
    }
    call.parallel(planes, cost: inner) { start, count in
      Kernel.reduce(
        .sum, x: x + start * inner, outer: count, count: inner, inner: 1, y: y + start, accumulate: false)
      divide(y + start, by: inner, count: count)
    }
  }

  func backward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) {
    guard let gx: UnsafeMutablePointer<Scalar> = call.inputGradient() else { return }
    let (planes, inner) = GlobalPool.sizes(call)
    let gy: UnsafeMutablePointer<Scalar> = call.outputGradient()
    if hasChannelsLast {
      let channels = call.outputs[0].shape[1]
      call.parallel(planes / channels, cost: inner * channels) { start, count in
        divide(gy + start * channels, by: inner, count: count * channels)
        repeatRows(
          gy + start * channels, gx + start * channels * inner, rows: count, columns: channels, times: inner)
      }
      return
    }
    call.parallel(planes, cost: inner) { start, count in
      divide(gy + start, by: inner, count: count)
      spread(gy + start, gx + start * inner, planes: count, inner: inner)
    }
  }
}

@specialized(where Scalar == Float) @specialized(where Scalar == Double)
private func divide<Scalar: FloatScalar>(_ y: UnsafeMutablePointer<Scalar>, by divisor: Int, count: Int) {
  let divisor = Scalar(divisor)
  for index in 0..<count { y[index] /= divisor }
}

/// Writes each number to all elements of its plane.
@specialized(where Scalar == Float) @specialized(where Scalar == Double)
private func spread<Scalar: FloatScalar>(
  _ gy: UnsafePointer<Scalar>, _ gx: UnsafeMutablePointer<Scalar>, planes: Int, inner: Int
) {
  for plane in 0..<planes { (gx + plane &* inner).update(repeating: gy[plane], count: inner) }
}

/// Writes each row `times` times.
@specialized(where Scalar == Float) @specialized(where Scalar == Double)
private func repeatRows<Scalar: FloatScalar>(
  _ gy: UnsafePointer<Scalar>, _ gx: UnsafeMutablePointer<Scalar>, rows: Int, columns: Int, times: Int
) {
  for row in 0..<rows * times {
    (gx + row &* columns).update(from: gy + row / times &* columns, count: columns)
  }
}

extension GlobalAveragePool: ChannelsLastLayer {
  func channelsLast(_ inputs: [ValueType]) -> (any Layer)? {
    var turned = self
    turned.hasChannelsLast = true
    return turned
  }
}
