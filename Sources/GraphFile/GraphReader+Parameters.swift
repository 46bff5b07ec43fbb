import Diagnostics
import JSONText

// The object `parameters`.
extension GraphReader {
  mutating func readParameters(_ value: JSONValue?) -> Located<ParameterSource>? {
    guard let value, let fields = fields(of: value, "parameters", known: ["file", "sha256", "values"])
    else { return nil }
    switch (fields["file"], fields["values"]) {
    case (let file?, nil):
      let sha256 = fields["sha256"].flatMap { readHash($0) }
      guard let name = readFileName(file) else { return nil }
      return Located(.file(name: name, sha256: sha256), at: value.textPlace)
    case (nil, let values?):
      if let sha256 = fields["sha256"] {
        report(
          "parameters, sha256", at: sha256.textPlace, "belongs to a file; the values stand in the graph here")
      }
      guard let members = values.members else {
        wrong(
          "parameters, values", values, expected: "an object of parameter names to numbers or nested arrays")
        return nil
      }
      return Located(.values(members.filter { !$0.isExtension }), at: value.textPlace)
    case (.some, let values?):
      report("parameters", at: values.textPlace, "found both file and values; expected one of them")
    case (nil, nil):
      if fields.misspelt.isDisjoint(with: ["file", "values"]) {
        report("parameters", at: value.textPlace, "found neither file nor values; expected one of them")
      }
      _ = fields["sha256"].flatMap { readHash($0) }
    }
    return nil
  }

  private mutating func readFileName(_ value: JSONValue) -> Located<String>? {
    guard let name = value.string, !name.isEmpty, name != ".", name != "..",
      !name.utf8.contains(where: { $0 == UInt8(ascii: "/") || $0 == 0 })
    else {
      wrong("parameters, file", value, expected: "the bare name of a file in the graph's own folder")
      return nil
    }
    return Located(name, at: value.textPlace)
  }

  private mutating func readHash(_ value: JSONValue) -> Located<String>? {
    guard let hash = value.string, hash.utf8.count == 64, hash.utf8.allSatisfy(Names.isHexadecimal) else {
      wrong("parameters, sha256", value, expected: "64 hexadecimal digits")
      return nil
    }
    return Located(hash.lowercased(), at: value.textPlace)
  }
}
