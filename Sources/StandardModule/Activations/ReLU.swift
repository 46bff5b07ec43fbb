import Kernels
import LayerKit

/// The activation `relu`: `y = max(x, 0)`.
public struct ReLU: KernelActivation {
  public static let schema = Schema(
    "relu", "Puts 0 in place of what is negative; the gradient at 0 is 0.",
    formula: "y = max(x, 0)",
    inputs: [], outputs: [])

  public init(_ attributes: Attributes) throws {}

  public init() {}

  public var kernel: MapKernel { MapKernel(.relu) }
  public var kinks: [Double] { [0] }
}
