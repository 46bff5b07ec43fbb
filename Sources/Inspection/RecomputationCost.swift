import Compiler
import JSONText

/// What it costs to compute inner values of blocks again for backward, and what that saves.
public struct RecomputationCost: Hashable, Sendable {
  /// The floating-point operations of a training step that repeat what forward did.
  public var operations: Int
  /// All operations of a training step that keeps every value.
  public var operationsKeepingAll: Int
  /// The bytes of the buffers of a training step, and of one that keeps every value.
  public var bytes: Int
  public var bytesKeepingAll: Int

  /// The operations that come on top, as a share.
  public var share: Double { Double(operations) / Double(max(1, operationsKeepingAll)) }

  /// Compares the plans of a network; nil where nothing is computed again.
  public init?(_ plans: NetworkPlans) {
    guard let training = plans.training, let keepingAll = plans.keepingAll else { return nil }
    operations = training.repeatedOperations
    operationsKeepingAll = keepingAll.operations
    bytes = training.arenaByteCount
    bytesKeepingAll = keepingAll.arenaByteCount
  }

  /// The cost as JSON.
  public var json: JSONValue {
    .object([
      ("repeated_operations", .integer(operations)), ("share", .double(share)), ("bytes", .integer(bytes)),
      ("bytes_keeping_all", .integer(bytesKeepingAll)),
    ])
  }

  /// One line.
  public var text: String {
    "computed again for backward: \(operations.grouped) operations, \((share * 100).fixed(1)) % more; "
      + "activations and gradients: \(bytes.byteText) in place of \(bytesKeepingAll.byteText)\n"
  }
}
