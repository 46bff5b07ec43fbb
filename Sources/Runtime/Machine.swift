import Glibc

/// What the machine lets this process have.
public enum Machine {
  /// The cores that the process may run on, and that its control group pays for.
  public static var availableCores: Int {
    let mask = words("Cpus_allowed:", in: "/proc/self/status").first ?? ""
    let allowed = mask.reduce(0) { $0 + (($1.hexDigitValue ?? 0).nonzeroBitCount) }
    var cores = allowed > 0 ? allowed : max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    let quota = words(nil, in: "/sys/fs/cgroup/cpu.max").compactMap { Int($0) }
    if quota.count == 2, quota[1] > 0 { cores = min(cores, max(1, (quota[0] + quota[1] - 1) / quota[1])) }
    return cores
  }

  /// The memory that the process may still take, in bytes: what the machine has free, and what its control
  /// group allows.
  public static var availableMemory: Int {
    var least = Int.max
    if let free = words("MemAvailable:", in: "/proc/meminfo").first.flatMap({ Int($0) }) {
      least = min(least, free &* 1024)
    }
    for (limit, used) in [
      ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current"),
      ("/sys/fs/cgroup/memory/memory.limit_in_bytes", "/sys/fs/cgroup/memory/memory.usage_in_bytes"),
    ] {
      guard let most = words(nil, in: limit).first.flatMap({ Int($0) }) else { continue }
      let taken = words(nil, in: used).first.flatMap { Int($0) } ?? 0
      least = min(least, max(0, most - taken))
    }
    return least
  }

  /// The path of the program that runs, links resolved; nil where the system does not tell it.
  public static var executablePath: String? {
    var path = [CChar](repeating: 0, count: Int(PATH_MAX))
    let length = readlink("/proc/self/exe", &path, path.count)
    guard length > 0, length < path.count else { return nil }
    return String(decoding: path[..<length].map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  /// The words of the line that begins with `label`, or of the first line, of a small text file of the system.
  private static func words(_ label: String?, in path: String) -> [Substring] {
    guard let file = fopen(path, "r") else { return [] }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 512)
    while fgets(&line, Int32(line.count), file) != nil {
      let text = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
      let words = text.split(whereSeparator: { $0 == " " || $0 == "\n" || $0 == "\t" })
      guard let label else { return words }
      if let first = words.first, first == label { return Array(words.dropFirst()) }
    }
    return []
  }
}
