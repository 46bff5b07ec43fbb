import CPluginABI
import Kernels
import LayerKit

/// A loss of a plugin.
struct LoadedLoss: Loss, LoadedComponent, @unchecked Sendable {
  // The plugin's table is static data.
  private let table: nngraph_loss
  private let state: ComponentState
  let ignoredClass: Int?

  static var examples: [Example] { [] }

  init(_ table: nngraph_loss, _ state: ComponentState, _ attributes: Attributes) {
    self.table = table
    self.state = state
    if case .integer(let number)? = attributes["ignore_index"] {
      ignoredClass = number
    } else {
      ignoredClass = nil
    }
  }

  var schema: Schema { state.schema }

  var targets: LossTargets {
    LossTargets(rawValue: Int(table.targets)).intersection([.numbers, .classes])
  }

  /// Three where the plugin says nothing, as for any loss.
  var operationsPerFeature: Int { table.operations > 0 ? Int(table.operations) : 3 }

  func errors<Scalar: FloatScalar>(_ rows: LossRows<Scalar>, _ errors: UnsafeMutablePointer<Scalar>) {
    var foreign = foreignRows(rows)
    foreign.errors = UnsafeMutableRawPointer(errors)
    table.errors?(table.data, state.state, &foreign)
  }

  func gradients<Scalar: FloatScalar>(
    _ rows: LossRows<Scalar>, coefficients: UnsafePointer<Scalar>,
    prediction: UnsafeMutablePointer<Scalar>?, target: UnsafeMutablePointer<Scalar>?
  ) {
    var foreign = foreignRows(rows)
    foreign.coefficients = UnsafeRawPointer(coefficients)
    foreign.prediction_gradient = prediction.map { UnsafeMutableRawPointer($0) }
    foreign.target_gradient = target.map { UnsafeMutableRawPointer($0) }
    table.gradients?(table.data, state.state, &foreign)
  }

  private func foreignRows<Scalar: FloatScalar>(_ rows: LossRows<Scalar>) -> nngraph_rows {
    var foreign = nngraph_rows()
    foreign.size = MemoryLayout<nngraph_rows>.size
    foreign.element = Scalar.elementType.code
    foreign.rows = Int64(rows.rows)
    foreign.features = Int64(rows.features)
    foreign.prediction = UnsafeRawPointer(rows.prediction)
    foreign.target = rows.target.map { UnsafeRawPointer($0) }
    foreign.classes = rows.classes
    return foreign
  }
}
