import Compiler
import Diagnostics
import LayerKit
import Runtime

/// Runs a network over batches of a data set; a plan is made once for each number of rows and kept.
final class BatchRunner {
  let network: Network
  let dataset: Dataset
  let parameters: ParameterStore
  private let executor: any Executor
  private let request: PlanRequest
  private let rewrites: [any Rewrite]
  private var kept: [Int: (session: Session, feeds: [Feed])] = [:]

  /// A column and where its rows go.
  private struct Feed {
    var column: Dataset.Column
    var view: TensorView
  }

  /// `request` says what is computed; its sizes are filled in from the data.
  init(
    _ network: Network, _ dataset: Dataset, parameters: ParameterStore, request: PlanRequest,
    rewrites: [any Rewrite], executor: any Executor
  ) {
    self.network = network
    self.dataset = dataset
    self.parameters = parameters
    self.request = request
    self.rewrites = rewrites
    self.executor = executor
  }

  /// The session for batches of `rows` rows, made at the first call.
  func session(rows: Int) throws -> Session { try prepared(rows).session }

  /// Fills the inputs with the rows and returns the session, ready to run.
  func load(_ rows: ArraySlice<Int>) throws -> Session {
    let (session, feeds) = try prepared(rows.count)
    for feed in feeds { feed.column.gather(rows: rows, into: feed.view) }
    session.rowNumbers = rows
    return session
  }

  private func prepared(_ rows: Int) throws -> (session: Session, feeds: [Feed]) {
    if let found = kept[rows] { return found }
    var request = request
    request.sizes = try sizes(rows: rows)
    let plan = try Plan.make(network, request, rewrites: rewrites)
    try checkFeeds(plan)
    let session = try Session(plan, parameters: parameters, executor: executor)
    let feeds = dataset.columns.compactMap { column in
      session.input(column.input.value).map { Feed(column: column, view: $0) }
    }
    kept[rows] = (session, feeds)
    return (session, feeds)
  }

  /// Every input that an operation reads must be filled.
  private func checkFeeds(_ plan: Plan) throws {
    let filled = Set(dataset.columns.map(\.input.value))
    var read = Set(plan.request.fetches)
    for call in plan.calls { for case let input? in call.node.inputs { read.insert(input) } }
    let faults = network.inputs.filter { read.contains($0.value) && !filled.contains($0.value) }.map {
      Fault(
        place: "input \"\($0.name)\"",
        "nothing fills it; \"training.data.inputs\" names the columns of inputs")
    }
    if !faults.isEmpty { throw Faults(faults) }
  }

  /// A size for every symbol: the rows for the first axes, the data's own sizes for the others.
  private func sizes(rows: Int) throws -> [String: Int] {
    var sizes: [String: Int] = [:]
    var faults: [Fault] = []
    for column in dataset.columns {
      let found = [rows] + column.rows.shape.dropFirst()
      for (wanted, size) in zip(column.input.type.shape, found) {
        if let number = wanted.number {
          if number != size {
            faults.append(
              Fault(
                place: "input \"\(column.input.name)\"",
                "\(column.input.type.shapeText) cannot hold \(found): a batch has \(rows) rows; a symbol as the "
                  + "first axis takes any number"))
          }
        } else if let symbol = wanted.symbols.first, wanted.symbols.count == 1 {
          if let other = sizes[symbol], other != size {
            faults.append(
              Fault(
                place: "input \"\(column.input.name)\"",
                "\"\(symbol)\" is \(size) here and \(other) elsewhere"))
          }
          sizes[symbol] = size
        }
      }
    }
    if !faults.isEmpty { throw Faults(faults) }
    return sizes
  }
}
