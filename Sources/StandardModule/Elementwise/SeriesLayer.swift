import Kernels
import LayerKit

/// A broadcast operator of any number of inputs, combined from the first to the last.
protocol SeriesLayer: BroadcastLayer {
  /// Writes what comes of `count` times the same number, from that number; `y` may be `x`.
  static func repeated<Scalar: FloatScalar>(
    _ times: Int, _ x: UnsafePointer<Scalar>, _ y: UnsafeMutablePointer<Scalar>, count: Int)
}

extension SeriesLayer {
  func forward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) throws {
    let (x, y): (UnsafePointer<Scalar>, UnsafeMutablePointer<Scalar>) = (call.input(0), call.output())
    // In place, an input that stands here again after the second is gone when its turn comes.
    let base = call.outputs[0].base
    var times = 0
    var last = 0
    for index in 0..<call.inputs.count where call.view(index).base == base {
      times += 1
      last = index
    }
    if last < 2 {
      call.combine(Self.function, x, 0, with: 1, into: y)
      for index in 2..<max(2, call.inputs.count) {
        call.combine(Self.function, y, nil, with: index, into: y)
      }
      return
    }
    call.parallel(call.outputs[0].count) { start, count in
      Self.repeated(times, x + start, y + start, count: count)
    }
    for index in 0..<call.inputs.count where call.view(index).base != base {
      call.combine(Self.function, y, nil, with: index, into: y)
    }
  }
}
