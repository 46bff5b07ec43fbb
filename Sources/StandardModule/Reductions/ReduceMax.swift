import Kernels
import LayerKit

/// The operator `reduce_max`: the largest along some axes; `ExtremeReduction` runs it forward and backward.
struct ReduceMax: ExtremeReduction {
  static let schema = Schema(
    "reduce_max", "Takes the largest along axes; equals share the gradient evenly.", formula: "y = max x",
    attributes: ReducedAxes.attributes)
  static let function = ReduceFunction.maximum

  let axes: ReducedAxes

  init(_ attributes: Attributes) throws { axes = ReducedAxes(attributes) }
}
