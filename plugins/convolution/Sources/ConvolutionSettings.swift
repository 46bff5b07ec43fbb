import LayerKit

/// What the attributes of a convolution say, and the types that follow from them.
struct ConvolutionSettings: Sendable {
  let filters: Int
  let groups: Int
  let hasBias: Bool
  let isTransposed: Bool
  /// One window axis for each spatial axis.
  let axes: [WindowAxis]
  let activation: (any Activation)?
  private let outputPadding: [Int]
  private let weightInitializer: any Initializer
  private let biasInitializer: any Initializer

  /// Reads the attributes of a convolution over `rank` axes. Throws `LayerFault`.
  init(_ attributes: Attributes, rank: Int, isTransposed: Bool = false) throws {
    filters = attributes.integer("filters")
    groups = attributes.integer("groups")
    hasBias = attributes.boolean("bias")
    self.isTransposed = isTransposed
    axes = try attributes.windowAxes(rank: rank)
    activation = attributes.activation()
    weightInitializer = attributes.initializer("weight_init")
    biasInitializer = attributes.initializer("bias_init")
    outputPadding = isTransposed ? try attributes.perAxis("output_padding", rank: rank) : []
    guard filters % groups == 0 else {
      throw LayerFault("\(groups) groups do not divide \(filters) filters", attribute: "groups")
    }
    for (axis, padding) in zip(axes, outputPadding) where padding != 0 {
      guard axis.padding != nil else {
        throw LayerFault(
          "output_padding \(padding) beside padding \"same\", whose result has the size of the input times "
            + "the stride", attribute: "output_padding")
      }
      guard padding < max(axis.stride, axis.dilation) else {
        throw LayerFault(
          "output_padding \(padding) is not below the larger of stride \(axis.stride) and dilation "
            + "\(axis.dilation)", attribute: "output_padding")
      }
    }
  }

  /// The attributes that all convolutions have, with those of one in between.
  static func attributes(_ further: Attribute...) -> [Attribute] {
    [
      .integer("filters", atLeast: 1, "The channels of the result."),
      .kernel, .stride, .padding,
    ] + further + [
      .dilation,
      .integer(
        "groups", atLeast: 1, default: 1,
        "Into how many groups channels and filters are divided; a filter sees the channels of its group."),
      .boolean("bias", default: true, "Whether a bias is added."),
      .activation(),
      .initializer("weight_init", default: "glorot_uniform", "The first values of the weight."),
      .initializer("bias_init", default: "zeros", "The first values of the bias."),
    ]
  }

  func infer(_ inference: inout Inference) throws {
    let x = try inference.float()
    guard x.rank == axes.count + 2 else {
      let wanted =
        axes.count == 1 ? "3 axes [batch, channels, length]" : "4 axes [batch, channels, height, width]"
      throw LayerFault("needs \(wanted), found \(x.shapeText)", input: 0)
    }
    let channels = try inference.size(x, axis: 1)
    guard channels % groups == 0 else {
      throw LayerFault(
        "\(groups) groups do not divide the \(channels) channels of \(x.shapeText)", attribute: "groups")
    }
    var sizes: [Dimension] = []
    for (place, axis) in axes.enumerated() {
      let size = x.shape[place + 2]
      if isTransposed {
        sizes.append(try axis.transposedSize(size, outputPadding: outputPadding[place]))
      } else {
        try axis.check(size: size)
        sizes.append(axis.outputSize(size))
      }
    }
    let (channelsOfGroup, filtersOfGroup) = (channels / groups, filters / groups)
    let kernel = axes.map(\.kernel)
    let area = kernel.reduce(1, saturatingProduct)
    let fanIn = saturatingProduct(channelsOfGroup, area)
    let fanOut = saturatingProduct(filtersOfGroup, area)
    inference.parameter(
      "weight", (isTransposed ? [channels, filtersOfGroup] : [filters, channelsOfGroup]) + kernel,
      weightInitializer, fanIn: fanIn, fanOut: fanOut)
    if hasBias { inference.parameter("bias", [filters], biasInitializer, fanIn: fanIn, fanOut: filters) }
    inference.output(x.element, [x.shape[0], Dimension(filters)] + sizes)
  }
}

extension WindowAxis {
  /// The padding that a transposed convolution takes off its result; for `same`, what makes the result as
  /// large as the input times the stride.
  func transposedPadding() -> (begin: Int, end: Int) {
    if let padding { return padding }
    let total = max(0, extent - stride)
    return (total / 2, total - total / 2)
  }

  /// The size of the result of a transposed convolution. Throws `LayerFault` where nothing is left of it.
  func transposedSize(_ size: Dimension, outputPadding: Int) throws -> Dimension {
    guard let padding else { return size * Dimension(stride) }
    let covered = (size - 1) * Dimension(stride) + Dimension(saturatingSum(extent, outputPadding))
    let result = covered - Dimension(saturatingSum(padding.begin, padding.end))
    if let number = result.number, number < 1 {
      throw LayerFault(
        "padding \(padding.begin) + \(padding.end) leaves nothing of a result of \(covered)",
        attribute: "padding")
    }
    return result
  }
}
