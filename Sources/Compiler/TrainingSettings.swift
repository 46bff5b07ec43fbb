import LayerKit

/// How a network is trained: the `training` object of its file, checked.
public struct TrainingSettings: Sendable {
  public var losses: [LossTerm]
  /// The optimizer under the name that the file gave it.
  public var optimizerName: String
  public var optimizer: any Optimizer
  public var schedule: (any Schedule)?
  public var regularization: [RegularizationTerm]
  public var groups: [ParameterGroup]
  public var epochs: Int
  public var batchSize: BatchSize
  public var seed: UInt64
  public var shuffle: Bool
  public var gradientClip: GradientClip?
  public var earlyStopping: EarlyStopping?
  public var metrics: [MetricSetting]
  public var data: DataSettings?
}

/// How many rows make one step.
public enum BatchSize: Hashable, Sendable {
  case all
  case rows(Int)
}

/// A term of the training loss that keeps parameters small.
public struct RegularizationTerm: Hashable, Sendable {
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// strength * sum of magnitudes.
    case l1
    /// strength / 2 * sum of squares.
    case l2
  }

  public var kind: Kind
  public var strength: Double
  public var parameters: [ParameterID]
}

/// Factors on the learning rate and the weight decay of some parameters.
public struct ParameterGroup: Hashable, Sendable {
  public var parameters: [ParameterID]
  public var rate: Double
  public var decay: Double
}

/// A bound on the gradients.
public enum GradientClip: Hashable, Sendable {
  /// All gradients together, times min(1, norm / (n + 1e-6)).
  case norm(Double)
  /// Each number by itself.
  case value(Double)
}

/// When to stop before the last epoch.
public struct EarlyStopping: Hashable, Sendable {
  public var monitor: String
  public var patience: Int
  public var minimumDelta: Double
  public var restoreBest: Bool
}

/// A metric and the two values that it compares.
public struct MetricSetting: Sendable {
  /// What it is called: its kind; from the second metric of that kind on `kind_2`, `kind_3`.
  public var kind: String
  public var metric: any Metric
  public var prediction: ValueID
  public var target: ValueID
}

/// Where the rows come from and how they fill the inputs.
public struct DataSettings: Hashable, Sendable {
  /// How rows are divided among training, validation and test.
  public enum Split: String, Hashable, Sendable, CaseIterable {
    case random
    case tail
  }

  public var file: String?
  public var inputs: [DataInput]
  public var validation: Double
  public var test: Double
  public var split: Split
}

/// How one input is filled.
public struct DataInput: Hashable, Sendable {
  public var name: String
  /// The columns of a table: names or patterns; empty for a file of tensors.
  public var columns: [String]
  /// A file of its own, in place of the common one.
  public var file: String?
  /// The tensor of a safetensors file.
  public var tensor: String?
  /// One number, or one a column.
  public var scale: [Double]
  public var offset: [Double]
  /// Whether scale and offset are computed from the training rows.
  public var standardize: Bool
  /// The words that stand for the classes 0, 1, ...; nil where they are found in the data.
  public var classes: [String]?
}
