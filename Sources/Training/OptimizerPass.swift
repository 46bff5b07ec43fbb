import Compiler
import Diagnostics
import Kernels
import LayerKit
import Runtime
import Tensors

/// The update of all parameters after a step: regularisation, clipping, groups, and the optimizer.
///
/// Parameters that are treated alike and lie side by side are one run; in one pass a run is cut into pieces
/// by its size, so the threads share the work and the bits stay the same.
public final class OptimizerPass {
  /// The name by which `--rewrites` switches the merging of runs off.
  public static let rewriteName = "optimizer-pass"

  public let optimizer: any Optimizer
  public let parameters: ParameterStore
  private let network: Network
  private let clip: GradientClip?
  private let executor: any Executor
  private let runs: [Run]
  private let slots: AlignedBlock
  private let scratch: AlignedBlock
  private let gradients: AlignedBlock
  private let scalars: UnsafeMutablePointer<Double>
  private let partialSums: UnsafeMutablePointer<Double>
  private let pieces: [Piece]
  private let isRegularized: Bool
  /// The steps that were taken.
  public private(set) var stepCount = 0

  /// Neighbouring parameters of one type with the same treatment.
  private struct Run {
    var offset: Int
    var byteCount: Int
    var element: ElementType
    var rate: Double
    var decay: Double
    /// Strengths of the terms that pull these parameters to 0.
    var l1: Double
    var l2: Double

    func isTreated(as other: Run) -> Bool {
      element == other.element && rate == other.rate && decay == other.decay && l1 == other.l1
        && l2 == other.l2
    }
  }

  /// A part of a run that one thread works on.
  private struct Piece {
    var run: Int
    var offset: Int
    var count: Int
  }

  /// The bytes of one piece; its gradients fit a core's nearest caches together with the optimizer's arrays.
  private static let pieceBytes = 1 << 17

  /// Throws a limit fault where there is no memory for what the optimizer keeps.
  public init(
    _ network: Network, _ settings: TrainingSettings, parameters: ParameterStore, inOnePass: Bool = true,
    executor: any Executor
  ) throws {
    self.network = network
    self.parameters = parameters
    self.executor = executor
    optimizer = settings.optimizer
    clip = settings.gradientClip
    gradients = try parameters.gradients()
    let bytes = parameters.layout.trainableByteCount
    slots = try AlignedBlock(byteCount: saturatingProduct(bytes, optimizer.slotCount))
    runs = OptimizerPass.runs(network, settings, parameters.layout, merging: inOnePass)
    isRegularized = runs.contains { $0.l1 > 0 || $0.l2 > 0 }
    pieces = runs.enumerated().flatMap { index, run in
      stride(from: 0, to: run.byteCount, by: OptimizerPass.pieceBytes).map { start in
        let length = min(OptimizerPass.pieceBytes, run.byteCount - start)
        return Piece(run: index, offset: run.offset + start, count: length / run.element.byteCount)
      }
    }
    // Only where the gradients are changed on the way is there a copy of them.
    scratch = try AlignedBlock(byteCount: isRegularized || clip != nil ? bytes : 0)
    let first = optimizer.firstScalars
    scalars = .allocate(capacity: max(1, first.count))
    for (index, value) in first.enumerated() { scalars[index] = value }
    partialSums = .allocate(capacity: max(1, pieces.count))
  }

  deinit {
    scalars.deallocate()
    partialSums.deallocate()
  }

  private static func runs(
    _ network: Network, _ settings: TrainingSettings, _ layout: ParameterLayout, merging: Bool
  ) -> [Run] {
    var runs: [Run] = []
    for id in layout.trainable {
      let next = id.index
      var run = Run(
        offset: layout.offsets[next], byteCount: alignedBytes(layout.types[next].byteCount),
        element: layout.types[next].element, rate: 1, decay: settings.optimizer.weightDecay, l1: 0, l2: 0)
      for group in settings.groups where group.parameters.contains(id) {
        run.rate *= group.rate
        run.decay *= group.decay
      }
      for term in settings.regularization where term.parameters.contains(id) {
        switch term.kind {
        case .l1: run.l1 += term.strength
        case .l2: run.l2 += term.strength
        }
      }
      if merging, let last = runs.last, last.isTreated(as: run), last.offset + last.byteCount == run.offset {
        runs[runs.count - 1].byteCount += run.byteCount
      } else {
        runs.append(run)
      }
    }
    return runs
  }

  private static func alignedBytes(_ bytes: Int) -> Int { (bytes + 63) / 64 * 64 }

  /// Changes the parameters once by the gradients that the last run left; `rateFactor` is the schedule's.
  public func step(rateFactor: Double = 1) {
    stepCount += 1
    parameters.markChanged()
    optimizer.advance(scalars, step: stepCount)
    let factor = clipFactor()
    executor.run(pieces: pieces.count) { index in
      let piece = pieces[index]
      if runs[piece.run].element == .float64 {
        update(piece, rateFactor: rateFactor, clipFactor: factor, as: Double.self)
      } else {
        update(piece, rateFactor: rateFactor, clipFactor: factor, as: Float.self)
      }
    }
  }

  private func update<Scalar: FloatScalar>(
    _ piece: Piece, rateFactor: Double, clipFactor: Double?, as: Scalar.Type
  ) {
    let run = runs[piece.run]
    let values = pointer(parameters.values, piece.offset, Scalar.self)
    var gradient = pointer(gradients, piece.offset, Scalar.self)
    if scratch.byteCount > 0 {
      let changed = pointer(scratch, piece.offset, Scalar.self)
      // The norm's pass has made the regularised gradients already.
      if !isNormClipped { regularize(run, values, gradient, changed, piece.count) }
      if case .value(let bound)? = clip {
        Kernel.map(.clip, x: UnsafePointer(changed), y: changed, count: piece.count, a: -bound, b: bound)
      }
      if let clipFactor, clipFactor < 1 {
        Kernel.map(.linear, x: UnsafePointer(changed), y: changed, count: piece.count, a: clipFactor, b: 0)
      }
      gradient = changed
    }
    optimizer.update(
      OptimizerRange<Scalar>(
        parameters: values, gradients: gradient, slots: pointer(slots, piece.offset, Scalar.self),
        slotStride: parameters.layout.trainableByteCount / MemoryLayout<Scalar>.size, count: piece.count,
        rate: Scalar(optimizer.learningRate * run.rate * rateFactor), weightDecay: Scalar(run.decay),
        step: stepCount, scalars: scalars))
  }

  private var isNormClipped: Bool {
    if case .norm = clip { return true }
    return false
  }

  /// min(1, norm / (n + 1e-6)), n the norm of all gradients; nil where nothing clips by norm.
  private func clipFactor() -> Double? {
    guard case .norm(let bound)? = clip else { return nil }
    executor.run(pieces: pieces.count) { index in
      let piece = pieces[index]
      partialSums[index] =
        runs[piece.run].element == .float64
        ? sumOfSquares(piece, as: Double.self) : sumOfSquares(piece, as: Float.self)
    }
    var sum = 0.0
    for index in pieces.indices { sum += partialSums[index] }
    return min(1, bound / (sum.squareRoot() + 1e-6))
  }

  private func sumOfSquares<Scalar: FloatScalar>(_ piece: Piece, as: Scalar.Type) -> Double {
    let changed = pointer(scratch, piece.offset, Scalar.self)
    regularize(
      runs[piece.run], pointer(parameters.values, piece.offset, Scalar.self),
      pointer(gradients, piece.offset, Scalar.self), changed, piece.count)
    return Kernel.dot(x: UnsafePointer(changed), y: UnsafePointer(changed), count: piece.count)
  }

  /// result = gradient + l2 w + l1 sign(w).
  private func regularize<Scalar: FloatScalar>(
    _ run: Run, _ values: UnsafeMutablePointer<Scalar>, _ gradient: UnsafeMutablePointer<Scalar>,
    _ result: UnsafeMutablePointer<Scalar>, _ count: Int
  ) {
    if run.l1 > 0 {
      Kernel.map(.sign, x: UnsafePointer(values), y: result, count: count)
      Kernel.map(.linear, x: UnsafePointer(result), y: result, count: count, a: run.l1, b: 0)
      Kernel.addScaled(alpha: 1, x: UnsafePointer(gradient), y: result, count: count)
    } else {
      Kernel.map(.copy, x: UnsafePointer(gradient), y: result, count: count)
    }
    if run.l2 > 0 { Kernel.addScaled(alpha: run.l2, x: UnsafePointer(values), y: result, count: count) }
  }

  private func pointer<Scalar>(
    _ block: AlignedBlock, _ offset: Int, _: Scalar.Type
  ) -> UnsafeMutablePointer<Scalar> { (block.base + offset).assumingMemoryBound(to: Scalar.self) }

  // MARK: What is reported

  /// The gradient of a parameter with regularisation, before any clipping.
  public func gradient(of id: ParameterID) throws -> Tensor {
    let gradient = try parameters.gradientView(id).tensor.doubles
    let values = parameters.tensor(id).doubles
    let run = run(of: id)
    let sum = zip(gradient, values).map { g, w in
      g + run.l2 * w + run.l1 * (w > 0 ? 1 : w < 0 ? -1 : 0)
    }
    let type = parameters.layout.types[id.index]
    return type.element == .float64
      ? Tensor(shape: type.shape, sum) : Tensor(shape: type.shape, sum.map { Float($0) })
  }

  private func run(of id: ParameterID) -> Run {
    let offset = parameters.layout.offsets[id.index]
    guard let found = runs.first(where: { $0.offset <= offset && offset < $0.offset + max(1, $0.byteCount) })
    else { preconditionFailure("parameter \(id.index) is not trained") }
    return found
  }

  /// What the regularisation adds to the loss: strength/2 sum w^2 and strength sum |w|.
  public func regularizationLoss() -> Double {
    guard isRegularized else { return 0 }
    return pieces.reduce(0) { sum, piece in
      let run = runs[piece.run]
      return sum
        + (run.element == .float64
          ? penalty(run, piece, as: Double.self) : penalty(run, piece, as: Float.self))
    }
  }

  private func penalty<Scalar: FloatScalar>(_ run: Run, _ piece: Piece, as: Scalar.Type) -> Double {
    let values = UnsafePointer(pointer(parameters.values, piece.offset, Scalar.self))
    var sum = 0.0
    if run.l2 > 0 { sum += run.l2 / 2 * Kernel.dot(x: values, y: values, count: piece.count) }
    if run.l1 > 0 {
      var magnitudes = Scalar(0)
      Kernel.reduce(
        .sumOfMagnitudes, x: values, outer: 1, count: piece.count, inner: 1, y: &magnitudes, accumulate: false
      )
      sum += run.l1 * Double(magnitudes)
    }
    return sum
  }
}
