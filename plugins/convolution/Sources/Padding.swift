import LayerKit

/// What stands around an image before a window moves over it.
enum Padding: Hashable, Sendable {
  /// Nothing.
  case valid
  /// As much as gives a result of `ceil(size / stride)`; the odd element stands at the end.
  case same
  /// So many elements before and behind each axis.
  case explicit(begin: [Int], end: [Int])
}

/// How a window moves along one axis of an image.
struct WindowAxis: Hashable, Sendable {
  var kernel: Int
  var stride: Int
  var dilation: Int
  /// The padding before and behind the axis; nil where it is that of `Padding.same`.
  var padding: (begin: Int, end: Int)? {
    get { explicitPadding.map { ($0.begin, $0.end) } }
    set { explicitPadding = newValue.map { Ends(begin: $0.begin, end: $0.end) } }
  }
  private var explicitPadding: Ends?

  private struct Ends: Hashable, Sendable {
    var begin: Int
    var end: Int
  }

  init(kernel: Int, stride: Int = 1, dilation: Int = 1, padding: (begin: Int, end: Int)? = (0, 0)) {
    self.kernel = kernel
    self.stride = stride
    self.dilation = dilation
    self.padding = padding
  }

  /// How far the window reaches, its gaps included: `dilation (kernel - 1) + 1`.
  var extent: Int { saturatingSum(saturatingProduct(dilation, kernel - 1), 1) }

  /// The number of places of the window: `floor((size + begin + end - extent) / stride) + 1`, or
  /// `ceil(size / stride)` for `same`.
  func outputSize(_ size: Dimension) -> Dimension {
    guard let padding else { return size.dividedUp(by: stride) }
    let around = saturatingSum(padding.begin, padding.end)
    return (size + Dimension(around) - Dimension(extent)).dividedDown(by: stride) + 1
  }

  /// The padding before and behind an axis of that size, of which `count` places were made.
  func padding(size: Int, count: Int) -> (begin: Int, end: Int) {
    if let padding { return padding }
    let covered = saturatingSum(saturatingProduct(max(0, count - 1), stride), extent)
    let total = max(0, saturatingSum(covered, -size))
    return (total / 2, total - total / 2)
  }

  /// Refuses a window that is larger than the padded axis. Throws `LayerFault`.
  func check(size: Dimension) throws {
    guard let padding, let number = size.number else { return }
    let around = saturatingSum(padding.begin, padding.end)
    guard extent > saturatingSum(number, around) else { return }
    let reach = dilation == 1 ? "" : " with dilation \(dilation) reaches over \(extent) elements and"
    let padded = around == 0 ? "\(number)" : "\(number) + \(around) of padding"
    throw LayerFault("kernel \(kernel)\(reach) is larger than the axis of \(padded)", attribute: "kernel")
  }
}

extension Attributes {
  /// The attribute's entry for each of `rank` spatial axes; one entry serves all. Throws `LayerFault`.
  func perAxis(_ name: String, rank: Int) throws -> [Int] {
    let values = integers(name)
    if values.count == 1 { return [Int](repeating: values[0], count: rank) }
    guard values.count == rank else {
      throw LayerFault(
        "\(name) has \(values.count) entries; accepted are an integer, or \(entries(rank))", attribute: name)
    }
    return values
  }

  /// The attribute `padding` for `rank` spatial axes. Throws `LayerFault`.
  func padding(rank: Int) throws -> Padding {
    if let word = optionalWord("padding") { return word == "same" ? .same : .valid }
    let values = optionalIntegers("padding") ?? []
    guard values.count == 2 * rank else {
      throw LayerFault(
        "padding has \(values.count) entries; accepted are \"valid\", \"same\", or \(entries(2 * rank)): "
          + (rank == 1 ? "[begin, end]" : "every begin, then every end"),
        attribute: "padding")
    }
    return .explicit(begin: Array(values[..<rank]), end: Array(values[rank...]))
  }

  /// How the window moves along each of `rank` axes: `kernel`, `padding`, and where the schema has them
  /// `stride` (without it, the kernel) and `dilation` (without it, 1).
  ///
  /// Throws `LayerFault` for a wrong number of entries.
  func windowAxes(rank: Int) throws -> [WindowAxis] {
    let kernel = try perAxis("kernel", rank: rank)
    let stride = has("stride") ? try perAxis("stride", rank: rank) : kernel
    let dilation =
      has("dilation") ? try perAxis("dilation", rank: rank) : [Int](repeating: 1, count: rank)
    let padding = try padding(rank: rank)
    return (0..<rank).map { axis in
      let ends: (begin: Int, end: Int)?
      switch padding {
      case .valid: ends = (0, 0)
      case .same: ends = nil
      case .explicit(let begin, let end): ends = (begin[axis], end[axis])
      }
      return WindowAxis(kernel: kernel[axis], stride: stride[axis], dilation: dilation[axis], padding: ends)
    }
  }

  private func entries(_ count: Int) -> String { count == 1 ? "1 entry" : "\(count) entries" }
}

extension Attribute {
  /// The attribute `kernel`: an integer, or one an axis.
  static let kernel = Attribute(
    "kernel", .integersOrInteger(1...largestWindowSize), "The size of the window: an integer, or one an axis."
  )

  /// The attribute `stride` of a convolution.
  static let stride = Attribute(
    "stride", .integersOrInteger(1...largestWindowSize), default: .integers([1]),
    "How far the window moves at each step: an integer, or one an axis.")

  /// The attribute `stride` of a pool, whose default is the kernel.
  static let poolStride = Attribute(
    "stride", .integersOrInteger(1...largestWindowSize), optional: true,
    "How far the window moves at each step: an integer, or one an axis; without it, the kernel.")

  /// The attribute `dilation`: an integer, or one an axis.
  static let dilation = Attribute(
    "dilation", .integersOrInteger(1...largestWindowSize), default: .integers([1]),
    "The distance of two neighbours of the window: an integer, or one an axis.")

  /// The attribute `padding`: a word, or what stands before each axis and then behind each.
  static let padding = Attribute(
    "padding", .wordOrIntegers(["valid", "same"], 0...largestWindowSize), default: .word("valid"),
    "What surrounds the image: nothing (\"valid\"), as much as gives ceil(size / stride) with the odd "
      + "element at the end (\"same\"), or every begin, then every end.")
}

/// The largest size that describes a window: products of two of them are exact.
let largestWindowSize = Int(Int32.max)
