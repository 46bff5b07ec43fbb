import Diagnostics
import LayerKit

/// The plugin that a component comes from: how faults name it, and where its notes go.
struct PluginOrigin: Sendable {
  let identity: PluginIdentity
  let log: @Sendable (String) -> Void

  /// `plugin "gated" 1.0.0`.
  var title: String { identity.title }

  /// What the plugin said, with its name behind it.
  func marked(_ text: String) -> String { "\(text) (\(title))" }

  /// A fault of the plugin's own.
  func fault(place: String, _ message: String, nearest: String? = nil) -> Fault {
    Fault(.plugin, file: identity.file, place: place, message, nearest: nearest)
  }

  /// What a function said, as the fault of a component that is made or configured.
  func layerFault(_ said: PluginSaying) -> LayerFault {
    switch said {
    case .failure(let text): LayerFault(marked(text))
    case .attribute(let name, let text): LayerFault(marked(text), attribute: name)
    case .input(let input, let text): LayerFault(marked(text), input: input)
    case .element(let input, let element, let text):
      LayerFault(marked("element \(element): \(text)"), input: input)
    case .misuse(let text): LayerFault("\(title) \(text)")
    }
  }
}

/// Why a function of a plugin fails.
enum PluginSaying: Hashable, Sendable {
  case failure(String)
  case attribute(String, String)
  case input(Int, String)
  case element(input: Int, element: Int, String)
  /// What the plugin did against the contract, to stand behind its name: `calls "output" outside of "infer"`.
  case misuse(String)

  /// What was said, without the place that it was said of.
  var text: String {
    switch self {
    case .failure(let text), .misuse(let text): text
    case .attribute(let name, let text): "attribute \"\(name)\": \(text)"
    case .input(let input, let text): "input \(input): \(text)"
    case .element(let input, let element, let text): "element \(element) of input \(input): \(text)"
    }
  }
}
