import Compiler
import Kernels
import LayerKit
import Tensors

/// The rows of a table or of files of tensors, as the inputs of a network take them.
public struct Dataset: Sendable {
  /// What fills one input.
  public struct Column: Sendable {
    /// The input that the rows fill.
    public let input: NetworkInput
    /// `[rowCount]` and the input's sizes behind its batch axis, mapped, in the input's type.
    public let rows: Tensor
  }

  /// A part of the rows.
  public enum Part: String, Hashable, Sendable, CaseIterable {
    case all
    case training
    case validation
    case test
  }

  /// One for each input that the data fills, in the order of the network's inputs.
  public let columns: [Column]
  /// How many rows each of them has.
  public let rowCount: Int
  /// The rows that training learns from, counted from 0, in the file's order; empty where the rows were not
  /// divided.
  public let training: [Int]
  /// The rows that watch the training, in the file's order.
  public let validation: [Int]
  /// The rows that training never sees, in the file's order.
  public let test: [Int]
  /// The settings with every computed number and all words filled in: what a trained file carries.
  public let settings: DataSettings

  init(columns: [Column], rowCount: Int, parts: RowParts?, settings: DataSettings) {
    self.columns = columns
    self.rowCount = rowCount
    training = parts?.training ?? []
    validation = parts?.validation ?? []
    test = parts?.test ?? []
    self.settings = settings
  }

  /// The numbers of the rows of one part, in the file's order.
  public func rows(_ part: Part) -> [Int] {
    switch part {
    case .all: Array(0..<rowCount)
    case .training: training
    case .validation: validation
    case .test: test
    }
  }

  /// The column that fills an input, or nil where the data does not fill it.
  public func column(named input: String) -> Column? { columns.first { $0.input.name == input } }

  /// The training rows in the order in which one epoch takes them.
  ///
  /// Shuffled, the order depends on seed, epoch and the rows alone, so that training resumed at an epoch
  /// meets the same batches; not shuffled, it is the file's.
  public func order(epoch: Int, seed: UInt64, shuffle: Bool) -> [Int] {
    guard shuffle else { return training }
    let step = UInt64(truncatingIfNeeded: epoch)
    return permutation(of: training, key: RandomKey.make(seed: seed, purpose: "order", step: step))
  }
}
