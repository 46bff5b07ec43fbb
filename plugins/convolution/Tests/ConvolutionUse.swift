import Kernels
import LayerKit

@testable import Convolution

/// One use of a convolution with random numbers: run by the layer, and by the definition.
struct ConvolutionUse: CustomStringConvertible {
  let op: String
  var attributes: [String: AttributeValue]
  let layer: any ConvolutionLayer
  let inputShape: [Int]
  let outputShape: [Int]
  let parameterShapes: [[Int]]
  let geometry: ConvolutionGeometry

  /// Throws `LayerFault` where the layer refuses the shape.
  init(_ op: String, _ attributes: [String: AttributeValue], input: [Int]) throws {
    self.op = op
    self.attributes = attributes
    let all = ConvolutionUse.standard.merging(attributes) { $1 }
    switch op {
    case "conv1d": layer = try Conv1D(Attributes(all))
    case "conv2d": layer = try Conv2D(Attributes(all))
    default: layer = try ConvTranspose2D(Attributes(all))
    }
    var inference = Inference(inputs: [ValueType(.float32, input.map { Dimension($0) })])
    try layer.infer(&inference)
    inputShape = input
    outputShape = inference.outputs[0].shape.map { $0.number ?? -1 }
    parameterShapes = inference.parameters.map(\.shape)
    geometry = ConvolutionGeometry(layer.settings, input: inputShape, output: outputShape)
  }

  /// What the schema gives where a file says nothing.
  static let standard: [String: AttributeValue] = [
    "groups": .integer(1), "bias": .boolean(true), "stride": .integers([1]), "dilation": .integers([1]),
    "padding": .word("valid"), "output_padding": .integers([0]), "weight_init": .component(Unset()),
    "bias_init": .component(Unset()),
  ]

  var description: String { "\(op) \(inputShape) \(attributes)" }

  /// The input, the parameters, and the gradient of the output.
  func numbers() -> [[Double]] {
    ([inputShape] + parameterShapes + [outputShape]).enumerated().map { key, shape in
      var values = [Double](repeating: 0, count: shape.reduce(1, *))
      Kernel.randomUniform(key: UInt64(key), start: 0, y: &values, count: values.count, low: -1, high: 1)
      // What 32 bits hold, so that both precisions compute from the same numbers.
      return values.map { Double(Float($0)) }
    }
  }

  /// The output and the gradients of input, weight and bias, term by term as the definition says.
  func definition(_ numbers: [[Double]]) -> [[Double]] {
    let (g, isTransposed) = (geometry, layer.settings.isTransposed)
    let (weight, gy) = (numbers[1], numbers[numbers.count - 1])
    let x = numbers[0]
    var y = [Double](repeating: 0, count: gy.count)
    var (gx, gw) = (x.map { _ in 0.0 }, weight.map { _ in 0.0 })
    forEachTerm { image, map, w in
      let (from, to) = isTransposed ? (map, image) : (image, map)
      y[to] += weight[w] * x[from]
      gx[from] += weight[w] * gy[to]
      gw[w] += x[from] * gy[to]
    }
    guard layer.settings.hasBias else { return [y, gx, gw] }
    let area = isTransposed ? g.image.area : g.map.area
    var gb = [Double](repeating: 0, count: layer.settings.filters)
    for index in y.indices {
      let filter = index / area % layer.settings.filters
      y[index] += numbers[2][filter]
      gb[filter] += gy[index]
    }
    return [y, gx, gw, gb]
  }

  /// Calls `body` with the indices of image, map and weight of every product in the sum.
  private func forEachTerm(_ body: (_ image: Int, _ map: Int, _ weight: Int) -> Void) {
    let g = geometry
    for n in 0..<g.images {
      for m in 0..<g.mapChannels {
        for c in 0..<g.imageGroup {
          let plane = (n * g.imageChannels + m / g.mapGroup * g.imageGroup + c) * g.image.area
          let map = (n * g.mapChannels + m) * g.map.area
          let weight = (m * g.imageGroup + c) * g.kernel.area
          for place in 0..<g.map.area {
            for tap in 0..<g.kernel.area {
              let row =
                place / g.map.width * g.stride.height + tap / g.kernel.width * g.dilation.height
                - g.begin.height
              let column =
                place % g.map.width * g.stride.width + tap % g.kernel.width * g.dilation.width - g.begin.width
              guard row >= 0, row < g.image.height, column >= 0, column < g.image.width else { continue }
              body(plane + row * g.image.width + column, map + place, weight + tap)
            }
          }
        }
      }
    }
  }

  /// The output and the gradients as the layer computes them; `usesPrimitives` asks for oneDNN.
  func run<Scalar: FloatScalar>(
    _ numbers: [[Double]], as: Scalar.Type, usesPrimitives: Bool = false, executor: any Executor = InOrder(),
    fusing function: (any KernelActivation)? = nil, hasChannelsLast: Bool = false
  ) throws -> [[Double]] {
    var layer = self.layer
    layer.fusion.function = function
    layer.fusion.hasChannelsLast = hasChannelsLast
    var shapes = [inputShape] + parameterShapes + [outputShape]
    let last = shapes.count - 1
    var numbers = numbers
    if hasChannelsLast {
      for index in [0, last] {
        numbers[index] = turn(numbers[index], shapes[index])
        shapes[index] = withChannelsLast(shapes[index])
      }
    }
    let types = shapes.map { ConcreteType(Scalar.elementType, $0) }
    let signature = Signature(
      inputs: [types[0]], outputs: [types[last]], parameters: Array(types[1..<last]), mode: .training,
      isDifferentiated: true)
    let memory = UseMemory<Scalar>()
    let views = zip(types, numbers).map { memory.view($0, $1) }
    let gradients = types[..<last].map { memory.view($0, [Double](repeating: .nan, count: $0.count)) }
    let output = memory.view(types[last], [Double](repeating: .nan, count: types[last].count))
    let workspace = layer.workspace(signature)
    let call = Call(
      name: "use", mode: .training, isDifferentiated: true, clock: RunClock(), executor: executor,
      inputs: [views[0]], outputs: [output], parameters: Array(views[1..<last]),
      saved: workspace.saved.map(memory.buffer), forwardScratch: workspace.forwardScratch.map(memory.buffer),
      backwardScratch: workspace.backwardScratch.map(memory.buffer), outputGradients: [views[last]],
      inputGradients: [gradients[0]], parameterGradients: Array(gradients[1...]),
      prepared: usesPrimitives ? try layer.prepare(signature) : nil)
    try call.forward(layer, as: Scalar.self)
    try call.backward(layer, as: Scalar.self)
    var found = ([output] + gradients).map { view in
      UnsafeBufferPointer(start: view.pointer(Scalar.self), count: view.count).map { Double($0) }
    }
    if hasChannelsLast {
      found[0] = turnBack(found[0], outputShape)
      found[1] = turnBack(found[1], inputShape)
    }
    return found
  }

  /// The results that oneDNN computes.
  func primitiveResults() -> Set<ConvolutionResult> {
    let memory = ConvolutionMemory(geometry, admitsPrimitives: true)
    let made = ConvolutionPrimitives(memory, results: ConvolutionResult.allCases, isDifferentiated: true)
    return Set(ConvolutionResult.allCases.filter { made?.computes($0) ?? false })
  }
}

/// Runs the pieces one after another, from the first or from the last.
struct InOrder: Executor {
  var reversed = false

  func run(pieces: Int, _ body: (Int) -> Void) {
    for piece in 0..<pieces { body(reversed ? pieces - 1 - piece : piece) }
  }
}

/// Buffers that go when the value goes; what nobody wrote is not a number.
final class UseMemory<Scalar: FloatScalar> {
  private var blocks: [UnsafeMutableRawPointer] = []

  deinit { for block in blocks { block.deallocate() } }

  func view(_ type: ConcreteType, _ values: [Double]) -> TensorView {
    let memory = buffer(.scalars(type.count))
    let pointer = memory.assumingMemoryBound(to: Scalar.self)
    for (index, value) in values.enumerated() { pointer[index] = Scalar(value) }
    return TensorView(memory, type)
  }

  func buffer(_ buffer: Workspace.Buffer) -> UnsafeMutableRawPointer {
    guard case .scalars(let count) = buffer else {
      preconditionFailure("a convolution asks for scalars alone")
    }
    let block = UnsafeMutableRawPointer.allocate(
      byteCount: max(1, count) * MemoryLayout<Scalar>.stride, alignment: 64)
    block.initializeMemory(as: Scalar.self, repeating: .nan, count: max(1, count))
    blocks.append(block)
    return block
  }
}

/// The largest difference of two results, as a share of the largest number in each array.
func largestDifference(_ found: [[Double]], _ wanted: [[Double]]) -> Double {
  guard found.map(\.count) == wanted.map(\.count) else { return .infinity }
  return zip(found, wanted).map { found, wanted in
    let size = wanted.reduce(1) { max($0, abs($1)) }
    return zip(found, wanted).reduce(0) { largest, pair in
      let difference = abs(pair.0 - pair.1) / size
      return difference.isNaN ? .infinity : max(largest, difference)
    }
  }.max() ?? 0
}

/// An initializer of a test, which sets its parameters itself.
struct Unset: Initializer {
  static let schema = Schema("unset", "Leaves the values alone.")

  init() {}
  init(_ attributes: Attributes) {}

  func fill(
    _ values: UnsafeMutableBufferPointer<Double>, shape: [Int], fanIn: Int, fanOut: Int, key: UInt64
  ) {}
}
