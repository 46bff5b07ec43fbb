import CPluginABI
import Kernels
import LayerKit

extension nngraph_activation {
  init(_ exported: ExportedComponent) {
    self.init()
    size = MemoryLayout<nngraph_activation>.size
    schema = exported.lastingSchema
    data = exported.lastingData
    flags = exported.gradientFlags
    create = { data, creation, state in
      ExportedComponent.create(data, creation, state, as: (any Activation).self) { activation, exported, _ in
        guard exported.gradientFlags & activation.readFlags == activation.readFlags else {
          throw CrossingFault(
            "what the gradient of \"\(exported.schema.name)\" reads depends on its attributes, "
              + "which cannot cross"
          )
        }
      }
    }
    destroy = { _, state in ExportedComponent.destroy(state) }
    apply = { _, state, elements in
      guard let elements = elements?.pointee else { return }
      ExportedComponent.with(state, as: (any Activation).self) { activation in
        nngraph_activation.apply(activation, elements, as: scalarType(elements.element))
      }
    }
    gradient = { _, state, elements in
      guard let elements = elements?.pointee else { return }
      ExportedComponent.with(state, as: (any Activation).self) { activation in
        nngraph_activation.gradient(activation, elements, as: scalarType(elements.element))
      }
    }
  }

  private static func apply<Scalar: FloatScalar>(
    _ activation: any Activation, _ elements: nngraph_elements, as: Scalar.Type
  ) {
    guard let x = elements.x, let y = elements.y else { return }
    activation.apply(
      x.assumingMemoryBound(to: Scalar.self), y.assumingMemoryBound(to: Scalar.self),
      count: Int(elements.count))
  }

  private static func gradient<Scalar: FloatScalar>(
    _ activation: any Activation, _ elements: nngraph_elements, as: Scalar.Type
  ) {
    guard let gy = elements.gy, let gx = elements.gx else { return }
    activation.gradient(
      x: elements.x?.assumingMemoryBound(to: Scalar.self),
      y: elements.y?.assumingMemoryBound(to: Scalar.self), gy: gy.assumingMemoryBound(to: Scalar.self),
      gx: gx.assumingMemoryBound(to: Scalar.self), count: Int(elements.count))
  }
}

extension ExportedComponent {
  /// What the plain activation's gradient reads; everything where there is none.
  fileprivate var gradientFlags: UInt32 {
    (plain as? any Activation)?.readFlags ?? UInt32(NNGRAPH_GRADIENT_READS_X | NNGRAPH_GRADIENT_READS_Y)
  }
}

extension Activation {
  fileprivate var readFlags: UInt32 {
    UInt32(
      (gradientReads.input ? NNGRAPH_GRADIENT_READS_X : 0)
        | (gradientReads.output ? NNGRAPH_GRADIENT_READS_Y : 0))
  }
}
