import Kernels
import LayerKit

/// A linear recurrence whose decay, input and output weights each step chooses by itself.
///
/// Within a call a state is kept as [states, d], so that every loop runs along the channels: no sum along a
/// loop, and memory in order.
struct SelectiveScan: DifferentiableLayer {
  static let schema = Schema(
    "selective_scan",
    "A linear recurrence along time whose decay, input and output weights vary by the step.",
    formula: """
      h_t = exp(-exp(a_log) delta_t) h_(t-1) + delta_t b_t x_t, h_0 = 0, h [batch, d, states]
      y_t = sum over states of c_t h_t + skip x_t
      """,
    attributes: [.integer("states", atLeast: 1, "The numbers that each channel carries along.")],
    inputs: [
      Port("x", "[batch, time, d]"), Port("delta", "[batch, time, d], the length of each step"),
      Port("b", "[batch, time, states]"), Port("c", "[batch, time, states]"),
    ],
    parameters: ["a_log [d, states]", "skip [d]"])

  static let examples = [
    Example(
      "\"states\": 3", .floats([2, 4, 5]), .floats([2, 4, 5], in: 0.1...1.5, kinks: []), .floats([2, 4, 3]),
      .floats([2, 4, 3])),
    Example(
      "\"states\": 1", .floats([1, 1, 2]), .floats([1, 1, 2], in: 0.1...1.5, kinks: []), .floats([1, 1, 1]),
      .floats([1, 1, 1])),
  ]

  private let states: Int

  init(_ attributes: Attributes) { states = attributes.integer("states") }

  func infer(_ inference: inout Inference) throws {
    let x = try inference.float(0)
    for index in 1...3 {
      _ = try inference.float(index)
      try inference.sameType(0, index)
    }
    guard x.rank == 3 else {
      throw LayerFault("needs [batch, time, channels], found \(x.shapeText)", input: 0)
    }
    let delta = inference.input(1)
    guard delta.shape == x.shape else {
      throw LayerFault("needs the shape of x, \(x.shapeText), found \(delta.shapeText)", input: 1)
    }
    let wanted = [x.shape[0], x.shape[1], Dimension(states)]
    for index in 2...3 where inference.input(index).shape != wanted {
      let found = inference.input(index).shapeText
      throw LayerFault("needs \(wanted.text) beside x \(x.shapeText), found \(found)", input: index)
    }
    let channels = try inference.size(x, axis: 2)
    inference.output(x)
    inference.parameter("a_log", [channels, states], LogarithmOfState())
    inference.parameter("skip", [channels], ConstantInitializer(1))
  }

  func workspace(_ signature: Signature) -> Workspace {
    let sizes = ScanSizes(shape: signature.input(0).shape, states: states)
    let kept = saturatingProduct(saturatingProduct(sizes.batch, sizes.time), sizes.state)
    return Workspace(
      saved: signature.isDifferentiated ? [.scalars(kept)] : [],
      forwardScratch: [
        .scalars(sizes.state), .scalars(saturatingProduct(sizes.batch, sizes.forwardScratch)),
      ],
      backwardScratch: [
        .scalars(sizes.state), .scalars(saturatingProduct(sizes.batch, sizes.backwardScratch)),
      ])
  }

  func operations(_ signature: Signature) -> Int {
    saturatingProduct(saturatingProduct(signature.input(0).count, states), 7)
  }

  func backwardReads(_ signature: Signature) -> BackwardReads { BackwardReads(inputs: [0, 1, 2, 3]) }

  func forward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) throws {
    let sizes = ScanSizes(shape: call.view(0).shape, states: states)
    let rates: UnsafeMutablePointer<Scalar> = call.scratch(0)
    decayRates(call.parameter(0), rates, sizes)
    let inputs = ScanInputs<Scalar>(call, sizes: sizes, rates: rates)
    let saved: UnsafeMutablePointer<Scalar>? = call.isDifferentiated ? call.saved(0) : nil
    let (y, scratch): (UnsafeMutablePointer<Scalar>, UnsafeMutablePointer<Scalar>) = (
      call.output(), call.scratch(1)
    )
    call.parallel(sizes.batch, cost: sizes.rowCost) { start, count in
      for n in start..<start + count {
        scanForward(
          inputs.row(n), y: y + n * sizes.time * sizes.channels,
          states: saved.map { $0 + n * sizes.time * sizes.state },
          scratch: ScanForwardRow(scratch + n * sizes.forwardScratch, sizes))
      }
    }
  }

  func backward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) {
    let sizes = ScanSizes(shape: call.view(0).shape, states: states)
    let rates: UnsafeMutablePointer<Scalar> = call.scratch(0)
    decayRates(call.parameter(0), rates, sizes)
    let inputs = ScanInputs<Scalar>(call, sizes: sizes, rates: rates)
    let gradients = ScanGradients<Scalar>(call)
    let saved: UnsafeMutablePointer<Scalar> = call.saved(0)
    let (gy, scratch): (UnsafeMutablePointer<Scalar>, UnsafeMutablePointer<Scalar>) = (
      call.outputGradient(), call.scratch(1)
    )
    let rowSize = sizes.backwardScratch
    call.parallel(sizes.batch, cost: 2 * sizes.rowCost) { start, count in
      for n in start..<start + count {
        scanBackward(
          inputs.row(n), states: saved + n * sizes.time * sizes.state,
          gy: gy + n * sizes.time * sizes.channels, gradients: gradients.row(n, sizes),
          scratch: ScanBackwardRow(scratch + n * rowSize, sizes))
      }
    }
    sumOverBatch(call, rates: rates, rows: scratch, sizes)
  }

  /// Adds up, sample after sample, what each sample gives to the parameters.
  private func sumOverBatch<Scalar: FloatScalar>(
    _ call: Call, rates: UnsafePointer<Scalar>, rows: UnsafeMutablePointer<Scalar>, _ sizes: ScanSizes
  ) {
    let rowSize = sizes.backwardScratch
    let total = ScanBackwardRow(rows, sizes)
    for n in 1..<max(1, sizes.batch) {
      let row = ScanBackwardRow(rows + n * rowSize, sizes)
      Kernel.addScaled(alpha: 1, x: row.rates, y: total.rates, count: sizes.state)
      Kernel.addScaled(alpha: 1, x: row.skip, y: total.skip, count: sizes.channels)
    }
    if let gradient: UnsafeMutablePointer<Scalar> = call.parameterGradient(0) {
      // The rate is -exp(a_log), and so its own derivative.
      Kernel.binary(
        .multiply, a: total.rates, aStride: 1, b: rates, bStride: 1, y: total.rates, count: sizes.state)
      transposed(total.rates, rows: sizes.states, columns: sizes.channels, to: gradient)
    }
    if let gradient: UnsafeMutablePointer<Scalar> = call.parameterGradient(1) {
      Kernel.map(.copy, x: total.skip, y: gradient, count: sizes.channels)
    }
  }

  /// Writes -exp(a_log), transposed to [states, d].
  private func decayRates<Scalar: FloatScalar>(
    _ logarithms: UnsafePointer<Scalar>, _ rates: UnsafeMutablePointer<Scalar>, _ sizes: ScanSizes
  ) {
    transposed(logarithms, rows: sizes.channels, columns: sizes.states, to: rates)
    Kernel.map(.exp, x: rates, y: rates, count: sizes.state)
    Kernel.map(.negate, x: rates, y: rates, count: sizes.state)
  }
}
