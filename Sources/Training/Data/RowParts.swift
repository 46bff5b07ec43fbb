import Compiler
import Diagnostics
import Kernels
import LayerKit

/// The rows divided into what is learnt from, what watches and what is kept apart.
struct RowParts {
  let training: [Int]
  let validation: [Int]
  let test: [Int]

  /// Divides rows 0 up to `count`: `floor(count * share + 0.5)` for test and validation, the rest for
  /// training.
  ///
  /// A random split takes first the test rows, then the validation rows of a permutation drawn from `seed`;
  /// the other kind takes the test rows from the end and the validation rows before them. Throws where
  /// nothing is left to train on.
  init(count: Int, _ settings: DataSettings, seed: UInt64, file: String?) throws(Fault) {
    let tested = Self.rows(count, settings.test)
    let watched = Self.rows(count, settings.validation)
    guard tested + watched < count else {
      throw Fault(
        file: file, place: "training, data",
        "no training rows are left: of \(count) row\(count == 1 ? "" : "s"), "
          + "test \(settings.test.short) takes \(tested) "
          + "and validation \(settings.validation.short) takes \(watched)"
      )
    }
    let order: [Int]
    switch settings.split {
    case .random:
      order = permutation(of: Array(0..<count), key: RandomKey.make(seed: seed, purpose: "split"))
    case .tail:
      order = (0..<count).reversed()
    }
    test = order[..<tested].sorted()
    validation = order[tested..<(tested + watched)].sorted()
    training = order[(tested + watched)...].sorted()
  }

  private static func rows(_ count: Int, _ share: Double) -> Int {
    Int((Double(count) * min(max(share, 0), 1) + 0.5).rounded(.down))
  }
}
