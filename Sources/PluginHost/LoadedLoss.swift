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
    var record = record(rows)
    record.errors = UnsafeMutableRawPointer(errors)
    table.errors?(table.data, state.state, &record)
  }

  func gradients<Scalar: FloatScalar>(
    _ rows: LossRows<Scalar>, coefficients: UnsafePointer<Scalar>,
    prediction: UnsafeMutablePointer<Scalar>?, target: UnsafeMutablePointer<Scalar>?
  ) {
    var record = record(rows)
    record.coefficients = UnsafeRawPointer(coefficients)
    record.prediction_gradient = prediction.map { UnsafeMutableRawPointer($0) }
    record.target_gradient = target.map { UnsafeMutableRawPointer($0) }
    table.gradients?(table.data, state.state, &record)
  }

  private func record<Scalar: FloatScalar>(_ rows: LossRows<Scalar>) -> nngraph_rows {
    var record = nngraph_rows()
    record.size = MemoryLayout<nngraph_rows>.size
    record.element = Scalar.elementType.code
    record.rows = Int64(rows.rows)
    record.features = Int64(rows.features)
    record.prediction = UnsafeRawPointer(rows.prediction)
    record.target = rows.target.map { UnsafeRawPointer($0) }
    record.classes = rows.classes
    return record
  }
}
