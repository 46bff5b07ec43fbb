import Kernels
import LayerKit

/// The activation `softsign`: `y = x / (1 + |x|)`.
public struct Softsign: KernelActivation {
  public static let schema = Schema(
    "softsign", "Bends towards -1 and 1 as a quotient.",
    formula: "y = x / (1 + |x|)",
    inputs: [], outputs: [])

  public init(_ attributes: Attributes) throws {}

  public init() {}

  public var kernel: MapKernel { MapKernel(.softsign) }
}
