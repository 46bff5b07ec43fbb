import Compiler
import Diagnostics
import GraphFile
import JSONText
import Tensors

extension Network {
  /// How messages name the file that holds the parameters: as the graph writes it, or the graph itself.
  public var parameterFileName: String {
    if case .file(let name, _)? = document.parameters?.value { return name.value }
    return document.file
  }

  /// The parameters that the graph names; see `GraphDocument.storedParameters`.
  ///
  /// What they are is not compared with the network: see `faults(in:file:)`.
  public func storedParameters(limit: Int) throws -> TensorFile? {
    try document.storedParameters(limit: limit)
  }
}

extension GraphDocument {
  /// The parameters that the graph names, from the file beside it or from its own `values`; nil where it names
  /// none.
  ///
  /// Throws the faults of a file that cannot be read, is larger than `limit` bytes or has another hash, and of
  /// values that are no numbers.
  public func storedParameters(limit: Int) throws -> TensorFile? {
    guard let source = parameters else { return nil }
    switch source.value {
    case .file(let name, let sha256):
      let bytes = try bytes(of: name, limit: limit)
      if let sha256 {
        let found = SHA256.hexadecimal(of: bytes)
        guard found == sha256.value else {
          throw Fault(
            file: file, text: sha256.place, place: "parameters, sha256",
            "expected \(sha256.value), but the hash of \"\(name.value)\" is \(found)")
        }
      }
      return try Safetensors.read(bytes, file: name.value)
    case .values(let members): return try tensors(members)
    }
  }

  /// The bytes of the file beside the graph; a fault stands where the graph names it.
  private func bytes(of name: Located<String>, limit: Int) throws -> [UInt8] {
    do {
      return try FileAccess.readSibling(named: name.value, inFolder: folder, limit: limit)
    } catch var fault as Fault where fault.file == name.value {
      fault.file = file
      fault.text = name.place
      fault.place = "parameters, file"
      fault.message = "\"\(name.value.excerpt())\" \(fault.message)"
      throw fault
    }
  }

  private func tensors(_ members: [JSONMember]) throws -> TensorFile {
    var tensors: [(String, Tensor)] = []
    var faults: [Fault] = []
    for member in members {
      do throws(Fault) {
        tensors.append((member.key, try NestedValues.tensor(member.value)))
      } catch {
        var fault = error
        fault.file = file
        fault.place = "parameters, values, \"\(member.key.excerpt())\"" + fault.place
        fault.text = fault.text ?? member.keyTextPlace
        faults.append(fault)
      }
    }
    try Faults(faults).check()
    guard !members.contains(where: { $0.key == "__metadata__" }) else {
      throw Fault(file: file, place: "parameters, values", "no parameter is called \"__metadata__\"")
    }
    return try Safetensors.read(Safetensors.bytes(of: tensors), file: file)
  }
}

/// Reads nested arrays of numbers as a tensor.
public enum NestedValues {
  /// The tensor; every array of one depth has the same length. Throws a fault whose place is the index.
  ///
  /// `acceptsTruth`: `true` and `false` are read as 1 and 0.
  public static func tensor(_ json: JSONValue, acceptsTruth: Bool = false) throws(Fault) -> Tensor {
    var shape: [Int] = []
    var first = json
    while let elements = first.elements {
      shape.append(elements.count)
      guard let next = elements.first else {
        throw Fault(text: json.textPlace, "found an empty array; expected numbers")
      }
      first = next
    }
    var values: [Double] = []
    try collect(json, shape[...], "", acceptsTruth, &values)
    return Tensor(shape: shape, values)
  }

  // As deep as the text is nested, which the limits of a graph bound.
  private static func collect(
    _ json: JSONValue, _ shape: ArraySlice<Int>, _ place: String, _ acceptsTruth: Bool,
    _ values: inout [Double]
  ) throws(Fault) {
    guard let size = shape.first else {
      values.append(try number(json, acceptsTruth) { place })
      return
    }
    guard let elements = json.elements, elements.count == size else {
      let found = json.elements.map { "\($0.count)" } ?? json.excerpt
      throw Fault(text: json.textPlace, place: place, "expected an array of \(size), found \(found)")
    }
    if shape.count == 1 {
      for (index, element) in elements.enumerated() {
        values.append(try number(element, acceptsTruth) { "\(place)[\(index)]" })
      }
      return
    }
    for (index, element) in elements.enumerated() {
      try collect(element, shape.dropFirst(), "\(place)[\(index)]", acceptsTruth, &values)
    }
  }

  private static func number(
    _ json: JSONValue, _ acceptsTruth: Bool, _ place: () -> String
  ) throws(Fault) -> Double {
    if let number = json.double { return number }
    if acceptsTruth, let truth = json.boolean { return truth ? 1 : 0 }
    let expected = acceptsTruth ? "true, false, 1 or 0" : "a number"
    throw Fault(text: json.textPlace, place: place(), "expected \(expected), found \(json.excerpt)")
  }
}
