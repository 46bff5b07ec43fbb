import CPluginABI
import Diagnostics
import Kernels
import LayerKit

/// A layer of a plugin.
protocol LoadedLayerCore: Layer, LoadedComponent {
  var core: LayerCore { get }
}

extension LoadedLayerCore {
  static var examples: [Example] { [] }

  var schema: Schema { core.schema }
  var activation: (any Activation)? { core.activation }
  var computesInPlace: Bool { Int(core.table.flags) & NNGRAPH_IN_PLACE != 0 }

  /// A plugin does not say whether it asks for random numbers.
  var drawsRandomNumbers: Bool { true }

  func infer(_ inference: inout Inference) throws { try core.infer(&inference) }

  func workspace(_ signature: Signature) -> Workspace {
    (try? core.workspace(signature).get()) ?? Workspace()
  }

  func prepare(_ signature: Signature) throws -> AnyObject? { try core.prepare(signature) }

  func operations(_ signature: Signature) -> Int { core.operations(signature) }

  func forward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) throws {
    try prepared(call).forward(call)
  }

  /// What `prepare` made.
  func prepared(_ call: Call) throws -> PreparedLayer {
    if let found = call.prepared as? PreparedLayer { return found }
    throw Faults(
      Fault(.program, place: "node \"\(call.name)\"", "\(core.title) is called without being prepared"))
  }
}

/// A layer of a plugin that runs and does not train.
struct LoadedLayer: LoadedLayerCore {
  let core: LayerCore
}

/// A layer of a plugin that gradients pass through.
struct LoadedDifferentiableLayer: LoadedLayerCore, DifferentiableLayer {
  let core: LayerCore

  func backwardReads(_ signature: Signature) -> BackwardReads {
    (try? core.backwardReads(signature).get()) ?? .everything
  }

  func hasGradient(input: Int) -> Bool {
    input > 63 || core.table.inputs_without_gradient >> UInt64(input) & 1 == 0
  }

  func backward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) throws {
    try prepared(call).backward(call)
  }
}
