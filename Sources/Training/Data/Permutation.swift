/// Whole numbers from a counter: number `i` depends on key and `i` alone (SplitMix64: Steele, Lea, Flood
/// 2014).
private struct CounterNumbers {
  private var state: UInt64

  init(key: UInt64) { state = key }

  private mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// A number below `bound`, each equally likely.
  mutating func below(_ bound: Int) -> Int {
    let bound = UInt64(bound)
    // The high word of a product is uniform once the low words that would come once too often are left out.
    let surplus = (0 &- bound) % bound
    while true {
      let product = next().multipliedFullWidth(by: bound)
      if product.low >= surplus { return Int(product.high) }
    }
  }
}

/// The items in an order drawn from `key` (Fisher and Yates), each order equally likely.
func permutation(of items: [Int], key: UInt64) -> [Int] {
  var items = items
  var numbers = CounterNumbers(key: key)
  for last in stride(from: items.count - 1, to: 0, by: -1) {
    items.swapAt(last, numbers.below(last + 1))
  }
  return items
}
