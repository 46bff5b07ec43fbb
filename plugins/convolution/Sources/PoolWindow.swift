import Kernels
import LayerKit

/// How the window of a pool moves over images of any size: what the attributes say.
struct PoolWindow: Sendable {
  private let axes: [WindowAxis]

  /// The attributes of every pool with a window.
  static let attributes = [Attribute.kernel, .poolStride, .padding]

  /// Reads `kernel`, `stride` and `padding` for `rank` spatial axes. Throws `LayerFault`.
  init(_ attributes: Attributes, rank: Int) throws {
    axes = try attributes.windowAxes(rank: rank)
    for axis in axes {
      guard let padding = axis.padding else { continue }
      for amount in [padding.begin, padding.end] where amount >= axis.kernel {
        throw LayerFault(
          "padding \(amount) makes windows of padding alone; accepted for kernel \(axis.kernel) are 0 to "
            + "\(axis.kernel - 1)", attribute: "padding")
      }
    }
  }

  /// Says the type of the output. Throws `LayerFault` for an input that the window does not fit.
  func infer(_ inference: inout Inference) throws {
    let x = try inference.float()
    guard x.rank == axes.count + 2 else {
      let wanted = axes.count == 1 ? "[batch, channels, length]" : "[batch, channels, height, width]"
      throw LayerFault("needs \(wanted), found \(x.shapeText)", input: 0)
    }
    var shape = x.shape
    for (axis, place) in zip(axes, 2...) {
      try axis.check(size: shape[place])
      shape[place] = axis.outputSize(shape[place])
    }
    inference.output(x.element, shape)
  }

  /// The elements of the window.
  var tapCount: Int { axes.reduce(1) { saturatingProduct($0, $1.kernel) } }

  /// The window over images of one size; `output` is what the pool makes of `input`.
  func planes(_ input: ConcreteType, _ output: ConcreteType, hasChannelsLast: Bool) -> PooledPlanes {
    let first = hasChannelsLast ? 1 : 2
    let windows = axes.enumerated().map { place, axis in
      AxisWindow(axis, size: input.shape[place + first], count: output.shape[place + first])
    }
    // A sequence is an image of one row.
    let row = AxisWindow(WindowAxis(kernel: 1), size: 1, count: 1)
    return PooledPlanes(
      images: input.shape[0], channels: input.shape[hasChannelsLast ? input.shape.count - 1 : 1],
      vertical: windows.count == 1 ? row : windows[0],
      horizontal: windows[windows.count - 1])
  }

  /// The window over the images of a call.
  func planes(_ call: Call, hasChannelsLast: Bool) -> PooledPlanes {
    planes(call.view().type, call.outputs[0].type, hasChannelsLast: hasChannelsLast)
  }

  /// One operation for each element under each place of the window.
  func operations(_ signature: Signature, hasChannelsLast: Bool) -> Int {
    let planes = planes(signature.input(), signature.outputs[0], hasChannelsLast: hasChannelsLast)
    let covered = saturatingProduct(planes.vertical.widest, planes.horizontal.widest)
    return saturatingProduct(signature.outputs[0].count, covered)
  }
}

/// Images of one size, a plane for each channel of each sample, and a window that moves over each.
struct PooledPlanes: Sendable {
  let images: Int
  let channels: Int
  let vertical: AxisWindow
  let horizontal: AxisWindow

  var count: Int { images * channels }

  /// The elements of a plane before and after.
  var inputCount: Int { vertical.size * horizontal.size }
  var outputCount: Int { vertical.count * horizontal.count }

  /// About what a plane takes, in elements that a simple loop passes.
  var cost: Int {
    let covered = saturatingProduct(vertical.widest, horizontal.widest)
    return saturatingSum(inputCount, saturatingProduct(outputCount, covered))
  }
}

extension PooledPlanes {
  /// The same window over images whose channels stand last.
  var channelWindow: ChannelWindow {
    ChannelWindow(
      channels: channels, height: vertical.size, width: horizontal.size, rows: vertical.count,
      columns: horizontal.count, kernel: (vertical.kernel, horizontal.kernel),
      stride: (vertical.stride, horizontal.stride), begin: (vertical.begin, horizontal.begin))
  }

  /// The rows of places of all images.
  var rows: Int { images * vertical.count }

  /// About what such a row takes, and the gradient of an image, in elements that a simple loop passes.
  var costOfRow: Int {
    let covered = saturatingProduct(vertical.widest, horizontal.widest)
    return saturatingProduct(saturatingProduct(horizontal.count, channels), saturatingSum(1, covered) / 2)
  }
  var costOfGradient: Int {
    saturatingProduct(
      channels, saturatingSum(inputCount, saturatingProduct(vertical.count, costOfRow / channels)))
  }
}

/// The places of a window along one axis of known size.
struct AxisWindow: Sendable {
  let size: Int
  /// The number of places.
  let count: Int
  let kernel: Int
  let stride: Int
  /// The padding before the axis.
  let begin: Int
  /// The places at which the whole window lies on the axis.
  let inside: Range<Int>

  init(_ axis: WindowAxis, size: Int, count: Int) {
    self.size = size
    self.count = count
    kernel = axis.kernel
    stride = axis.stride
    begin = axis.padding(size: size, count: count).begin
    let first = min(count, begin / stride + (begin % stride == 0 ? 0 : 1))
    let room = saturatingSum(saturatingSum(size, begin), -kernel)
    inside = first..<max(first, room < 0 ? 0 : min(count, room / stride + 1))
  }

  /// The most elements that one place covers.
  var widest: Int { min(size, kernel) }

  /// Where the window begins; negative within the padding.
  @inline(__always)
  func start(_ place: Int) -> Int { place &* stride &- begin }

  /// Calls `body` for each place at which part of the window lies beside the axis.
  @inline(__always)
  func forEachPlaceAtBorders(_ body: (_ place: Int) -> Void) {
    for place in 0..<inside.lowerBound { body(place) }
    for place in inside.upperBound..<count { body(place) }
  }

  /// The elements that the window covers at a place; there is always one.
  @inline(__always)
  func covered(_ place: Int) -> Range<Int> {
    let start = start(place)
    let lower = max(0, start)
    return lower..<max(lower, min(size, saturatingSum(start, kernel)))
  }
}

extension PoolWindow {
  /// Uses of a pool on images that cover its attributes.
  static let imageExamples = [
    Example("\"kernel\": 2", .floats([2, 2, 4, 6], kinks: [])),
    Example("\"kernel\": 3, \"stride\": 2, \"padding\": \"same\"", .floats([1, 2, 6, 7], kinks: [])),
    Example("\"kernel\": 3, \"stride\": 1", .floats([1, 2, 4, 5], kinks: [])),
    Example(
      "\"kernel\": [2, 4], \"stride\": [1, 3], \"padding\": [1, 0, 0, 3]", .floats([1, 2, 3, 7], kinks: [])),
  ]

  /// Uses of a pool on sequences that cover its attributes.
  static let sequenceExamples = [
    Example("\"kernel\": 2", .floats([2, 2, 7], kinks: [])),
    Example("\"kernel\": 3, \"stride\": 2, \"padding\": \"same\"", .floats([2, 2, 8], kinks: [])),
    Example("\"kernel\": [4], \"stride\": [1], \"padding\": [2, 3]", .floats([1, 2, 5], kinks: [])),
    Example("\"kernel\": 2, \"stride\": 3, \"padding\": \"valid\"", .floats([1, 3, 9], kinks: [])),
  ]
}
