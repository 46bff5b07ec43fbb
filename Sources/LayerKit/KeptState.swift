import Kernels

/// Keeps the numbers that a state has before a forward call changes them.
///
/// It stands in no file: the compiler makes one for every state of an operation that is run a second time for
/// backward, so that the second run sees what the first one saw.
public struct KeptState: Layer {
  public static let examples: [Example] = []

  public static let schema = Schema(
    "keep_state", "Copies a state, for an operation that is run again.", formula: "y = state", inputs: [])

  public init(_ attributes: Attributes) {}

  public init() {}

  /// The state has its type from the operation that owns it.
  public func infer(_ inference: inout Inference) throws {}

  public func operations(_ signature: Signature) -> Int { 0 }

  public func forward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) throws {
    let state = call.parameters[0]
    call.outputs[0].base.copyMemory(from: state.base, byteCount: state.type.byteCount)
  }
}
