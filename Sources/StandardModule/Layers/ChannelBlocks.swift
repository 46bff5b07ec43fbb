import Kernels
import LayerKit

/// A tensor `[rows, channels]` in blocks of rows that threads share.
struct ChannelBlocks {
  let rows: Int
  let channels: Int
  private let blocks: RowBlocks

  /// The blocks of a tensor of `count` numbers.
  init(count: Int, channels: Int) {
    self.channels = channels
    rows = count / max(1, channels)
    blocks = RowBlocks(rows: rows, columns: channels)
  }

  /// Two numbers a channel for each block.
  var partialCount: Int { saturatingProduct(2, blocks.partialCount) }

  /// Calls `body` once for each block with its number, its first row and how many rows it has.
  func run(_ call: Call, _ body: (_ block: Int, _ start: Int, _ count: Int) -> Void) {
    blocks.run(call, body)
  }

  /// The mean of each channel, and the sum of the squared distances from it.
  func moments<Scalar: FloatScalar>(
    _ call: Call, _ x: UnsafePointer<Scalar>, _ partial: UnsafeMutablePointer<Scalar>,
    mean: UnsafeMutablePointer<Scalar>, squares: UnsafeMutablePointer<Scalar>
  ) {
    run(call) { block, start, count in
      let target = block == 0 ? mean : partial + 2 * block * channels
      let other = block == 0 ? squares : target + channels
      Kernel.channelMoments(
        x: x + start * channels, rows: count, channels: channels, mean: target, squares: other)
    }
    var before = 0
    forEachBlock { block, count in
      if block > 0 {
        let part = partial + 2 * block * channels
        joinMoments(
          mean, squares, of: before, part, part + channels, of: count, channels: channels)
      }
      before += count
    }
  }

  /// The sums of `gz` and of `gz (x - mean)` over the rows; see `Kernel.channelGradientSums`.
  func gradientSums<Scalar: FloatScalar>(
    _ call: Call, _ x: UnsafePointer<Scalar>, y: UnsafePointer<Scalar>?, gy: UnsafePointer<Scalar>,
    gz: UnsafeMutablePointer<Scalar>?, _ mean: UnsafePointer<Scalar>,
    _ partial: UnsafeMutablePointer<Scalar>, sums: UnsafeMutablePointer<Scalar>,
    moments: UnsafeMutablePointer<Scalar>
  ) {
    run(call) { block, start, count in
      let place = start * channels
      let target = block == 0 ? sums : partial + 2 * block * channels
      Kernel.channelGradientSums(
        x: x + place, y: y.map { $0 + place }, gy: gy + place, gz: gz.map { $0 + place }, mean: mean,
        sums: target, moments: block == 0 ? moments : target + channels, rows: count, channels: channels)
    }
    forEachBlock { block, _ in
      guard block > 0 else { return }
      let part = partial + 2 * block * channels
      Kernel.addScaled(alpha: 1, x: part, y: sums, count: channels)
      Kernel.addScaled(alpha: 1, x: part + channels, y: moments, count: channels)
    }
  }

  private func forEachBlock(_ body: (_ block: Int, _ count: Int) -> Void) {
    for block in 0..<blocks.count { body(block, blocks.rowCount(block)) }
  }
}

/// Joins mean and squared distances of `count` numbers with those of `others` further ones.
///
/// T. F. Chan, G. H. Golub, R. J. LeVeque: Algorithms for computing the sample variance, 1983.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func joinMoments<Scalar: FloatScalar>(
  _ mean: UnsafeMutablePointer<Scalar>, _ squares: UnsafeMutablePointer<Scalar>, of count: Int,
  _ otherMean: UnsafePointer<Scalar>, _ otherSquares: UnsafePointer<Scalar>, of others: Int, channels: Int
) {
  let part = Scalar(Double(others) / Double(count + others))
  let weight = Scalar(count) * part
  for channel in 0..<channels {
    let difference = otherMean[channel] - mean[channel]
    squares[channel] += otherSquares[channel] + difference * difference * weight
    mean[channel] += difference * part
  }
}
