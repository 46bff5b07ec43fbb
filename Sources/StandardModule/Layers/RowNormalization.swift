import Kernels
import LayerKit

/// What `layer_norm` and `rms_norm` share: each row of the last axis is brought to one size.
struct RowNormalization {
  let epsilon: Double
  /// Whether the mean of the row is taken off first, and a shift added at the end.
  let isCentred: Bool

  private func blocks(_ type: ConcreteType) -> RowBlocks {
    let columns = type.shape[type.shape.count - 1]
    return RowBlocks(rows: type.count / columns, columns: columns)
  }

  /// A mean and a reciprocal deviation for each row, and partial sums for the gradients of scale and shift.
  func workspace(_ signature: Signature) -> Workspace {
    let blocks = blocks(signature.input())
    let statistics = [Workspace.Buffer](repeating: .scalars(blocks.rows), count: isCentred ? 2 : 1)
    return Workspace(
      saved: signature.isDifferentiated ? statistics : [],
      forwardScratch: signature.isDifferentiated ? [] : statistics,
      backwardScratch: [Workspace.Buffer](
        repeating: .scalars(blocks.partialCount), count: isCentred ? 2 : 1))
  }

  func forward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) {
    let blocks = blocks(call.outputs[0].type)
    let columns = blocks.columns
    let (x, y): (UnsafePointer<Scalar>, UnsafeMutablePointer<Scalar>) = (call.input(), call.output())
    let scale: UnsafeMutablePointer<Scalar> = call.parameter(0)
    let shift: UnsafePointer<Scalar>? = isCentred ? UnsafePointer(call.parameter(1, as: Scalar.self)) : nil
    let buffers = call.saved.isEmpty ? call.scratch : call.saved
    let deviation = buffers[0].assumingMemoryBound(to: Scalar.self)
    let mean = isCentred ? buffers[1].assumingMemoryBound(to: Scalar.self) : nil
    call.parallel(blocks.rows, cost: saturatingProduct(3, columns)) { start, count in
      Kernel.layerNorm(
        x: x + start * columns, scale: scale, shift: shift, y: y + start * columns,
        mean: mean.map { $0 + start }, reciprocalDeviation: deviation + start, rows: count,
        columns: columns, epsilon: epsilon, centred: isCentred)
    }
  }

  func backward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) {
    let blocks = blocks(call.outputs[0].type)
    let columns = blocks.columns
    let (x, gy): (UnsafePointer<Scalar>, UnsafeMutablePointer<Scalar>) = (call.input(), call.outputGradient())
    let gx: UnsafeMutablePointer<Scalar>? = call.inputGradient()
    let scale: UnsafeMutablePointer<Scalar> = call.parameter(0)
    let scaleGradient: UnsafeMutablePointer<Scalar>? = call.parameterGradient(0)
    let shiftGradient: UnsafeMutablePointer<Scalar>? = isCentred ? call.parameterGradient(1) : nil
    let deviation: UnsafeMutablePointer<Scalar> = call.saved(0)
    let mean: UnsafeMutablePointer<Scalar>? = isCentred ? call.saved(1) : nil
    let scaleParts: UnsafeMutablePointer<Scalar> = call.scratch(0)
    let shiftParts: UnsafeMutablePointer<Scalar> = isCentred ? call.scratch(1) : scaleParts
    blocks.run(call) { block, start, count in
      Kernel.layerNormGradient(
        x: x + start * columns, scale: scale, mean: mean.map { $0 + start },
        reciprocalDeviation: deviation + start, gy: gy + start * columns,
        gx: gx.map { $0 + start * columns },
        gscale: blocks.partial(block, of: scaleParts, for: scaleGradient),
        gshift: blocks.partial(block, of: shiftParts, for: shiftGradient), rows: count, columns: columns,
        centred: isCentred)
    }
    blocks.finish(scaleParts, into: scaleGradient)
    blocks.finish(shiftParts, into: shiftGradient)
  }
}

/// An operator that is a `RowNormalization` of the last axis.
protocol RowNormalizationLayer: DifferentiableLayer {
  var normalization: RowNormalization { get }
}

extension RowNormalizationLayer {
  static var examples: [Example] {
    [Example("", .floats([3, 5])), Example("\"epsilon\": 0.1", .floats([2, 3, 4]))]
  }

  static var attributes: [Attribute] {
    [.number("epsilon", .positive, default: 1e-5, "Added under the root, so that no row divides by 0.")]
  }

  func infer(_ inference: inout Inference) throws {
    let x = try inference.float()
    let width = try inference.size(x, axis: -1)
    inference.parameter("scale", [width], Ones())
    if normalization.isCentred { inference.parameter("shift", [width], Zeros()) }
    inference.output(x)
  }

  func operations(_ signature: Signature) -> Int {
    saturatingProduct(normalization.isCentred ? 8 : 5, signature.outputs[0].count)
  }

  func workspace(_ signature: Signature) -> Workspace { normalization.workspace(signature) }

  func backwardReads(_ signature: Signature) -> BackwardReads { BackwardReads(inputs: [0]) }

  func forward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) throws {
    normalization.forward(call, as: Scalar.self)
  }

  func backward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) {
    normalization.backward(call, as: Scalar.self)
  }
}
