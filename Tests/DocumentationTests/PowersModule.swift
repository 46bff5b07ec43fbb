import LayerKit

/// The module `powers`: what a program registers, and what a graph lists under `plugins`.
public struct PowersModule: Module {
  public static let name = "powers"
  public static let version = "1.0.0"

  public init() {}

  /// Registers every operator of the module, a line each.
  public func register(into registrar: inout Registrar) throws {
    registrar.layers(Cube.self)
  }
}
