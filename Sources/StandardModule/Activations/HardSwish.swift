import Kernels
import LayerKit

/// The activation `hard_swish`: `y = x min(max(x + 3, 0), 6) / 6`.
public struct HardSwish: KernelActivation {
  public static let schema = Schema(
    "hard_swish", "Multiplies by hard_sigmoid; the gradient is 0 at -3 and 1 at 3.",
    formula: "y = x min(max(x + 3, 0), 6) / 6",
    inputs: [], outputs: [])

  public init(_ attributes: Attributes) throws {}

  public init() {}

  public var kernel: MapKernel { MapKernel(.hardSwish) }
  public var kinks: [Double] { [-3, 3] }
}
