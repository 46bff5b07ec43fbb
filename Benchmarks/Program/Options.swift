import Diagnostics
import Runtime

/// What the words of the command line ask for.
struct Options {
  var networks: [String]?
  var rows: [Int]?
  var phases = Phase.allCases
  var rounds = 5
  var seconds = 1.0
  var threads = Machine.availableCores
  var peers = Peer.allCases
  var python = "python3"
  var json: String?
  var markdown: String?
  var wantsHelp = false

  static let page = """
    benchmarks [options]

    Compares nngraph with other systems on this machine: each measures every network in turn, round by round.

    options
      --networks LIST   names of graphs in Benchmarks/graphs, paths of graph files, or layers: 37-101-53 has 37
                        inputs and layers of 101 and 53 units; 64x50 has 50 layers of 64 units
      --rows LIST       rows of a step, for every network; without it the graph's batch_size, and 1 for run
      --phases LIST     train, run (both)
      --rounds N        how often each side measures each network (5)
      --seconds S       how long one measurement takes (1)
      --threads N       threads of every side (all cores)
      --peers LIST      pytorch, jax, onnxruntime, openvino (all that are installed), or none
      --python PATH     the Python that has the peers (python3)
      --json FILE       write the result as JSON
      --markdown FILE   write the result as Markdown: in place of the marked part of a page, or as a new file
      --help            print this page

    """

  private static let valued = [
    "--networks", "--rows", "--phases", "--rounds", "--seconds", "--threads", "--peers", "--python", "--json",
    "--markdown",
  ]

  /// Throws `Faults` for words that are not understood, all at once.
  init(_ words: [String]) throws {
    var faults: [Fault] = []
    var rest = words[...]
    while let word = rest.popFirst() {
      if word == "--help" || word == "-h" {
        wantsHelp = true
        continue
      }
      let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      guard Options.valued.contains(parts[0]) else {
        let known = Options.valued + ["--help"]
        faults.append(
          Fault(
            .usage, "unknown option \"\(parts[0].excerpt())\"; accepted are \(known.joined(separator: ", "))",
            nearest: nearest(to: parts[0], among: known)))
        continue
      }
      guard let value = parts.count > 1 ? parts[1] : rest.popFirst(), !value.isEmpty else {
        faults.append(Fault(.usage, "\(parts[0]) needs a value"))
        continue
      }
      do { try take(parts[0], value) } catch let fault as Fault { faults.append(fault) }
    }
    try Faults(faults).check()
  }

  private mutating func take(_ option: String, _ value: String) throws {
    let list = value.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    switch option {
    case "--networks": networks = list
    case "--rows": rows = try list.map { try Options.integer($0, 1...1_000_000, option) }
    case "--phases": phases = try list.map { try Options.word($0, Phase.self, option) }
    case "--rounds": rounds = try Options.integer(value, 1...1000, option)
    case "--threads": threads = try Options.integer(value, 1...1024, option)
    case "--peers":
      peers = value == "none" ? [] : try list.map { try Options.word($0, Peer.self, option, "none") }
    case "--python": python = value
    case "--json": json = value
    case "--markdown": markdown = value
    default:
      guard let number = Double(value), number > 0, number <= 3600 else {
        throw Fault(
          .usage, "\(option): expected seconds above 0, at most 3600, found \"\(value.excerpt())\"")
      }
      seconds = number
    }
  }

  private static func integer(_ text: String, _ range: ClosedRange<Int>, _ option: String) throws -> Int {
    if let number = Int(text), range.contains(number) { return number }
    throw Fault(
      .usage,
      "\(option): expected an integer from \(range.lowerBound) to \(range.upperBound), found "
        + "\"\(text.excerpt())\"")
  }

  private static func word<Choice: RawRepresentable & CaseIterable>(
    _ text: String, _: Choice.Type, _ option: String, _ further: String...
  ) throws -> Choice where Choice.RawValue == String {
    if let choice = Choice(rawValue: text) { return choice }
    let known = Choice.allCases.map(\.rawValue) + further
    throw Fault(
      .usage, "\(option): expected \(known.joined(separator: ", ")), found \"\(text.excerpt())\"",
      nearest: nearest(to: text, among: known))
  }
}

/// What is measured.
enum Phase: String, CaseIterable {
  case train
  case run
}

/// A system that nngraph is compared with.
enum Peer: String, CaseIterable {
  case pytorch
  case jax
  case onnxruntime
  case openvino

  /// Its name in tables.
  var title: String {
    switch self {
    case .pytorch: "PyTorch"
    case .jax: "JAX"
    case .onnxruntime: "ONNX Runtime"
    case .openvino: "OpenVINO"
    }
  }

  /// Whether it runs networks without training them here.
  var onlyRuns: Bool { self == .onnxruntime || self == .openvino }
}
