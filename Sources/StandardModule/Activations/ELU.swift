import Kernels
import LayerKit

/// The activation `elu`: `y = x where x > 0, else alpha (e^x - 1)`.
public struct ELU: KernelActivation {
  public let alpha: Double

  public static let schema = Schema(
    "elu", "Bends what is negative towards -alpha; the gradient at 0 is alpha.",
    formula: "y = x where x > 0, else alpha (e^x - 1)",
    attributes: [
      .number("alpha", .finite, default: 1, "The limit of the negative side, with its sign turned.")
    ],
    inputs: [], outputs: [])

  public init(_ attributes: Attributes) throws {
    alpha = attributes.number("alpha")
  }

  public init(alpha: Double = 1) {
    self.alpha = alpha
  }

  public var kernel: MapKernel { MapKernel(.elu, a: alpha) }
  public var kinks: [Double] { [0] }
}
