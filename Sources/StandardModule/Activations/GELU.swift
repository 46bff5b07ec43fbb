import Kernels
import LayerKit

/// The activation `gelu`: `y = x (1 + erf(x / sqrt(2))) / 2`.
public struct GELU: KernelActivation {
  public static let schema = Schema(
    "gelu", "Multiplies by the normal distribution function, without approximation.",
    formula: "y = x (1 + erf(x / sqrt(2))) / 2",
    inputs: [], outputs: [])

  public init(_ attributes: Attributes) throws {}

  public init() {}

  public var kernel: MapKernel { MapKernel(.gelu) }
}
