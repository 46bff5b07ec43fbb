import CPluginABI
import LayerKit
import Tensors

/// A metric of a plugin.
struct LoadedMetric: Metric, LoadedComponent, @unchecked Sendable {
  // The plugin's table is static data.
  private let table: nngraph_metric
  private let state: ComponentState

  init(_ table: nngraph_metric, _ state: ComponentState) {
    self.table = table
    self.state = state
  }

  var schema: Schema { state.schema }
  var isLargerBetter: Bool { Int(table.flags) & NNGRAPH_LARGER_IS_BETTER != 0 }
  var sumCount: Int { Int(table.sum_count) }

  func check(prediction: ValueType, target: ValueType) throws {
    guard let function = table.check else { return }
    let memory = ForeignMemory()
    let counts = [prediction, target].map { $0.count.number ?? -1 }
    let context = PluginContext(state.origin, state.schema, state.attributes, inputs: counts)
    var comparison = nngraph_comparison()
    comparison.size = MemoryLayout<nngraph_comparison>.size
    comparison.host = HostTable.pointer
    comparison.context = context.pointer
    comparison.prediction = foreignType(prediction, memory)
    comparison.target = foreignType(target, memory)
    let said = withExtendedLifetime(memory) {
      context.run(.check) { function(table.data, state.state, &comparison) }
    }
    guard let said else { return }
    guard case .input(let input, let text) = said else { throw state.origin.layerFault(said) }
    let side = input == 0 ? "prediction" : "target"
    throw LayerFault(state.origin.marked("\(side) \(text)"), input: input)
  }

  func add(
    prediction: MetricValues, target: MetricValues, rows: Int, to sums: UnsafeMutableBufferPointer<Double>
  ) {
    let memory = ForeignMemory()
    var answers = nngraph_answers()
    answers.size = MemoryLayout<nngraph_answers>.size
    answers.prediction = CallRecord.foreignTensor(copied(prediction, memory), memory)
    answers.target = CallRecord.foreignTensor(copied(target, memory), memory)
    answers.rows = Int64(rows)
    answers.sums = sums.baseAddress
    withExtendedLifetime(memory) { table.add?(table.data, state.state, &answers) }
  }

  func value(_ sums: UnsafeBufferPointer<Double>) -> Double {
    table.value?(table.data, state.state, sums.baseAddress) ?? .nan
  }

  /// The values in memory of our own: integers as they are, all else as float64.
  private func copied(_ values: MetricValues, _ memory: ForeignMemory) -> RecordedTensor {
    var tensor = RecordedTensor(
      ConcreteType(values.isInteger ? .int32 : .float64, values.shape), isReadOnly: true)
    let numbers = (0..<values.count).map { values[$0] }
    tensor.base = UnsafeMutableRawPointer(
      values.isInteger
        ? UnsafeMutableRawPointer(memory.array(numbers.map { Int32($0) }))
        : UnsafeMutableRawPointer(memory.array(numbers)))
    return tensor
  }
}
