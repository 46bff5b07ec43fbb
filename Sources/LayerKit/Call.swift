import Kernels
import Tensors

/// A tensor in memory that somebody else owns; row-major, without gaps.
public struct TensorView: @unchecked Sendable {  // The plan orders every use of the memory.
  public let base: UnsafeMutableRawPointer
  public let type: ConcreteType

  public init(_ base: UnsafeMutableRawPointer, _ type: ConcreteType) {
    self.base = base
    self.type = type
  }

  public var shape: [Int] { type.shape }
  public var count: Int { type.count }

  /// The elements. The caller names the type that the tensor has.
  public func pointer<Element>(_: Element.Type = Element.self) -> UnsafeMutablePointer<Element> {
    base.assumingMemoryBound(to: Element.self)
  }
}

/// Runs pieces of work, on whichever threads there are.
public protocol Executor: Sendable {
  /// Calls `body` once for each piece from 0 up to `pieces`, and returns when all are done.
  func run(pieces: Int, _ body: (Int) -> Void)
}

/// Which run, and which step of it, is being computed; all calls of a session share one.
public final class RunClock: @unchecked Sendable {  // Only the thread that runs the session changes it.
  /// The seed of the run.
  public var seed: UInt64 = 0
  /// The number of the training step, from 0.
  public var step: UInt64 = 0
  /// Grows whenever a parameter or a state changes.
  public var parameterVersion: UInt64 = 0

  public init() {}
}

/// One call of a layer: its memory, and what the host offers it.
///
/// The plan makes it once and uses it at every step.
public final class Call: @unchecked Sendable {  // Only the thread that runs the session changes it.
  public let inputs: [TensorView?]
  public let outputs: [TensorView]
  /// Parameters and states, in the order in which the layer declared them.
  public let parameters: [TensorView]
  public let saved: [UnsafeMutableRawPointer]
  /// The scratch buffers of the pass that is running.
  public internal(set) var scratch: [UnsafeMutableRawPointer] = []
  public let outputGradients: [TensorView?]
  /// Where a gradient is asked for; nil where none is.
  public let inputGradients: [TensorView?]
  public let parameterGradients: [TensorView?]
  /// What the layer's `prepare` made.
  public let prepared: AnyObject?
  public let mode: Mode
  /// Whether backward will follow forward.
  public let isDifferentiated: Bool
  /// The full name of the node, which keys its random numbers.
  public let name: String
  private let clock: RunClock
  private let executor: any Executor
  private let forwardScratch: [UnsafeMutableRawPointer]
  private let backwardScratch: [UnsafeMutableRawPointer]

  public init(
    name: String, mode: Mode, isDifferentiated: Bool, clock: RunClock, executor: any Executor,
    inputs: [TensorView?], outputs: [TensorView], parameters: [TensorView], saved: [UnsafeMutableRawPointer],
    forwardScratch: [UnsafeMutableRawPointer], backwardScratch: [UnsafeMutableRawPointer],
    outputGradients: [TensorView?], inputGradients: [TensorView?], parameterGradients: [TensorView?],
    prepared: AnyObject? = nil
  ) {
    self.name = name
    self.mode = mode
    self.isDifferentiated = isDifferentiated
    self.clock = clock
    self.executor = executor
    self.inputs = inputs
    self.outputs = outputs
    self.parameters = parameters
    self.saved = saved
    self.forwardScratch = forwardScratch
    self.backwardScratch = backwardScratch
    self.outputGradients = outputGradients
    self.inputGradients = inputGradients
    self.parameterGradients = parameterGradients
    self.prepared = prepared
  }

  /// Runs the layer forward over this call's memory.
  public func forward<Scalar: FloatScalar>(_ layer: any Layer, as: Scalar.Type) throws {
    scratch = forwardScratch
    try layer.forward(self, as: Scalar.self)
  }

  /// Runs the layer backward over this call's memory.
  public func backward<Scalar: FloatScalar>(_ layer: any DifferentiableLayer, as: Scalar.Type) throws {
    scratch = backwardScratch
    try layer.backward(self, as: Scalar.self)
  }
}

extension Call {
  /// The seed of the run.
  public var seed: UInt64 { clock.seed }

  /// The number of the training step, from 0.
  public var step: UInt64 { clock.step }

  /// Grows whenever a parameter or a state changes: what a layer has made of its parameters for a plan without
  /// gradients holds as long as this number stays. 0 where nobody counts: then nothing holds.
  public var parameterVersion: UInt64 { clock.parameterVersion }

  /// The elements of a required input.
  public func input<Element>(_ index: Int = 0, as: Element.Type = Element.self) -> UnsafePointer<Element> {
    UnsafePointer(view(index).pointer())
  }

  /// A required input.
  public func view(_ index: Int = 0) -> TensorView {
    guard let found = inputs[index] else { preconditionFailure("input \(index) is optional and absent") }
    return found
  }

  public func output<Element>(
    _ index: Int = 0, as: Element.Type = Element.self
  ) -> UnsafeMutablePointer<Element> { outputs[index].pointer() }

  public func parameter<Element>(
    _ index: Int, as: Element.Type = Element.self
  ) -> UnsafeMutablePointer<Element> { parameters[index].pointer() }

  public func saved<Element>(
    _ index: Int, as: Element.Type = Element.self
  ) -> UnsafeMutablePointer<Element> { saved[index].assumingMemoryBound(to: Element.self) }

  public func scratch<Element>(
    _ index: Int, as: Element.Type = Element.self
  ) -> UnsafeMutablePointer<Element> { scratch[index].assumingMemoryBound(to: Element.self) }

  /// The gradient of a float output.
  public func outputGradient<Element>(
    _ index: Int = 0, as: Element.Type = Element.self
  ) -> UnsafeMutablePointer<Element> {
    guard let found = outputGradients[index] else { preconditionFailure("output \(index) is no float") }
    return found.pointer()
  }

  /// Where to write the gradient of an input, or nil where nobody asks for it.
  public func inputGradient<Element>(
    _ index: Int = 0, as: Element.Type = Element.self
  ) -> UnsafeMutablePointer<Element>? { inputGradients[index]?.pointer() }

  /// Where to write the gradient of a parameter, or nil where nobody asks for it.
  public func parameterGradient<Element>(
    _ index: Int, as: Element.Type = Element.self
  ) -> UnsafeMutablePointer<Element>? { parameterGradients[index]?.pointer() }

  /// A key of random numbers for this node and step; `purpose` tells several draws of one layer apart.
  public func randomKey(_ purpose: String) -> UInt64 {
    RandomKey.make(seed: clock.seed, purpose: purpose, name: name, parameter: "", step: clock.step)
  }
}

extension Call {
  /// The elements that one piece of an elementwise loop has; work is cut by its size alone, so that the bits
  /// of a result do not depend on the number of threads.
  private static var grain: Int { 1 << 15 }

  /// Calls `body` with slices `(start, count)` that cover 0 up to `count`; `cost` is the work of one item,
  /// in elements that a simple loop passes.
  public func parallel(_ count: Int, cost: Int = 1, _ body: (_ start: Int, _ count: Int) -> Void) {
    let length = max(1, Call.grain / max(1, cost))
    let pieces = (count + length - 1) / length
    if pieces <= 1 {
      if count > 0 { body(0, count) }
      return
    }
    executor.run(pieces: pieces) { piece in
      let start = piece * length
      body(start, min(length, count - start))
    }
  }

  /// `c = alpha op(a) op(b) + beta c + bias` with `op(a) [m, k]`, `op(b) [k, n]`, `c [m, n]`, `bias [n]`, row-major
  /// without gaps; with `clamped`, what is below 0 becomes 0.
  ///
  /// The cut into pieces depends on the shape alone.
  public func product<Scalar: FloatScalar>(
    transposeA: Bool = false, transposeB: Bool = false, m: Int, n: Int, k: Int, alpha: Double = 1,
    _ a: UnsafePointer<Scalar>, _ b: UnsafePointer<Scalar>, beta: Double = 0,
    bias: UnsafePointer<Scalar>? = nil, clamped: Bool = false, _ c: UnsafeMutablePointer<Scalar>
  ) {
    let leadingA = transposeA ? m : k
    let leadingB = transposeB ? k : n
    let cut = ProductCut(m: m, n: n, k: k)
    if cut.pieces <= 1 {
      Kernel.product(
        transposeA: transposeA, transposeB: transposeB, m: m, n: n, k: k, alpha: alpha, a: a,
        leadingA: leadingA, b: b, leadingB: leadingB, beta: beta, bias: bias,
        clamped: clamped, c: c, leadingC: n)
      return
    }
    executor.run(pieces: cut.pieces) { piece in
      let (rows, columns) = cut.ranges(piece)
      Kernel.product(
        transposeA: transposeA, transposeB: transposeB, m: rows.count, n: columns.count, k: k, alpha: alpha,
        a: a + (transposeA ? rows.lowerBound : rows.lowerBound * leadingA), leadingA: leadingA,
        b: b + (transposeB ? columns.lowerBound * leadingB : columns.lowerBound), leadingB: leadingB,
        beta: beta, bias: bias.map { $0 + columns.lowerBound }, clamped: clamped,
        c: c + rows.lowerBound * n + columns.lowerBound, leadingC: n)
    }
  }
}

/// How a matrix product is cut into pieces that threads share: along its longer side, by its shape alone.
struct ProductCut {
  let m: Int
  let n: Int
  let pieces: Int
  private let length: Int
  private let cutsRows: Bool

  init(m: Int, n: Int, k: Int) {
    self.m = m
    self.n = n
    cutsRows = m > n
    let side = cutsRows ? m : n
    // In multiply-adds, of which a core does about 50 in a nanosecond; a number that is only moved costs three.
    let moved = saturatingSum(saturatingProduct(m, n), saturatingProduct(k, saturatingSum(m, n)))
    let work = max(saturatingProduct(saturatingProduct(m, n), k), saturatingProduct(3, moved))
    // Handing a piece to a thread that is awake costs less than a microsecond, which a piece must be worth. Of a
    // large product a thin piece packs the side that is not cut more often than it uses it.
    let (wanted, thinnest) = work < 1 << 22 ? (min(4, work >> 17), 32) : (min(16, work >> 21), 128)
    let thin = wanted < 2 ? side : ((side + wanted - 1) / wanted + 15) / 16 * 16
    length = max(1, min(side, max(thinnest, thin)))
    pieces = side == 0 ? 0 : (side + length - 1) / length
  }

  func ranges(_ piece: Int) -> (rows: Range<Int>, columns: Range<Int>) {
    let start = piece * length
    let cut = start..<min(start + length, cutsRows ? m : n)
    return cutsRows ? (cut, 0..<n) : (0..<m, cut)
  }
}
