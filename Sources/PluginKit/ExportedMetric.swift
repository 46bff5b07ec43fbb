import CPluginABI
import LayerKit
import Tensors

extension nngraph_metric {
  init(_ exported: ExportedComponent) {
    self.init()
    size = MemoryLayout<nngraph_metric>.size
    schema = exported.lastingSchema
    data = exported.lastingData
    if let plain = exported.plain as? any Metric {
      sum_count = Int32(clamping: plain.sumCount)
      flags = plain.isLargerBetter ? UInt32(NNGRAPH_LARGER_IS_BETTER) : 0
    }
    create = { data, creation, state in
      ExportedComponent.create(data, creation, state, as: (any Metric).self) { metric, exported, _ in
        guard let plain = exported.plain as? any Metric, plain.sumCount == metric.sumCount,
          plain.isLargerBetter == metric.isLargerBetter
        else {
          throw CrossingFault(
            "what \"\(exported.schema.name)\" counts depends on its attributes, which cannot cross")
        }
      }
    }
    destroy = { _, state in ExportedComponent.destroy(state) }
    check = { _, state, comparison in
      guard let comparison = comparison?.pointee, let host = Host(comparison.host, comparison.context)
      else { return Code.internalFault }
      return ExportedComponent.with(state, as: (any Metric).self, otherwise: Code.internalFault) { metric in
        host.reporting {
          try metric.check(
            prediction: ValueType(comparison.prediction), target: ValueType(comparison.target))
        }
      }
    }
    add = { _, state, answers in
      guard let answers = answers?.pointee, let sums = answers.sums,
        let prediction = answers.prediction.flatMap(TensorView.init(_:)),
        let target = answers.target.flatMap(TensorView.init(_:))
      else { return }
      ExportedComponent.with(state, as: (any Metric).self) { metric in
        metric.add(
          prediction: MetricValues(prediction), target: MetricValues(target), rows: Int(answers.rows),
          to: UnsafeMutableBufferPointer(start: sums, count: metric.sumCount))
      }
    }
    value = { _, state, sums in
      ExportedComponent.with(state, as: (any Metric).self, otherwise: .nan) { metric in
        metric.value(UnsafeBufferPointer(start: sums, count: sums == nil ? 0 : metric.sumCount))
      }
    }
  }
}
