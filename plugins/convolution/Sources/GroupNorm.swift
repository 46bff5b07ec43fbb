import Kernels
import LayerKit

/// The operator `group_norm`: each group of channels of a sample brought to mean 0 and variance 1.
///
/// Wu and He, Group Normalization, 2018.
struct GroupNorm: DifferentiableLayer {
  private let groups: Int
  private let epsilon: Double

  static let schema = Schema(
    "group_norm",
    "Brings each group of channels to mean 0 and variance 1, then scales and shifts each channel.",
    formula: """
      y = (x - mean) / sqrt(variance + epsilon) scale + shift
      mean and variance of a group of a sample
      """,
    attributes: [
      .integer("groups", atLeast: 1, "How many groups of neighbours the channels make."),
      .number("epsilon", .positive, default: 1e-5, "Added under the root, so that no group divides by 0."),
    ],
    inputs: [Port("x", "[batch, channels, ...]")],
    parameters: ["scale [channels]", "shift [channels]"])

  static let examples = [
    Example("\"groups\": 2", .floats([2, 4, 3, 2])),
    Example("\"groups\": 1, \"epsilon\": 0.1", .floats([2, 3, 4])),
    Example("\"groups\": 3", .floats([3, 6])),
  ]

  init(_ attributes: Attributes) {
    groups = attributes.integer("groups")
    epsilon = attributes.number("epsilon")
  }

  func infer(_ inference: inout Inference) throws {
    let x = try inference.float()
    guard x.rank >= 2 else {
      throw LayerFault("needs [batch, channels] or more axes, found \(x.shapeText)", input: 0)
    }
    let channels = try inference.size(x, axis: 1)
    guard channels % groups == 0 else {
      throw LayerFault(
        "groups \(groups) does not divide the channels of \(x.shapeText); accepted are the divisors of "
          + "\(channels)",
        attribute: "groups")
    }
    inference.parameter("scale", [channels], ConstantInitializer(1))
    inference.parameter("shift", [channels], ConstantInitializer(0))
    inference.output(x)
  }

  func operations(_ signature: Signature) -> Int { saturatingProduct(8, signature.outputs[0].count) }

  /// Mean and reciprocal deviation of each group; in backward the two sums of each channel of each sample.
  func workspace(_ signature: Signature) -> Workspace {
    let rows = ChannelGroups(signature.input(), groups: groups)
    let statistics = [Workspace.Buffer](repeating: .scalars(rows.count), count: 2)
    return Workspace(
      saved: signature.isDifferentiated ? statistics : [],
      forwardScratch: signature.isDifferentiated ? [] : statistics,
      backwardScratch: [Workspace.Buffer](repeating: .scalars(rows.samples * rows.channels), count: 2))
  }

  func backwardReads(_ signature: Signature) -> BackwardReads { BackwardReads(inputs: [0]) }

  func forward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) throws {
    let rows = ChannelGroups(call.outputs[0].type, groups: groups)
    let (x, y): (UnsafePointer<Scalar>, UnsafeMutablePointer<Scalar>) = (call.input(), call.output())
    let scale: UnsafeMutablePointer<Scalar> = call.parameter(0)
    let shift: UnsafeMutablePointer<Scalar> = call.parameter(1)
    let buffers = call.isDifferentiated ? call.saved : call.scratch
    let mean = buffers[0].assumingMemoryBound(to: Scalar.self)
    let deviation = buffers[1].assumingMemoryBound(to: Scalar.self)
    call.parallel(rows.count, cost: saturatingProduct(3, rows.length)) { start, count in
      for row in start..<start + count {
        let (x, y) = (x + row * rows.length, y + row * rows.length)
        let channel = rows.firstChannel(row)
        (mean[row], deviation[row]) = groupStatistics(x, count: rows.length, epsilon: Scalar(epsilon))
        normalizeGroup(
          rows, x, y, mean[row], deviation[row], scale: scale + channel, shift: shift + channel)
      }
    }
  }

  func backward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) {
    let rows = ChannelGroups(call.outputs[0].type, groups: groups)
    let (x, gy): (UnsafePointer<Scalar>, UnsafeMutablePointer<Scalar>) = (call.input(), call.outputGradient())
    let gx: UnsafeMutablePointer<Scalar>? = call.inputGradient()
    let scale: UnsafeMutablePointer<Scalar> = call.parameter(0)
    let (mean, deviation): (UnsafeMutablePointer<Scalar>, UnsafeMutablePointer<Scalar>) = (
      call.saved(0), call.saved(1)
    )
    let (sums, products): (UnsafeMutablePointer<Scalar>, UnsafeMutablePointer<Scalar>) = (
      call.scratch(0), call.scratch(1)
    )
    call.parallel(rows.count, cost: saturatingProduct(4, rows.length)) { start, count in
      for row in start..<start + count {
        let place = row * rows.length
        // A row of sums is one of [samples, channels], in the order of the groups.
        let own = row * rows.channelsPerGroup
        groupGradient(
          rows, x + place, gy + place, gx.map { $0 + place }, mean[row], deviation[row],
          scale: scale + rows.firstChannel(row), sums: sums + own, products: products + own)
      }
    }
    for (partial, index) in [(products, 0), (sums, 1)] {
      guard let target: UnsafeMutablePointer<Scalar> = call.parameterGradient(index) else { continue }
      Kernel.reduce(
        .sum, x: partial, outer: 1, count: rows.samples, inner: rows.channels, y: target, accumulate: false)
    }
  }
}
