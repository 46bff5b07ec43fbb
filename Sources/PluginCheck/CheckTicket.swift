import Glibc

/// What shows that a check came to its end by itself: a word for its last event, and the code with which its
/// process ends.
///
/// The parent process makes both at random and hands them over before the plugin is loaded. `exit(0)` within
/// the plugin, or lines that it writes like events, have neither. It is no lock: whoever searches the memory
/// of the process can find them.
struct CheckTicket: Hashable {
  let token: String
  let code: Int32

  /// Makes one at random.
  init() {
    var numbers = SystemRandomNumberGenerator()
    token = (0..<4).map { _ in String(numbers.next(), radix: 36) }.joined()
    code = Int32.random(in: 2...120, using: &numbers)
  }

  /// The ticket as a line.
  var line: String { "\(token) \(code)\n" }

  /// Reads a line from a descriptor; nil where none comes.
  init?(from descriptor: Int32) {
    var line: [UInt8] = []
    var byte: UInt8 = 0
    while line.count < 200 {
      let got = read(descriptor, &byte, 1)
      if got < 0, errno == EINTR { continue }
      guard got == 1 else { return nil }
      if byte == 0x0A { break }
      line.append(byte)
    }
    let words = String(decoding: line, as: UTF8.self).split(separator: " ")
    guard words.count == 2, let code = Int32(words[1]) else { return nil }
    token = String(words[0])
    self.code = code
  }
}
