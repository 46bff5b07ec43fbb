import LayerKit

/// The module `state_space`: layers that carry a state along a sequence by a linear recurrence.
public struct StateSpaceModule: Module {
  public static let name = "state_space"
  public static let version = "1.0.0"
  public static let summary = "Layers that carry a state along a sequence by a linear recurrence."

  public init() {}

  /// Registers `selective_scan`.
  public func register(into registrar: inout Registrar) throws {
    registrar.layers(SelectiveScan.self)
  }
}
