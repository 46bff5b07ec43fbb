extension Tensor {
  /// The tensor in another type: itself where the type is its own, rounded to nearest between the two float
  /// types, nil for every other pair.
  ///
  /// A float64 beyond float32's range becomes infinite: see ``firstNotFinite``.
  public func converted(to type: ElementType) -> Tensor? {
    if type == elementType { return self }
    switch (elements, type) {
    case (.float32(let values), .float64): return Tensor(shape: shape, values.map(Double.init))
    case (.float64(let values), .float32): return Tensor(shape: shape, values.map { Float($0) })
    default: return nil
    }
  }

  /// The elements as float64, exactly; `true` is 1.
  public var doubles: [Double] {
    switch elements {
    case .float32(let values): values.map(Double.init)
    case .float64(let values): values
    case .int32(let values): values.map(Double.init)
    case .bool(let values): values.map { $0 ? 1 : 0 }
    }
  }

  /// The row-major index of the first element that is infinite or no number, or nil.
  public var firstNotFinite: Int? {
    switch elements {
    case .float32(let values): values.firstIndex { !$0.isFinite }
    case .float64(let values): values.firstIndex { !$0.isFinite }
    case .int32, .bool: nil
    }
  }
}
