import Diagnostics
import Glibc

/// Arrays, structs and texts in C's layout that live as long as this object.
final class ForeignMemory: @unchecked Sendable {  // Its maker fills it; after that it is read alone.
  private var blocks: [UnsafeMutableRawPointer] = []

  deinit { for block in blocks { block.deallocate() } }

  /// A copy of the values; never null, also where there are none.
  func array<Element: BitwiseCopyable>(_ values: [Element]) -> UnsafeMutablePointer<Element> {
    let block = UnsafeMutablePointer<Element>.allocate(capacity: max(1, values.count))
    block.initialize(from: values, count: values.count)
    blocks.append(UnsafeMutableRawPointer(block))
    return block
  }

  /// A copy of one value.
  func one<Value: BitwiseCopyable>(_ value: Value) -> UnsafeMutablePointer<Value> { array([value]) }

  /// A copy of a text, with the zero that ends it.
  func text(_ text: String) -> UnsafePointer<CChar> {
    UnsafePointer(array(text.utf8CString.map { $0 }))
  }
}

/// The longest text of a message or a name that is taken over, in bytes.
let longestPluginText = 2000

/// A copy of a text of a plugin's; nil where it is no UTF-8 or longer than `limit` bytes.
func copiedText(_ text: UnsafePointer<CChar>, limit: Int = longestPluginText) -> String? {
  let length = strnlen(text, limit + 1)
  guard length <= limit else { return nil }
  let bytes = UnsafeRawBufferPointer(start: text, count: length)
  return String(validating: bytes.bindMemory(to: UInt8.self), as: UTF8.self)
}

/// A copy of what a plugin says, at most 2,000 bytes of it, with what is no UTF-8 replaced and control
/// characters escaped.
func spokenText(_ text: UnsafePointer<CChar>) -> String {
  var length = strnlen(text, longestPluginText + 1)
  let isCut = length > longestPluginText
  if isCut {
    // A cut never falls inside a character.
    length = longestPluginText
    while length > 0, UInt8(bitPattern: text[length]) & 0xC0 == 0x80 { length -= 1 }
  }
  let bytes = UnsafeRawBufferPointer(start: text, count: length)
  return String(decoding: bytes, as: UTF8.self).quotedForTerminal + (isCut ? "..." : "")
}
