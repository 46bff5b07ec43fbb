import Kernels
import LayerKit

/// The activation `mish`: `y = x tanh(ln(1 + e^x))`.
public struct Mish: KernelActivation {
  public static let schema = Schema(
    "mish", "Multiplies by the hyperbolic tangent of softplus.",
    formula: "y = x tanh(ln(1 + e^x))",
    inputs: [], outputs: [])

  public init(_ attributes: Attributes) throws {}

  public init() {}

  public var kernel: MapKernel { MapKernel(.mish) }
}
