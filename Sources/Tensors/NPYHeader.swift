import Diagnostics

/// The header of an NPY file: a Python dictionary with the keys `descr`, `fortran_order` and `shape`.
struct NPYHeader {
  var descr: String
  var isColumnMajor: Bool
  var shape: [Int]

  /// Reads the header's bytes, which keep their places in the file.
  init(_ bytes: ArraySlice<UInt8>, file: String?) throws {
    var reader = PythonReader(bytes: bytes, file: file)
    var descr: String?
    var isColumnMajor: Bool?
    var shape: [Int]?
    try reader.expect("{")
    while !reader.take("}") {
      let place = reader.position
      let key = try reader.text()
      try reader.expect(":")
      switch key {
      case "descr" where descr == nil: descr = try reader.text()
      case "fortran_order" where isColumnMajor == nil: isColumnMajor = try reader.boolean()
      case "shape" where shape == nil: shape = try reader.tuple()
      case "descr", "fortran_order", "shape":
        throw reader.fault("the key '\(key)' stands twice in the NPY header", at: place)
      default:
        throw reader.fault(
          "the NPY header has the unknown key '\(key.excerpt())'; 'descr', 'fortran_order' and 'shape' are "
            + "accepted", at: place)
      }
      if !reader.take(",") {
        try reader.expect("}")
        break
      }
    }
    try reader.expectEnd()
    func missing(_ key: String) -> Fault { Fault(file: file, "the NPY header has no key '\(key)'") }
    guard let descr else { throw missing("descr") }
    guard let isColumnMajor else { throw missing("fortran_order") }
    guard let shape else { throw missing("shape") }
    (self.descr, self.isColumnMajor, self.shape) = (descr, isColumnMajor, shape)
  }
}

/// Reads the few Python literals that stand in an NPY header.
private struct PythonReader {
  let bytes: ArraySlice<UInt8>
  let file: String?
  private(set) var position: Int

  init(bytes: ArraySlice<UInt8>, file: String?) {
    self.bytes = bytes
    self.file = file
    position = bytes.startIndex
  }

  func fault(_ message: String, at place: Int) -> Fault {
    Fault(file: file, place: "byte \(place)", message)
  }

  /// The fault of something else standing where `accepted` should.
  private func unexpected(_ accepted: String) -> Fault {
    guard position < bytes.endIndex else {
      return fault("the NPY header ends where \(accepted) is accepted", at: position)
    }
    let found = String(decoding: bytes[position...].prefix(12), as: UTF8.self).excerpt()
    return fault("the NPY header has \"\(found)\" where \(accepted) is accepted", at: position)
  }

  private mutating func skipSpace() {
    while position < bytes.endIndex, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) { position += 1 }
  }

  mutating func take(_ word: StaticString) -> Bool {
    skipSpace()
    let found = word.withUTF8Buffer { bytes[position...].starts(with: $0) }
    if found { position += word.utf8CodeUnitCount }
    return found
  }

  mutating func expect(_ word: StaticString) throws {
    guard take(word) else { throw unexpected("\"\(word)\"") }
  }

  mutating func expectEnd() throws {
    skipSpace()
    guard position == bytes.endIndex else { throw unexpected("its end") }
  }

  mutating func boolean() throws -> Bool {
    if take("True") { return true }
    if take("False") { return false }
    throw unexpected("True or False")
  }

  /// A text between single or double quotes, without escapes.
  mutating func text() throws -> String {
    skipSpace()
    guard position < bytes.endIndex, [UInt8(ascii: "'"), UInt8(ascii: "\"")].contains(bytes[position]) else {
      throw unexpected("a quoted text")
    }
    let rest = bytes[(position + 1)...]
    guard let end = rest.firstIndex(of: bytes[position]), !rest[..<end].contains(UInt8(ascii: "\\")) else {
      throw unexpected("a quoted text without escapes")
    }
    position = end + 1
    return String(decoding: rest[..<end], as: UTF8.self)
  }

  /// Whole numbers between parentheses; a single one is followed by a comma.
  mutating func tuple() throws -> [Int] {
    var numbers: [Int] = []
    try expect("(")
    while !take(")") {
      numbers.append(try number())
      if take(",") { continue }
      guard numbers.count > 1 else { throw unexpected("\",\"") }
      try expect(")")
      break
    }
    return numbers
  }

  private mutating func number() throws -> Int {
    skipSpace()
    let digits = bytes[position...].prefix { (0x30...0x39).contains($0) }
    guard let value = Int(String(decoding: digits, as: UTF8.self)) else {
      throw unexpected("a size from 0 to \(Int.max)")
    }
    position = digits.endIndex
    return value
  }
}
