import CPluginABI
import LayerKit

/// A schedule of a plugin.
struct LoadedSchedule: Schedule, LoadedComponent, @unchecked Sendable {
  // The plugin's table is static data.
  private let table: nngraph_schedule
  private let state: ComponentState
  let warmup: Int

  init(_ table: nngraph_schedule, _ state: ComponentState, _ attributes: Attributes) {
    self.table = table
    self.state = state
    if case .integer(let steps)? = attributes["warmup"] {
      warmup = max(0, steps)
    } else {
      warmup = 0
    }
  }

  var schema: Schema { state.schema }

  func factor(step: Int, steps: Int, stepsPerEpoch: Int, rate: Double) -> Double {
    var progress = nngraph_progress()
    progress.size = MemoryLayout<nngraph_progress>.size
    progress.step = Int64(step)
    progress.steps = Int64(steps)
    progress.steps_per_epoch = Int64(stepsPerEpoch)
    progress.rate = rate
    return table.factor?(table.data, state.state, &progress) ?? 1
  }
}
