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
  /// The input port that holds it.
  public var input: Int
  /// Which of the input's elements it is, row-major from 0; the host says which row of the data that is.
  public var element: Int
  /// What was found and what is accepted, to stand behind the row: `holds 7; accepted are 0 to 2`.
  public var message: String

  public init(input: Int, element: Int, _ message: String) {
    self.input = input
    self.element = element
    self.message = message
  }
}
