import Glibc
import LayerKit

/// What the process holds: bytes of memory in use, open descriptors, threads.
struct Holdings: Hashable {
  var bytes = 0
  var descriptors = 0
  var threads = 0

  /// What is held now.
  static var now: Holdings {
    Holdings(
      bytes: memoryInUse(), descriptors: entries(of: "/proc/self/fd"), threads: entries(of: "/proc/self/task")
    )
  }

  private static func entries(of folder: String) -> Int {
    guard let directory = opendir(folder) else { return 0 }
    defer { closedir(directory) }
    var count = 0
    while readdir(directory) != nil { count += 1 }
    return count
  }

  /// The bytes that `malloc` has given out, by `malloc_info` of the C library; 0 where it has none.
  private static func memoryInUse() -> Int {
    typealias Information = @convention(c) (Int32, UnsafeMutablePointer<FILE>?) -> Int32
    guard let symbol = dlsym(nil, "malloc_info") else { return 0 }
    var text: UnsafeMutablePointer<CChar>?
    var count = 0
    guard let stream = open_memstream(&text, &count) else { return 0 }
    let code = unsafeBitCast(symbol, to: Information.self)(0, stream)
    fclose(stream)
    defer { free(text) }
    guard code == 0, let text else { return 0 }
    return inUse(UnsafeRawBufferPointer(start: text, count: count))
  }

  /// Reads the sums that stand behind the last heap: what the system gave, less what is free.
  static func inUse(_ information: UnsafeRawBufferPointer) -> Int {
    let text = String(decoding: information, as: UTF8.self)
    var sums: [String: Int] = [:]
    for line in text.split(separator: "\n") {
      if line.hasPrefix("</heap>") { sums = [:] }
      guard let kind = attribute("type", of: line),
        let size = attribute("size", of: line).flatMap({ Int($0) })
      else { continue }
      sums[line.hasPrefix("<system") ? "system \(kind)" : String(kind)] = size
    }
    return (sums["system current"] ?? 0) + (sums["mmap"] ?? 0) - (sums["fast"] ?? 0) - (sums["rest"] ?? 0)
  }

  private static func attribute(_ name: String, of line: Substring) -> Substring? {
    let words = line.split(whereSeparator: { " <>/".contains($0) })
    guard let word = words.first(where: { $0.hasPrefix("\(name)=\"") }) else { return nil }
    return word.dropFirst(name.count + 2).dropLast()
  }
}

/// Measures what a call keeps each time that it runs.
struct LeakMeter {
  /// How often the call runs between two looks.
  static let repetitions = 96
  /// Every allocation takes at least 24 bytes; less than half an allocation a call is nothing that it keeps.
  private static let noise = 12

  /// What `repetitions` calls keep; nil where that is nothing.
  ///
  /// Whatever else runs in the process moves these numbers about, and what a call keeps comes again: growth
  /// counts where it is found three times, else the least that was found.
  ///
  /// `between` runs between the rounds, and may keep what it likes.
  static func growth(between: () -> Void = {}, _ call: () throws -> Void) rethrows -> Holdings? {
    for _ in 0..<repetitions { try call() }
    var rounds: [Holdings: Int] = [:]
    for _ in 0..<12 {
      between()
      let before = Holdings.now
      for _ in 0..<repetitions { try call() }
      let after = Holdings.now
      let grown = Holdings(
        bytes: after.bytes - before.bytes, descriptors: after.descriptors - before.descriptors,
        threads: after.threads - before.threads)
      rounds[grown, default: 0] += 1
      if rounds[grown] == 3 { return grown.significant }
    }
    let least = Holdings(
      bytes: rounds.keys.map(\.bytes).min() ?? 0, descriptors: rounds.keys.map(\.descriptors).min() ?? 0,
      threads: rounds.keys.map(\.threads).min() ?? 0)
    return least.significant
  }
}

extension Holdings {
  /// What counts of a growth; nil where nothing does.
  fileprivate var significant: Holdings? {
    var found = self
    if bytes < LeakMeter.leastBytes { found.bytes = 0 }
    if descriptors < LeakMeter.repetitions / 2 { found.descriptors = 0 }
    if threads < LeakMeter.repetitions / 2 { found.threads = 0 }
    return found == Holdings() ? nil : found
  }

  /// `128 bytes and 1 thread a call`.
  var text: String {
    let times = Double(LeakMeter.repetitions)
    func part(_ count: Int, _ what: String) -> String? {
      guard count != 0 else { return nil }
      let each = (Double(count) / times).rounded().short
      return "\(each) \(what)\(each == "1" ? "" : "s")"
    }
    let parts = [
      part(bytes, "byte"), part(descriptors, "open descriptor"), part(threads, "thread"),
    ]
    return parts.compactMap { $0 }.joined(separator: " and ") + " a call"
  }
}

extension LeakMeter {
  fileprivate static var leastBytes: Int { repetitions * noise }
}
