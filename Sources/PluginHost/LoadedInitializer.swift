import CPluginABI
import LayerKit

/// An initializer of a plugin.
struct LoadedInitializer: Initializer, LoadedComponent, @unchecked Sendable {
  // The plugin's table is static data.
  private let table: nngraph_initializer
  private let state: ComponentState

  init(_ table: nngraph_initializer, _ state: ComponentState) {
    self.table = table
    self.state = state
  }

  var schema: Schema { state.schema }

  func fill(
    _ values: UnsafeMutableBufferPointer<Double>, shape: [Int], fanIn: Int, fanOut: Int, key: UInt64
  ) {
    let sizes = shape.map { Int64($0) }
    sizes.withUnsafeBufferPointer { sizes in
      var filling = nngraph_filling()
      filling.size = MemoryLayout<nngraph_filling>.size
      filling.host = HostTable.pointer
      filling.values = values.baseAddress
      filling.count = Int64(values.count)
      filling.rank = Int32(truncatingIfNeeded: sizes.count)
      filling.shape = sizes.baseAddress
      filling.fan_in = Int64(fanIn)
      filling.fan_out = Int64(fanOut)
      filling.key = key
      table.fill?(table.data, state.state, &filling)
    }
  }
}
