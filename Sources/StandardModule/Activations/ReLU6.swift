import Kernels
import LayerKit

/// The activation `relu6`: `y = min(max(x, 0), 6)`.
public struct ReLU6: KernelActivation {
  public static let schema = Schema(
    "relu6", "Holds x between 0 and 6; the gradient at both is 0.",
    formula: "y = min(max(x, 0), 6)",
    inputs: [], outputs: [])

  public init(_ attributes: Attributes) throws {}

  public init() {}

  public var kernel: MapKernel { MapKernel(.relu6) }
  public var kinks: [Double] { [0, 6] }
}
