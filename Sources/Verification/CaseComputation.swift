import Compiler
import LayerKit
import Runtime
import Tensors
import Training

/// Computes everything that a case can expect, by the names that `expected.safetensors` uses.
struct CaseComputation {
  let conformance: ConformanceCase
  let settings: VerificationSettings
  /// Outputs, gradients and steps each start from the case's own parameters.
  private let network: Network

  init(_ conformance: ConformanceCase, _ settings: VerificationSettings) {
    self.conformance = conformance
    self.settings = settings
    network = conformance.network
  }

  func values() throws -> [String: Tensor] {
    var values = try outputs()
    guard let training = network.training else { return values }
    for (name, tensor) in try gradients(training) { values["gradient/" + name] = tensor }
    if conformance.settings.steps > 0 {
      for (name, tensor) in try trained(training) { values["trained/" + name] = tensor }
    }
    return values
  }

  private func outputs() throws -> [String: Tensor] {
    let request = request(conformance.settings.mode, fetches: network.outputs.map(\.value))
    let session = try session(request, parameters())
    try session.run(seed: network.training?.seed ?? 0)
    var values: [String: Tensor] = [:]
    for output in network.outputs { values["output/" + output.name] = session.output(output.value)?.tensor }
    return values
  }

  private func gradients(_ training: TrainingSettings) throws -> [String: Tensor] {
    let inputs = network.inputs.filter { $0.type.element.isFloat }
    var request = request(conformance.settings.mode, losses: training.losses)
    request.inputGradients = inputs.map(\.value)
    let parameters = try parameters()
    let session = try session(request, parameters)
    try session.run(seed: training.seed)
    var values: [String: Tensor] = [:]
    let pass = try optimizer(training, parameters)
    for id in parameters.layout.trainable {
      values[network.parameters[id.index].name] = try pass.gradient(of: id)
    }
    for input in inputs {
      guard let view = session.input(input.value) else { continue }
      let zeros = Tensor.zeros(view.type.element, shape: view.shape)
      values[input.name] = session.inputGradient(input.value)?.tensor ?? zeros
    }
    return values
  }

  private func trained(_ training: TrainingSettings) throws -> [(String, Tensor)] {
    let parameters = try parameters()
    let session = try session(request(.training, losses: training.losses), parameters)
    let pass = try optimizer(training, parameters)
    for step in 0..<conformance.settings.steps {
      try session.run(seed: training.seed, step: step)
      pass.step()
    }
    return parameters.tensors()
  }

  private func request(_ mode: Mode, fetches: [ValueID] = [], losses: [LossTerm] = []) -> PlanRequest {
    PlanRequest(
      mode: mode, sizes: conformance.sizes, fetches: fetches, losses: losses, rewrites: settings.rewrites,
      memoryLimit: settings.limits.memoryBytes ?? Machine.availableMemory)
  }

  private func parameters() throws -> ParameterStore {
    let store = try ParameterStore(network)
    if let tensors = conformance.parameters { try store.load(tensors, file: conformance.folder) }
    return store
  }

  private func session(_ request: PlanRequest, _ parameters: ParameterStore) throws -> Session {
    let plan = try Plan.make(network, request, rewrites: settings.registry.rewrites.map(\.item))
    let session = try Session(plan, parameters: parameters, executor: settings.executor)
    for input in network.inputs {
      if let tensor = conformance.inputs[input.name] { session.setInput(input.value, tensor) }
    }
    return session
  }

  private func optimizer(_ training: TrainingSettings, _ parameters: ParameterStore) throws -> OptimizerPass {
    try OptimizerPass(
      network, training, parameters: parameters, inOnePass: settings.rewrites.includes("optimizer-pass"),
      executor: settings.executor)
  }
}
