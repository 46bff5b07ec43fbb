import Kernels
import LayerKit

/// A tensor seen from axis 1: `[samples, channels, inner]`.
struct ChannelView {
  let samples: Int
  let channels: Int
  let inner: Int

  init(samples: Int, channels: Int, inner: Int) {
    self.samples = samples
    self.channels = channels
    self.inner = inner
  }

  /// The view of a tensor of rank 2 or more.
  init(_ type: ConcreteType) {
    samples = type.shape[0]
    channels = type.shape[1]
    inner = type.count / (samples * channels)
  }

  /// The numbers that each channel has.
  var countPerChannel: Int { samples * inner }

  /// Calls `body` with ranges that cover the channels; `cost` is the work of one number.
  func parallel(_ call: Call, cost: Int, _ body: (_ range: Range<Int>) -> Void) {
    // A range that is narrower than a few cache lines of a sample wastes most of what it reads.
    let narrowest = (63 + inner) / inner
    let wanted = (1 << 15) / max(1, saturatingProduct(cost, countPerChannel))
    let width = max(narrowest, wanted)
    call.parallel((channels + width - 1) / width, cost: .max) { start, count in
      body(start * width..<min(channels, (start + count) * width))
    }
  }

  /// Writes the sums of a term over everything but the channels in `range`; inlined into loops of one type.
  @inline(__always)
  func sum<Scalar: FloatScalar>(
    _ range: Range<Int>, into sums: UnsafeMutablePointer<Scalar>,
    _ term: (_ place: Int, _ channel: Int) -> Scalar
  ) {
    for channel in range { sums[channel] = 0 }
    for sample in 0..<samples {
      let base = sample &* channels &* inner
      if inner == 1 {
        for channel in range { sums[channel] += term(base &+ channel, channel) }
        continue
      }
      for channel in range {
        let start = base &+ channel &* inner
        sums[channel] += sumInFour(inner) { term(start &+ $0, channel) }
      }
    }
  }

  /// Calls `body` for every element of the channels in `range`; inlined into loops of one type.
  @inline(__always)
  func forEach(_ range: Range<Int>, _ body: (_ place: Int, _ channel: Int) -> Void) {
    for sample in 0..<samples {
      let base = sample &* channels &* inner
      if inner == 1 {
        for channel in range { body(base &+ channel, channel) }
        continue
      }
      for channel in range {
        let start = base &+ channel &* inner
        for place in start..<start &+ inner { body(place, channel) }
      }
    }
  }
}

/// A sum in four interleaved parts, which do not wait for each other.
@inline(__always)
private func sumInFour<Scalar: FloatScalar>(_ count: Int, _ term: (Int) -> Scalar) -> Scalar {
  var (a, b, c, d): (Scalar, Scalar, Scalar, Scalar) = (0, 0, 0, 0)
  var index = 0
  while index &+ 4 <= count {
    a += term(index)
    b += term(index &+ 1)
    c += term(index &+ 2)
    d += term(index &+ 3)
    index &+= 4
  }
  while index < count {
    a += term(index)
    index &+= 1
  }
  return (a + b) + (c + d)
}
