import Kernels
import LayerKit

/// The operator `upsample2d`: images made larger by an integer factor.
struct Upsample2D: DifferentiableLayer {
  private let factor: Int
  private let isBilinear: Bool

  static let schema = Schema(
    "upsample2d", "Makes images larger by an integer factor.",
    formula: """
      nearest: y[i, j] = x[floor(i / factor), floor(j / factor)]
      bilinear: y[i, j] = x at ((i + 1/2) / factor - 1/2, (j + 1/2) / factor - 1/2), from four neighbours
      """,
    attributes: [
      .integer("factor", atLeast: 1, "How many rows and columns each becomes."),
      .word(
        "mode", ["nearest", "bilinear"], default: "nearest",
        "Repeats each element, or blends the nearest ones; beyond the border the border counts."),
    ],
    inputs: [Port("x", "[batch, channels, height, width]")])

  static let examples = [
    Example("\"factor\": 2", .floats([2, 2, 3, 4])),
    Example("\"factor\": 3, \"mode\": \"nearest\"", .floats([1, 2, 2, 3])),
    Example("\"factor\": 2, \"mode\": \"bilinear\"", .floats([2, 2, 3, 4])),
    Example("\"factor\": 3, \"mode\": \"bilinear\"", .floats([1, 2, 1, 3])),
    Example("\"factor\": 1, \"mode\": \"bilinear\"", .floats([1, 1, 2, 2])),
  ]

  init(_ attributes: Attributes) {
    factor = attributes.integer("factor")
    isBilinear = attributes.word("mode") == "bilinear"
  }

  func infer(_ inference: inout Inference) throws {
    let x = try inference.float()
    guard x.rank == 4 else {
      throw LayerFault("needs [batch, channels, height, width], found \(x.shapeText)", input: 0)
    }
    let factor = Dimension(factor)
    inference.output(x.element, [x.shape[0], x.shape[1], x.shape[2] * factor, x.shape[3] * factor])
  }

  func operations(_ signature: Signature) -> Int {
    saturatingProduct(isBilinear ? 6 : 1, signature.outputs[0].count)
  }

  /// A row of each image.
  func workspace(_ signature: Signature) -> Workspace {
    let shape = signature.input().shape
    let rows = [Workspace.Buffer.scalars(shape[0] * shape[1] * shape[3])]
    return isBilinear ? Workspace(forwardScratch: rows, backwardScratch: rows) : Workspace()
  }

  func backwardReads(_ signature: Signature) -> BackwardReads { .nothing }

  func forward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) throws {
    let size = UpsampledPlane(call.view().shape, factor: factor)
    let (x, y): (UnsafePointer<Scalar>, UnsafeMutablePointer<Scalar>) = (call.input(), call.output())
    let rows: UnsafeMutablePointer<Scalar>? = isBilinear ? call.scratch(0) : nil
    call.parallel(call.view().count / size.inputCount, cost: size.outputCount) { start, count in
      for plane in start..<start + count {
        let (x, y) = (x + plane * size.inputCount, y + plane * size.outputCount)
        if let rows {
          upsampleBilinear(size, x, y, row: rows + plane * size.width)
        } else {
          upsampleNearest(size, x, y)
        }
      }
    }
  }

  func backward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) {
    guard let gx: UnsafeMutablePointer<Scalar> = call.inputGradient() else { return }
    let size = UpsampledPlane(call.view().shape, factor: factor)
    let gy: UnsafeMutablePointer<Scalar> = call.outputGradient()
    let rows: UnsafeMutablePointer<Scalar>? = isBilinear ? call.scratch(0) : nil
    call.parallel(call.view().count / size.inputCount, cost: size.outputCount) { start, count in
      for plane in start..<start + count {
        let (gx, gy) = (gx + plane * size.inputCount, gy + plane * size.outputCount)
        if let rows {
          upsampleBilinearGradient(size, gy, gx, row: rows + plane * size.width)
        } else {
          upsampleNearestGradient(size, gy, gx)
        }
      }
    }
  }
}
