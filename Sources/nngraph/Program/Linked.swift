import Compiler
import Diagnostics
import JSONText
import LayerKit
import StandardModule
import StateSpace

/// What this build of the program holds; the one place where rooms are joined to verbs.
enum Linked {
  /// The version that `--version` prints.
  static let version = "0.1.0"

  /// The registry of everything that is linked in; without plugins, of the core alone.
  static func registry(plugins: Bool) throws -> Registry {
    var registry = Registry()
    do {
      try registry.register(StandardModule())
      if plugins { try registry.register(StateSpaceModule()) }
    } catch let fault as RegistrationFault {
      throw Fault(.program, fault.description)
    }
    return registry
  }

  /// Finds the graph file of `zoo:NAME`; nil where this build has no models.
  static let locateModel: (@Sendable (_ name: String) throws -> String)? = nil

  /// What `check --gradients` answers: a table, its JSON, and whether all gradients agree.
  struct GradientAnswer {
    var text: String
    var json: JSONValue
    var isSound: Bool
  }

  /// Compares the gradients of a network with central differences; nil where this build cannot.
  static let checkGradients: (@Sendable (Network, CommandContext) throws -> GradientAnswer)? = nil

  /// The verbs in the order in which they are listed.
  static var verbs: [any Verb.Type] {
    [Inspect.self, Check.self, Export.self, Reformat.self, Operators.self]
  }
}
