import Diagnostics
import JSONText

// The keys of the file, in the order of FORMAT's table.
extension GraphReader {
  static let format = "nngraph/1"
  static let keys = [
    "format", "name", "description", "inputs", "nodes", "outputs", "blocks", "parameters", "training",
    "plugins", "metadata",
  ]

  /// Fills the document from its tree; false where it is no graph that this program could read.
  mutating func read(_ document: inout GraphDocument) -> Bool {
    let root = document.root
    guard root.members != nil else {
      wrong("", root, expected: "an object with the keys \(Self.keys.joined(separator: ", "))")
      return false
    }
    // What a later version means is not known, so nothing else is said of such a file.
    guard !isLaterFormat(root["format"]) else { return false }
    guard
      let fields = fields(
        of: root, "", known: Self.keys,
        required: [
          "format": "\"\(Self.format)\"", "name": "the name of the graph",
          "inputs": "an object of names to shapes and types", "nodes": "an array of nodes",
          "outputs": "an array of value references, or an object of names to value references",
        ])
    else { return false }
    document.format = readFormat(fields["format"])
    document.name = readName(fields["name"])
    document.description = text(fields["description"], "description")
    var scope = NameScope()
    document.inputs = readInputs(fields["inputs"], &scope)
    document.nodes = readNodes(fields["nodes"], "nodes", &scope, inBlock: false)
    document.outputs = readOutputs(fields["outputs"], scope)
    document.isMissingNames = scope.isMissingNames
    document.blocks = readBlocks(fields["blocks"])
    document.parameters = readParameters(fields["parameters"])
    document.training = object(fields["training"], "training")
    document.plugins = readPlugins(fields["plugins"])
    document.metadata = fields["metadata"]
    return true
  }

  /// Reports `nngraph/2` and above.
  private mutating func isLaterFormat(_ value: JSONValue?) -> Bool {
    let prefix = "nngraph/"
    guard let value, let text = value.string, text.hasPrefix(prefix) else { return false }
    let digits = text.dropFirst(prefix.count)
    guard !digits.isEmpty, digits.utf8.allSatisfy(Names.isDigit), (Int(digits) ?? .max) > 1 else {
      return false
    }
    report(
      "format", at: value.textPlace,
      "found \(value.excerpt), a later version of the format; this program reads \(Self.format)")
    return true
  }

  private mutating func readFormat(_ value: JSONValue?) -> Located<String> {
    guard let value else { return Located("", at: nil) }
    if value.string != Self.format { wrong("format", value, expected: "\"\(Self.format)\"") }
    return Located(value.string ?? "", at: value.textPlace)
  }

  private mutating func readName(_ value: JSONValue?) -> Located<String> {
    guard let value else { return Located("", at: nil) }
    guard let name = value.string, Names.isGraphName(name) else {
      wrong("name", value, expected: "a name (\(Names.graphPattern))")
      return Located(value.string ?? "", at: value.textPlace)
    }
    return Located(name, at: value.textPlace)
  }

  private mutating func object(_ value: JSONValue?, _ place: String) -> JSONValue? {
    guard let value else { return nil }
    guard value.members != nil else {
      wrong(place, value, expected: "an object")
      return nil
    }
    return value
  }

  private mutating func readPlugins(_ value: JSONValue?) -> [Located<PluginRequirement>] {
    guard let value else { return [] }
    guard let elements = value.elements else {
      wrong("plugins", value, expected: "an array of plugin names")
      return []
    }
    var first: [String: Int] = [:]
    var plugins: [Located<PluginRequirement>] = []
    for (index, element) in elements.enumerated() {
      guard let plugin = readPlugin(element, "plugins[\(index)]") else { continue }
      if let earlier = first[plugin.name] {
        report(
          "plugins[\(index)]", at: element.textPlace,
          "duplicate plugin \"\(plugin.name)\"; first at plugins[\(earlier)]")
        continue
      }
      first[plugin.name] = index
      plugins.append(Located(plugin, at: element.textPlace))
    }
    return plugins
  }

  private mutating func readPlugin(_ value: JSONValue, _ place: String) -> PluginRequirement? {
    if value.members == nil {
      return pluginName(value, place).map { PluginRequirement(name: $0) }
    }
    guard
      let fields = fields(
        of: value, place, known: ["name", "version"], required: ["name": "the name of a plugin"])
    else { return nil }
    let name = fields["name"].flatMap { pluginName($0, "\(place), name") }
    var constraint: VersionConstraint?
    if let version = fields["version"] {
      constraint = version.string.flatMap(VersionConstraint.init)
      if constraint == nil {
        wrong("\(place), version", version, expected: "a version such as \">=1.2\", \"=1.2.3\" or \"<2\"")
      }
    }
    return name.map { PluginRequirement(name: $0, version: constraint) }
  }

  private mutating func pluginName(_ value: JSONValue, _ place: String) -> String? {
    guard let name = value.string, Names.isPluginName(name) else {
      wrong(place, value, expected: "the name of a plugin (\(Names.pluginPattern))")
      return nil
    }
    return name
  }
}
