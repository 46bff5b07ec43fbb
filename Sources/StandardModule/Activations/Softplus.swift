import Kernels
import LayerKit

/// The activation `softplus`: `y = ln(1 + e^x)`.
public struct Softplus: KernelActivation {
  public static let schema = Schema(
    "softplus", "A smooth form of relu, exact in both tails.",
    formula: "y = ln(1 + e^x)",
    inputs: [], outputs: [])

  public init(_ attributes: Attributes) throws {}

  public init() {}

  public var kernel: MapKernel { MapKernel(.softplus) }
}
