import Compiler
import LayerKit
import Runtime
import Tensors
import Verification

/// One plan of an example with its memory.
struct ExampleRun {
  let session: Session
  let network: Network

  /// With the gradients of `losses`, where there are any.
  init(
    _ network: Network, _ registry: Registry, mode: Mode, inDouble: Bool = false, losses: [LossTerm] = [],
    rewrites: RewriteSelection = .all, inputs: [String: Tensor], executor: any Executor
  ) throws {
    self.network = network
    var request = PlanRequest(
      mode: mode, sizes: [:], inDouble: inDouble, fetches: network.outputs.map(\.value), rewrites: rewrites)
    if !losses.isEmpty {
      request.losses = losses
      request.inputGradients = network.inputs.filter { $0.type.element.isFloat }.map(\.value)
    }
    let parameters = try ParameterStore(network, inDouble: inDouble)
    parameters.fillForChecks()
    let plan = try Plan.make(network, request, rewrites: registry.rewrites.map(\.item))
    session = try Session(plan, parameters: parameters, executor: executor)
    for input in network.inputs {
      if let tensor = inputs[input.name] { session.setInput(input.value, tensor) }
    }
  }

  /// Runs, and returns the outputs in order.
  func results() throws -> [Tensor] {
    try session.run(seed: 5)
    return network.outputs.compactMap { session.output($0.value)?.tensor }
  }

  /// Runs, and returns everything that was computed by name: outputs, gradients, and states as they are then.
  func everything() throws -> [(name: String, tensor: Tensor)] {
    let outputs = try results()
    var found = zip(network.outputs, outputs).map { (name: "output \($0.name)", tensor: $1) }
    for input in network.inputs {
      if let gradient = session.inputGradient(input.value) {
        found.append((name: "gradient of input \(input.name)", tensor: gradient.tensor))
      }
    }
    for (index, parameter) in network.parameters.enumerated() {
      let id = ParameterID(index)
      if session.plan.reached.contains(id) {
        let gradient = try session.parameters.gradientView(id).tensor
        found.append((name: "gradient of parameter \(parameter.name)", tensor: gradient))
      }
      if parameter.isState {
        found.append((name: "state \(parameter.name)", tensor: session.parameters.tensor(id)))
      }
    }
    return found
  }
}

extension ParameterStore {
  /// First values, each moved a little, so that none of them is 0, 1 or like its neighbour.
  func fillForChecks() {
    initialize(seed: 3)
    for (index, parameter) in network.parameters.enumerated() {
      var numbers = SeededNumbers(seed: UInt64(index) + 21)
      let moved = tensor(ParameterID(index)).doubles.map { Float($0 + numbers.uniform(-0.3...0.3)) }
      set(ParameterID(index), Tensor(shape: parameter.shape, moved))
    }
  }
}
