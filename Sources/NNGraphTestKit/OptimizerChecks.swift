import Kernels
import LayerKit
import Verification

/// Checks every optimizer of a registry by the promises that its users rely on.
///
/// Each element is changed by itself, so that work may be cut anywhere; zeros between parameters stay zeros;
/// with a gradient, parameters change; 32 bits go where 64 bits go.
public struct OptimizerChecks: Sendable {
  private let registry: Registry
  private static let count = 37
  private static let steps = 4

  public init(_ registry: Registry) { self.registry = registry }

  /// Checks the optimizers of a module, or all.
  public func run(module: String? = nil) -> RegistryReport {
    var report = RegistryReport()
    for entry in registry.entries(.optimizer) where module == nil || entry.module == module {
      report.uses += 1
      let use = CheckedUse(
        component: "optimizer \"\(entry.schema.name)\"", op: entry.schema.name, number: 0, example: Example())
      do {
        guard let optimizer = try entry.item.component(entry.schema.defaults) as? any Optimizer else {
          continue
        }
        report.add(check(optimizer).map { CheckFailure(use, $0, in: "") })
      } catch {
        report.add([CheckFailure(use, "is refused with its defaults: \(error)", in: "")])
      }
    }
    return report
  }

  private func check(_ optimizer: any Optimizer) -> [String] {
    let count = OptimizerChecks.count
    let whole = walk(optimizer, cut: count, from: 1, as: Float.self)
    var messages: [String] = []
    if let index = zip(whole, walk(optimizer, cut: 5, from: 1, as: Float.self)).firstDifference {
      messages.append("element \(index) changes otherwise where the range is cut into pieces")
    }
    let zeros = walk(optimizer, cut: count, from: 0, as: Float.self)
    if let index = zeros.firstIndex(where: { $0 != 0 }) {
      messages.append("makes \(zeros[index]) of a parameter of 0 with gradients of 0; padding must stay 0")
    }
    let start = walk(optimizer, cut: count, from: 1, steps: 0, as: Float.self)
    if let index = whole.indices.first(where: { whole[$0] == start[$0] || !whole[$0].isFinite }) {
      messages.append(
        "element \(index) is \(whole[index]) after \(OptimizerChecks.steps) steps from \(start[index])")
    }
    let wide = walk(optimizer, cut: count, from: 1, as: Double.self)
    if let index = wide.indices.first(where: { (wide[$0] - Double(whole[$0])).magnitude > 1e-4 }) {
      messages.append("element \(index) is \(whole[index]) in 32 bits, \(wide[index]) in 64 bits")
    }
    return messages
  }

  /// The parameters after some steps; they and the gradients are drawn, times `scale`.
  private func walk<Scalar: FloatScalar>(
    _ optimizer: any Optimizer, cut: Int, from scale: Float, steps: Int = OptimizerChecks.steps,
    as: Scalar.Type
  ) -> [Scalar] {
    let count = OptimizerChecks.count
    var numbers = SeededNumbers(seed: 9)
    let draw = { (numbers: inout SeededNumbers) in Scalar(Float(numbers.uniform(0.2...1)) * scale) }
    var parameters = (0..<count).map { _ in draw(&numbers) }
    let slots = UnsafeMutablePointer<Scalar>.allocate(capacity: max(1, count * optimizer.slotCount))
    slots.initialize(repeating: 0, count: max(1, count * optimizer.slotCount))
    defer { slots.deallocate() }
    var scalars = optimizer.firstScalars + [0]
    for step in 0..<steps {
      let gradients = (0..<count).map { _ in draw(&numbers) }
      scalars.withUnsafeMutableBufferPointer { scalars in
        parameters.withUnsafeMutableBufferPointer { parameters in
          gradients.withUnsafeBufferPointer { gradients in
            guard let values = parameters.baseAddress, let slopes = gradients.baseAddress,
              let scalars = scalars.baseAddress
            else { return }
            optimizer.advance(scalars, step: step + 1)
            for start in stride(from: 0, to: count, by: cut) {
              optimizer.update(
                OptimizerRange(
                  parameters: values + start, gradients: slopes + start, slots: slots + start,
                  slotStride: count,
                  count: min(cut, count - start), rate: Scalar(optimizer.learningRate),
                  weightDecay: Scalar(optimizer.weightDecay), step: step + 1, scalars: scalars))
            }
          }
        }
      }
    }
    return parameters
  }
}

extension Zip2Sequence where Sequence1.Element: Equatable, Sequence1.Element == Sequence2.Element {
  /// The place of the first pair whose two differ.
  fileprivate var firstDifference: Int? { enumerated().first { $1.0 != $1.1 }?.offset }
}

extension Schema {
  /// The attributes where a file gives none.
  package var defaults: Attributes {
    var values = Attributes()
    for attribute in attributes { if let value = attribute.standard { values[attribute.name] = value } }
    return values
  }
}
