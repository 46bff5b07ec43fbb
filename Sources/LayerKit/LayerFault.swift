/// What a layer finds wrong with its attributes or inputs; the compiler adds the place.
public struct LayerFault: Error, Hashable, Sendable {
  /// The attribute that is at fault, where it is one.
  public var attribute: String?
  /// The input port that is at fault, where it is one.
  public var input: Int?
  /// What was found and what is accepted.
  public var message: String

  public init(_ message: String, attribute: String? = nil, input: Int? = nil) {
    self.message = message
    self.attribute = attribute
    self.input = input
  }
}

/// What stops a run: a value in the data that the operator cannot use.
public struct RunFault: Error, Hashable, Sendable {
  /// What was found, with its row, and what is accepted.
  public var message: String

  public init(_ message: String) { self.message = message }
}
