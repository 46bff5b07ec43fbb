import LayerKit
import StandardModule
import StateSpace

/// The modules that are linked into the program.
public enum LinkedModules {
  /// A registry with all of them: the core, and each plugin by the one line that registers it.
  ///
  /// Throws `RegistrationFault` where two modules claim one name.
  public static func registry() throws -> Registry {
    var registry = Registry()
    try registry.register(StandardModule())
    try registry.register(StateSpaceModule())
    return registry
  }
}
