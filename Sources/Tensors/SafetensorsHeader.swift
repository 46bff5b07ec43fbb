import Diagnostics
import JSONText

/// What the header of a safetensors file says, before it is held against the data.
struct SafetensorsHeader {
  /// What it says of one tensor.
  struct Claim {
    var name: String
    var fileType: String
    var type: StoredType
    var shape: [Int]
    /// The first byte of its data and the one behind the last, counted from the header's end.
    var begin: Int
    var end: Int

    /// The tensor as a fault's place.
    var place: String { "tensor \"\(name.excerpt())\"" }
  }

  /// The tensors in the header's order.
  private(set) var claims: [Claim] = []
  private(set) var metadata: [String: String] = [:]
  private var faults: [Fault] = []

  static let types: [(name: String, type: StoredType)] = [
    ("F64", .float64), ("F32", .float32), ("F16", .float16), ("BF16", .bfloat16), ("I64", .int64),
    ("I32", .int32), ("I16", .int16), ("I8", .int8), ("U64", .uint64), ("U32", .uint32), ("U16", .uint16),
    ("U8", .uint8), ("BOOL", .bool),
  ]

  private static let keys = ["dtype", "shape", "data_offsets"]

  /// Reads the JSON of a header; throws all of its faults, each naming its tensor.
  init(_ root: JSONValue, file: String?) throws {
    guard case .object(let members) = root.kind else {
      throw Fault(file: file, "the safetensors header is no JSON object")
    }
    var seen = Set<String>()
    for member in members {
      let place = "tensor \"\(member.key.excerpt())\""
      guard seen.insert(member.key).inserted else {
        faults.append(Fault(place: place, "stands twice in the header"))
        continue
      }
      if member.key == "__metadata__" {
        readMetadata(member.value)
      } else if let claim = readClaim(member.key, member.value, place: place) {
        claims.append(claim)
      }
    }
    try Faults(faults).inOrder(file: file).check()
  }

  private mutating func readMetadata(_ value: JSONValue) {
    guard case .object(let members) = value.kind else {
      faults.append(Fault(place: "__metadata__", "is no object of texts"))
      return
    }
    for member in members {
      guard case .string(let text) = member.value.kind else {
        faults.append(Fault(place: "__metadata__, \"\(member.key.excerpt())\"", "is no text"))
        continue
      }
      metadata[member.key] = text
    }
  }

  private mutating func readClaim(_ name: String, _ value: JSONValue, place: String) -> Claim? {
    func refuse(_ message: String, nearest: String? = nil) -> Claim? {
      faults.append(Fault(place: place, message, nearest: nearest))
      return nil
    }
    guard case .object(let members) = value.kind else {
      return refuse("is no object with \"dtype\", \"shape\" and \"data_offsets\"")
    }
    if let other = members.first(where: { !Self.keys.contains($0.key) })?.key {
      return refuse(
        "has the unknown key \"\(other.excerpt())\"; \"dtype\", \"shape\" and \"data_offsets\" are accepted",
        nearest: nearest(to: other, among: Self.keys))
    }
    func field(_ key: String) -> JSONValue? { members.first { $0.key == key }?.value }
    guard case .string(let fileType)? = field("dtype")?.kind else { return refuse("has no text \"dtype\"") }
    guard let type = Self.types.first(where: { $0.name == fileType })?.type else {
      let accepted = Self.types.map(\.name)
      return refuse(
        "has the dtype \"\(fileType.excerpt())\"; \(accepted.joined(separator: ", ")) are accepted",
        nearest: nearest(to: fileType, among: accepted))
    }
    guard let shape = sizes(field("shape")) else {
      return refuse("has no \"shape\" of whole numbers from 0 on")
    }
    guard let offsets = sizes(field("data_offsets")), offsets.count == 2, offsets[0] <= offsets[1] else {
      return refuse("has no \"data_offsets\" of two whole numbers, the first not above the second")
    }
    guard let bytes = byteCount(of: shape, elementBytes: type.byteCount) else {
      return refuse("has the shape \(shapeText(shape)) with more elements than can be counted")
    }
    guard bytes == offsets[1] - offsets[0] else {
      return refuse(
        "has \(offsets[1] - offsets[0]) bytes (\(offsets[0]) to \(offsets[1])), but the shape "
          + "\(shapeText(shape)) of \(fileType) takes \(bytes)")
    }
    return Claim(
      name: name, fileType: fileType, type: type, shape: shape, begin: offsets[0], end: offsets[1])
  }

  /// An array of whole numbers from 0 on, or nil.
  private func sizes(_ value: JSONValue?) -> [Int]? {
    guard case .array(let items)? = value?.kind else { return nil }
    var sizes: [Int] = []
    for item in items {
      guard case .number(let number) = item.kind, let size = number.integer, size >= 0 else { return nil }
      sizes.append(Int(size))
    }
    return sizes
  }
}
