import CBenchmarks
import Diagnostics
import Glibc
import LayerKit
import NNGraph
import Runtime
import Tensors

/// One call of the program.
enum Program {
  /// Runs what the words ask for, and returns the exit code.
  static func run(_ words: [String]) -> Int32 {
    do {
      let options = try Options(words)
      if options.wantsHelp {
        try say(Options.page)
      } else {
        try compare(options)
      }
      return 0
    } catch {
      let text = "\(error)"
      note(text.hasPrefix("error") || text.contains("error: ") ? text : "error: \(text)")
      return (error as? Fault)?.kind == .usage || (error as? Faults)?.all.first?.kind == .usage ? 2 : 1
    }
  }

  private static func compare(_ options: Options) throws {
    let folder = try benchmarksFolder()
    // Before anything is measured: a page that cannot take the table is told of at once.
    if let page = options.markdown { try MarkedPage.check(page) }
    let cores = Machine.availableCores
    // The same cores for every side; peers inherit them.
    if options.threads < cores { benchmarks_keep_to_cores(Int32(options.threads)) }
    let scratch = try makeScratch()
    defer { remove(scratch) }
    let registry = try LinkedModules.registry()
    let networks = try (options.networks ?? BenchmarkedNetwork.standard).map {
      try BenchmarkedNetwork(
        $0, folder: FileAccess.join(folder, "graphs"), scratch: scratch, registry: registry)
    }
    var machine = MachineDescription(
      threads: options.threads, cores: cores, package: FileAccess.folder(of: folder), registry: registry)
    note("measuring the machine")
    let pool = ThreadPool(threadCount: options.threads)
    let speed = MachineSpeed(threads: options.threads)
    let call = try callSeconds(scratch: scratch, registry: registry, pool: pool)
    var (workers, absent): ([PeerProcess], [String]) = ([], [])
    for peer in options.peers {
      do {
        let worker = try PeerProcess(
          peer, python: options.python, script: "\(folder)/peers/\(peer.rawValue)_peer.py",
          threads: options.threads, log: "\(scratch)/\(peer.rawValue).log")
        machine.add(worker.versions)
        workers.append(worker)
      } catch let absence as PeerProcess.Absence {
        absent.append("\(peer.title): \(absence.reason)")
        note("without \(peer.title): \(absence.reason)")
      }
    }
    let rules = registry.rewrites.map(\.item)
    var comparison = try Comparison(
      cells(networks, options), workers: workers, rules: rules, pool: pool, report: note)
    for round in 0..<options.rounds { try comparison.measure(round: round, seconds: options.seconds) }
    let report = Report(
      machine: machine, speed: speed, callSeconds: call, cells: comparison.cells, peers: workers.map(\.peer),
      absent: absent, rounds: options.rounds, seconds: options.seconds)
    try say(report.markdown)
    if let file = options.json { try FileAccess.writeFile(file, report.json) }
    if let page = options.markdown { try MarkedPage.write(report.markdown, to: page) }
  }

  /// The lines of the table: training with all rows, a run with one row and with all.
  private static func cells(_ networks: [BenchmarkedNetwork], _ options: Options) -> [Cell] {
    networks.flatMap { network in
      options.phases.flatMap { phase in
        let usual = phase == .train || network.rows == 1 ? [network.rows] : [1, network.rows]
        return (options.rows ?? usual).map { Cell(network: network, phase: phase, rows: $0) }
      }
    }
  }

  /// Seconds of a run of the smallest network: one layer with one input and one unit.
  private static func callSeconds(scratch: String, registry: LayerKit.Registry, pool: ThreadPool) throws
    -> Double
  {
    let smallest = try BenchmarkedNetwork("1-1", folder: scratch, scratch: scratch, registry: registry)
    let side = try OwnSide(
      smallest.network, .run, rows: 1, rules: registry.rewrites.map(\.item), pool: pool)
    return try side.measure(seconds: 0.2).median
  }

  /// The folder `Benchmarks`: of the current folder, or of the package that the program was built in.
  private static func benchmarksFolder() throws -> String {
    var above = "."
    var candidates = ["."]
    if let program = Machine.executablePath { above = program }
    while above != "/" && above != "." {
      above = FileAccess.folder(of: above)
      candidates.append(above)
    }
    for candidate in candidates where FileAccess.fileExists("\(candidate)/Benchmarks/peers/worker.py") {
      return "\(candidate)/Benchmarks"
    }
    throw Fault(.io, "the folder Benchmarks was not found here, nor above the program; run it in the package")
  }

  private static func makeScratch() throws -> String {
    let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var bytes = Array("\(parent)/nngraph-benchmarks-XXXXXX".utf8CString)
    guard mkdtemp(&bytes) != nil else { throw FileAccess.systemFault(parent, "no folder can be made there") }
    return String(decoding: bytes.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  private static func remove(_ folder: String) {
    for name in (try? FileAccess.listFolder(folder)) ?? [] { unlink(FileAccess.join(folder, name)) }
    rmdir(folder)
  }

  private static func say(_ text: String) throws {
    try Array(text.utf8).withUnsafeBytes {
      try FileAccess.writeAll(STDOUT_FILENO, $0, name: "standard output")
    }
  }

  /// A line for whoever waits.
  private static func note(_ text: String) {
    let line = Array((text + "\n").utf8)
    // Nothing is left to be done about a standard error that cannot be written.
    try? line.withUnsafeBytes { try FileAccess.writeAll(STDERR_FILENO, $0, name: "standard error") }
  }
}
