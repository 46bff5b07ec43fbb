import Tensors

/// A floating-point type that the kernels compute with: `Float`, the product, and `Double`, the proof.
public protocol FloatScalar: BinaryFloatingPoint, Sendable {
  /// The type of an element of a tensor that holds this scalar.
  static var elementType: ElementType { get }
  /// The number by which the C loops know the type: 0 for `Float`, 1 for `Double`.
  static var kernelType: Int32 { get }
}

extension Float: FloatScalar {
  public static var elementType: ElementType { .float32 }
  public static var kernelType: Int32 { 0 }
}

extension Double: FloatScalar {
  public static var elementType: ElementType { .float64 }
  public static var kernelType: Int32 { 1 }
}
