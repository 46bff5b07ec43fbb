import Kernels
import LayerKit

/// The activation `leaky_relu`: `y = x where x > 0, else alpha x`.
public struct LeakyReLU: KernelActivation {
  public let alpha: Double

  public static let schema = Schema(
    "leaky_relu", "Flattens what is negative; the gradient at 0 is alpha.",
    formula: "y = x where x > 0, else alpha x",
    attributes: [.number("alpha", .finite, default: 0.01, "The slope of the negative side.")],
    inputs: [], outputs: [])

  public init(_ attributes: Attributes) throws {
    alpha = attributes.number("alpha")
  }

  public init(alpha: Double = 0.01) {
    self.alpha = alpha
  }

  public var kernel: MapKernel { MapKernel(.leakyRelu, a: alpha) }
  public var kinks: [Double] { [0] }
}
