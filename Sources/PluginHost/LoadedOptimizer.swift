import CPluginABI
import Kernels
import LayerKit

/// An optimizer of a plugin.
struct LoadedOptimizer: Optimizer, LoadedComponent, @unchecked Sendable {
  // The plugin's table is static data.
  private static let mostScalars = 64
  private static let mostSlots = 64

  private let table: nngraph_optimizer
  private let state: ComponentState
  let learningRate: Double
  let weightDecay: Double
  let slotCount: Int
  let firstScalars: [Double]

  /// Throws `LayerFault` where the plugin keeps more than an optimizer may.
  init(_ table: nngraph_optimizer, _ state: ComponentState, _ attributes: Attributes) throws {
    self.table = table
    self.state = state
    learningRate = attributes.number("learning_rate")
    weightDecay = LoadedOptimizer.decay(attributes)
    let slots = table.slot_count?(table.data, state.state) ?? 0
    let scalars = table.first_scalars?(table.data, state.state, nil) ?? 0
    guard (0...Self.mostSlots).contains(Int(slots)) else {
      throw LayerFault("\(state.origin.title) keeps \(slots) arrays; accepted are 0 to \(Self.mostSlots)")
    }
    guard (0...Self.mostScalars).contains(Int(scalars)) else {
      throw LayerFault(
        "\(state.origin.title) keeps \(scalars) numbers; accepted are 0 to \(Self.mostScalars)")
    }
    slotCount = Int(slots)
    var first = [Double](repeating: 0, count: Self.mostScalars)
    if scalars > 0 { _ = table.first_scalars?(table.data, state.state, &first) }
    firstScalars = Array(first.prefix(Int(scalars)))
  }

  private static func decay(_ attributes: Attributes) -> Double {
    switch attributes["weight_decay"] {
    case .number(let number): number
    case .integer(let number): Double(number)
    default: 0
    }
  }

  var schema: Schema { state.schema }

  func advance(_ scalars: UnsafeMutablePointer<Double>, step: Int) {
    table.advance?(table.data, state.state, scalars, Int64(step))
  }

  func update<Scalar: FloatScalar>(_ range: OptimizerRange<Scalar>) {
    var update = nngraph_update()
    update.size = MemoryLayout<nngraph_update>.size
    update.element = Scalar.elementType.code
    update.count = Int64(range.count)
    update.parameters = UnsafeMutableRawPointer(range.parameters)
    update.gradients = UnsafeRawPointer(range.gradients)
    update.slots = UnsafeMutableRawPointer(range.slots)
    update.slot_stride = Int64(range.slotStride)
    update.rate = Double(range.rate)
    update.weight_decay = Double(range.weightDecay)
    update.step = Int64(range.step)
    update.scalars = range.scalars
    table.update?(table.data, state.state, &update)
  }
}
