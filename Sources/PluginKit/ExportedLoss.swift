import CPluginABI
import Kernels
import LayerKit

extension nngraph_loss {
  init(_ exported: ExportedComponent) {
    self.init()
    size = MemoryLayout<nngraph_loss>.size
    schema = exported.lastingSchema
    data = exported.lastingData
    if let plain = exported.plain as? any Loss {
      targets = UInt32(plain.targets.rawValue)
      operations = Int32(clamping: plain.operationsPerFeature)
    }
    create = { data, creation, state in
      ExportedComponent.create(data, creation, state, as: (any Loss).self, check: nngraph_loss.check)
    }
    destroy = { _, state in ExportedComponent.destroy(state) }
    errors = { _, state, rows in
      guard let rows = rows?.pointee else { return }
      ExportedComponent.with(state, as: (any Loss).self) { loss in
        nngraph_loss.errors(loss, rows, as: scalarType(rows.element))
      }
    }
    gradients = { _, state, rows in
      guard let rows = rows?.pointee else { return }
      ExportedComponent.with(state, as: (any Loss).self) { loss in
        nngraph_loss.gradients(loss, rows, as: scalarType(rows.element))
      }
    }
  }

  /// The host knows the targets from the table, and the class that takes no part from the attribute's name.
  private static func check(_ loss: any Loss, _ exported: ExportedComponent, _ attributes: Attributes) throws
  {
    let name = exported.schema.name
    guard loss.targets == (exported.plain as? any Loss)?.targets else {
      throw CrossingFault("the targets of \"\(name)\" depend on its attributes, which cannot cross")
    }
    var ignored: Int?
    if case .integer(let index)? = attributes["ignore_index"] { ignored = index }
    guard loss.ignoredClass == ignored else {
      throw CrossingFault("\"\(name)\" ignores a class that no attribute \"ignore_index\" names")
    }
  }

  private static func errors<Scalar: FloatScalar>(_ loss: any Loss, _ rows: nngraph_rows, as: Scalar.Type) {
    guard let values = LossRows<Scalar>(rows), let errors = rows.errors else { return }
    loss.errors(values, errors.assumingMemoryBound(to: Scalar.self))
  }

  private static func gradients<Scalar: FloatScalar>(_ loss: any Loss, _ rows: nngraph_rows, as: Scalar.Type)
  {
    guard let values = LossRows<Scalar>(rows), let coefficients = rows.coefficients else { return }
    loss.gradients(
      values, coefficients: coefficients.assumingMemoryBound(to: Scalar.self),
      prediction: rows.prediction_gradient?.assumingMemoryBound(to: Scalar.self),
      target: rows.target_gradient?.assumingMemoryBound(to: Scalar.self))
  }
}

extension LossRows {
  /// Nil where there is no prediction.
  fileprivate init?(_ rows: nngraph_rows) {
    guard let prediction = rows.prediction else { return nil }
    self.init(
      prediction: prediction.assumingMemoryBound(to: Scalar.self),
      target: rows.target?.assumingMemoryBound(to: Scalar.self), classes: rows.classes,
      rows: Int(rows.rows), features: Int(rows.features))
  }
}
