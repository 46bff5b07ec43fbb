import Diagnostics
import JSONText
import LayerKit
import Tensors

extension PluginManifest {
  /// Reads a manifest; nothing of its library is touched.
  ///
  /// Throws `Faults` of kind `.plugin` with everything that is wrong with its text; a `Fault` of that kind
  /// for a file that others may write and for one that is missing beside its library, and one of kind `.io` for
  /// a file that cannot be read.
  public static func read(_ path: String) throws -> PluginManifest {
    if !FileAccess.fileExists(path), let name = name(ofManifest: FileAccess.lastName(of: path)) {
      let library = FileAccess.join(FileAccess.folder(of: path), "lib\(name).so")
      if FileAccess.fileExists(library) {
        throw Fault(
          .plugin, file: library, "it has no manifest beside it; \(remedy(for: library))")
      }
    }
    let bytes = try TrustedFile(path, limit: sizeLimit, what: "a plugin's manifest").readAll()
    return try read(bytes, path: path)
  }

  /// What gives a library the manifest that it lacks.
  public static func remedy(for library: String) -> String {
    "`nngraph plugin manifest \(library.quotedForTerminal)` writes one"
  }

  /// Reads the text of a manifest that stands in the file of that path.
  static func read(_ bytes: [UInt8], path: String) throws -> PluginManifest {
    var reader = ManifestReader()
    var found: PluginManifest?
    do {
      let document = try JSONText.parse(bytes, depthLimit: 8)
      reader.faults = document.faults
      found = reader.manifest(document.root, folder: FileAccess.folder(of: path))
    } catch {
      reader.faults = error.all
    }
    let file = FileAccess.lastName(of: path)
    if let found, file != found.name + ending {
      reader.faults.append(
        Fault(
          text: reader.namePlace, place: "name",
          "the plugin \"\(found.name.excerpt())\" is described in \(found.name.excerpt())\(ending), "
            + "not in \(file.excerpt())"))
    }
    guard reader.faults.isEmpty, let found else {
      for index in reader.faults.indices { reader.faults[index].kind = .plugin }
      throw Faults(reader.faults).inOrder(file: path)
    }
    return found
  }
}

/// Reads the tree of a manifest strictly, and goes on after a fault, so that all are found.
private struct ManifestReader: StrictReader {
  var faults: [Fault] = []
  var namePlace: TextPlace?

  /// The manifest, or nil where something is wrong.
  mutating func manifest(_ root: JSONValue, folder: String) -> PluginManifest? {
    if let format = root["format"], format.string != PluginManifest.format {
      refuse(
        format, "format", "\(format.excerpt) is not \"\(PluginManifest.format)\", which is read here")
      return nil
    }
    let keys = object(
      root, "",
      required: ["format", "name", "version", "summary", "interface", "host", "sha256", "registers"],
      optional: ["swift"])
    guard let keys else { return nil }
    namePlace = keys["name"]?.place
    let name = text(keys, "name", "", PluginManifest.namePattern) { isPluginName($0) ? $0 : nil }
    if name == Registry.core {
      refuse(keys["name"], "name", "\"core\" is the name of the program's own module")
    }
    let version = text(keys, "version", "", "three whole numbers, \"1.0.0\"") {
      wholeNumbers(of: $0)?.count == 3 ? $0 : nil
    }
    let summary = text(keys, "summary", "")
    let accepted = "two whole numbers, \"\(InterfaceVersion.current)\""
    let interface = text(keys, "interface", "", accepted) { InterfaceVersion($0) }
    let host = text(keys, "host", "", accepted) { InterfaceVersion($0) }
    if let interface, let host, host.major != interface.major || host > interface {
      refuse(
        keys["host"], "host",
        "a plugin that was compiled with interface \(interface) cannot need \(host)")
    }
    let swift = text(keys, "swift", "", "the two numbers of a Swift, \"6.3\"") {
      wholeNumbers(of: $0)?.count == 2 ? $0 : nil
    }
    let sha256 = hash(keys, "sha256", "")
    let components = components(keys)
    guard let name, let version, let summary, let interface, let host, let sha256 else { return nil }
    return PluginManifest(
      name: name, version: version, summary: summary, interface: interface, host: host, swift: swift,
      sha256: sha256, components: components, folder: folder)
  }

  private mutating func components(_ keys: [String: JSONValue]) -> [PluginComponent] {
    guard let registers = keys["registers"] else { return [] }
    guard let elements = registers.elements else {
      refuse(registers, "registers", "expected an array, found \(registers.excerpt)")
      return []
    }
    var found: [PluginComponent] = []
    var seen: Set<[String]> = []
    for (index, element) in elements.enumerated() {
      let name = element["name"]?.string.map { " \"\($0.excerpt(60))\"" } ?? ""
      let place = "registers[\(index)]\(name)"
      guard let component = component(element, place) else { continue }
      if !seen.insert([component.family.rawValue, component.name, "\(component.version)"]).inserted {
        refuse(element, place, "\(component) is listed twice")
      }
      found.append(component)
    }
    return found
  }

  private mutating func component(_ value: JSONValue, _ place: String) -> PluginComponent? {
    guard let keys = object(value, place, required: ["kind", "name", "version"], optional: ["gradient"])
    else {
      return nil
    }
    let family = word(keys, "kind", place, Family.self)
    let name = text(keys, "name", place, PluginManifest.namePattern) { Schema.isName($0) ? $0 : nil }
    let version = keys["version"]?.integer.flatMap { $0 >= 1 ? $0 : nil }
    if version == nil { expected("a whole number from 1", keys, "version", place) }
    if let gradient = keys["gradient"] {
      if gradient.boolean == nil { expected("true or false", keys, "gradient", place) }
      if let family, family != .layer {
        refuse(
          gradient, "\(place), gradient",
          "is for operators alone, and this is a component of kind \(family.rawValue)")
      }
    }
    guard let family, let name, let version else { return nil }
    let hasGradient = family == .layer ? keys["gradient"]?.boolean ?? false : nil
    return PluginComponent(family, name, version: version, hasGradient: hasGradient)
  }
}
