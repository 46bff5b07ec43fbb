import Compiler
import Diagnostics
import LayerKit

/// The size that stands for every symbol that nobody bound.
public struct AssumedSize: Hashable, Sendable {
  /// The symbols that have no size.
  public var symbols: [String]
  /// 1, or the least power of two that makes every size of the network positive.
  public var size: Int

  /// A size for every symbol.
  public var sizes: [String: Int] { Dictionary(uniqueKeysWithValues: symbols.map { ($0, size) }) }
}

extension Network {
  /// What counts for symbols that are not bound: 1, unless a size such as `time - 2` asks for more.
  public var assumedSize: AssumedSize {
    let expressions = Set(graph.values.flatMap { $0.type.shape.filter { $0.number == nil } })
    var size = 1
    while size < 1 << 16, !expressions.allSatisfy({ ($0.evaluate { _ in size } ?? 1) >= 1 }) { size *= 2 }
    return AssumedSize(symbols: symbols, size: size)
  }

  /// The type of a value with `assumed` in place of symbols.
  func concreteType(_ value: ValueID, _ assumed: AssumedSize) -> ConcreteType {
    let type = type(value)
    return ConcreteType(type.element, type.shape.map { max(1, $0.evaluate { _ in assumed.size } ?? 1) })
  }
}

/// The plans of a network, made to be looked at: nothing runs, and no memory is taken.
public struct NetworkPlans: Sendable {
  /// The plan that computes the outputs; nil where none can be made.
  public var run: Plan?
  /// The plan of a training step; nil where the network has no training, or none can be made.
  public var training: Plan?
  /// The plan of a training step that keeps what `training` computes again; nil where that is nothing.
  public var keepingAll: Plan?
  /// What counts for symbols without a size.
  public var assumed: AssumedSize
  /// Why a plan could not be made.
  public var runFaults: [Fault]
  /// Why a plan of a training step could not be made; empty where the network has no training.
  public var trainingFaults: [Fault]

  /// Makes both plans within the memory limit.
  public init(
    _ network: Network, rewrites: [any Rewrite], selection: RewriteSelection = .all,
    memoryLimit: Int = .max
  ) {
    let assumed = network.assumedSize
    self.assumed = assumed
    func plan(_ request: PlanRequest) -> (Plan?, [Fault]) {
      do {
        return (try Plan.make(network, request, rewrites: rewrites), [])
      } catch {
        return (nil, Faults.of(error).inOrder(file: network.document.file).all)
      }
    }
    let sizes = assumed.sizes
    (run, runFaults) = plan(
      PlanRequest(
        mode: .inference, sizes: sizes, fetches: network.outputs.map(\.value), rewrites: selection,
        memoryLimit: memoryLimit))
    guard let losses = network.training?.losses else {
      (training, trainingFaults) = (nil, [])
      return
    }
    var request = PlanRequest(
      mode: .training, sizes: sizes, fetches: [], losses: losses, rewrites: selection,
      memoryLimit: memoryLimit)
    (training, trainingFaults) = plan(request)
    guard let training, training.repeatedOperations > 0 else { return }
    // It is compared with, and never run.
    (request.recomputes, request.memoryLimit) = (false, .max)
    keepingAll = plan(request).0
  }
}
