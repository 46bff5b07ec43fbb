import Compiler
import Diagnostics
import LayerKit
import Runtime
import Tensors
import Training

/// Inputs of a model and the outputs that it gave for them, to be compared with those that it gives elsewhere.
public struct ZooSample: Sendable {
  /// A tensor under the name of an input or output.
  public struct NamedTensor: Sendable {
    public var name: String
    public var tensor: Tensor

    public init(name: String, tensor: Tensor) {
      self.name = name
      self.tensor = tensor
    }
  }

  /// The inputs that the outputs depend on.
  public var inputs: [NamedTensor]
  /// Every output of the graph.
  public var outputs: [NamedTensor]
  /// Two floats agree when they differ by at most this, times the largest magnitude that is expected of the
  /// output or 1, whichever is more.
  public var tolerance: Double

  public init(inputs: [NamedTensor], outputs: [NamedTensor], tolerance: Double) {
    self.inputs = inputs
    self.outputs = outputs
    self.tolerance = tolerance
  }
}

/// How far an output is from what a sample expects of it.
public struct ZooDifference: Hashable, Sendable {
  public var output: String
  /// The row-major index of the worst element.
  public var index: Int
  /// The largest difference; not finite where an output is not.
  public var difference: Double
  /// The difference that is allowed.
  public var allowed: Double

  /// Whether the output agrees.
  public var isWithin: Bool { difference <= allowed }
}

extension ZooSample {
  /// The worst difference of each output from what is expected.
  ///
  /// Throws `Faults` for an output that is missing, too much, or of another type or shape.
  func differences(_ found: [NamedTensor]) throws -> [ZooDifference] {
    var faults: [Fault] = []
    var result: [ZooDifference] = []
    let known = found.map(\.name)
    for expected in outputs {
      let place = "sample, output \"\(expected.name.excerpt())\""
      guard let other = found.first(where: { $0.name == expected.name })?.tensor else {
        faults.append(
          Fault(
            place: place, "the graph has no such output; its outputs: " + known.joined(separator: ", "),
            nearest: nearest(to: expected.name, among: known)))
        continue
      }
      let tensor = expected.tensor
      guard other.elementType == tensor.elementType, other.shape == tensor.shape else {
        faults.append(
          Fault(
            place: place,
            "expected \(tensor.elementType.rawValue) \(tensor.shapeText), found "
              + "\(other.elementType.rawValue) \(other.shapeText)"))
        continue
      }
      result.append(difference(expected, other))
    }
    for name in known where !outputs.contains(where: { $0.name == name }) {
      faults.append(Fault(place: "sample", "says nothing of the output \"\(name.excerpt())\""))
    }
    try Faults(faults).check()
    return result
  }

  private func difference(_ expected: NamedTensor, _ found: Tensor) -> ZooDifference {
    let wanted = expected.tensor.doubles
    let scale = max(1, wanted.reduce(0) { max($0, abs($1)) })
    var worst = ZooDifference(
      output: expected.name, index: 0, difference: 0,
      allowed: found.elementType.isFloat ? tolerance * scale : 0)
    for (index, (a, b)) in zip(wanted, found.doubles).enumerated() {
      let gap = abs(a - b)
      if gap.isNaN || gap > worst.difference {
        worst.index = index
        worst.difference = gap.isNaN ? .infinity : gap
      }
    }
    return worst
  }
}

extension Network {
  /// Every output for inputs by name; inputs that no output depends on may be left out.
  ///
  /// Throws `Faults` for inputs that are missing, unknown, or of another type or shape.
  func replay(
    _ inputs: [ZooSample.NamedTensor], parameters: ParameterStore, rules: [any Rewrite],
    executor: any Executor
  ) throws -> [ZooSample.NamedTensor] {
    var run = NetworkRun()
    run.memoryLimit = Machine.availableMemory
    let given = Dictionary(inputs.map { ($0.name, $0.tensor) }, uniquingKeysWith: { first, _ in first })
    let result = try run(self, inputs: given, parameters: parameters, rules: rules, executor: executor)
    return result.outputs.map { .init(name: $0.name, tensor: $0.tensor) }
  }
}
