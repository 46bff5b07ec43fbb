import Tensors

/// A small use of an operator or a loss: the checks of gradients run it, the reference page shows it.
public struct Example: Sendable {
  /// The inputs in port order; nil leaves an optional one out.
  public var inputs: [ExampleInput?]
  /// The attributes as a graph file writes them, without the outer braces: `"units": 3`.
  public var attributes: String

  public init(_ attributes: String = "", _ inputs: ExampleInput?...) {
    self.attributes = attributes
    self.inputs = inputs
  }
}

/// An input of an example: its shape and the values that it may have.
public struct ExampleInput: Sendable {
  public enum Values: Sendable {
    /// Floats drawn evenly from the range, at a distance of 0.05 or more from each of the kinks.
    case floats(ClosedRange<Double>, kinks: [Double])
    /// Floats that sum to 1 over the last axis, each positive.
    case distribution
    /// Logarithms of floats that sum to 1 over the last axis.
    case logDistribution
    /// The integers from 0 up to, not including, the bound.
    case integers(below: Int)
    /// -1 or 1, as floats.
    case signs
    case booleans
  }

  public var shape: [Int]
  public var values: Values

  public init(_ shape: [Int], _ values: Values) {
    self.shape = shape
    self.values = values
  }

  /// Floats in [-2, 2], away from 0 and from each other's ties by chance alone.
  public static func floats(
    _ shape: [Int], in range: ClosedRange<Double> = -2...2, kinks: [Double] = [0]
  ) -> ExampleInput { ExampleInput(shape, .floats(range, kinks: kinks)) }

  public static func integers(_ shape: [Int], below bound: Int) -> ExampleInput {
    ExampleInput(shape, .integers(below: bound))
  }

  public var element: ElementType {
    switch values {
    case .floats, .distribution, .logDistribution, .signs: .float32
    case .integers: .int32
    case .booleans: .bool
    }
  }
}
