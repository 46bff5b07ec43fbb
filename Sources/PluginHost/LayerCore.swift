import CPluginABI
import Diagnostics
import LayerKit
import Tensors

/// What a loaded layer is made of: the plugin's functions and the attributes of one node.
final class LayerCore: @unchecked Sendable {
  // It is read alone, and the plugin's functions may be called from any thread.
  let table: nngraph_layer
  let schema: Schema
  let origin: PluginOrigin
  let attributes: AttributeTable
  /// The function that the host applies to the first output.
  let activation: (any Activation)?
  private let initializers: [String: any Initializer]

  init(_ table: nngraph_layer, _ schema: Schema, _ origin: PluginOrigin, _ attributes: Attributes) {
    self.table = table
    self.schema = schema
    self.origin = origin
    self.attributes = AttributeTable(attributes, schema)
    var activation: (any Activation)?
    var initializers: [String: any Initializer] = [:]
    for attribute in schema.attributes {
      guard case .component(let component)? = attributes[attribute.name] else { continue }
      if attribute.name == "activation" { activation = component as? any Activation }
      if let initializer = component as? any Initializer { initializers[attribute.name] = initializer }
    }
    self.activation = activation
    self.initializers = initializers
  }

  /// `operator "gated" of plugin "gated" 1.0.0`.
  var title: String { "operator \"\(schema.name)\" of \(origin.title)" }

  func initializer(_ name: String) -> any Initializer { initializers[name] ?? ConstantInitializer(0) }

  func context(_ inputs: [Int?]) -> PluginContext {
    PluginContext(origin, schema, attributes, inputs: inputs)
  }

  /// A call whose types alone are known.
  private func typesOnly(_ signature: Signature, _ context: PluginContext) -> CallRecord {
    var tensors = CallRecord.Tensors(
      inputs: signature.inputs.map { $0.map { RecordedTensor($0, isReadOnly: true) } })
    tensors.outputs = signature.outputs.map { RecordedTensor($0) }
    tensors.parameters = signature.parameters.map { RecordedTensor($0) }
    return CallRecord(
      tensors, context: context, node: "", mode: signature.mode, isDifferentiated: signature.isDifferentiated)
  }

  func context(_ signature: Signature) -> PluginContext { context(signature.inputs.map { $0?.count }) }

  // MARK: What a plan asks

  /// The memory of a call, or why the plugin could not say; `prepare` reports that.
  func workspace(_ signature: Signature) -> Result<Workspace, PluginFailure> {
    guard let function = table.workspace else { return .success(Workspace()) }
    let context = context(signature)
    let call = typesOnly(signature, context)
    let said = withExtendedLifetime(call) {
      context.run(.workspace) { function(table.data, call.pointer) }
    }
    if let said { return .failure(PluginFailure(said: said)) }
    return .success(context.collected.workspace)
  }

  /// What backward reads, or why the plugin could not say; `prepare` reports that.
  func backwardReads(_ signature: Signature) -> Result<BackwardReads, PluginFailure> {
    guard let function = table.backward_reads else { return .success(.everything) }
    let context = context(signature)
    let call = typesOnly(signature, context)
    var reads = BackwardReads.nothing
    let said = withExtendedLifetime(call) {
      context.run(.backwardReads) { function(table.data, call.pointer, &reads.inputs, &reads.outputs) }
    }
    return said.map { .failure(PluginFailure(said: $0)) } ?? .success(reads)
  }

  /// The operations of a forward call; none where the plugin's answer means nothing.
  func operations(_ signature: Signature) -> Int {
    guard let function = table.operations else { return signature.outputs.first?.count ?? 0 }
    let context = context(signature)
    let call = typesOnly(signature, context)
    var count: Int64 = 0
    let said = withExtendedLifetime(call) {
      context.run(.operations) {
        count = function(table.data, call.pointer)
        return Int32(NNGRAPH_OK)
      }
    }
    return said == nil ? max(0, Int(count)) : 0
  }

  /// Makes what the calls of a plan need. Throws a fault of the plugin's, also where it could not plan.
  func prepare(_ signature: Signature) throws -> PreparedLayer {
    if case .failure(let failure) = workspace(signature) { throw failed(failure.said) }
    if signature.isDifferentiated, table.backward != nil,
      case .failure(let failure) = backwardReads(signature)
    {
      throw failed(failure.said)
    }
    let context = context(signature)
    var state: UnsafeMutableRawPointer?
    if let function = table.prepare {
      let call = typesOnly(signature, context)
      let said = withExtendedLifetime(call) {
        context.run(.prepare) { function(table.data, call.pointer, &state) }
      }
      if let said { throw failed(said) }
    }
    return PreparedLayer(self, context, state: state)
  }

  /// A fault of the plugin's without a node's name.
  private func failed(_ said: PluginSaying) -> Fault { origin.fault(place: "", "\(title): \(said.text)") }
}

/// What a function of a plugin said when it failed.
struct PluginFailure: Error {
  var said: PluginSaying
}
