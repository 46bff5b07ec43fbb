import CPluginABI
import Kernels
import LayerKit

extension nngraph_optimizer {
  init(_ exported: ExportedComponent) {
    self.init()
    size = MemoryLayout<nngraph_optimizer>.size
    schema = exported.lastingSchema
    data = exported.lastingData
    create = { data, creation, state in
      ExportedComponent.create(data, creation, state, as: (any Optimizer).self)
    }
    destroy = { _, state in ExportedComponent.destroy(state) }
    slot_count = { _, state in
      ExportedComponent.with(state, as: (any Optimizer).self, otherwise: 0) { Int32(clamping: $0.slotCount) }
    }
    first_scalars = { _, state, values in
      ExportedComponent.with(state, as: (any Optimizer).self, otherwise: 0) { optimizer in
        let first = optimizer.firstScalars
        if let values { values.update(from: first, count: first.count) }
        return Int32(clamping: first.count)
      }
    }
    advance = { _, state, scalars, step in
      guard let scalars else { return }
      ExportedComponent.with(state, as: (any Optimizer).self) { $0.advance(scalars, step: Int(step)) }
    }
    update = { _, state, update in
      guard let update = update?.pointee else { return }
      ExportedComponent.with(state, as: (any Optimizer).self) { optimizer in
        if isDouble(update.element) {
          if let range = OptimizerRange<Double>(update) { optimizer.update(range) }
        } else {
          if let range = OptimizerRange<Float>(update) { optimizer.update(range) }
        }
      }
    }
  }
}

extension OptimizerRange {
  /// Nil where there are no parameters.
  fileprivate init?(_ update: nngraph_update) {
    guard let parameters = update.parameters, let gradients = update.gradients else { return nil }
    self.init(
      parameters: parameters.assumingMemoryBound(to: Scalar.self),
      gradients: gradients.assumingMemoryBound(to: Scalar.self),
      // An optimizer without slots or numbers of its own never reads what stands for them.
      slots: (update.slots ?? parameters).assumingMemoryBound(to: Scalar.self),
      slotStride: Int(update.slot_stride), count: Int(update.count), rate: Scalar(update.rate),
      weightDecay: Scalar(update.weight_decay), step: Int(update.step),
      scalars: update.scalars ?? UnsafePointer(parameters.assumingMemoryBound(to: Double.self)))
  }
}
