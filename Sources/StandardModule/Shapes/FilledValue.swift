import Kernels
import LayerKit
import Tensors

/// Throws `LayerFault` where an element of the type cannot hold the number.
func checkNumber(_ number: Double, fits type: ElementType, attribute: String) throws {
  let accepted: String
  switch type {
  case .float64: return
  case .float32:
    if Float(number).isFinite { return }
    accepted = "a number of at most \(Float.greatestFiniteMagnitude) in magnitude"
  case .int32:
    if Int32(exactly: number) != nil { return }
    accepted = "an integer from \(Int32.min) to \(Int32.max)"
  case .bool:
    if number == 0 || number == 1 { return }
    accepted = "0 or 1"
  }
  throw LayerFault("\(number.short) is no \(type.rawValue): accepted is \(accepted)", attribute: attribute)
}

extension Call {
  /// Sets every element of a tensor of any type to a number that its type can hold.
  func fill(_ view: TensorView, with number: Double) {
    let element = view.type.element
    let size = element.byteCount
    withUnsafePointer(to: number) { source in
      withUnsafeTemporaryAllocation(byteCount: 8, alignment: 8) { one in
        guard let one = one.baseAddress else { return }
        Kernel.cast(from: source, .float64, to: one, element, count: 1)
        parallel(view.count) { start, count in
          var copy = StridedCopy(elementSize: size)
          copy.append(count, source: 0, destination: 1)
          copy.run(from: one, to: view.base + start * size)
        }
      }
    }
  }
}
