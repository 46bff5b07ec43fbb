import Diagnostics
import JSONText
import Training

/// Reads the tree of an index strictly, and goes on after a fault, so that all are found.
struct ZooIndexReader: StrictReader {
  var faults: [Fault] = []

  /// The models of an index, as far as they could be read.
  mutating func entries(_ root: JSONValue) -> [ZooEntry] {
    guard let keys = object(root, "", required: ["schema", "models"]) else { return [] }
    if let schema = text(keys, "schema", ""), schema != ZooIndex.schema {
      refuse(
        keys["schema"], "schema", "\"\(schema.excerpt())\" is not \"\(ZooIndex.schema)\", which is read here")
      return []
    }
    var found: [ZooEntry] = []
    for (index, element) in array(keys, "models", "").enumerated() {
      let name = element["name"]?.string.map { " \"\($0.excerpt(60))\"" } ?? ""
      guard let entry = entry(element, "models[\(index)]\(name)") else { continue }
      if found.contains(where: { $0.name == entry.name }) {
        refuse(element["name"], "models[\(index)]\(name)", "an earlier model has the same name")
      }
      found.append(entry)
    }
    return found
  }

  private mutating func entry(_ value: JSONValue, _ place: String) -> ZooEntry? {
    let before = faults.count
    guard
      let keys = object(
        value, place, required: ["name", "task", "data", "licence"], optional: ["description", "record"])
    else { return nil }
    let name = text(keys, "name", place)
    if let name, !isModelName(name) {
      refuse(
        keys["name"], "\(place), name",
        "\"\(name.excerpt())\" is no model's name: a letter or digit, then letters, digits, \".\", \"_\" and \"-\""
      )
    }
    let task = text(keys, "task", place)
    let licence = text(keys, "licence", place)
    let description = keys["description"] == nil ? "" : text(keys, "description", place)
    let data = keys["data"].flatMap { self.data($0, "\(place), data") }
    let record = keys["record"].flatMap { self.record($0, "\(place), record") }
    guard faults.count == before, let name, let task, let licence, let description, let data else {
      return nil
    }
    return ZooEntry(
      name: name, task: task, description: description, data: data, licence: licence, record: record)
  }

  private mutating func data(_ value: JSONValue, _ place: String) -> ZooData? {
    guard let keys = object(value, place, required: ["name", "source", "licence"]),
      let name = text(keys, "name", place), let source = text(keys, "source", place),
      let licence = text(keys, "licence", place)
    else { return nil }
    return ZooData(name: name, source: source, licence: licence)
  }

  private mutating func record(_ value: JSONValue, _ place: String) -> ZooRecord? {
    guard
      let keys = object(
        value, place, required: ["parameters", "bytes", "figures", "files", "sample"])
    else { return nil }
    let parameters = count(keys, "parameters", place)
    let bytes = count(keys, "bytes", place)
    let figures = keys["figures"].flatMap { self.figures($0, "\(place), figures") }
    var files: [ZooFile] = []
    for (index, element) in array(keys, "files", place).enumerated() {
      if let file = file(element, "\(place), files[\(index)]") { files.append(file) }
    }
    let sample = keys["sample"].flatMap { self.sample($0, "\(place), sample") }
    guard let parameters, let bytes, let figures, let sample else { return nil }
    return ZooRecord(parameters: parameters, bytes: bytes, figures: figures, files: files, sample: sample)
  }

  /// Reads figures; also those in the metadata of a graph.
  mutating func figures(_ value: JSONValue, _ place: String) -> ZooFigures? {
    guard
      let keys = object(
        value, place, required: ["rows", "row_count", "metrics", "seed", "epochs"], optional: ["loss"])
    else { return nil }
    let rows = word(keys, "rows", place, Dataset.Part.self)
    let rowCount = count(keys, "row_count", place)
    let seed = count(keys, "seed", place)
    let epochs = count(keys, "epochs", place)
    let loss = keys["loss"] == nil ? nil : number(keys, "loss", place)
    var metrics: [NamedNumber] = []
    if let members = keys["metrics"]?.members {
      for member in members {
        if let value = member.value.double {
          metrics.append(NamedNumber(name: member.key, value: value))
        } else {
          refuse(
            member.value, "\(place), metrics, \(member.key.excerpt())",
            "expected a number, found \(member.value.excerpt)")
        }
      }
    } else {
      refuse(
        keys["metrics"], "\(place), metrics",
        "expected an object, found \(keys["metrics"]?.excerpt ?? "nothing")")
    }
    guard let rows, let rowCount, let seed, let epochs else { return nil }
    return ZooFigures(
      rows: rows, rowCount: rowCount, loss: loss, metrics: metrics, seed: UInt64(seed), epochs: epochs)
  }

  private mutating func file(_ value: JSONValue, _ place: String) -> ZooFile? {
    guard let keys = object(value, place, required: ["role", "path", "bytes", "sha256"]) else { return nil }
    let role = word(keys, "role", place, ZooFile.Role.self)
    let path = text(keys, "path", place)
    let bytes = count(keys, "bytes", place)
    let sha256 = hash(keys, "sha256", place)
    guard let role, let path, let bytes, let sha256 else { return nil }
    return ZooFile(role: role, path: path, bytes: bytes, sha256: sha256)
  }

  private mutating func sample(_ value: JSONValue, _ place: String) -> ZooSample? {
    guard let keys = object(value, place, required: ["tolerance", "inputs", "outputs"]) else { return nil }
    let tolerance = number(keys, "tolerance", place)
    if let tolerance, tolerance < 0 {
      refuse(
        keys["tolerance"], "\(place), tolerance",
        "expected 0 or more, found \(keys["tolerance"]?.excerpt ?? "")")
    }
    let inputs = tensors(keys, "inputs", place)
    let outputs = tensors(keys, "outputs", place)
    guard let tolerance else { return nil }
    return ZooSample(inputs: inputs, outputs: outputs, tolerance: tolerance)
  }

  private func isModelName(_ name: String) -> Bool {
    guard let first = name.utf8.first, isAlphanumeric(first) else { return false }
    return name.utf8.allSatisfy { isAlphanumeric($0) || "._-".utf8.contains($0) }
  }

  private func isAlphanumeric(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20)
  }
}
