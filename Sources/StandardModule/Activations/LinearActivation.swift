import Kernels
import LayerKit

/// The activation `linear`: `y = slope x`.
public struct LinearActivation: KernelActivation {
  public let slope: Double

  public static let schema = Schema(
    "linear", "Multiplies by a slope.",
    formula: "y = slope x",
    attributes: [.number("slope", .finite, default: 1, "The factor.")],
    inputs: [], outputs: [])

  public init(_ attributes: Attributes) throws {
    slope = attributes.number("slope")
  }

  public init(slope: Double = 1) {
    self.slope = slope
  }

  public var kernel: MapKernel { MapKernel(.linear, a: slope) }
}
