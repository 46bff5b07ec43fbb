import Kernels
import LayerKit

/// The operator `batch_norm`: each channel brought to mean 0 and variance 1.
///
/// Its second input, which a rewrite connects, is added to the result.
public struct BatchNorm: DifferentiableLayer, ChannelAffine {
  public let momentum: Double
  public let epsilon: Double
  /// Whether the channels stand on the last axis; a rewrite says so.
  public var hasChannelsLast = false
  /// Whether what is not positive becomes 0 in the same pass; a rewrite says so.
  public var rectifies = false

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

  /// Saved are the mean and the reciprocal deviation of each channel.
  public func workspace(_ signature: Signature) -> Workspace {
    let channels = signature.parameters[0].count
    let statistics = [Workspace.Buffer](repeating: .scalars(channels), count: 2)
    let blocks = ChannelBlocks(count: signature.outputs[0].count, channels: channels)
    return Workspace(
      saved: signature.isDifferentiated ? statistics : [],
      forwardScratch: [.scalars(channels), .scalars(blocks.partialCount)]
        + (signature.isDifferentiated ? [] : statistics),
      backwardScratch: [Workspace.Buffer](repeating: .scalars(channels), count: 3)
        + [.scalars(blocks.partialCount)])
  }

  public func backwardReads(_ signature: Signature) -> BackwardReads {
    BackwardReads(inputs: [0], outputs: rectifies ? [0] : [])
  }

  public func forward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) throws {
    let statistics =
      call.saved.isEmpty
      ? ChannelStatistics<Scalar>(mean: call.scratch(2), reciprocal: call.scratch(3))
      : ChannelStatistics(mean: call.saved(0), reciprocal: call.saved(1))
    guard isContiguous(call) else {
      forwardByPlanes(call, statistics)
      return
    }
    let channels = call.parameters[0].count
    let blocks = ChannelBlocks(count: call.outputs[0].count, channels: channels)
    let x: UnsafePointer<Scalar> = call.input()
    if call.mode == .training {
      blocks.moments(call, x, call.scratch(1), mean: statistics.mean, squares: statistics.reciprocal)
      follow(0..<channels, statistics, call.parameter(2), call.parameter(3), count: blocks.rows)
    } else {
      recall(0..<channels, statistics, call.parameter(2), call.parameter(3))
    }
    let (factor, y): (UnsafeMutablePointer<Scalar>, UnsafeMutablePointer<Scalar>) = (
      call.scratch(0), call.output()
    )
    Kernel.binary(
      .multiply, a: statistics.reciprocal, aStride: 1, b: call.parameter(0, as: Scalar.self), bStride: 1,
      y: factor, count: channels)
    let other: UnsafePointer<Scalar>? = call.inputs.count > 1 ? call.input(1) : nil
    let shift: UnsafeMutablePointer<Scalar> = call.parameter(1)
    blocks.run(call) { _, start, count in
      let place = start * channels
      Kernel.channelNormalize(
        x: x + place, other: other.map { $0 + place }, mean: statistics.mean, factor: factor, shift: shift,
        y: y + place, rows: count, channels: channels, rectifies: rectifies)
    }
  }

  public func backward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) {
    let statistics = ChannelStatistics<Scalar>(mean: call.saved(0), reciprocal: call.saved(1))
    let gradients = ChannelGradients<Scalar>(
      input: call.inputGradient(), scale: call.parameterGradient(0), shift: call.parameterGradient(1),
      sums: call.scratch(0), moments: call.scratch(1), factors: call.scratch(2))
    guard isContiguous(call) else {
      backwardByPlanes(call, statistics, gradients)
      return
    }
    let channels = call.parameters[0].count
    let blocks = ChannelBlocks(count: call.outputs[0].count, channels: channels)
    let (x, gy): (UnsafePointer<Scalar>, UnsafeMutablePointer<Scalar>) = (call.input(), call.outputGradient())
    let y: UnsafePointer<Scalar>? = rectifies ? UnsafePointer(call.output(0, as: Scalar.self)) : nil
    let other: UnsafeMutablePointer<Scalar>? = call.inputs.count > 1 ? call.inputGradient(1) : nil
    let gz = other ?? gy
    blocks.gradientSums(
      call, x, y: y, gy: gy, gz: rectifies || other != nil ? gz : nil, statistics.mean, call.scratch(3),
      sums: gradients.sums, moments: gradients.moments)
    gradients.finish(
      0..<channels, statistics, scale: call.parameter(0), count: blocks.rows,
      throughStatistics: call.mode == .training)
    guard let gx = gradients.input else { return }
    blocks.run(call) { _, start, count in
      let place = start * channels
      Kernel.channelGradient(
        x: x + place, gy: gz + place, mean: statistics.mean, factor: gradients.factors, level: gradients.sums,
        slope: gradients.moments, gx: gx + place, rows: count, channels: channels)
    }
  }

  /// Whether the numbers of all channels of a place stand side by side.
  private func isContiguous(_ call: Call) -> Bool { hasChannelsLast || call.outputs[0].shape.count == 2 }

  /// Makes of the sums of squares the reciprocal deviations, and lets the running numbers follow.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func follow<Scalar: FloatScalar>(
    _ range: Range<Int>, _ statistics: ChannelStatistics<Scalar>, _ runningMean: UnsafeMutablePointer<Scalar>,
    _ runningVariance: UnsafeMutablePointer<Scalar>, count: Int
  ) {
    let (mean, reciprocal) = (statistics.mean, statistics.reciprocal)
    let (rate, epsilon, numbers) = (Scalar(momentum), Scalar(epsilon), Scalar(count))
    for channel in range {
      let squares = reciprocal[channel]
      runningMean[channel] += rate * (mean[channel] - runningMean[channel])
      if count > 1 {
        runningVariance[channel] += rate * (squares / (numbers - 1) - runningVariance[channel])
      }
      reciprocal[channel] = 1 / (squares / numbers + epsilon).squareRoot()
    }
  }

  /// Takes the running mean and variance.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func recall<Scalar: FloatScalar>(
    _ range: Range<Int>, _ statistics: ChannelStatistics<Scalar>, _ runningMean: UnsafeMutablePointer<Scalar>,
    _ runningVariance: UnsafeMutablePointer<Scalar>
  ) {
    let epsilon = Scalar(epsilon)
    for channel in range {
      statistics.mean[channel] = runningMean[channel]
      statistics.reciprocal[channel] = 1 / (runningVariance[channel] + epsilon).squareRoot()
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
}

extension BatchNorm: ChannelsLastLayer {
  public func channelsLast(_ inputs: [ValueType]) -> (any Layer)? {
    var turned = self
    turned.hasChannelsLast = true
    return turned
  }
}

/// The numbers by which each channel is normalised.
struct ChannelStatistics<Scalar: FloatScalar> {
  let mean: UnsafeMutablePointer<Scalar>
  /// 1 / sqrt(variance + epsilon).
  let reciprocal: UnsafeMutablePointer<Scalar>
}

/// Where the gradients go, and room for three numbers a channel.
struct ChannelGradients<Scalar: FloatScalar> {
  let input: UnsafeMutablePointer<Scalar>?
  let scale: UnsafeMutablePointer<Scalar>?
  let shift: UnsafeMutablePointer<Scalar>?
  let sums: UnsafeMutablePointer<Scalar>
  let moments: UnsafeMutablePointer<Scalar>
  let factors: UnsafeMutablePointer<Scalar>
}

extension ChannelGradients {
  /// Writes the gradients of scale and shift from the sums, and what the gradient of the input is made of.
  ///
  /// That is factors (gy - sums - (x - mean) moments); both sums are 0 where the statistics are fixed.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func finish(
    _ range: Range<Int>, _ statistics: ChannelStatistics<Scalar>,
    scale scales: UnsafeMutablePointer<Scalar>, count: Int, throughStatistics: Bool
  ) {
    let reciprocal = statistics.reciprocal
    let numbers = Scalar(count)
    for channel in range {
      if let shift { shift[channel] = sums[channel] }
      if let scale { scale[channel] = moments[channel] * reciprocal[channel] }
      factors[channel] = scales[channel] * reciprocal[channel]
      sums[channel] = throughStatistics ? sums[channel] / numbers : 0
      moments[channel] =
        throughStatistics ? moments[channel] * (reciprocal[channel] * reciprocal[channel] / numbers) : 0
    }
  }
}
