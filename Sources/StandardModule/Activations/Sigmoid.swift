import Kernels
import LayerKit

/// The activation `sigmoid`: `y = 1 / (1 + e^-x)`.
public struct Sigmoid: KernelActivation {
  public static let schema = Schema(
    "sigmoid", "The logistic function.",
    formula: "y = 1 / (1 + e^-x)",
    inputs: [], outputs: [])

  public init(_ attributes: Attributes) throws {}

  public init() {}

  public var kernel: MapKernel { MapKernel(.sigmoid) }
}
