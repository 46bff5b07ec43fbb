import Kernels
import LayerKit

@testable import StateSpace

extension Double {
  /// e to the power of the number.
  var exponential: Double {
    var (x, y) = (self, 0.0)
    Kernel.map(.exp, x: &x, y: &y, count: 1)
    return y
  }
}

/// One small use of `selective_scan`, with the memory that a plan would own.
struct Scan {
  let sizes: ScanSizes
  /// x, delta, b, c, a_log, skip.
  var arrays: [[Double]]

  init(batch: Int, time: Int, channels: Int, states: Int) {
    sizes = ScanSizes(shape: [batch, time, channels], states: states)
    let counts = [
      batch * time * channels, batch * time * channels, batch * time * states,
      batch * time * states,
      channels * states, channels,
    ]
    arrays = counts.enumerated().map { purpose, count in
      var values = [Double](repeating: 0, count: count)
      let low = purpose == 1 ? 0.1 : -1.0
      Kernel.randomUniform(
        key: UInt64(purpose), start: 0, y: &values, count: count, low: low, high: 1)
      return values
    }
  }

  /// The outputs by the formula, state by state.
  func recurrence() -> [Double] {
    let (channels, states) = (sizes.channels, sizes.states)
    var y = [Double](repeating: 0, count: arrays[0].count)
    for n in 0..<sizes.batch {
      for d in 0..<channels {
        var h = [Double](repeating: 0, count: states)
        for row in n * sizes.time..<(n + 1) * sizes.time {
          let (x, delta) = (arrays[0][row * channels + d], arrays[1][row * channels + d])
          y[row * channels + d] = arrays[5][d] * x
          for s in 0..<states {
            let decay = (-arrays[4][d * states + s].exponential * delta).exponential
            h[s] = decay * h[s] + delta * arrays[2][row * states + s] * x
            y[row * channels + d] += arrays[3][row * states + s] * h[s]
          }
        }
      }
    }
    return y
  }

  /// A sum of the outputs in which each counts differently.
  func loss() -> Double {
    recurrence().enumerated().reduce(0) { $0 + $1.element * Scan.share($1.offset) }
  }

  private static func share(_ index: Int) -> Double { Double(index % 7) - 2.5 }

  mutating func forward(isDifferentiated: Bool) throws -> [Double] {
    try run(isDifferentiated: isDifferentiated).outputs
  }

  /// The gradients of `loss` by the six arrays.
  mutating func gradients() throws -> [[Double]] { try run(isDifferentiated: true).gradients }

  private mutating func run(isDifferentiated: Bool) throws -> (
    outputs: [Double], gradients: [[Double]]
  ) {
    let layer = SelectiveScan(Attributes(["states": .integer(sizes.states)]))
    let wide = [sizes.batch, sizes.time, sizes.channels]
    let narrow = [sizes.batch, sizes.time, sizes.states]
    let shapes = [wide, wide, narrow, narrow, [sizes.channels, sizes.states], [sizes.channels]]
    let types = shapes.map { ConcreteType(.float64, $0) }
    let signature = Signature(
      inputs: Array(types[0..<4]), outputs: [types[0]], parameters: Array(types[4...]),
      mode: .training,
      isDifferentiated: isDifferentiated)
    var memory = Memory()
    defer { memory.free() }
    let values = zip(types, arrays).map { memory.view($0, $1) }
    let gradients = types.map { memory.view($0, [Double](repeating: .nan, count: $0.count)) }
    let output = memory.view(types[0], [Double](repeating: .nan, count: types[0].count))
    let outputGradient = memory.view(types[0], (0..<types[0].count).map(Scan.share))
    let workspace = layer.workspace(signature)
    let call = Call(
      name: "scan", mode: .training, isDifferentiated: isDifferentiated, clock: RunClock(),
      executor: Serial(),
      inputs: Array(values[0..<4]), outputs: [output], parameters: Array(values[4...]),
      saved: workspace.saved.map { memory.buffer($0) },
      forwardScratch: workspace.forwardScratch.map { memory.buffer($0) },
      backwardScratch: workspace.backwardScratch.map { memory.buffer($0) },
      outputGradients: [outputGradient], inputGradients: Array(gradients[0..<4]),
      parameterGradients: Array(gradients[4...]))
    try call.forward(layer, as: Double.self)
    if isDifferentiated { try call.backward(layer, as: Double.self) }
    return (memory.read(output), gradients.map { memory.read($0) })
  }
}

/// Runs the pieces one after another.
private struct Serial: Executor {
  func run(pieces: Int, _ body: (Int) -> Void) { (0..<pieces).forEach(body) }
}

/// Buffers of 64-bit numbers.
private struct Memory {
  private var blocks: [UnsafeMutablePointer<Double>] = []

  mutating func allocate(_ values: [Double]) -> UnsafeMutablePointer<Double> {
    let block = UnsafeMutablePointer<Double>.allocate(capacity: max(1, values.count))
    block.initialize(from: values, count: values.count)
    blocks.append(block)
    return block
  }

  mutating func view(_ type: ConcreteType, _ values: [Double]) -> TensorView {
    TensorView(UnsafeMutableRawPointer(allocate(values)), type)
  }

  mutating func buffer(_ buffer: Workspace.Buffer) -> UnsafeMutableRawPointer {
    guard case .scalars(let count) = buffer else {
      preconditionFailure("the scan asks for scalars alone")
    }
    return UnsafeMutableRawPointer(allocate([Double](repeating: .nan, count: count)))
  }

  func read(_ view: TensorView) -> [Double] {
    Array(UnsafeBufferPointer(start: view.pointer(Double.self), count: view.count))
  }

  func free() { for block in blocks { block.deallocate() } }
}
