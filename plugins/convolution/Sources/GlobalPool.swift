import Kernels
import LayerKit

/// What the global pools share: one number for all elements of each channel of each sample.
enum GlobalPool {
  /// `[batch, channels]`. Throws `LayerFault`.
  static func infer(_ inference: inout Inference) throws {
    let x = try inference.float()
    guard x.rank >= 3 else {
      throw LayerFault("needs [batch, channels] and at least one more axis, found \(x.shapeText)", input: 0)
    }
    inference.output(x.element, Array(x.shape[..<2]))
  }

  /// The number of channels of all samples, and of the elements of each.
  static func sizes(_ call: Call) -> (planes: Int, inner: Int) {
    let planes = call.outputs[0].count
    return (planes, call.view().count / planes)
  }
}
