import Convolution
import LayerKit
import PluginHost
import StandardModule
import StateSpace

/// The modules that are linked into the program.
public enum LinkedModules {
  /// The core, and each plugin by the one line that names it.
  public static let all: [any Module] = [
    StandardModule(),
    ConvolutionModule(),
    StateSpaceModule(),
  ]

  /// A registry with all of them.
  ///
  /// Throws `RegistrationFault` where two modules claim one name.
  public static func registry() throws -> Registry { try registry(without: []) }

  /// A registry with plugins that are loaded, and with all linked modules whose names no given plugin has.
  ///
  /// Throws `RegistrationFault`, and `Faults` for a plugin that claims a name which has an owner.
  public static func registry(with plugins: PluginSet) throws -> Registry {
    var registry = try registry(without: plugins.names)
    try plugins.register(into: &registry)
    return registry
  }

  private static func registry(without replaced: Set<String>) throws -> Registry {
    var registry = Registry()
    for module in all where !replaced.contains(type(of: module).name) { try registry.register(module) }
    return registry
  }
}
