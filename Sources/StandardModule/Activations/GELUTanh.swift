import Kernels
import LayerKit

/// The activation `gelu_tanh`: `y = x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2`.
public struct GELUTanh: KernelActivation {
  public static let schema = Schema(
    "gelu_tanh", "The approximation of gelu by a hyperbolic tangent.",
    formula: "y = x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2",
    inputs: [], outputs: [])

  public init(_ attributes: Attributes) throws {}

  public init() {}

  public var kernel: MapKernel { MapKernel(.geluTanh) }
}
