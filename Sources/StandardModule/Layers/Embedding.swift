import Kernels
import LayerKit

/// The operator `embedding`: a row of a table for each integer.
public struct Embedding: DifferentiableLayer {
  public let vocabulary: Int
  public let dimension: Int
  private let initializer: any Initializer

  public static let examples = [
    Example("\"vocabulary\": 5, \"dimension\": 3", .integers([4], below: 5)),
    Example(
      "\"vocabulary\": 3, \"dimension\": 2, \"weight_init\": \"ones\"", .integers([2, 3], below: 3)),
  ]

  public static let schema = Schema(
    "embedding", "Looks up a row of a table for each integer.", formula: "y[..., :] = weight[x[...], :]",
    attributes: [
      .integer("vocabulary", atLeast: 1, "The number of rows of the table; x counts from 0."),
      .integer("dimension", atLeast: 1, "The length of a row."),
      .initializer(
        "weight_init", default: "normal", with: ["deviation": .number(0.02)],
        "The first values of the table."),
    ],
    parameters: ["weight [vocabulary, dimension]"])

  public init(_ attributes: Attributes) throws {
    vocabulary = attributes.integer("vocabulary")
    dimension = attributes.integer("dimension")
    initializer = attributes.initializer("weight_init")
  }

  public func infer(_ inference: inout Inference) throws {
    let x = try inference.input(0, of: .int32)
    inference.parameter(
      "weight", [vocabulary, dimension], initializer, fanIn: vocabulary, fanOut: dimension,
      element: .float32)
    inference.output(.float32, x.shape + [Dimension(dimension)])
  }

  public func operations(_ signature: Signature) -> Int { 0 }

  public func backwardReads(_ signature: Signature) -> BackwardReads { BackwardReads(inputs: [0]) }

  public func hasGradient(input: Int) -> Bool { false }

  public func forward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) throws {
    let x: UnsafePointer<Int32> = call.input()
    let rows = call.view().count
    try check(x, rows)
    let bytes = dimension * MemoryLayout<Scalar>.stride
    let (table, y) = (call.parameters[0].base, call.outputs[0].base)
    call.parallel(rows, cost: dimension) { start, count in
      for row in start..<start + count {
        (y + row * bytes).copyMemory(from: table + Int(x[row]) * bytes, byteCount: bytes)
      }
    }
  }

  private func check(_ x: UnsafePointer<Int32>, _ rows: Int) throws {
    for row in 0..<rows where x[row] < 0 || Int(x[row]) >= vocabulary {
      throw RunFault(
        input: 0, element: row, "holds \(x[row]); the vocabulary has 0 to \(vocabulary - 1)")
    }
  }

  public func backward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) {
    guard let gradient: UnsafeMutablePointer<Scalar> = call.parameterGradient(0) else { return }
    let x: UnsafePointer<Int32> = call.input()
    let gy: UnsafeMutablePointer<Scalar> = call.outputGradient()
    let rows = call.view().count
    call.parallel(vocabulary * dimension) { start, count in
      Kernel.fill(value: 0, y: gradient + start, count: count)
    }
    // One piece, in the order of the rows: two rows may meet in one place of the table.
    for row in 0..<rows {
      Kernel.addScaled(
        alpha: 1, x: gy + row * dimension, y: gradient + Int(x[row]) * dimension, count: dimension)
    }
  }
}
