import CZlib
import Diagnostics

/// Whether the bytes begin as a gzip file does.
public func isGzip(_ bytes: [UInt8]) -> Bool {
  bytes.count >= 2 && bytes[0] == 0x1f && bytes[1] == 0x8b
}

/// The bytes themselves, or what they unpack to where they begin as a gzip file does; see
/// ``gunzip(_:limit:file:)``.
public func unpacked(_ bytes: [UInt8], limit: Int, file: String? = nil) throws -> [UInt8] {
  isGzip(bytes) ? try gunzip(bytes, limit: limit, file: file) : bytes
}

/// What a gzip file of one or more members unpacks to.
///
/// Throws a `.limit` fault as soon as more than `limit` bytes come out (the size that the file claims is
/// never
/// used), and a fault that names the byte where the file is damaged, cut short or followed by something else.
public func gunzip(_ bytes: [UInt8], limit: Int, file: String? = nil) throws -> [UInt8] {
  guard isGzip(bytes) else {
    throw Fault(file: file, "is no gzip file: it does not begin with the bytes 1f 8b")
  }
  var stream = z_stream()
  // 15 is the largest window, and 16 more asks for the gzip wrapper.
  guard inflateInit2_(&stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
    throw Fault(.limit, file: file, "cannot be unpacked: zlib has no memory")
  }
  defer { inflateEnd(&stream) }
  var output: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 1 << 18)
  var position = 0
  while true {
    let step = inflateOnce(&stream, bytes, from: position, into: &chunk)
    position += step.consumed
    if step.produced > limit - output.count {
      throw Fault(.limit, file: file, "unpacks to more than the limit of \(limit) bytes")
    }
    output.append(contentsOf: chunk[..<step.produced])
    switch step.status {
    case Z_OK:
      continue
    case Z_STREAM_END where position == bytes.count:
      return output
    case Z_STREAM_END:
      guard isGzip(Array(bytes[position...].prefix(2))) else {
        throw Fault(file: file, "holds something else than gzip data from byte \(position) on")
      }
      inflateReset(&stream)
    case Z_BUF_ERROR:
      throw Fault(file: file, "is cut short: the gzip data goes on at byte \(position), the end of the file")
    default:
      let reason = stream.msg.map { String(cString: $0) } ?? "zlib's status \(step.status)"
      throw Fault(file: file, "is damaged gzip data at byte \(position): \(reason)")
    }
  }
}

/// One call of zlib: as much input as it takes until `chunk` is full or the member ends.
private func inflateOnce(
  _ stream: inout z_stream, _ bytes: [UInt8], from position: Int, into chunk: inout [UInt8]
) -> (status: Int32, consumed: Int, produced: Int) {
  // zlib counts in 32 bits.
  let offered = min(bytes.count - position, 1 << 30)
  return bytes.withUnsafeBufferPointer { input in
    chunk.withUnsafeMutableBufferPointer { output in
      // zlib's header takes a mutable pointer, but inflate never writes to its input.
      stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress.map { $0 + position })
      stream.avail_in = UInt32(offered)
      stream.next_out = output.baseAddress
      stream.avail_out = UInt32(output.count)
      let status = inflate(&stream, Z_NO_FLUSH)
      return (status, offered - Int(stream.avail_in), output.count - Int(stream.avail_out))
    }
  }
}
