import LayerKit

/// The leading axes of two stacks of matrices that broadcast against each other.
struct BatchAxes {
  private let a: [Int]
  private let b: [Int]
  private let y: [Int]
  /// The matrices in each stack.
  let countA: Int
  let countB: Int
  let count: Int

  /// The last two axes of each type are the matrices.
  init(a: ConcreteType, b: ConcreteType, y: ConcreteType) {
    self.a = a.shape
    self.b = b.shape
    self.y = y.shape
    countA = BatchAxes.matrices(a)
    countB = BatchAxes.matrices(b)
    count = BatchAxes.matrices(y)
  }

  private static func matrices(_ type: ConcreteType) -> Int {
    var count = 1
    for axis in 0..<type.shape.count - 2 { count *= type.shape[axis] }
    return count
  }

  /// The matrix of `a` that takes part in result `index`.
  func indexA(_ index: Int) -> Int { countA == count ? index : source(index, a) }

  /// The matrix of `b` that takes part in result `index`.
  func indexB(_ index: Int) -> Int { countB == count ? index : source(index, b) }

  /// The use `number` of matrix `index` of `a`: the place of a result; uses count up to `count / countA`.
  func useOfA(_ index: Int, _ number: Int) -> Int { use(index, number, a) }

  /// The use `number` of matrix `index` of `b`: the place of a result; uses count up to `count / countB`.
  func useOfB(_ index: Int, _ number: Int) -> Int { use(index, number, b) }

  private func source(_ index: Int, _ shape: [Int]) -> Int {
    var (rest, place, stride) = (index, 0, 1)
    for back in 3..<max(3, shape.count + 1) {
      let size = y[y.count - back]
      let own = shape[shape.count - back]
      if own > 1 { place += rest % size * stride }
      rest /= size
      stride *= own
    }
    return place
  }

  private func use(_ index: Int, _ number: Int, _ shape: [Int]) -> Int {
    var (own, repeated, place, stride) = (index, number, 0, 1)
    for back in 3..<max(3, y.count + 1) {
      let size = y[y.count - back]
      if back <= shape.count, shape[shape.count - back] == size {
        place += own % size * stride
        own /= size
      } else {
        place += repeated % size * stride
        repeated /= size
      }
      stride *= size
    }
    return place
  }
}
