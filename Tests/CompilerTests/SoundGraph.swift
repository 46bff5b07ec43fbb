import Compiler
import Diagnostics
import GraphFile
import LayerKit
import Runtime
import Tensors
import Testing

/// The network of a graph that is sound.
func soundNetwork(_ text: String, bindings: [String: Int] = [:]) throws -> Network {
  let reading = GraphDocument.read(Array(text.utf8), file: "g.json", folder: ".")
  let (network, faults) = Network.resolve(reading, registry: try Registry.everything(), bindings: bindings)
  #expect(faults.map(\.description) == [])
  return try #require(network)
}

extension Network {
  /// Type and shape of a value, as messages print them.
  func text(_ value: String) throws -> String {
    let type = type(try self.value(value))
    return "\(type.element.rawValue) \(type.shapeText)"
  }

  /// A plan with a size for every symbol.
  func plan(
    _ sizes: [String: Int] = [:], trains: Bool = false, fetches: [String]? = nil,
    rewrites: RewriteSelection = .all, memoryLimit: Int = .max
  ) throws -> Plan {
    var all = sizes
    for (index, symbol) in symbols.enumerated() where all[symbol] == nil { all[symbol] = 3 + index }
    let request = PlanRequest(
      mode: trains ? .training : .inference, sizes: all,
      fetches: try fetches?.map { try value($0) } ?? outputs.map(\.value),
      losses: trains ? training?.losses ?? [] : [],
      inputGradients: trains ? inputs.filter { $0.type.element.isFloat }.map(\.value) : [],
      rewrites: rewrites,
      memoryLimit: memoryLimit)
    return try Plan.make(self, request, rewrites: try Registry.everything().rewrites.map(\.item))
  }

  /// The values that a plan leaves behind: its outputs, and the gradients of parameters and inputs.
  func run(_ plan: Plan) throws -> [String: [Double]] {
    let store = try ParameterStore(self)
    store.initialize(seed: 5)
    let session = try Session(plan, parameters: store, executor: ThreadPool(threadCount: 1))
    for input in inputs {
      guard let type = plan.concreteType(of: input.value) else { continue }
      session.setInput(input.value, Tensor.sample(type))
    }
    try session.run()
    var found: [String: [Double]] = [:]
    for output in outputs { found[output.name] = session.output(output.value)?.tensor.doubles }
    for input in inputs { found["d \(input.name)"] = session.inputGradient(input.value)?.tensor.doubles }
    for id in plan.reached {
      found["d \(parameters[id.index].name)"] = try store.gradientView(id).tensor.doubles
    }
    return found
  }
}

extension Tensor {
  /// Numbers between -1 and 1 that differ, or indices that are small.
  static func sample(_ type: ConcreteType) -> Tensor {
    let numbers = (0..<type.count).map { Double(($0 * 37 + 11) % 101) / 50 - 1 }
    switch type.element {
    case .float32: return Tensor(shape: type.shape, numbers.map(Float.init))
    case .float64: return Tensor(shape: type.shape, numbers)
    case .int32: return Tensor(shape: type.shape, (0..<type.count).map { Int32($0 % 2) })
    case .bool: return Tensor(shape: type.shape, (0..<type.count).map { $0 % 3 == 0 })
    }
  }

  /// The elements as float64.
  var doubles: [Double] {
    switch elements {
    case .float32(let values): values.map(Double.init)
    case .float64(let values): values
    case .int32(let values): values.map(Double.init)
    case .bool(let values): values.map { $0 ? 1 : 0 }
    }
  }
}
