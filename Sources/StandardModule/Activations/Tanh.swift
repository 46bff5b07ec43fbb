import Kernels
import LayerKit

/// The activation `tanh`: `y = (e^x - e^-x) / (e^x + e^-x)`.
public struct Tanh: KernelActivation {
  public static let schema = Schema(
    "tanh", "The hyperbolic tangent.",
    formula: "y = (e^x - e^-x) / (e^x + e^-x)",
    inputs: [], outputs: [])

  public init(_ attributes: Attributes) throws {}

  public init() {}

  public var kernel: MapKernel { MapKernel(.tanh) }
}
