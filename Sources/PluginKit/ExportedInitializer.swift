import CPluginABI
import LayerKit

extension nngraph_initializer {
  init(_ exported: ExportedComponent) {
    self.init()
    size = MemoryLayout<nngraph_initializer>.size
    schema = exported.lastingSchema
    data = exported.lastingData
    create = { data, creation, state in
      ExportedComponent.create(data, creation, state, as: (any Initializer).self)
    }
    destroy = { _, state in ExportedComponent.destroy(state) }
    fill = { _, state, filling in
      guard let filling = filling?.pointee, let values = filling.values else { return }
      ExportedComponent.with(state, as: (any Initializer).self) { initializer in
        initializer.fill(
          UnsafeMutableBufferPointer(start: values, count: Int(filling.count)),
          shape: integers(filling.shape, filling.rank), fanIn: Int(filling.fan_in),
          fanOut: Int(filling.fan_out), key: filling.key)
      }
    }
  }
}

/// The integers of a C array; none where there is no array.
func integers(_ start: UnsafePointer<Int64>?, _ count: Int32) -> [Int] {
  UnsafeBufferPointer(start: start, count: start == nil ? 0 : Int(max(0, count))).map { Int($0) }
}
