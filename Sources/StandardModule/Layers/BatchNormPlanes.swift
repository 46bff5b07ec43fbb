import Kernels
import LayerKit

/// `batch_norm` where the channels stand on axis 1: plane by plane.
extension BatchNorm {
  func forwardByPlanes<Scalar: FloatScalar>(_ call: Call, _ statistics: ChannelStatistics<Scalar>) {
    let view = ChannelView(call.outputs[0].type)
    let (x, y): (UnsafePointer<Scalar>, UnsafeMutablePointer<Scalar>) = (call.input(), call.output())
    let other: UnsafePointer<Scalar>? = call.inputs.count > 1 ? call.input(1) : nil
    let affine = (call.parameter(0, as: Scalar.self), call.parameter(1, as: Scalar.self))
    view.parallel(call, cost: 3) { range in
      if call.mode == .training {
        measure(x, view, range, statistics)
        follow(range, statistics, call.parameter(2), call.parameter(3), count: view.countPerChannel)
      } else {
        recall(range, statistics, call.parameter(2), call.parameter(3))
      }
      normalize(x, view, range, statistics, affine.0, affine.1, y)
      if other != nil || rectifies { finish(y, other, view, range, rectifies: rectifies) }
    }
  }

  func backwardByPlanes<Scalar: FloatScalar>(
    _ call: Call, _ statistics: ChannelStatistics<Scalar>, _ gradients: ChannelGradients<Scalar>
  ) {
    let view = ChannelView(call.outputs[0].type)
    let (x, gy): (UnsafePointer<Scalar>, UnsafeMutablePointer<Scalar>) = (call.input(), call.outputGradient())
    let y: UnsafePointer<Scalar>? = rectifies ? UnsafePointer(call.output(0, as: Scalar.self)) : nil
    let other: UnsafeMutablePointer<Scalar>? = call.inputs.count > 1 ? call.inputGradient(1) : nil
    let gz = other ?? gy
    view.parallel(call, cost: 3) { range in
      if y != nil || other != nil { takeBack(gy, y, view, range, gz) }
      sumGradients(x, gz, view, range, statistics, gradients)
      gradients.finish(
        range, statistics, scale: call.parameter(0), count: view.countPerChannel,
        throughStatistics: call.mode == .training)
      if let gx = gradients.input { inputGradient(x, gz, view, range, statistics, gradients, gx) }
    }
  }
}

/// Takes the mean of the batch, and in place of the reciprocal deviation the sum of the squared distances.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func measure<Scalar: FloatScalar>(
  _ x: UnsafePointer<Scalar>, _ view: ChannelView, _ range: Range<Int>,
  _ statistics: ChannelStatistics<Scalar>
) {
  let mean = statistics.mean
  let count = Scalar(view.countPerChannel)
  view.sum(range, into: mean) { place, _ in x[place] }
  for channel in range { mean[channel] /= count }
  view.sum(range, into: statistics.reciprocal) { place, channel in
    let difference = x[place] - mean[channel]
    return difference * difference
  }
}

@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func normalize<Scalar: FloatScalar>(
  _ x: UnsafePointer<Scalar>, _ view: ChannelView, _ range: Range<Int>,
  _ statistics: ChannelStatistics<Scalar>, _ scale: UnsafeMutablePointer<Scalar>,
  _ shift: UnsafeMutablePointer<Scalar>, _ y: UnsafeMutablePointer<Scalar>
) {
  let (mean, reciprocal) = (statistics.mean, statistics.reciprocal)
  view.forEach(range) { place, channel in
    y[place] = (x[place] - mean[channel]) * (reciprocal[channel] * scale[channel]) + shift[channel]
  }
}

/// Adds the other input, and takes what is positive.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func finish<Scalar: FloatScalar>(
  _ y: UnsafeMutablePointer<Scalar>, _ other: UnsafePointer<Scalar>?, _ view: ChannelView,
  _ range: Range<Int>, rectifies: Bool
) {
  if let other { view.forEach(range) { place, _ in y[place] += other[place] } }
  if rectifies { view.forEach(range) { place, _ in y[place] = y[place] < 0 ? 0 : y[place] } }
}

/// Takes the gradient back to what was added up.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func takeBack<Scalar: FloatScalar>(
  _ gy: UnsafePointer<Scalar>, _ y: UnsafePointer<Scalar>?, _ view: ChannelView, _ range: Range<Int>,
  _ gz: UnsafeMutablePointer<Scalar>
) {
  if let y {
    view.forEach(range) { place, _ in gz[place] = y[place] > 0 ? gy[place] : 0 }
  } else {
    view.forEach(range) { place, _ in gz[place] = gy[place] }
  }
}

@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func sumGradients<Scalar: FloatScalar>(
  _ x: UnsafePointer<Scalar>, _ gy: UnsafePointer<Scalar>, _ view: ChannelView, _ range: Range<Int>,
  _ statistics: ChannelStatistics<Scalar>, _ gradients: ChannelGradients<Scalar>
) {
  let mean = statistics.mean
  view.sum(range, into: gradients.sums) { place, _ in gy[place] }
  view.sum(range, into: gradients.moments) { place, channel in gy[place] * (x[place] - mean[channel]) }
}

@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func inputGradient<Scalar: FloatScalar>(
  _ x: UnsafePointer<Scalar>, _ gy: UnsafePointer<Scalar>, _ view: ChannelView, _ range: Range<Int>,
  _ statistics: ChannelStatistics<Scalar>, _ gradients: ChannelGradients<Scalar>,
  _ gx: UnsafeMutablePointer<Scalar>
) {
  let (levels, slopes, factors) = (gradients.sums, gradients.moments, gradients.factors)
  let mean = statistics.mean
  view.forEach(range) { place, channel in
    gx[place] =
      factors[channel] * (gy[place] - levels[channel] - (x[place] - mean[channel]) * slopes[channel])
  }
}
