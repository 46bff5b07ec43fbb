import Diagnostics
import Glibc
import LayerKit
import NNGraph
import Runtime

/// A line of the table: one network in one phase with so many rows.
struct Cell {
  var network: BenchmarkedNetwork
  var phase: Phase
  var rows: Int
}

/// What one side took for a cell.
struct SideResult {
  /// A measurement a round.
  var rounds: [Timing] = []
  /// What was the fastest of the ways in which a peer does it.
  var variant = ""
  /// Why there is nothing to measure.
  var reason: String?

  /// The median of the rounds' medians; nil where there is none.
  var median: Double? { rounds.isEmpty ? nil : rounds.map(\.median).median }
}

/// A cell with what all sides took.
struct CellResult {
  var cell: Cell
  var operations: Int
  var own = SideResult()
  var peers: [Peer: SideResult] = [:]

  /// The time of the fastest peer over ours: above 1, nngraph is faster; nil where no peer was measured.
  var ratio: Double? {
    guard let own = own.median, let best = peers.values.compactMap(\.median).min() else { return nil }
    return best / own
  }
}

/// Measures every cell on every side, round by round.
struct Comparison {
  var cells: [CellResult]
  private let sides: [OwnSide]
  private var workers: [PeerProcess]
  private let report: (String) -> Void

  /// Builds every network here and in the peers. Throws `Faults` for a network that cannot be used.
  init(
    _ cells: [Cell], workers: [PeerProcess], rules: [any Rewrite], pool: ThreadPool,
    report: @escaping (String) -> Void
  ) throws {
    self.workers = workers
    self.report = report
    var sides: [OwnSide] = []
    self.cells = []
    for cell in cells {
      let side = try OwnSide(cell.network.network, cell.phase, rows: cell.rows, rules: rules, pool: pool)
      sides.append(side)
      self.cells.append(CellResult(cell: cell, operations: side.operations))
    }
    self.sides = sides
    for index in cells.indices {
      for worker in self.workers {
        report("building: \(cells[index].title), \(worker.peer.title)")
        ask(worker, index, seconds: nil)
      }
    }
  }

  /// One round: every cell in turn, on every side in turn; the side that begins changes from round to round.
  mutating func measure(round: Int, seconds: Double) throws {
    for index in cells.indices {
      report("round \(round + 1): \(cells[index].cell.title)")
      let count = workers.count + 1
      for turn in 0..<count {
        let side = (turn + round) % count
        if side == 0 {
          cells[index].own.rounds.append(try sides[index].measure(seconds: seconds))
        } else {
          ask(workers[side - 1], index, seconds: seconds)
          // A peer's threads that turn idly for a while before they sleep have time to do so.
          usleep(100_000)
        }
      }
    }
    workers.removeAll { worker in gone.contains(worker.peer) }
  }

  /// Peers that ended in the middle.
  private(set) var gone: Set<Peer> = []

  /// Has one cell measured by a peer; without seconds it is only built.
  private mutating func ask(_ worker: PeerProcess, _ index: Int, seconds: Double?) {
    guard !gone.contains(worker.peer), cells[index].peers[worker.peer]?.reason == nil else { return }
    var result = cells[index].peers[worker.peer] ?? SideResult()
    defer { cells[index].peers[worker.peer] = result }
    if cells[index].cell.phase == .train, worker.peer.onlyRuns {
      result.reason = "runs networks only"
      return
    }
    do {
      switch try worker.measure(cells[index].cell, seconds: seconds ?? 0) {
      case .measured(let timing, let variant):
        if seconds != nil { result.rounds.append(timing) }
        result.variant = variant
      case .unsupported(let reason): result.reason = reason
      case .failed(let reason):
        result.reason = reason
        report("\(worker.peer.title), \(cells[index].cell.title): \(reason)")
      }
    } catch let absence as PeerProcess.Absence {
      gone.insert(worker.peer)
      report("\(worker.peer.title) \(absence.reason)")
    } catch {
      report("\(worker.peer.title): \(error)")
    }
  }
}

extension Cell {
  /// `convnet train, 64 rows`.
  var title: String { "\(network.name) \(phase.rawValue), \(rows) row\(rows == 1 ? "" : "s")" }
}
