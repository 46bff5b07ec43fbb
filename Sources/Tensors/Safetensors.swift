import Diagnostics
import JSONText

/// Reads and writes safetensors files: a JSON header of names, types, shapes and places, then the data.
public enum Safetensors {
  /// The longest header that is read; the format's own library stops there, too.
  static let headerLimit = 100_000_000

  /// The tensors of a safetensors file; F16 and BF16 become float32, every integer type int32.
  ///
  /// Throws `Fault` or `Faults` that name tensor and byte: a header that is no JSON or says the same name
  /// twice,
  /// an unknown type, data that overlaps, has holes, or is more or less than the header says, an integer that
  /// does not fit int32, a bool that is neither 0 nor 1.
  public static func read(_ bytes: [UInt8], file: String? = nil) throws -> TensorFile {
    let headerEnd = try headerEnd(bytes, file: file)
    let root = try headerJSON(Array(bytes[8..<headerEnd]), file: file)
    let header = try SafetensorsHeader(root, file: file)
    try checkLayout(header.claims, dataBytes: bytes.count - headerEnd, file: file)
    var entries: [TensorFile.Entry] = []
    var faults: [Fault] = []
    bytes.withUnsafeBytes { buffer in
      for claim in header.claims {
        let start = headerEnd + claim.begin
        let data = UnsafeRawBufferPointer(rebasing: buffer[start..<(headerEnd + claim.end)])
        do {
          let tensor = Tensor(shape: claim.shape, elements: try claim.type.elements(of: data))
          entries.append(TensorFile.Entry(name: claim.name, fileType: claim.fileType, tensor: tensor))
        } catch let unreadable as UnreadableElement {
          let place = "\(claim.place), byte \(start + unreadable.index * claim.type.byteCount)"
          faults.append(Fault(file: file, place: place, unreadable.message))
        } catch {
          faults.append(Fault(.program, file: file, place: claim.place, "\(error)"))
        }
      }
    }
    try Faults(faults).check()
    return TensorFile(entries: entries, metadata: header.metadata)
  }

  private static func headerEnd(_ bytes: [UInt8], file: String?) throws -> Int {
    guard bytes.count >= 8 else {
      throw Fault(
        file: file,
        "is no safetensors file: it holds \(bytes.count) bytes, the length of its header alone takes 8")
    }
    let length = bytes[..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    // A file that does not hold its header is damaged, however long that claims to be.
    guard length <= headerLimit else {
      throw Fault(
        length > bytes.count - 8 ? .input : .limit, file: file,
        "is no safetensors file, or has a header of \(length) bytes, more than the limit of \(headerLimit)")
    }
    let end = 8 + Int(length)
    guard end <= bytes.count else {
      throw Fault(
        file: file,
        "is cut short: the safetensors header ends at byte \(end), the file at byte \(bytes.count)")
    }
    guard end > 8, bytes[8] == UInt8(ascii: "{") else {
      throw Fault(file: file, "is no safetensors file: no \"{\" stands at byte 8, where its header begins")
    }
    return end
  }

  private static func headerJSON(_ bytes: [UInt8], file: String?) throws -> JSONValue {
    do {
      let document = try JSONText.parse(bytes)
      try Faults(document.faults).check()
      return document.root
    } catch let faults as Faults {
      throw Faults(faults.all.map { inHeader($0, file: file) })
    }
  }

  // Lines and columns of the header say nothing to someone who looks at a binary file.
  private static func inHeader(_ fault: Fault, file: String?) -> Fault {
    var moved = fault
    moved.file = file
    moved.text = nil
    let column = fault.text.map { $0.line == 1 ? ", character \($0.column)" : ", line \($0.line)" } ?? ""
    moved.place = "safetensors header" + column + (fault.place.isEmpty ? "" : ", " + fault.place)
    return moved
  }

  /// Throws where the data of the tensors leaves holes, overlaps, or does not end with the file.
  private static func checkLayout(
    _ claims: [SafetensorsHeader.Claim], dataBytes: Int, file: String?
  ) throws {
    var end = 0
    var before = "the header"
    for claim in claims.sorted(by: { ($0.begin, $0.end) < ($1.begin, $1.end) }) {
      guard claim.end <= dataBytes else {
        throw Fault(
          file: file, place: claim.place,
          "has data up to byte \(claim.end), but the file's data ends at byte \(dataBytes)")
      }
      guard claim.begin == end else {
        throw Fault(
          file: file, place: claim.place,
          "has data from byte \(claim.begin) on, but \(before) ends at byte \(end): "
            + (claim.begin < end ? "they overlap" : "a hole lies between them"))
      }
      end = claim.end
      before = claim.place
    }
    guard end == dataBytes else {
      throw Fault(
        file: file, "holds \(dataBytes) bytes of data, but \(before) ends at byte \(end): more follows")
    }
  }
}
