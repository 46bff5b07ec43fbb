import Kernels
import LayerKit

/// The activation `selu`: `y = 1.0507 x where x > 0, else 1.0507 * 1.67326 (e^x - 1)`.
public struct SELU: KernelActivation {
  public static let schema = Schema(
    "selu", "The exponential unit whose constants keep mean and variance from layer to layer.",
    formula: "y = 1.0507 x where x > 0, else 1.0507 * 1.67326 (e^x - 1)",
    inputs: [], outputs: [])

  public init(_ attributes: Attributes) throws {}

  public init() {}

  public var kernel: MapKernel { MapKernel(.selu) }
  public var kinks: [Double] { [0] }
}
