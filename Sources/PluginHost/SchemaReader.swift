import Diagnostics
import JSONText
import LayerKit

/// What the JSON text of a component says.
struct ReadSchema {
  var schema: Schema
  var examples: [Example] = []
  /// Where an activation is not smooth.
  var kinks: [Double] = []
}

/// Reads the schema of a component from JSON text.
///
/// It goes on after a fault, so that all of them are found; each names its place inside of the schema.
struct SchemaReader {
  let family: Family
  let origin: PluginOrigin
  /// `operator "gated"`, or `operator 0` until the name is known.
  private(set) var title: String
  private(set) var faults: [Fault] = []
  /// Whether the text is no schema, but says why the whole plugin offers nothing.
  private(set) var isRefusal = false
  /// The names of all attributes, of faulty ones too.
  var attributeNames: [String] = []

  init(_ family: Family, entry: Int, _ origin: PluginOrigin) {
    self.family = family
    self.origin = origin
    title = "\(family.rawValue) \(entry)"
  }

  /// The schema; nil, with faults, where something is wrong with it.
  mutating func read(_ text: String) -> ReadSchema? {
    let document: JSONDocument
    do {
      document = try JSONText.parse(Array(text.utf8))
    } catch {
      for fault in error.all { report("", "the schema is not JSON: \(placed(fault, in: text))") }
      return nil
    }
    if let members = document.root.members, members.count == 1, let reason = document.root["refused"]?.string
    {
      isRefusal = true
      faults.append(origin.fault(place: "", reason.excerpt(longestPluginText)))
      return nil
    }
    if let name = document.root["name"]?.string, Schema.isName(name) {
      title = "\(family.rawValue) \"\(name)\""
    }
    for fault in document.faults { report("", placed(fault, in: text)) }
    var keys = ["name", "version", "summary", "formula", "attributes"]
    if family == .layer { keys += ["inputs", "least_inputs", "outputs", "parameters"] }
    if family == .layer || family == .loss { keys.append("examples") }
    if family == .activation { keys.append("kinks") }
    let root = document.root
    guard members(root, "", keys) != nil else { return nil }
    var read = ReadSchema(schema: Schema("", "", inputs: [], outputs: []))
    read.schema.name = required(root, "name", "").flatMap { name($0, "name") } ?? ""
    read.schema.summary = required(root, "summary", "").flatMap { nonempty($0, "summary") } ?? ""
    if let version = root["version"] {
      read.schema.version = integer(version, "version", 1...Int.max) ?? 1
    }
    if let formula = root["formula"] { read.schema.formula = string(formula, "formula") ?? "" }
    if let attributes = root["attributes"] { read.schema.attributes = readAttributes(attributes) }
    if family == .layer { readPorts(root, into: &read.schema) }
    if let examples = root["examples"], family == .layer || family == .loss {
      read.examples = readExamples(examples)
    }
    if let kinks = root["kinks"], family == .activation { read.kinks = numbers(kinks, "kinks") ?? [] }
    return faults.isEmpty ? read : nil
  }

  /// The message of a fault of JSON text, with its place in the text and what stands there.
  private func placed(_ fault: Fault, in text: String) -> String {
    guard let place = fault.text else { return fault.message }
    let start = "line \(place.line), column \(place.column)"
    guard text.first(where: { !$0.isWhitespace }) == "{" else {
      return "\(start): \(fault.message); it begins with `\(text.excerpt(200))`"
    }
    let lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
    guard place.line <= lines.count else { return "\(start): \(fault.message)" }
    let before = lines[place.line - 1].prefix(place.column - 1)
    if before.isEmpty { return "\(start): \(fault.message)" }
    let shown = (before.count > 30 ? "..." : "") + String(before.suffix(30)).quotedForTerminal
    return "\(start), after `\(shown)`: \(fault.message)"
  }

  private mutating func readPorts(_ root: JSONValue, into schema: inout Schema) {
    schema.inputs = [Port("x")]
    schema.outputs = ["y"]
    if let inputs = root["inputs"] { schema.inputs = readInputs(inputs) }
    if let least = root["least_inputs"] {
      schema.leastInputs = integer(least, "least_inputs", 1...64)
    }
    if let outputs = root["outputs"] {
      schema.outputs = outputs.isNull ? nil : names(outputs, "outputs")
      if let outputs = schema.outputs, outputs.isEmpty {
        report("outputs", "needs one name or more, or null where the outputs are numbered")
      }
    }
    if let parameters = root["parameters"] { schema.parameters = strings(parameters, "parameters") ?? [] }
  }

  private mutating func readInputs(_ json: JSONValue) -> [Port] {
    var ports: [Port] = []
    for (index, entry) in (array(json, "inputs") ?? []).enumerated() {
      let place = "inputs[\(index)]"
      if entry.string != nil {
        if let name = name(entry, place) { ports.append(Port(name)) }
        continue
      }
      guard members(entry, place, ["name", "optional", "summary"]) != nil else { continue }
      let name = required(entry, "name", place).flatMap { self.name($0, "\(place), name") } ?? ""
      let isOptional = entry["optional"].flatMap { truth($0, "\(place), optional") } ?? false
      let summary = entry["summary"].flatMap { string($0, "\(place), summary") } ?? ""
      ports.append(Port(name, optional: isOptional, summary))
    }
    reportRepeats(ports.map(\.name), "inputs")
    return ports
  }

  /// The names of an array, all different.
  private mutating func names(_ json: JSONValue, _ place: String) -> [String] {
    var found: [String] = []
    for (index, entry) in (array(json, place) ?? []).enumerated() {
      if let name = name(entry, "\(place)[\(index)]") { found.append(name) }
    }
    reportRepeats(found, place)
    return found
  }

  mutating func reportRepeats(_ names: [String], _ place: String) {
    var seen = Set<String>()
    for name in names where !name.isEmpty && !seen.insert(name).inserted {
      report(place, "\"\(name)\" stands there twice")
    }
  }

  // MARK: Values

  mutating func report(_ place: String, _ message: String, nearest: String? = nil) {
    faults.append(
      origin.fault(place: place.isEmpty ? title : "\(title), \(place)", message, nearest: nearest))
  }

  mutating func refuse(_ json: JSONValue, _ place: String, _ expected: String) {
    report(place, "expected \(expected), found \(json.excerpt)")
  }

  /// The members of an object; reports keys that are not accepted.
  mutating func members(_ json: JSONValue, _ place: String, _ keys: [String]) -> [JSONMember]? {
    guard let members = json.members else {
      refuse(json, place, "an object")
      return nil
    }
    for member in members where !keys.contains(member.key) {
      let inside = place.isEmpty ? member.key.excerpt() : "\(place), \(member.key.excerpt())"
      report(
        inside, "unknown key; accepted: \(keys.isEmpty ? "none" : keys.joined(separator: ", "))",
        nearest: nearest(to: member.key, among: keys))
    }
    return members
  }

  mutating func required(_ json: JSONValue, _ key: String, _ place: String) -> JSONValue? {
    if let found = json[key] { return found }
    report(place.isEmpty ? key : "\(place), \(key)", "missing")
    return nil
  }

  mutating func string(_ json: JSONValue, _ place: String) -> String? {
    if let found = json.string { return found }
    refuse(json, place, "a text")
    return nil
  }

  mutating func nonempty(_ json: JSONValue, _ place: String) -> String? {
    if let found = json.string, !found.isEmpty { return found }
    refuse(json, place, "a text that is not empty")
    return nil
  }

  mutating func name(_ json: JSONValue, _ place: String) -> String? {
    if let found = json.string, Schema.isName(found) { return found }
    refuse(json, place, "a name of the form [a-z][a-z0-9_]*")
    return nil
  }

  mutating func truth(_ json: JSONValue, _ place: String) -> Bool? {
    if let found = json.boolean { return found }
    refuse(json, place, "true or false")
    return nil
  }

  mutating func integer(_ json: JSONValue, _ place: String, _ range: ClosedRange<Int> = .all) -> Int? {
    if let found = json.integer, range.contains(found) { return found }
    refuse(json, place, range.integerText())
    return nil
  }

  mutating func number(_ json: JSONValue, _ place: String) -> Double? {
    if let found = json.double { return found }
    refuse(json, place, "a finite number")
    return nil
  }

  mutating func array(_ json: JSONValue, _ place: String) -> [JSONValue]? {
    if let found = json.elements { return found }
    refuse(json, place, "an array")
    return nil
  }

  mutating func strings(_ json: JSONValue, _ place: String) -> [String]? {
    guard let entries = array(json, place) else { return nil }
    return entries.enumerated().compactMap { nonempty($0.element, "\(place)[\($0.offset)]") }
  }

  mutating func numbers(_ json: JSONValue, _ place: String) -> [Double]? {
    guard let entries = array(json, place) else { return nil }
    return entries.enumerated().compactMap { number($0.element, "\(place)[\($0.offset)]") }
  }
}

extension ClosedRange<Int> {
  /// Every integer.
  static var all: ClosedRange<Int> { Int.min...Int.max }
}
