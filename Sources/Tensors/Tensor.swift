/// A dense array of elements of one type, in row-major order.
public struct Tensor: Sendable, Equatable {
  /// The elements, with their type.
  public enum Elements: Sendable, Equatable {
    case float32([Float])
    case float64([Double])
    case int32([Int32])
    case bool([Bool])

    /// How many there are.
    public var count: Int {
      switch self {
      case .float32(let values): values.count
      case .float64(let values): values.count
      case .int32(let values): values.count
      case .bool(let values): values.count
      }
    }

    /// What each of them is.
    public var type: ElementType {
      switch self {
      case .float32: .float32
      case .float64: .float64
      case .int32: .int32
      case .bool: .bool
      }
    }
  }

  /// The sizes of the axes; `[]` is a single number.
  public let shape: [Int]
  /// The elements in row-major order; as many as the shape says.
  public let elements: Elements

  /// What each element is.
  public var elementType: ElementType { elements.type }
  /// How many elements there are.
  public var count: Int { elements.count }
  /// The shape as messages print it: `[2, 3]`.
  public var shapeText: String { Tensors.shapeText(shape) }

  /// A tensor of `elements`, whose number must be that of `shape`.
  public init(shape: [Int], elements: Elements) {
    precondition(
      elementCount(of: shape) == elements.count,
      "\(elements.count) elements do not fill the shape \(Tensors.shapeText(shape))")
    self.shape = shape
    self.elements = elements
  }

  /// A float32 tensor.
  public init(shape: [Int], _ values: [Float]) { self.init(shape: shape, elements: .float32(values)) }
  /// A float64 tensor.
  public init(shape: [Int], _ values: [Double]) { self.init(shape: shape, elements: .float64(values)) }
  /// An int32 tensor.
  public init(shape: [Int], _ values: [Int32]) { self.init(shape: shape, elements: .int32(values)) }
  /// A bool tensor.
  public init(shape: [Int], _ values: [Bool]) { self.init(shape: shape, elements: .bool(values)) }

  /// A tensor of zeros (`false` for bool); the shape must have a count.
  public static func zeros(_ type: ElementType = .float32, shape: [Int]) -> Tensor {
    guard let count = elementCount(of: shape) else {
      preconditionFailure("the shape \(Tensors.shapeText(shape)) has no number of elements")
    }
    switch type {
    case .float32: return Tensor(shape: shape, [Float](repeating: 0, count: count))
    case .float64: return Tensor(shape: shape, [Double](repeating: 0, count: count))
    case .int32: return Tensor(shape: shape, [Int32](repeating: 0, count: count))
    case .bool: return Tensor(shape: shape, [Bool](repeating: false, count: count))
    }
  }

  /// The same elements under another shape, or nil where their number differs.
  public func reshaped(to shape: [Int]) -> Tensor? {
    elementCount(of: shape) == count ? Tensor(shape: shape, elements: elements) : nil
  }
}
