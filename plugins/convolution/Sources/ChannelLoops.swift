import Kernels

/// Adds to each channel of `x [channels, area]` its number.
@specialized(where Scalar == Float) @specialized(where Scalar == Double)
func addToChannels<Scalar: FloatScalar>(
  _ numbers: UnsafePointer<Scalar>, channels: Int, area: Int, _ x: UnsafeMutablePointer<Scalar>
) {
  for channel in 0..<channels {
    let (row, number) = (x + channel * area, numbers[channel])
    for place in 0..<area { row[place] += number }
  }
}

/// Multiplies the weights of each filter by its number.
///
/// The weights are `[filters, perFilter]`, or those of a transposed convolution,
/// `[channels, filters / groups, perFilter]`.
@specialized(where Scalar == Float) @specialized(where Scalar == Double)
func scaleFilters<Scalar: FloatScalar>(
  _ weights: UnsafePointer<Scalar>, by numbers: UnsafePointer<Scalar>, rows: Int, filtersOfRow: Int,
  rowsOfGroup: Int, perFilter: Int, _ scaled: UnsafeMutablePointer<Scalar>
) {
  for row in 0..<rows {
    for filter in 0..<filtersOfRow {
      let number = numbers[row / rowsOfGroup * filtersOfRow + filter]
      let start = (row * filtersOfRow + filter) * perFilter
      for place in start..<start + perFilter { scaled[place] = weights[place] * number }
    }
  }
}

/// Computes offset = bias factor + offset, for each filter.
@specialized(where Scalar == Float) @specialized(where Scalar == Double)
func foldBias<Scalar: FloatScalar>(
  _ bias: UnsafePointer<Scalar>, factor: UnsafePointer<Scalar>, offset: UnsafeMutablePointer<Scalar>,
  count: Int
) {
  for filter in 0..<count { offset[filter] += bias[filter] * factor[filter] }
}
