import Kernels
import LayerKit
import Testing

/// One use of a layer of one input: its memory, with a guard around every buffer that it writes.
struct LayerUse {
  var layer: any DifferentiableLayer
  let inputShape: [Int]
  let outputShape: [Int]
  let parameterShapes: [[Int]]
  var reversesPieces = false
  /// Whether the layer gets its tensors with the channels last; here they always stand on axis 1.
  private(set) var isTurned = false

  struct Result {
    var y: [Double]
    var gx: [Double] = []
    var parameterGradients: [[Double]] = []
  }

  /// Throws `LayerFault` where the layer refuses the shape.
  init(_ layer: any DifferentiableLayer, _ shape: [Int]) throws {
    self.layer = layer
    inputShape = shape
    var inference = Inference(inputs: [ValueType(.float32, shape.map { Dimension($0) })])
    try layer.infer(&inference)
    outputShape = inference.outputs[0].shape.map { $0.number ?? -1 }
    parameterShapes = inference.parameters.map(\.shape)
  }

  /// The same use with the channels last; nil where the layer has no such form.
  func turned() -> LayerUse? {
    let types = [ValueType(.float32, inputShape.map { Dimension($0) })]
    let form = (layer as? any ChannelsLastLayer)?.channelsLast(types)
    guard let form = form as? any DifferentiableLayer else { return nil }
    var use = self
    use.layer = form
    use.isTurned = true
    return use
  }

  var outputCount: Int { outputShape.reduce(1, *) }
  var inputCount: Int { inputShape.reduce(1, *) }

  /// Runs forward and, where `gy` is given, backward.
  func run<Scalar: FloatScalar>(
    _ x: [Double], parameters: [[Double]] = [], gy: [Double]? = nil, as: Scalar.Type = Scalar.self
  ) throws -> Result {
    let (x, gy) = isTurned ? (turn(x, inputShape), gy.map { turn($0, outputShape) }) : (x, gy)
    let input = ConcreteType(Scalar.elementType, isTurned ? withChannelsLast(inputShape) : inputShape)
    let output = ConcreteType(Scalar.elementType, isTurned ? withChannelsLast(outputShape) : outputShape)
    let weights = parameterShapes.map { ConcreteType(Scalar.elementType, $0) }
    let signature = Signature(
      inputs: [input], outputs: [output], parameters: weights, mode: .training, isDifferentiated: gy != nil)
    let workspace = layer.workspace(signature)
    let memory = GuardedMemory<Scalar>()
    let y = memory.view(output)
    let gradients = ([input] + weights).map { memory.view($0) }
    let call = Call(
      name: "use", mode: .training, isDifferentiated: gy != nil, clock: RunClock(),
      executor: Pieces(reversed: reversesPieces), inputs: [memory.view(input, x)], outputs: [y],
      parameters: zip(weights, parameters).map { memory.view($0, $1) },
      saved: workspace.saved.map(memory.buffer), forwardScratch: workspace.forwardScratch.map(memory.buffer),
      backwardScratch: workspace.backwardScratch.map(memory.buffer),
      outputGradients: [memory.view(output, gy)], inputGradients: [gradients[0]],
      parameterGradients: Array(gradients[1...]))
    try call.forward(layer, as: Scalar.self)
    var result = Result(y: memory.read(y))
    if gy != nil {
      try call.backward(layer, as: Scalar.self)
      result.gx = memory.read(gradients[0])
      result.parameterGradients = gradients[1...].map { memory.read($0) }
    }
    #expect(memory.isIntact, "the layer wrote beside a buffer")
    if isTurned {
      result.y = turnBack(result.y, outputShape)
      if gy != nil { result.gx = turnBack(result.gx, inputShape) }
    }
    return result
  }
}

/// The shape with axis 1 behind all others.
func withChannelsLast(_ shape: [Int]) -> [Int] { [shape[0]] + shape[2...] + [shape[1]] }

/// The numbers of a tensor of that shape in the order that they have with axis 1 behind all others.
func turn(_ values: [Double], _ shape: [Int]) -> [Double] {
  let (channels, area) = (shape[1], shape[2...].reduce(1, *))
  return values.indices.map { place in
    let (image, rest) = place.quotientAndRemainder(dividingBy: channels * area)
    return values[image * channels * area + rest % channels * area + rest / channels]
  }
}

/// The numbers in the order that they had before `turn`.
func turnBack(_ values: [Double], _ shape: [Int]) -> [Double] {
  let (channels, area) = (shape[1], shape[2...].reduce(1, *))
  return values.indices.map { place in
    let (image, rest) = place.quotientAndRemainder(dividingBy: channels * area)
    return values[image * channels * area + rest % area * channels + rest / area]
  }
}

/// Runs the pieces one after another, from the first or from the last.
private struct Pieces: Executor {
  let reversed: Bool

  func run(pieces: Int, _ body: (Int) -> Void) {
    for piece in 0..<pieces { body(reversed ? pieces - 1 - piece : piece) }
  }
}

/// Buffers with a margin on both sides that nobody may touch.
private final class GuardedMemory<Scalar: FloatScalar> {
  private let margin = 64
  private var blocks: [UnsafeMutableRawBufferPointer] = []

  deinit { for block in blocks { block.deallocate() } }

  private func allocate(_ bytes: Int) -> UnsafeMutableRawPointer {
    let block = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes + 2 * margin, alignment: 64)
    // As floats of both widths the filling is no number, so that what is read before it is written shows.
    for index in block.indices { block[index] = 0xFF }
    blocks.append(block)
    return UnsafeMutableRawPointer(mutating: UnsafeRawPointer(block.baseAddress!) + margin)
  }

  var isIntact: Bool {
    blocks.allSatisfy { block in
      block.prefix(margin).allSatisfy { $0 == 0xFF } && block.suffix(margin).allSatisfy { $0 == 0xFF }
    }
  }

  func view(_ type: ConcreteType, _ values: [Double]? = nil) -> TensorView {
    let view = TensorView(allocate(type.byteCount), type)
    let elements = view.pointer(Scalar.self)
    for (index, value) in (values ?? []).enumerated() { elements[index] = Scalar(value) }
    return view
  }

  func buffer(_ buffer: Workspace.Buffer) -> UnsafeMutableRawPointer {
    switch buffer {
    case .scalars(let count): allocate(count * MemoryLayout<Scalar>.stride)
    case .integers(let count): allocate(count * 4)
    case .bytes(let count): allocate(count)
    }
  }

  func read(_ view: TensorView) -> [Double] {
    UnsafeBufferPointer(start: view.pointer(Scalar.self), count: view.count).map { Double($0) }
  }
}

/// Random numbers that are the same at every run.
struct Draws {
  private var state: UInt64

  init(_ seed: UInt64) { state = RandomKey.make(seed: seed, purpose: "test") }

  mutating func integer(_ range: ClosedRange<Int>) -> Int {
    state = RandomKey.make(seed: state, purpose: "draw")
    return range.lowerBound + Int(state % UInt64(range.count))
  }

  /// Multiples of 1/4 in [-2, 2]: exact in 32 bits, sums too, and with many equals.
  mutating func quarters(_ count: Int) -> [Double] { (0..<count).map { _ in Double(integer(-8...8)) / 4 } }

  mutating func uniform(_ count: Int) -> [Double] {
    (0..<count).map { _ in Double(integer(-1_000_000...1_000_000)) / 500_000 }
  }
}

/// The largest difference of two arrays of one length; infinite where only one of two is a number.
func distance(_ a: [Double], _ b: [Double]) -> Double {
  guard a.count == b.count else { return .infinity }
  return zip(a, b).reduce(0) { worst, pair in
    if pair.0 == pair.1 || (pair.0.isNaN && pair.1.isNaN) { return worst }
    let difference = (pair.0 - pair.1).magnitude
    return difference.isNaN ? .infinity : max(worst, difference)
  }
}
