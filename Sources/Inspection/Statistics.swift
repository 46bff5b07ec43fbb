import Tensors

/// Extremes, mean and spread of the numbers of a tensor.
public struct Statistics: Hashable, Sendable {
  /// How many numbers there are.
  public var count: Int
  /// How many are zero.
  public var zeros = 0
  /// How many are infinite or no number; they take no part in the rest.
  public var notFinite = 0
  /// The least finite number.
  public var minimum: Double?
  /// The greatest finite number.
  public var maximum: Double?
  /// The mean of the finite numbers.
  public var mean: Double?
  /// Their population deviation.
  public var deviation: Double?
  /// How many finite numbers stand in each part between minimum and maximum, all parts of equal width.
  public var histogram = [Int](repeating: 0, count: binCount)

  /// The number of parts of a histogram.
  public static let binCount = 12

  /// The statistics of a tensor; `true` is 1.
  public init(_ tensor: Tensor) {
    count = tensor.count
    switch tensor.elements {
    case .float32(let values): take(values) { Double($0) }
    case .float64(let values): take(values) { $0 }
    case .int32(let values): take(values) { Double($0) }
    case .bool(let values): take(values) { $0 ? 1 : 0 }
    }
  }

  private mutating func take<Element>(_ values: [Element], _ double: (Element) -> Double) {
    var (least, greatest, sum, finite) = (Double.infinity, -Double.infinity, 0.0, 0)
    for element in values {
      let value = double(element)
      guard value.isFinite else {
        notFinite += 1
        continue
      }
      if value == 0 { zeros += 1 }
      least = min(least, value)
      greatest = max(greatest, value)
      sum += value
      finite += 1
    }
    guard finite > 0 else { return }
    let average = sum / Double(finite)
    let width = greatest - least
    // A width beyond the largest number has no parts to count in.
    let scale = width > 0 && width.isFinite ? Double(Self.binCount) / width : 0
    var squares = 0.0
    for element in values {
      let value = double(element)
      guard value.isFinite else { continue }
      squares += (value - average) * (value - average)
      let place = (value - least) * scale
      histogram[place.isFinite ? min(Self.binCount - 1, Int(place)) : 0] += 1
    }
    (minimum, maximum, mean) = (least, greatest, average)
    deviation = (squares / Double(finite)).squareRoot()
  }

  /// The histogram as bars of one line.
  public var bars: String {
    let steps = Array(" ▁▂▃▄▅▆▇█")
    let highest = histogram.max() ?? 0
    guard highest > 0 else { return String(repeating: " ", count: histogram.count) }
    return String(
      histogram.map { bin in
        bin == 0 ? steps[0] : steps[max(1, Int((Double(bin) / Double(highest) * 8).rounded()))]
      })
  }
}
