import CPluginABI
import LayerKit
import Synchronization
import Tensors

/// What the host keeps for the calls of one component: what may be asked now, what was said and collected.
///
/// A plugin sees it as an opaque pointer. What a plugin does against the contract ends up as what it said.
final class PluginContext: @unchecked Sendable {
  // The phase and the call change between calls alone; all else is behind the mutex or atomic.

  /// The function that is running, by its name in the header.
  enum Phase: String {
    case none
    case create
    case check
    case infer
    case workspace
    case prepare
    case operations
    case backwardReads = "backward_reads"
    case firstValues = "first_values"
    case forward
    case backward
  }

  /// What `infer` and `workspace` collect.
  struct Collection {
    var outputs: [ValueType] = []
    var parameters: [AskedParameter] = []
    var parameterNames: Set<String> = []
    var workspace = Workspace()
    var buffers = 0
  }

  private struct State {
    var said: PluginSaying?
    var collected = Collection()
  }

  let origin: PluginOrigin
  let schema: Schema
  let attributes: AttributeTable
  /// The number of elements of each input: nil for one that is absent, -1 where it is not known.
  let elementCounts: [Int?]
  private(set) var phase = Phase.none
  unowned(unsafe) var call: Call?
  private let state = Mutex(State())
  private let hasSaid = Atomic<Bool>(false)

  init(_ origin: PluginOrigin, _ schema: Schema, _ attributes: AttributeTable, inputs: [Int?] = []) {
    self.origin = origin
    self.schema = schema
    self.attributes = attributes
    elementCounts = inputs
  }

  /// The context as a plugin sees it; valid while this object lives.
  var pointer: OpaquePointer { OpaquePointer(Unmanaged.passUnretained(self).toOpaque()) }

  /// The context behind a plugin's pointer.
  static func at(_ pointer: OpaquePointer?) -> PluginContext? {
    pointer.map { Unmanaged.fromOpaque(UnsafeRawPointer($0)).takeUnretainedValue() }
  }

  func begin(_ phase: Phase) { self.phase = phase }

  /// Whether the function that ran succeeded: it said so, and nothing else.
  func ended(_ code: Int32) -> Bool {
    phase = .none
    return code == Int32(NNGRAPH_OK) && !hasFailed
  }

  /// Runs one function and returns why it failed, or nil.
  func run(_ phase: Phase, _ function: () -> Int32) -> PluginSaying? {
    begin(phase)
    let code = function()
    return ended(code) ? nil : takeSaying(code)
  }

  /// Why a function that returned `code` failed; the next call begins afresh.
  func takeSaying(_ code: Int32) -> PluginSaying {
    let said = state.withLock { state in
      defer { state.said = nil }
      return state.said
    }
    hasSaid.store(false, ordering: .relaxed)
    if let said { return said }
    switch Int(code) {
    case NNGRAPH_REFUSED: return .failure("refuses without saying why")
    case NNGRAPH_OUT_OF_MEMORY: return .failure("not enough memory")
    case NNGRAPH_INTERNAL: return .failure("fails without saying why")
    default: return .misuse("returns \(code), which is no code of the interface")
    }
  }

  /// Keeps why a function fails; of several reasons the first counts.
  func say(_ saying: PluginSaying) {
    state.withLock { if $0.said == nil { $0.said = saying } }
    hasSaid.store(true, ordering: .relaxed)
  }

  /// Whether something was said in the call that is running.
  var hasFailed: Bool { hasSaid.load(ordering: .relaxed) }

  func misuse(_ text: String) { say(.misuse(text)) }

  /// Whether `function` may be called now; says so where it may not.
  func allows(_ function: String, in phases: Phase...) -> Bool {
    // What follows a fault is not looked at: it could be without end.
    if hasFailed { return false }
    if phases.contains(phase) { return true }
    let names = phases.map { "`\($0.rawValue)`" }.joined(separator: " and ")
    misuse("calls `\(function)` outside of \(names)")
    return false
  }

  /// Changes what is collected, up to a number of things that no honest plugin reaches.
  func collect(_ what: String, _ change: (inout Collection) -> Int) {
    let count = state.withLock { change(&$0.collected) }
    if count > 4096 { misuse("gives more than 4096 \(what)") }
  }

  /// What was collected so far.
  var collected: Collection { state.withLock { $0.collected } }
}

/// A parameter or a state that `infer` asked for.
struct AskedParameter {
  var name: String
  var shape: [Int]
  /// The attribute that names the initializer; nil where all elements begin as `value`.
  var initializer: String?
  var value: Double
  var fanIn: Int
  var fanOut: Int
  var isState: Bool
  var hasOwnValues: Bool
}
