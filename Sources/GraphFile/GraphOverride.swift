import Diagnostics
import JSONText

/// A key of the file that a caller sets for one run: `training.optimizer.learning_rate` to `0.01`.
public struct GraphOverride: Hashable, Sendable {
  /// Keys between points; in an array, the `name` of an element: `nodes.hidden.units`.
  public var path: String
  /// JSON; any other text stands for itself as a string.
  public var value: String

  public init(path: String, value: String) {
    self.path = path
    self.value = value
  }

  /// The tree with the overrides, applied in order, and the faults of kind `.usage` of those that could not
  /// be.
  static func apply(
    _ overrides: [GraphOverride], to root: JSONValue, limits: GraphLimits
  ) -> (root: JSONValue, faults: [Fault]) {
    var root = root
    var faults: [Fault] = []
    for override in overrides {
      do {
        root = try override.edit(limits: limits).applied(to: root)
      } catch {
        faults += error.all
      }
    }
    return (root, faults)
  }

  private func edit(limits: GraphLimits) throws(Faults) -> GraphEdit {
    let parts = path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard parts.allSatisfy({ !$0.isEmpty }) else {
      throw Faults(
        Fault(
          .usage, place: path.excerpt(),
          "expected keys between points such as training.epochs, found \"\(path.excerpt())\""))
    }
    guard parts.count <= limits.depth else {
      throw Faults(
        Fault(
          .limit, place: path.excerpt(), "found \(parts.count) keys, more than the limit of \(limits.depth)"))
    }
    return GraphEdit(parts, try parsedValue(limits: limits))
  }

  private func parsedValue(limits: GraphLimits) throws(Faults) -> JSONValue {
    guard let parsed = try? JSONText.parse(Array(value.utf8), depthLimit: limits.depth) else {
      return .string(value)
    }
    let faults = parsed.faults.map { Fault(.usage, place: path.excerpt(), $0.message) }
    if !faults.isEmpty { throw Faults(faults) }
    return parsed.root
  }
}
