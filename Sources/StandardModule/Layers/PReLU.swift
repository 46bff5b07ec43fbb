import Kernels
import LayerKit

/// The operator `prelu`: a relu whose negative side has a slope that is learned.
public struct PReLU: DifferentiableLayer {
  public let channels: Int

  public static let examples = [
    Example("", .floats([3, 4])), Example("\"channels\": 3", .floats([2, 3])),
    Example("\"channels\": 2", .floats([2, 2, 5])),
  ]

  public static let schema = Schema(
    "prelu", "Multiplies what is negative by a learned slope; the gradient at 0 is that of the slope.",
    formula: "y = x where x > 0, else alpha x",
    attributes: [
      .integer("channels", atLeast: 1, default: 1, "1: one slope for all; else the size of axis 1.")
    ],
    parameters: ["alpha [channels]"])

  public init(_ attributes: Attributes) throws { channels = attributes.integer("channels") }

  public func infer(_ inference: inout Inference) throws {
    let x = try inference.float()
    if channels > 1 {
      guard x.rank >= 2, x.shape[1] == Dimension(channels) else {
        throw LayerFault(
          "\(channels) channels do not fit \(x.shapeText); accepted are 1 and the size of axis 1",
          attribute: "channels")
      }
    }
    inference.parameter("alpha", [channels], ConstantInitializer(0.25))
    inference.output(x)
  }

  public func backwardReads(_ signature: Signature) -> BackwardReads { BackwardReads(inputs: [0]) }

  private func view(_ type: ConcreteType) -> ChannelView {
    channels > 1 ? ChannelView(type) : ChannelView(samples: 1, channels: 1, inner: type.count)
  }

  /// Calls `body` with parts of the tensor: where the part starts, and its own view.
  private func parallel(_ call: Call, _ body: (_ start: Int, _ part: ChannelView) -> Void) {
    let view = view(call.outputs[0].type)
    if channels == 1 {
      call.parallel(view.inner) { start, count in
        body(start, ChannelView(samples: 1, channels: 1, inner: count))
      }
      return
    }
    let stride = view.channels * view.inner
    call.parallel(view.samples, cost: stride) { start, count in
      body(start * stride, ChannelView(samples: count, channels: view.channels, inner: view.inner))
    }
  }

  public func forward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) throws {
    let (x, y): (UnsafePointer<Scalar>, UnsafeMutablePointer<Scalar>) = (call.input(), call.output())
    let alpha: UnsafeMutablePointer<Scalar> = call.parameter(0)
    parallel(call) { start, part in bend(x + start, x + start, part, alpha, y + start) }
  }

  public func backward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) {
    let x: UnsafePointer<Scalar> = call.input()
    let gy = UnsafePointer(call.outputGradient(0, as: Scalar.self))
    if let gradient: UnsafeMutablePointer<Scalar> = call.parameterGradient(0) {
      let view = view(call.outputs[0].type)
      view.parallel(call, cost: 1) { range in sumNegative(x, gy, view, range, gradient) }
    }
    guard let gx: UnsafeMutablePointer<Scalar> = call.inputGradient() else { return }
    let alpha: UnsafeMutablePointer<Scalar> = call.parameter(0)
    parallel(call) { start, part in bend(x + start, gy + start, part, alpha, gx + start) }
  }
}

/// Writes `value` where x is positive, else `alpha value`: the function of x itself, its gradient of gy.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func bend<Scalar: FloatScalar>(
  _ x: UnsafePointer<Scalar>, _ value: UnsafePointer<Scalar>, _ view: ChannelView,
  _ alpha: UnsafeMutablePointer<Scalar>, _ result: UnsafeMutablePointer<Scalar>
) {
  view.forEach(0..<view.channels) { place, channel in
    let bent = alpha[channel] * value[place]
    result[place] = x[place] > 0 ? value[place] : bent
  }
}

@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func sumNegative<Scalar: FloatScalar>(
  _ x: UnsafePointer<Scalar>, _ gy: UnsafePointer<Scalar>, _ view: ChannelView, _ range: Range<Int>,
  _ sums: UnsafeMutablePointer<Scalar>
) {
  view.sum(range, into: sums) { place, _ in gy[place] * min(x[place], 0) }
}
