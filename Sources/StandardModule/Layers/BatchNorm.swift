import Kernels
import LayerKit

/// The operator `batch_norm`: each channel brought to mean 0 and variance 1.
public struct BatchNorm: DifferentiableLayer, ChannelAffine {
  public let momentum: Double
  public let epsilon: Double

  public static let examples = [
    Example("", .floats([4, 3])), Example("\"momentum\": 0.5, \"epsilon\": 0.01", .floats([2, 3, 2, 2])),
    Example("", .floats([1, 3])),
  ]

  public static let schema = Schema(
    "batch_norm",
    "Brings each channel (axis 1) to mean 0 and variance 1, then scales and shifts it. In training mean and "
      + "variance are those of the batch, and the running ones follow them; else the running ones are used.",
    formula: "y = (x - mean) / sqrt(variance + epsilon) scale + shift",
    attributes: [
      .number("momentum", .unit, default: 0.1, "How far the running numbers go towards those of a batch."),
      .number("epsilon", .positive, default: 1e-5, "Added under the root, so that no channel divides by 0."),
    ],
    parameters: [
      "scale [channels]", "shift [channels]", "mean [channels] (state)", "variance [channels] (state)",
    ])

  public init(_ attributes: Attributes) throws {
    momentum = attributes.number("momentum")
    epsilon = attributes.number("epsilon")
  }

  public func infer(_ inference: inout Inference) throws {
    let x = try inference.float()
    guard x.rank >= 2 else {
      throw LayerFault("needs 2 axes or more, [batch, channels, ...], found \(x.shapeText)", input: 0)
    }
    let channels = try inference.size(x, axis: 1)
    inference.parameter("scale", [channels], Ones())
    inference.parameter("shift", [channels], Zeros())
    inference.state("mean", [channels], Zeros())
    inference.state("variance", [channels], Ones())
    inference.output(x)
  }

  public func operations(_ signature: Signature) -> Int { saturatingProduct(8, signature.outputs[0].count) }

  public func workspace(_ signature: Signature) -> Workspace {
    let channels = signature.input().shape[1]
    let statistics = [Workspace.Buffer](repeating: .scalars(channels), count: 2)
    return Workspace(
      saved: signature.isDifferentiated ? statistics : [],
      forwardScratch: signature.isDifferentiated ? [] : statistics,
      backwardScratch: [Workspace.Buffer](repeating: .scalars(channels), count: 3))
  }

  public func backwardReads(_ signature: Signature) -> BackwardReads { BackwardReads(inputs: [0]) }

  public func forward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) throws {
    let view = ChannelView(call.outputs[0].type)
    let buffers = call.saved.isEmpty ? call.scratch : call.saved
    let statistics = ChannelStatistics<Scalar>(
      mean: buffers[0].assumingMemoryBound(to: Scalar.self),
      reciprocal: buffers[1].assumingMemoryBound(to: Scalar.self))
    let (runningMean, runningVariance) = (
      call.parameter(2, as: Scalar.self), call.parameter(3, as: Scalar.self)
    )
    let (x, y): (UnsafePointer<Scalar>, UnsafeMutablePointer<Scalar>) = (call.input(), call.output())
    let (scale, shift) = (call.parameter(0, as: Scalar.self), call.parameter(1, as: Scalar.self))
    view.parallel(call, cost: 3) { range in
      if call.mode == .training {
        measure(x, view, range, statistics, runningMean: runningMean, runningVariance: runningVariance)
      } else {
        recall(range, statistics, runningMean: runningMean, runningVariance: runningVariance)
      }
      normalize(x, view, range, statistics, scale, shift, y)
    }
  }

  public func backward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) {
    let view = ChannelView(call.outputs[0].type)
    let statistics = ChannelStatistics<Scalar>(mean: call.saved(0), reciprocal: call.saved(1))
    let (x, gy): (UnsafePointer<Scalar>, UnsafeMutablePointer<Scalar>) = (call.input(), call.outputGradient())
    let gradients = ChannelGradients<Scalar>(
      input: call.inputGradient(), scale: call.parameterGradient(0), shift: call.parameterGradient(1),
      sums: call.scratch(0), moments: call.scratch(1), factors: call.scratch(2))
    let scale: UnsafeMutablePointer<Scalar> = call.parameter(0)
    view.parallel(call, cost: 3) { range in
      channelGradients(
        x, gy, view, range, statistics, scale, gradients,
        throughStatistics: call.mode == .training)
    }
  }

  /// Takes mean and variance from the batch, and lets the running ones follow.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  private func measure<Scalar: FloatScalar>(
    _ x: UnsafePointer<Scalar>, _ view: ChannelView, _ range: Range<Int>,
    _ statistics: ChannelStatistics<Scalar>, runningMean: UnsafeMutablePointer<Scalar>,
    runningVariance: UnsafeMutablePointer<Scalar>
  ) {
    let (mean, reciprocal) = (statistics.mean, statistics.reciprocal)
    let count = Scalar(view.countPerChannel)
    let (rate, epsilon) = (Scalar(momentum), Scalar(epsilon))
    view.sum(range, into: mean) { place, _ in x[place] }
    for channel in range { mean[channel] /= count }
    view.sum(range, into: reciprocal) { place, channel in
      let difference = x[place] - mean[channel]
      return difference * difference
    }
    for channel in range {
      let squares = reciprocal[channel]
      runningMean[channel] += rate * (mean[channel] - runningMean[channel])
      if view.countPerChannel > 1 {
        runningVariance[channel] += rate * (squares / (count - 1) - runningVariance[channel])
      }
      reciprocal[channel] = 1 / (squares / count + epsilon).squareRoot()
    }
  }

  /// factor = scale / sqrt(variance + epsilon), offset = shift - mean factor.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func channelFactors<Scalar: FloatScalar>(
    _ parameters: ArraySlice<TensorView>, factor: UnsafeMutablePointer<Scalar>,
    offset: UnsafeMutablePointer<Scalar>
  ) {
    let first = parameters.startIndex
    let (scale, shift) = (
      parameters[first].pointer(Scalar.self), parameters[first + 1].pointer(Scalar.self)
    )
    let (mean, variance) = (
      parameters[first + 2].pointer(Scalar.self), parameters[first + 3].pointer(Scalar.self)
    )
    let epsilon = Scalar(epsilon)
    for channel in 0..<parameters[first].count {
      factor[channel] = scale[channel] / (variance[channel] + epsilon).squareRoot()
      offset[channel] = shift[channel] - mean[channel] * factor[channel]
    }
  }

  /// Takes the running mean and variance.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  private func recall<Scalar: FloatScalar>(
    _ range: Range<Int>, _ statistics: ChannelStatistics<Scalar>, runningMean: UnsafeMutablePointer<Scalar>,
    runningVariance: UnsafeMutablePointer<Scalar>
  ) {
    let epsilon = Scalar(epsilon)
    for channel in range {
      statistics.mean[channel] = runningMean[channel]
      statistics.reciprocal[channel] = 1 / (runningVariance[channel] + epsilon).squareRoot()
    }
  }
}

/// The numbers by which each channel is normalised.
private struct ChannelStatistics<Scalar: FloatScalar> {
  let mean: UnsafeMutablePointer<Scalar>
  /// 1 / sqrt(variance + epsilon).
  let reciprocal: UnsafeMutablePointer<Scalar>
}

/// Where the gradients go, and room for three numbers a channel.
private struct ChannelGradients<Scalar: FloatScalar> {
  let input: UnsafeMutablePointer<Scalar>?
  let scale: UnsafeMutablePointer<Scalar>?
  let shift: UnsafeMutablePointer<Scalar>?
  let sums: UnsafeMutablePointer<Scalar>
  let moments: UnsafeMutablePointer<Scalar>
  let factors: UnsafeMutablePointer<Scalar>
}

@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func normalize<Scalar: FloatScalar>(
  _ x: UnsafePointer<Scalar>, _ view: ChannelView, _ range: Range<Int>,
  _ statistics: ChannelStatistics<Scalar>, _ scale: UnsafeMutablePointer<Scalar>,
  _ shift: UnsafeMutablePointer<Scalar>, _ y: UnsafeMutablePointer<Scalar>
) {
  let (mean, reciprocal) = (statistics.mean, statistics.reciprocal)
  view.forEach(range) { place, channel in
    y[place] = (x[place] - mean[channel]) * (reciprocal[channel] * scale[channel]) + shift[channel]
  }
}

@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func channelGradients<Scalar: FloatScalar>(
  _ x: UnsafePointer<Scalar>, _ gy: UnsafeMutablePointer<Scalar>, _ view: ChannelView, _ range: Range<Int>,
  _ statistics: ChannelStatistics<Scalar>, _ scale: UnsafeMutablePointer<Scalar>,
  _ gradients: ChannelGradients<Scalar>, throughStatistics: Bool
) {
  let (mean, reciprocal) = (statistics.mean, statistics.reciprocal)
  let (sums, moments, factors) = (gradients.sums, gradients.moments, gradients.factors)
  view.sum(range, into: sums) { place, _ in gy[place] }
  view.sum(range, into: moments) { place, channel in gy[place] * (x[place] - mean[channel]) }
  if let shift = gradients.shift { for channel in range { shift[channel] = sums[channel] } }
  if let scale = gradients.scale {
    for channel in range { scale[channel] = moments[channel] * reciprocal[channel] }
  }
  guard let gx = gradients.input else { return }
  let count = Scalar(view.countPerChannel)
  for channel in range { factors[channel] = scale[channel] * reciprocal[channel] }
  guard throughStatistics else {
    view.forEach(range) { place, channel in gx[place] = factors[channel] * gy[place] }
    return
  }
  for channel in range {
    sums[channel] /= count
    moments[channel] *= reciprocal[channel] * reciprocal[channel] / count
  }
  view.forEach(range) { place, channel in
    let mixed = gy[place] - sums[channel] - (x[place] - mean[channel]) * moments[channel]
    gx[place] = factors[channel] * mixed
  }
}
