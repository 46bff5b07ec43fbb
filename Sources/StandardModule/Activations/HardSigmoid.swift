import Kernels
import LayerKit

/// The activation `hard_sigmoid`: `y = min(max(x + 3, 0), 6) / 6`.
public struct HardSigmoid: KernelActivation {
  public static let schema = Schema(
    "hard_sigmoid", "The logistic function in three straight pieces; the gradient at -3 and 3 is 0.",
    formula: "y = min(max(x + 3, 0), 6) / 6",
    inputs: [], outputs: [])

  public init(_ attributes: Attributes) throws {}

  public init() {}

  public var kernel: MapKernel { MapKernel(.hardSigmoid) }
  public var kinks: [Double] { [-3, 3] }
}
