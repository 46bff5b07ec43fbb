import Kernels
import LayerKit

/// The activation `silu`: `y = x / (1 + e^-x)`.
public struct SiLU: KernelActivation {
  public static let schema = Schema(
    "silu", "Multiplies by the logistic function; also called swish.",
    formula: "y = x / (1 + e^-x)",
    inputs: [], outputs: [])

  public init(_ attributes: Attributes) throws {}

  public init() {}

  public var kernel: MapKernel { MapKernel(.silu) }
}
