import Compiler
import Diagnostics
import LayerKit
import Runtime
import Tensors

/// One run of a network over given inputs: what is asked for, and how it is computed.
public struct NetworkRun: Sendable {
  public var mode: Mode = .inference
  /// What random numbers are drawn from; without it, the graph's seed.
  public var seed: UInt64?
  /// Values of the graph that are wanted beside its outputs.
  public var fetches: [String] = []
  /// Whether the gradients of the training loss are wanted.
  public var wantsGradients = false
  public var rewrites = RewriteSelection.all
  /// The bytes that the plan may take.
  public var memoryLimit = Int.max

  public init() {}

  /// The inputs without which the run cannot be computed. Throws a usage fault for a fetch that is no value.
  public func neededInputs(of network: Network) throws -> Set<String> {
    var wanted = try values(of: network).map(\.value)
    if wantsGradients { wanted += try network.settingsForTraining().losses.map(\.value) }
    return network.inputs(neededFor: wanted)
  }

  /// Runs the network.
  ///
  /// Only what is asked for is computed, and only the inputs that this needs must be there. Throws `Faults`
  /// for inputs that are missing, unknown, or of another type or shape, and for data that an operator cannot
  /// use.
  public func callAsFunction(
    _ network: Network, inputs: [String: Tensor], parameters: ParameterStore, rules: [any Rewrite],
    executor: any Executor
  ) throws -> RunResult {
    let values = try values(of: network)
    let training = wantsGradients ? try network.settingsForTraining() : nil
    let sizes = try network.sizes(for: inputs, needed: neededInputs(of: network))
    let floats = network.inputs.filter { $0.type.element.isFloat && inputs[$0.name] != nil }
    var fetches: [ValueID] = []
    for (_, value) in values where !fetches.contains(value) { fetches.append(value) }
    let request = PlanRequest(
      mode: mode, sizes: sizes, fetches: fetches, losses: training?.losses ?? [],
      inputGradients: training == nil ? [] : floats.map(\.value), rewrites: rewrites, memoryLimit: memoryLimit
    )
    let plan = try Plan.make(network, request, rewrites: rules)
    let session = try Session(plan, parameters: parameters, executor: executor)
    for input in network.inputs {
      if let tensor = inputs[input.name] { session.setInput(input.value, tensor) }
    }
    try session.run(seed: seed ?? network.training?.seed ?? 0)
    var result = RunResult(graph: network.document.name.value, mode: mode)
    result.outputs = values.compactMap { name, value in
      session.output(value).map { RunResult.Value(name: name, tensor: $0.tensor) }
    }
    if let training {
      let pass = try OptimizerPass(network, training, parameters: parameters, executor: executor)
      result.gradients = try gradients(network, session, pass, of: floats, given: inputs)
    }
    return result
  }

  private func values(of network: Network) throws -> [(name: String, value: ValueID)] {
    var found = network.outputs.map { (name: $0.name, value: $0.value) }
    for name in fetches where !found.contains(where: { $0.name == name }) {
      found.append((name, try network.value(name)))
    }
    return found
  }

  /// What no gradient reaches has the gradient zero.
  private func gradients(
    _ network: Network, _ session: Session, _ pass: OptimizerPass, of inputs: [NetworkInput],
    given: [String: Tensor]
  ) throws -> [RunResult.Value] {
    let trainable = network.parameters.indices.filter { network.parameters[$0].isTrainable }
    var found = try trainable.map { index in
      RunResult.Value(
        name: network.parameters[index].name, tensor: try pass.gradient(of: ParameterID(index)))
    }
    for input in inputs {
      guard let tensor = given[input.name] else { continue }
      let gradient = session.inputGradient(input.value)?.tensor
      found.append(
        RunResult.Value(
          name: input.name, tensor: gradient ?? .zeros(tensor.elementType, shape: tensor.shape)))
    }
    return found
  }
}
