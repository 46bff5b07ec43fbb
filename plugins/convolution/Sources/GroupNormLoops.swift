import Kernels
import LayerKit

/// A tensor `[samples, channels, ...]` whose channels fall into groups: one row for each group of a sample.
struct ChannelGroups: Sendable {
  let samples: Int
  let channels: Int
  /// The elements of a channel of a sample.
  let inner: Int
  let groups: Int

  /// `groups` divides the channels of the type.
  init(_ type: ConcreteType, groups: Int) {
    (samples, channels) = (type.shape[0], type.shape[1])
    inner = type.count / (samples * channels)
    self.groups = groups
  }

  var count: Int { samples * groups }
  var channelsPerGroup: Int { channels / groups }
  var length: Int { channelsPerGroup * inner }

  func firstChannel(_ row: Int) -> Int { row % groups * channelsPerGroup }
}

/// The mean of a row, and 1 / sqrt(variance + epsilon).
@specialized(where Scalar == Float) @specialized(where Scalar == Double)
func groupStatistics<Scalar: FloatScalar>(
  _ x: UnsafePointer<Scalar>, count: Int, epsilon: Scalar
) -> (mean: Scalar, deviation: Scalar) {
  let mean = sumInEight(count) { x[$0] } / Scalar(count)
  let squares = sumInEight(count) { (x[$0] - mean) * (x[$0] - mean) }
  return (mean, 1 / (squares / Scalar(count) + epsilon).squareRoot())
}

/// y = (x - mean) deviation scale + shift, channel by channel.
@specialized(where Scalar == Float) @specialized(where Scalar == Double)
func normalizeGroup<Scalar: FloatScalar>(
  _ rows: ChannelGroups, _ x: UnsafePointer<Scalar>, _ y: UnsafeMutablePointer<Scalar>, _ mean: Scalar,
  _ deviation: Scalar, scale: UnsafePointer<Scalar>, shift: UnsafePointer<Scalar>
) {
  for channel in 0..<rows.channelsPerGroup {
    let (x, y) = (x + channel &* rows.inner, y + channel &* rows.inner)
    let (factor, offset) = (deviation * scale[channel], shift[channel])
    for place in 0..<rows.inner { y[place] = (x[place] - mean) * factor + offset }
  }
}

/// Writes the sums of gy and of gy times the normalized x for each channel and, where asked, the gradient
/// by x:
///
/// gx = deviation (gy scale - mean of (gy scale) - normalized x times mean of (gy scale normalized x))
@specialized(where Scalar == Float) @specialized(where Scalar == Double)
func groupGradient<Scalar: FloatScalar>(
  _ rows: ChannelGroups, _ x: UnsafePointer<Scalar>, _ gy: UnsafePointer<Scalar>,
  _ gx: UnsafeMutablePointer<Scalar>?, _ mean: Scalar, _ deviation: Scalar, scale: UnsafePointer<Scalar>,
  sums: UnsafeMutablePointer<Scalar>, products: UnsafeMutablePointer<Scalar>
) {
  let inner = rows.inner
  var (sum, product): (Scalar, Scalar) = (0, 0)
  for channel in 0..<rows.channelsPerGroup {
    let (x, gy) = (x + channel &* inner, gy + channel &* inner)
    sums[channel] = sumInEight(inner) { gy[$0] }
    products[channel] = deviation * sumInEight(inner) { gy[$0] * (x[$0] - mean) }
    sum += scale[channel] * sums[channel]
    product += scale[channel] * products[channel]
  }
  guard let gx else { return }
  let count = Scalar(rows.length)
  let (common, slope) = (deviation * sum / count, deviation * deviation * product / count)
  for channel in 0..<rows.channelsPerGroup {
    let (x, gy, gx) = (x + channel &* inner, gy + channel &* inner, gx + channel &* inner)
    let factor = deviation * scale[channel]
    for place in 0..<inner { gx[place] = gy[place] * factor - common - (x[place] - mean) * slope }
  }
}

/// A sum in eight interleaved parts, which do not wait for each other; its order depends on the count alone.
@inline(__always)
private func sumInEight<Scalar: FloatScalar>(_ count: Int, _ term: (Int) -> Scalar) -> Scalar {
  var (a, b, c, d): (Scalar, Scalar, Scalar, Scalar) = (0, 0, 0, 0)
  var (e, f, g, h): (Scalar, Scalar, Scalar, Scalar) = (0, 0, 0, 0)
  var index = 0
  while index &+ 8 <= count {
    a += term(index)
    b += term(index &+ 1)
    c += term(index &+ 2)
    d += term(index &+ 3)
    e += term(index &+ 4)
    f += term(index &+ 5)
    g += term(index &+ 6)
    h += term(index &+ 7)
    index &+= 8
  }
  while index < count {
    a += term(index)
    index &+= 1
  }
  return ((a + e) + (c + g)) + ((b + f) + (d + h))
}
