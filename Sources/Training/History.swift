import JSONText

/// What one pass over the training rows gave.
public struct EpochReport: Hashable, Sendable {
  /// From 1.
  public var epoch: Int
  /// The steps taken so far.
  public var step: Int
  /// The mean training loss of the epoch's batches, regularisation included.
  public var loss: Double
  /// The training metrics by kind, over the epoch's batches as they were seen.
  public var metrics: [NamedNumber]
  /// The loss over the validation rows with regularisation; nil where there are none.
  public var validationLoss: Double?
  public var validationMetrics: [NamedNumber]
  /// The learning rate of the epoch's last step.
  public var rate: Double
  /// Rows passed in a second of this epoch.
  public var rowsPerSecond: Double
  /// Seconds since training began.
  public var seconds: Double

  /// The number that early stopping watches under this name.
  public func monitored(_ name: String) -> Double? {
    switch name {
    case "loss": loss
    case "validation_loss": validationLoss
    default: validationMetrics.first { "validation_" + $0.name == name }?.value
    }
  }

  /// The report as one line of `metrics.jsonl`; without times, so that equal runs give equal files.
  public var json: JSONValue {
    var members: [(String, JSONValue)] = [
      ("epoch", .integer(epoch)), ("step", .integer(step)), ("loss", .double(loss)),
    ]
    members += metrics.map { ($0.name, .double($0.value)) }
    if let validationLoss { members.append(("validation_loss", .double(validationLoss))) }
    members += validationMetrics.map { ("validation_" + $0.name, .double($0.value)) }
    members.append(("learning_rate", .double(rate)))
    return .object(members)
  }
}

/// A number under the name of a metric's kind.
public struct NamedNumber: Hashable, Sendable {
  public var name: String
  public var value: Double

  public init(name: String, value: Double) {
    self.name = name
    self.value = value
  }
}

/// What happens while a network trains.
public enum TrainingEvent: Sendable {
  /// A step was taken: the number of steps so far, of how many, and its loss.
  case step(StepReport)
  /// All rows were passed.
  case epoch(EpochReport)
}

/// Where a training run stands after a step.
public struct StepReport: Hashable, Sendable {
  public var epoch: Int
  public var epochs: Int
  public var step: Int
  public var steps: Int
  public var loss: Double
  public var rowsPerSecond: Double
  /// Seconds that the remaining steps will take at the present rate.
  public var secondsLeft: Double
}

/// What an observer answers.
public enum TrainingControl: Sendable {
  case proceed
  case stop
}

/// Why a training run ended.
public enum TrainingEnd: String, Hashable, Sendable {
  case finished
  case stoppedEarly = "stopped_early"
  case interrupted
}

/// What a training run gave.
public struct TrainingResult: Sendable {
  public var epochs: [EpochReport]
  public var steps: Int
  public var end: TrainingEnd
  /// The epoch whose parameters were kept, where early stopping restored the best.
  public var bestEpoch: Int?
  public var seconds: Double
}
