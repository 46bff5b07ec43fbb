import Compiler
import Diagnostics
import LayerKit
import Runtime
import Tensors

/// Inputs and parameters for a check of gradients, where nobody gave any.
public struct SampleInputs: Sendable {
  /// How the numbers of one try are drawn.
  private struct Draw: Sendable {
    var floats: @Sendable (inout SeededNumbers) -> Double
    var integers: Int
  }

  /// Normal floats first; then floats between 0 and 1 for graphs with logarithms, roots or probabilities, and
  /// integers that every table of any size holds.
  private static let draws: [Draw] = [
    Draw(floats: { $0.normal() }, integers: 2), Draw(floats: { $0.uniform(0.1...0.9) }, integers: 2),
    Draw(floats: { $0.normal() }, integers: 1), Draw(floats: { $0.uniform(0.1...0.9) }, integers: 1),
  ]

  /// Inputs with which the loss is a finite number.
  ///
  /// Symbols that `sizes` does not hold get small sizes. Throws the last try's fault where none gives one.
  public static func find(
    for check: GradientCheck, parameters: ParameterStore, sizes: [String: Int] = [:]
  ) throws -> [String: Tensor] {
    var last: any Error = Faults(Fault(place: "inputs", "none could be tried"))
    for sizes in candidateSizes(check.network.symbols, given: sizes) {
      for draw in draws {
        do {
          let inputs = try make(check.network, sizes: sizes, draw, memoryLimit: check.memoryLimit)
          try check.checkLoss(inputs: inputs, parameters: parameters)
          return inputs
        } catch {
          last = error
        }
      }
    }
    throw Faults(any: last)
  }

  /// Different sizes find more than equal ones; some graphs need equal or even ones.
  private static func candidateSizes(_ symbols: [String], given: [String: Int]) -> [[String: Int]] {
    let different = Dictionary(
      symbols.enumerated().map { ($1, given[$1] ?? 3 + $0) }, uniquingKeysWith: { first, _ in first })
    let equal = { (size: Int) in different.mapValues { _ in size }.merging(given) { $1 } }
    return symbols.isEmpty ? [[:]] : [different, equal(4), equal(12), equal(32)]
  }

  private static func make(
    _ network: Network, sizes: [String: Int], _ draw: Draw, memoryLimit: Int
  ) throws -> [String: Tensor] {
    var inputs: [String: Tensor] = [:]
    var numbers = SeededNumbers(seed: 1)
    for input in network.inputs {
      let shape = input.type.shape.map { max(1, $0.evaluate { sizes[$0] ?? 1 } ?? 1) }
      let count = shape.reduce(1, saturatingProduct)
      guard saturatingProduct(count, 8) <= memoryLimit else {
        throw Faults(
          Fault(
            .limit, place: "input \"\(input.name)\"",
            "\(input.type.shapeText) takes more than the limit of \(memoryLimit) bytes"))
      }
      switch input.type.element {
      case .float32, .float64:
        inputs[input.name] = Tensor(shape: shape, (0..<count).map { _ in draw.floats(&numbers) })
      case .int32:
        inputs[input.name] = Tensor(
          shape: shape, (0..<count).map { _ in Int32(numbers.integer(below: draw.integers)) })
      case .bool:
        inputs[input.name] = Tensor(shape: shape, (0..<count).map { _ in numbers.integer(below: 2) == 1 })
      }
    }
    return inputs
  }
}

extension GradientCheck {
  /// Throws where the loss cannot be computed at these values, or is not finite.
  func checkLoss(inputs: [String: Tensor], parameters: ParameterStore) throws {
    let loss = try objective(inputs, parameters).value()
    if !loss.isFinite { throw Faults(Fault(place: "training, loss", "is \(loss) with random inputs")) }
  }
}
