import Diagnostics
import JSONText
import LayerKit
import Tensors

extension TrainingReader {
  private static let dataSchema = Schema(
    "data", "Where the rows come from.",
    attributes: [
      Attribute("file", .text, optional: true, "A file beside the graph or below it."),
      .number("validation", .fraction, default: 0, "The share of rows that watch the training."),
      .number("test", .fraction, default: 0, "The share of rows that training never sees."),
      .word(
        "split", DataSettings.Split.allCases.map(\.rawValue), default: "random",
        "Whether the parts are drawn from the seed or taken from the end."),
    ], inputs: [])

  private static let inputSchema = Schema(
    "data input", "How one input is filled.",
    attributes: [
      Attribute("column", .text, optional: true, "The name of a column."),
      Attribute("file", .text, optional: true, "A file of its own."),
      Attribute("tensor", .text, optional: true, "The name of a tensor in a safetensors file."),
      .boolean("standardize", default: false, "Whether scale and offset come from the training rows."),
    ], inputs: [])

  /// Reads `training.data`; nil where there is a fault.
  mutating func data(_ json: JSONValue) -> DataSettings? {
    let place = "training, data"
    let before = reader.faults.reported
    guard let members = json.members else {
      refuse(json, place, "expected an object, found \(json.excerpt)")
      return nil
    }
    if let text = json["text"] {
      refuse(text, "\(place), text", "data of text is not supported by this version")
    }
    let plain = reader.read(
      members, TrainingReader.dataSchema, place: place, at: json.textPlace, reserved: ["inputs", "text"])
    if let plain, plain.number("validation") + plain.number("test") >= 1 {
      refuse(
        json, place,
        "validation \(plain.number("validation").short) and test \(plain.number("test").short) together must "
          + "stay below 1")
    }
    var found: [DataInput] = []
    if let object = member("inputs", of: json, place, "it says which columns fill which input") {
      for member in object.members ?? [] where !member.isExtension && !reader.faults.isFull {
        if let input = dataInput(member, place) { found.append(input) }
      }
      if object.members == nil {
        refuse(object, "\(place), inputs", "expected an object, found \(object.excerpt)")
      }
    }
    checkFile(json["file"], "\(place), file")
    guard reader.faults.reported == before, let plain else { return nil }
    return DataSettings(
      file: plain.optionalWord("file"), inputs: found, validation: plain.number("validation"),
      test: plain.number("test"), split: DataSettings.Split(rawValue: plain.word("split")) ?? .random)
  }

  /// A file beside the graph or below it.
  private mutating func checkFile(_ json: JSONValue?, _ place: String) {
    guard let json, let name = json.string else { return }
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    if name.isEmpty || name.utf8.contains(0) || parts.contains("") || parts.contains("..")
      || parts.contains(".")
    {
      refuse(json, place, "expected the path of a file beside the graph or below it, found \(json.excerpt)")
    }
  }

  private mutating func dataInput(_ member: JSONMember, _ outer: String) -> DataInput? {
    let place = "\(outer), inputs, \(member.key.excerpt())"
    let json = member.value
    let before = reader.faults.reported
    if !inputs.contains(member.key) {
      reader.faults.append(
        at: member.keyTextPlace, place, "no input \"\(member.key.excerpt())\" in this graph",
        nearest: reader.faults.nearest(to: member.key, among: inputs))
    }
    guard let members = json.members else {
      refuse(json, place, "expected an object, found \(json.excerpt)")
      return nil
    }
    let plain = reader.read(
      members, TrainingReader.inputSchema, place: place, at: json.textPlace,
      reserved: ["columns", "scale", "offset", "classes"])
    checkFile(json["file"], "\(place), file")
    let columns = texts(
      json["columns"], "\(place), columns", accepted: "a name, a pattern or an array of them")
    let classes = texts(json["classes"], "\(place), classes", accepted: "an array of words")
    let scale = numbers(json["scale"], "\(place), scale")
    let offset = numbers(json["offset"], "\(place), offset")
    guard let plain else { return nil }
    let single = plain.optionalWord("column")
    // Columns that cannot be read were reported; they are a source none the less.
    let sources = [single != nil, json["columns"] != nil, plain.has("tensor")].filter { $0 }.count
    if sources > 1 || sources == 0 && !plain.has("file") {
      refuse(
        json, place, "expected one of \"column\", \"columns\", \"tensor\" and \"file\", found \(json.excerpt)"
      )
    }
    if plain.boolean("standardize"), scale != nil || offset != nil {
      refuse(json, place, "\"standardize\" computes scale and offset; they cannot be given as well")
    }
    guard reader.faults.reported == before else { return nil }
    return DataInput(
      name: member.key, columns: columns ?? single.map { [$0] } ?? [], file: plain.optionalWord("file"),
      tensor: plain.optionalWord("tensor"), scale: scale ?? [1], offset: offset ?? [0],
      standardize: plain.boolean("standardize"), classes: classes)
  }

  private mutating func texts(_ json: JSONValue?, _ place: String, accepted: String) -> [String]? {
    guard let json else { return nil }
    if let one = json.string { return [one] }
    let found = json.elements?.compactMap(\.string) ?? []
    if found.isEmpty || found.count != json.elements?.count {
      refuse(json, place, "expected \(accepted), found \(json.excerpt)")
      return nil
    }
    return found
  }

  private mutating func numbers(_ json: JSONValue?, _ place: String) -> [Double]? {
    guard let json else { return nil }
    if let one = json.double { return [one] }
    let found = json.elements?.compactMap(\.double) ?? []
    if found.isEmpty || found.count != json.elements?.count {
      refuse(json, place, "expected a number or one a column, found \(json.excerpt)")
      return nil
    }
    return found
  }
}
