import Kernels
import LayerKit

/// The activation `celu`: `y = x where x > 0, else alpha (e^(x / alpha) - 1)`.
public struct CELU: KernelActivation {
  public let alpha: Double

  public static let schema = Schema(
    "celu", "Bends what is negative towards -alpha, smoothly at 0.",
    formula: "y = x where x > 0, else alpha (e^(x / alpha) - 1)",
    attributes: [
      .number("alpha", .positive, default: 1, "The limit of the negative side, with its sign turned.")
    ],
    inputs: [], outputs: [])

  public init(_ attributes: Attributes) throws {
    alpha = attributes.number("alpha")
  }

  public init(alpha: Double = 1) {
    self.alpha = alpha
  }

  public var kernel: MapKernel { MapKernel(.celu, a: alpha) }
  public var kinks: [Double] { [0] }
}
