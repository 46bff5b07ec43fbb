import CPluginABI
import Diagnostics
import LayerKit
import Tensors

/// What a plugin's layer keeps for the calls of one plan: its own state, and the struct of the call.
///
/// The struct is built at the first call; a later call changes the numbers in it that change from run to run.
final class PreparedLayer {
  private let core: LayerCore
  private let context: PluginContext
  private let state: UnsafeMutableRawPointer?
  private let data: UnsafeMutableRawPointer?
  private let forwardFunction: Pass?
  private let backwardFunction: Pass?
  /// What holds the struct of the call; nil until the first one.
  private var record: CallRecord?
  /// The struct itself.
  private var foreign: UnsafeMutablePointer<nngraph_call>?
  private var forwardScratch: UnsafePointer<UnsafeMutableRawPointer?>?
  private var backwardScratch: UnsafePointer<UnsafeMutableRawPointer?>?

  typealias Pass =
    @convention(c) (
      UnsafeMutableRawPointer?, UnsafeMutableRawPointer?, UnsafePointer<nngraph_call>?
    ) -> Int32

  init(_ core: LayerCore, _ context: PluginContext, state: UnsafeMutableRawPointer?) {
    self.core = core
    self.context = context
    self.state = state
    data = core.table.data
    forwardFunction = core.table.forward
    backwardFunction = core.table.backward
  }

  deinit {
    if let state { core.table.destroy?(data, state) }
  }

  func forward(_ call: Call) throws {
    let foreign = self.foreign ?? build(call)
    if forwardScratch == nil { forwardScratch = record?.buffers(call.scratch) }
    foreign.pointee.scratch = forwardScratch
    try run(.forward, forwardFunction, foreign, call)
  }

  func backward(_ call: Call) throws {
    let foreign = self.foreign ?? build(call)
    if backwardScratch == nil { backwardScratch = record?.buffers(call.scratch) }
    foreign.pointee.scratch = backwardScratch
    try run(.backward, backwardFunction, foreign, call)
  }

  private func run(
    _ phase: PluginContext.Phase, _ function: Pass?, _ foreign: UnsafeMutablePointer<nngraph_call>,
    _ call: Call
  ) throws {
    guard let function else { return }
    foreign.pointee.seed = call.seed
    foreign.pointee.step = call.step
    foreign.pointee.scratch_count = Int32(truncatingIfNeeded: call.scratch.count)
    context.begin(phase)
    let code = function(data, state, foreign)
    if !context.ended(code) { throw failure(context.takeSaying(code), phase, call) }
  }

  private func failure(_ said: PluginSaying, _ phase: PluginContext.Phase, _ call: Call) -> any Error {
    if case .element(let input, let element, let text) = said, phase == .forward {
      return RunFault(input: input, element: element, core.origin.marked(text))
    }
    return Faults(core.origin.fault(place: "node \"\(call.name)\"", "\(core.title): \(said.text)"))
  }

  private func build(_ call: Call) -> UnsafeMutablePointer<nngraph_call> {
    func tensors(_ views: [TensorView?], isReadOnly: Bool = false) -> [RecordedTensor?] {
      views.map { $0.map { RecordedTensor($0, isReadOnly: isReadOnly) } }
    }
    var parts = CallRecord.Tensors(inputs: tensors(call.inputs, isReadOnly: true))
    parts.outputs = call.outputs.map { RecordedTensor($0) }
    parts.parameters = call.parameters.map { RecordedTensor($0) }
    parts.outputGradients = tensors(call.outputGradients)
    parts.inputGradients = tensors(call.inputGradients)
    parts.parameterGradients = tensors(call.parameterGradients)
    let made = CallRecord(
      parts, context: context, node: call.name, mode: call.mode, isDifferentiated: call.isDifferentiated,
      saved: call.saved)
    record = made
    foreign = made.pointer
    // The call owns this object, so it lives at least as long.
    context.call = call
    return made.pointer
  }
}
