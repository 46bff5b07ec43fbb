import Training

/// A model of the zoo: what its author wrote of it, and what recording it found.
public struct ZooEntry: Sendable {
  /// The name of the graph, and of its file without the ending.
  public var name: String
  /// What it does, in a word or two: `classification`.
  public var task: String
  /// The graph's own description; empty before the model was recorded.
  public var description: String
  /// What it was trained on.
  public var data: ZooData
  /// The licence of the graph and its parameters.
  public var licence: String
  /// Nil before the model was recorded.
  public var record: ZooRecord?

  public init(
    name: String, task: String, description: String = "", data: ZooData, licence: String,
    record: ZooRecord? = nil
  ) {
    self.name = name
    self.task = task
    self.description = description
    self.data = data
    self.licence = licence
    self.record = record
  }
}

/// Where the rows of a model come from.
public struct ZooData: Hashable, Sendable {
  /// What the data set is called.
  public var name: String
  /// Who made it, and when.
  public var source: String
  /// What it may be used for.
  public var licence: String

  public init(name: String, source: String, licence: String) {
    self.name = name
    self.source = source
    self.licence = licence
  }
}

/// What training a model from its own file gave.
public struct ZooRecord: Sendable {
  /// How many numbers were trained or frozen, states left out.
  public var parameters: Int
  /// The bytes of the graph file and the parameter file together.
  public var bytes: Int
  /// The figures that were reached.
  public var figures: ZooFigures
  /// The model's files: the graph, its parameters, and its data where it has some.
  public var files: [ZooFile]
  /// Inputs, and what the model makes of them.
  public var sample: ZooSample
}

/// Loss and metrics of a model, and the rows that they were measured on.
public struct ZooFigures: Hashable, Sendable {
  /// The part of the rows: the test rows if there are any, else the validation rows, else all.
  public var rows: Dataset.Part
  /// How many rows those are.
  public var rowCount: Int
  /// The training loss over them, without regularisation; nil where the data does not fill it.
  public var loss: Double?
  /// The training's metrics by kind.
  public var metrics: [NamedNumber]
  /// What the first values and the order of the rows were drawn from.
  public var seed: UInt64
  /// How many epochs were trained.
  public var epochs: Int
}

/// A file of a model.
public struct ZooFile: Hashable, Sendable {
  /// What the file is for.
  public enum Role: String, Hashable, Sendable, CaseIterable {
    case graph
    case parameters
    case data
    /// Data that does not come with the models, and must be asked for.
    case externalData = "external_data"
  }

  /// Whether the file lies in the folder of models.
  public var isShipped: Bool { role != .externalData }

  public var role: Role
  /// Its path below the folder of models.
  public var path: String
  /// How long it is.
  public var bytes: Int
  /// The SHA-256 of its bytes, in small hexadecimal digits.
  public var sha256: String
}
