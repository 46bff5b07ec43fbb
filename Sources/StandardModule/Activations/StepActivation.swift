import Kernels
import LayerKit

/// The activation `step`: `y = 1 where x >= 0, else 0`.
public struct StepActivation: KernelActivation {
  public static let schema = Schema(
    "step", "1 where x is not negative, else 0; its gradient is 0.",
    formula: "y = 1 where x >= 0, else 0",
    inputs: [], outputs: [])

  public init(_ attributes: Attributes) throws {}

  public init() {}

  public var kernel: MapKernel { MapKernel(.step) }
  public var kinks: [Double] { [0] }
}
