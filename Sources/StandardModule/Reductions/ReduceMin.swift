import Kernels
import LayerKit

/// The operator `reduce_min`: the smallest along some axes; `ExtremeReduction` runs it forward and backward.
struct ReduceMin: ExtremeReduction {
  static let schema = Schema(
    "reduce_min", "Takes the smallest along axes; equals share the gradient evenly.", formula: "y = min x",
    attributes: ReducedAxes.attributes)
  static let function = ReduceFunction.minimum

  let axes: ReducedAxes

  init(_ attributes: Attributes) throws { axes = ReducedAxes(attributes) }
}
