import Diagnostics

/// The tensor of an NPY or IDX file, plain or gzip; which of them it is, its first bytes say.
///
/// Throws a fault that names the file where it cannot be read, exceeds `limit` bytes (packed or unpacked),
/// or is neither.
public func readTensor(_ path: String, limit: Int) throws -> Tensor {
  try readTensor(FileAccess.readFile(path, limit: limit), limit: limit, file: path)
}

/// The tensor in the bytes of an NPY or IDX file, plain or gzip, with the faults of ``readTensor(_:limit:)``.
public func readTensor(_ bytes: [UInt8], limit: Int, file: String?) throws -> Tensor {
  let plain = try unpacked(bytes, limit: limit, file: file)
  if NPY.recognizes(plain) { return try NPY.read(plain, file: file) }
  if IDX.recognizes(plain) { return try IDX.read(plain, file: file) }
  let start = hexadecimal(Array(plain.prefix(8)))
  throw Fault(
    file: file,
    "is neither NPY nor IDX: "
      + (plain.isEmpty ? "it is empty" : "it begins with the bytes \(start)"))
}
