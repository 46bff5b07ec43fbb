import Kernels

/// One image that is made larger by an integer factor.
struct UpsampledPlane: Sendable {
  let height: Int
  let width: Int
  let factor: Int

  /// `shape` is `[batch, channels, height, width]`.
  init(_ shape: [Int], factor: Int) {
    (height, width) = (shape[2], shape[3])
    self.factor = factor
  }

  var inputCount: Int { height * width }
  var outputCount: Int { inputCount * factor * factor }
  var outputWidth: Int { width * factor }
}

/// Repeats each element `factor` times along both axes.
@specialized(where Scalar == Float) @specialized(where Scalar == Double)
func upsampleNearest<Scalar: FloatScalar>(
  _ size: UpsampledPlane, _ x: UnsafePointer<Scalar>, _ y: UnsafeMutablePointer<Scalar>
) {
  let (factor, outputWidth) = (size.factor, size.outputWidth)
  for row in 0..<size.height {
    let (source, target) = (x + row &* size.width, y + row &* factor &* outputWidth)
    if factor == 2 {
      for column in 0..<size.width {
        target[2 &* column] = source[column]
        target[2 &* column &+ 1] = source[column]
      }
    } else {
      for column in 0..<size.width {
        (target + column &* factor).update(repeating: source[column], count: factor)
      }
    }
    for copy in 1..<max(1, factor) {
      (target + copy &* outputWidth).update(from: target, count: outputWidth)
    }
  }
}

/// The sums of what `upsampleNearest` made of each element, row by row of its block.
@specialized(where Scalar == Float) @specialized(where Scalar == Double)
func upsampleNearestGradient<Scalar: FloatScalar>(
  _ size: UpsampledPlane, _ gy: UnsafePointer<Scalar>, _ gx: UnsafeMutablePointer<Scalar>
) {
  let (factor, outputWidth) = (size.factor, size.outputWidth)
  for row in 0..<size.height {
    let target = gx + row &* size.width
    target.update(repeating: 0, count: size.width)
    for line in row &* factor..<(row &+ 1) &* factor {
      let source = gy + line &* outputWidth
      if factor == 2 {
        for column in 0..<size.width { target[column] += source[2 &* column] + source[2 &* column &+ 1] }
        continue
      }
      for column in 0..<size.width {
        var sum: Scalar = 0
        for place in column &* factor..<(column &+ 1) &* factor { sum += source[place] }
        target[column] += sum
      }
    }
  }
}

/// Where an output row or column lies among those of the input, its middle held within the image.
///
/// It lies `weight` of the way from `first` to `second`.
private struct Blend<Scalar: FloatScalar> {
  let first: Int
  let second: Int
  let weight: Scalar

  @inline(__always)
  init(_ place: Int, factor: Int, size: Int) {
    // The middle (place + 1/2) / factor - 1/2 as a fraction, whose quotient and remainder are exact.
    let (above, below) = (max(0, 2 &* place &+ 1 &- factor), 2 &* factor)
    first = above / below
    second = min(size &- 1, first &+ 1)
    weight = Scalar(above % below) / Scalar(below)
  }
}

/// Blends the two nearest rows into `row`, then the two nearest columns of that.
@specialized(where Scalar == Float) @specialized(where Scalar == Double)
func upsampleBilinear<Scalar: FloatScalar>(
  _ size: UpsampledPlane, _ x: UnsafePointer<Scalar>, _ y: UnsafeMutablePointer<Scalar>,
  row: UnsafeMutablePointer<Scalar>
) {
  let (width, factor) = (size.width, size.factor)
  for line in 0..<size.height &* factor {
    let rows = Blend<Scalar>(line, factor: factor, size: size.height)
    let (above, below) = (x + rows.first &* width, x + rows.second &* width)
    let target = y + line &* size.outputWidth
    let near = 1 - rows.weight
    for column in 0..<width { row[column] = near * above[column] + rows.weight * below[column] }
    blendColumns(row, target, count: width, factor: factor)
  }
}

/// Writes `factor` numbers between each two neighbours of a row, and repeats the ends beyond them.
@inline(__always)
private func blendColumns<Scalar: FloatScalar>(
  _ row: UnsafePointer<Scalar>, _ y: UnsafeMutablePointer<Scalar>, count: Int, factor: Int
) {
  let before = factor / 2
  y.update(repeating: row[0], count: before)
  (y + (count &* factor &- factor &+ before)).update(repeating: row[count &- 1], count: factor &- before)
  if factor == 2 {
    for place in 0..<count &- 1 {
      y[2 &* place &+ 1] = 0.75 * row[place] + 0.25 * row[place &+ 1]
      y[2 &* place &+ 2] = 0.25 * row[place] + 0.75 * row[place &+ 1]
    }
    return
  }
  for phase in 0..<factor {
    let weight: Scalar = phaseWeight(phase, factor)
    let near = 1 - weight
    let target = y + (before &+ phase)
    for place in 0..<count &- 1 {
      target[place &* factor] = near * row[place] + weight * row[place &+ 1]
    }
  }
}

/// How far the number `phase` of those between two neighbours lies from the first to the second.
@inline(__always)
private func phaseWeight<Scalar: FloatScalar>(_ phase: Int, _ factor: Int) -> Scalar {
  Scalar(2 &* (factor / 2 &+ phase) &+ 1 &- factor) / Scalar(2 &* factor)
}

/// The transpose of `upsampleBilinear`: first the columns into `row`, then `row` into two rows.
@specialized(where Scalar == Float) @specialized(where Scalar == Double)
func upsampleBilinearGradient<Scalar: FloatScalar>(
  _ size: UpsampledPlane, _ gy: UnsafePointer<Scalar>, _ gx: UnsafeMutablePointer<Scalar>,
  row: UnsafeMutablePointer<Scalar>
) {
  let (width, factor) = (size.width, size.factor)
  gx.update(repeating: 0, count: size.inputCount)
  for line in 0..<size.height &* factor {
    let source = gy + line &* size.outputWidth
    gatherColumns(source, row, count: width, factor: factor)
    let rows = Blend<Scalar>(line, factor: factor, size: size.height)
    let (above, below) = (gx + rows.first &* width, gx + rows.second &* width)
    let near = 1 - rows.weight
    for column in 0..<width { above[column] += near * row[column] }
    for column in 0..<width { below[column] += rows.weight * row[column] }
  }
}

/// The transpose of `blendColumns`.
@inline(__always)
private func gatherColumns<Scalar: FloatScalar>(
  _ gy: UnsafePointer<Scalar>, _ row: UnsafeMutablePointer<Scalar>, count: Int, factor: Int
) {
  let before = factor / 2
  row.update(repeating: 0, count: count)
  for place in 0..<before { row[0] += gy[place] }
  for place in count &* factor &- factor &+ before..<count &* factor { row[count &- 1] += gy[place] }
  // Two loops: one that adds to both neighbours would wait for its own last sum at each step.
  if factor == 2 {
    for place in 0..<count &- 1 { row[place] += 0.75 * gy[2 &* place &+ 1] + 0.25 * gy[2 &* place &+ 2] }
    for place in 1..<max(1, count) { row[place] += 0.25 * gy[2 &* place &- 1] + 0.75 * gy[2 &* place] }
    return
  }
  for phase in 0..<factor {
    let weight: Scalar = phaseWeight(phase, factor)
    let near = 1 - weight
    let source = gy + (before &+ phase)
    for place in 0..<count &- 1 { row[place] += near * source[place &* factor] }
    for place in 0..<count &- 1 { row[place &+ 1] += weight * source[place &* factor] }
  }
}
