import CPluginABI
import Kernels
import LayerKit

/// An activation of a plugin.
struct LoadedActivation: Activation, LoadedComponent, @unchecked Sendable {
  // The plugin's table is static data.
  private let table: nngraph_activation
  private let state: ComponentState
  let kinks: [Double]

  init(_ table: nngraph_activation, _ state: ComponentState, kinks: [Double]) {
    self.table = table
    self.state = state
    self.kinks = kinks
  }

  var schema: Schema { state.schema }

  var gradientReads: (input: Bool, output: Bool) {
    let flags = Int(table.flags)
    return (flags & NNGRAPH_GRADIENT_READS_X != 0, flags & NNGRAPH_GRADIENT_READS_Y != 0)
  }

  func apply<Scalar: FloatScalar>(
    _ x: UnsafePointer<Scalar>, _ y: UnsafeMutablePointer<Scalar>, count: Int
  ) {
    var elements = elements(Scalar.elementType.code, count)
    elements.x = UnsafeRawPointer(x)
    elements.y = UnsafeMutableRawPointer(y)
    table.apply?(table.data, state.state, &elements)
  }

  func gradient<Scalar: FloatScalar>(
    x: UnsafePointer<Scalar>?, y: UnsafePointer<Scalar>?, gy: UnsafePointer<Scalar>,
    gx: UnsafeMutablePointer<Scalar>, count: Int
  ) {
    var elements = elements(Scalar.elementType.code, count)
    elements.x = x.map { UnsafeRawPointer($0) }
    elements.y = y.map { UnsafeMutableRawPointer(mutating: $0) }
    elements.gy = UnsafeRawPointer(gy)
    elements.gx = UnsafeMutableRawPointer(gx)
    table.gradient?(table.data, state.state, &elements)
  }

  private func elements(_ element: Int32, _ count: Int) -> nngraph_elements {
    var elements = nngraph_elements()
    elements.size = MemoryLayout<nngraph_elements>.size
    elements.element = element
    elements.count = Int64(count)
    return elements
  }
}
