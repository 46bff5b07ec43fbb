import Glibc
import LayerKit

/// Memory of its own for one buffer, with bytes of a pattern before and behind it that nobody may change.
final class GuardedBlock {
  /// How many bytes are guarded on each side.
  static let zone = 1024
  // Numbers near 1 in 32 and in 64 bits, all different, so that adding to one changes it.
  private static let pattern: [UInt8] = (0..<zone).map { index in
    switch index % 4 {
    case 3: 0x3F
    case 2: 0xE0 | UInt8(truncatingIfNeeded: index / 8 % 16)
    default: UInt8(truncatingIfNeeded: index &* 167 &+ 91)
    }
  }

  /// Begins at a multiple of 64 bytes.
  let base: UnsafeMutableRawPointer
  let byteCount: Int
  private let whole: UnsafeMutableRawPointer

  /// Nil where the system has no such memory.
  init?(byteCount: Int) {
    var memory: UnsafeMutableRawPointer?
    let total = saturatingSum(byteCount, 2 * Self.zone)
    guard byteCount >= 0, total < 1 << 40, posix_memalign(&memory, 64, total) == 0, let memory else {
      return nil
    }
    whole = memory
    base = memory + Self.zone
    self.byteCount = byteCount
    restore()
  }

  deinit { free(whole) }

  /// Writes the pattern.
  func restore() {
    Self.pattern.withUnsafeBytes { bytes in
      guard let pattern = bytes.baseAddress else { return }
      whole.copyMemory(from: pattern, byteCount: Self.zone)
      (base + byteCount).copyMemory(from: pattern, byteCount: Self.zone)
    }
  }

  /// Sets every byte of the buffer.
  func fill(_ byte: UInt8) { memset(base, Int32(byte), byteCount) }

  /// The bytes of the buffer.
  var bytes: [UInt8] {
    get { [UInt8](UnsafeRawBufferPointer(start: base, count: byteCount)) }
    set {
      precondition(newValue.count == byteCount, "\(newValue.count) bytes for a buffer of \(byteCount)")
      UnsafeMutableRawBufferPointer(start: base, count: byteCount).copyBytes(from: newValue)
    }
  }

  private static func isWhole(_ zone: UnsafeMutableRawPointer) -> Bool {
    pattern.withUnsafeBytes { bytes in
      guard let pattern = bytes.baseAddress else { return true }
      return memcmp(zone, pattern, Self.zone) == 0
    }
  }

  /// Where something was written outside, as `right behind the end`; nil where nothing was. The guards are
  /// whole afterwards.
  func damage() -> String? {
    defer { restore() }
    if !Self.isWhole(whole) {
      let last = (0..<Self.zone).last { whole.load(fromByteOffset: $0, as: UInt8.self) != Self.pattern[$0] }
      let distance = Self.zone - (last ?? 0)
      return distance <= 8 ? "right before the beginning" : "\(distance) bytes before the beginning"
    }
    if Self.isWhole(base + byteCount) { return nil }
    let first = (0..<Self.zone).first {
      (base + byteCount).load(fromByteOffset: $0, as: UInt8.self) != Self.pattern[$0]
    }
    return first ?? 0 < 8 ? "right behind the end" : "\(first ?? 0) bytes behind the end"
  }
}
