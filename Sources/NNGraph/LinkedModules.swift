import Convolution
import LayerKit
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

  /// A registry with all of them, but those in `replaced`, whose place somebody else takes.
  ///
  /// Throws `RegistrationFault` where two modules claim one name.
  public static func registry(without replaced: Set<String> = []) throws -> Registry {
    var registry = Registry()
    for module in all where !replaced.contains(type(of: module).name) { try registry.register(module) }
    return registry
  }
}
