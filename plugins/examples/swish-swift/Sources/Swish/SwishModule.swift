import PluginKit

/// What this plugin offers.
struct SwishModule: Module {
  static let name = "swish"
  static let version = "1.0.0"
  static let summary = "The activation swish and a residual connection with a learned scale."

  func register(into registrar: inout Registrar) throws {
    registrar.activations(Swish.self)
    registrar.layers(ScaledResidual.self)
  }
}

/// The one function that the library exports.
@c(nngraph_plugin_v1)
public func plugin() -> UnsafePointer<nngraph_plugin> { exported(SwishModule()) }
