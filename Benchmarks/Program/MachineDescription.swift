import CBenchmarks
import Glibc
import LayerKit
import Runtime
import Tensors

/// Where and with what it was measured.
struct MachineDescription {
  var processor: String
  var cores: Int
  var threads: Int
  var memoryBytes: Int
  /// The day, in universal time.
  var date: String
  /// nngraph's modules, oneDNN, and what the peers say of themselves.
  var versions: [(name: String, version: String)]

  init(threads: Int, cores: Int, package: String, registry: LayerKit.Registry) {
    processor =
      MachineDescription.value(of: ["model name", "Model", "Processor"], in: "/proc/cpuinfo") ?? "unknown"
    self.cores = cores
    self.threads = threads
    let memory = MachineDescription.value(of: ["MemTotal"], in: "/proc/meminfo") ?? ""
    memoryBytes = (memory.split(separator: " ").first.flatMap { Int($0) } ?? 0) &* 1024
    var now = time(nil)
    var parts = tm()
    gmtime_r(&now, &parts)
    let digits = { (number: Int32) in number < 10 ? "0\(number)" : "\(number)" }
    date = "\(parts.tm_year + 1900)-\(digits(parts.tm_mon + 1))-\(digits(parts.tm_mday))"
    let changes = MachineDescription.lines(of: FileAccess.join(package, "CHANGELOG.md"))
    let release = changes.first { $0.hasPrefix("## ") }.map { String($0.dropFirst(3)) } ?? "unknown"
    versions = [("nngraph", release)]
    versions += registry.modules.sorted { $0.key < $1.key }.map { ("module \($0.key)", $0.value) }
    var numbers: (Int32, Int32, Int32) = (0, 0, 0)
    let isThere = withUnsafeMutableBytes(of: &numbers) {
      benchmarks_onednn_version($0.baseAddress?.assumingMemoryBound(to: Int32.self)) != 0
    }
    if isThere { versions.append(("oneDNN", "\(numbers.0).\(numbers.1).\(numbers.2)")) }
  }

  /// Adds what a peer consists of; what is known already is not named twice.
  mutating func add(_ further: [(name: String, version: String)]) {
    for one in further where !versions.contains(where: { $0.name == one.name }) { versions.append(one) }
  }

  /// The value of the first line `label : value` of a file of the system.
  private static func value(of labels: [String], in path: String) -> String? {
    let lines = lines(of: path)
    for label in labels {
      for line in lines {
        let parts = line.split(separator: ":", maxSplits: 1).map { $0.split(whereSeparator: \.isWhitespace) }
        if parts.count == 2, parts[0].joined(separator: " ") == label {
          return parts[1].joined(separator: " ")
        }
      }
    }
    return nil
  }

  private static func lines(of path: String) -> [Substring] {
    String(decoding: (try? FileAccess.readFile(path, limit: 1 << 24)) ?? [], as: UTF8.self).split(
      separator: "\n")
  }
}
