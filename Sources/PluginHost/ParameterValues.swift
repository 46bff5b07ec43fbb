import CPluginABI
import Kernels
import LayerKit

/// The first values that a plugin's layer computes itself.
struct OwnValues: Initializer, LoadedComponent, @unchecked Sendable {
  // The function may be called from any thread, and the tensors have types alone.
  typealias Function =
    @convention(c) (
      UnsafeMutableRawPointer?, UnsafePointer<nngraph_call>?, Int32, UInt64, UnsafeMutablePointer<Double>?
    ) -> Int32

  let core: LayerCore
  let function: Function
  let parameter: Int
  let tensors: CallRecord.Tensors

  /// Where the plugin fails, the values are no numbers, which the first run reports; the log says why.
  func fill(
    _ values: UnsafeMutableBufferPointer<Double>, shape: [Int], fanIn: Int, fanOut: Int, key: UInt64
  ) {
    let context = core.context(tensors.inputs.map { $0?.count })
    let call = CallRecord(tensors, context: context, node: "", mode: .training, isDifferentiated: false)
    let said = withExtendedLifetime(call) {
      context.run(.firstValues) {
        function(core.table.data, call.pointer, Int32(parameter), key, values.baseAddress)
      }
    }
    guard let said else { return }
    core.origin.log("\(core.title) gives no first values: \(said.text)")
    values.update(repeating: .nan)
  }
}
