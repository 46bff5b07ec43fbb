import CPluginABI
import LayerKit

extension nngraph_schedule {
  init(_ exported: ExportedComponent) {
    self.init()
    size = MemoryLayout<nngraph_schedule>.size
    schema = exported.lastingSchema
    data = exported.lastingData
    create = { data, creation, state in
      ExportedComponent.create(data, creation, state, as: (any Schedule).self)
    }
    destroy = { _, state in ExportedComponent.destroy(state) }
    factor = { _, state, progress in
      guard let progress = progress?.pointee else { return 1 }
      return ExportedComponent.with(state, as: (any Schedule).self, otherwise: 1) { schedule in
        schedule.factor(
          step: Int(progress.step), steps: Int(progress.steps), stepsPerEpoch: Int(progress.steps_per_epoch),
          rate: progress.rate)
      }
    }
  }
}
