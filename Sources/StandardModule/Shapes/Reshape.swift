import LayerKit

/// The operator `reshape`.
struct Reshape: CopyLayer {
  static let examples = [
    Example("\"shape\": [2, 6]", .floats([3, 4])), Example("\"shape\": [-1, 2, 2]", .floats([3, 4])),
    Example("\"shape\": [-1]", .integers([2, 3], below: 4)), Example("\"shape\": []", .floats([1, 1])),
  ]
  static let schema = Schema(
    "reshape", "Gives a tensor of any type another shape; the elements keep their row-major order.",
    attributes: [
      Attribute(
        "shape", .shape(inferred: true),
        "The new shape: sizes, symbols of the input, and at most one -1 for what is left.")
    ])

  private let shape: [ShapeEntry]

  init(_ attributes: Attributes) throws {
    shape = attributes.shape("shape")
    guard shape.count(where: { $0 == .rest }) <= 1 else {
      throw LayerFault("only one size can be -1", attribute: "shape")
    }
  }

  func infer(_ inference: inout Inference) throws {
    let x = inference.input()
    let symbols = x.shape.reduce(into: Set<String>()) { $0.formUnion($1.symbols) }
    var known: Dimension = 1
    for case .symbol(let symbol) in shape where !symbols.contains(symbol) {
      let accepted = symbols.isEmpty ? "it has none" : "it has " + symbols.sorted().joined(separator: ", ")
      throw LayerFault(
        "\"\(symbol)\" is no symbol of the input \(x.shapeText): \(accepted)", attribute: "shape")
    }
    for entry in shape { known = known * (entry.dimension ?? 1) }
    guard let rest = x.count.dividedExactly(by: known), shape.contains(.rest) || rest == 1 else {
      throw LayerFault(
        "shape \(x.shapeText) has \(x.count) elements, which do not fill \(shapeText)", attribute: "shape")
    }
    inference.output(x.element, shape.map { $0.dimension ?? rest })
  }

  private var shapeText: String {
    "[" + shape.map { $0.dimension?.description ?? "-1" }.joined(separator: ", ") + "]"
  }
}

extension ShapeEntry {
  /// The size, or nil for -1.
  fileprivate var dimension: Dimension? {
    switch self {
    case .size(let size): Dimension(size)
    case .symbol(let symbol): Dimension(symbol: symbol)
    case .rest: nil
    }
  }
}
