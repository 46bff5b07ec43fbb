import Tensors

/// The families of things that a module registers.
public enum Family: String, Hashable, Sendable, CaseIterable {
  case layer = "operator"
  case activation
  case loss
  case optimizer
  case schedule
  case initializer
  case metric
}

/// The numbers that an attribute accepts.
public struct NumberRange: Hashable, Sendable, CustomStringConvertible {
  public var lower: Double
  public var upper: Double
  public var includesLower: Bool
  public var includesUpper: Bool

  public init(
    from lower: Double = -.greatestFiniteMagnitude, includingLower: Bool = true,
    to upper: Double = .greatestFiniteMagnitude, includingUpper: Bool = true
  ) {
    self.lower = lower
    self.upper = upper
    includesLower = includingLower
    includesUpper = includingUpper
  }

  public static let finite = NumberRange()
  public static let positive = NumberRange(from: 0, includingLower: false)
  public static let notNegative = NumberRange(from: 0)
  /// [0, 1).
  public static let fraction = NumberRange(from: 0, to: 1, includingUpper: false)
  /// [0, 1].
  public static let unit = NumberRange(from: 0, to: 1)

  public func contains(_ number: Double) -> Bool {
    (includesLower ? number >= lower : number > lower)
      && (includesUpper ? number <= upper : number < upper)
  }

  /// `a number above 0`, `a number in [0, 1)`.
  public var description: String {
    let hasLower = lower > -.greatestFiniteMagnitude
    let hasUpper = upper < .greatestFiniteMagnitude
    switch (hasLower, hasUpper) {
    case (false, false): return "a finite number"
    case (true, false): return "a number \(includesLower ? "of at least" : "above") \(lower.short)"
    case (false, true): return "a number \(includesUpper ? "of at most" : "below") \(upper.short)"
    case (true, true):
      let open = includesLower ? "[" : "("
      let close = includesUpper ? "]" : ")"
      return "a number in \(open)\(lower.short), \(upper.short)\(close)"
    }
  }
}

extension ClosedRange<Int> {
  /// The integers of the range in the words of a message: `an integer of at least 1`; `namingBounds`: with the
  /// bounds that 64 bits set.
  public func integerText(namingBounds: Bool = false) -> String {
    switch (lowerBound == Int.min && !namingBounds, upperBound == Int.max && !namingBounds) {
    case (true, true): "an integer"
    case (false, true): "an integer of at least \(lowerBound)"
    case (true, false): "an integer of at most \(upperBound)"
    case (false, false): "an integer from \(lowerBound) to \(upperBound)"
    }
  }
}

extension Double {
  /// The number as a reader writes it: `1`, `0.01`, `1e-08`.
  public var short: String {
    self == rounded() && magnitude < 1e15 ? "\(Int(self))" : "\(self)"
  }
}

/// An attribute of a component: its name, what it accepts, its default, and a line that explains it.
public struct Attribute: Sendable {
  /// What an attribute accepts.
  public enum Kind: Sendable {
    case integer(ClosedRange<Int>)
    case number(NumberRange)
    case boolean
    /// One of the words.
    case word([String])
    case text
    /// An array of integers, each in the range.
    case integers(ClosedRange<Int>)
    /// An integer that stands for all places, or an array with one a place; either is read as an array.
    case integersOrInteger(ClosedRange<Int>)
    /// One of the words, or an array of integers.
    case wordOrIntegers([String], ClosedRange<Int>)
    /// Sizes: positive integers and symbols; one may be -1 where `inferred` is true.
    case shape(inferred: Bool)
    /// A number, or nested arrays of numbers.
    case numbers
    case elementType
    /// A component by name, or as an object whose `key` is the name; where `inlined`, the component's own
    /// attributes stand beside this one.
    case component(Family, key: String, inlined: Bool)
  }

  public var name: String
  public var kind: Kind
  /// The value where the file gives none; nil makes the attribute required, unless it is optional.
  public var standard: AttributeValue?
  public var isOptional: Bool
  public var summary: String

  public init(
    _ name: String, _ kind: Kind, default standard: AttributeValue? = nil, optional: Bool = false,
    _ summary: String
  ) {
    self.name = name
    self.kind = kind
    self.standard = standard
    isOptional = optional
    self.summary = summary
  }

  public var isRequired: Bool { standard == nil && !isOptional }
}

/// The value of an attribute, after it was checked.
public enum AttributeValue: Sendable {
  case integer(Int)
  case number(Double)
  case boolean(Bool)
  case word(String)
  case integers([Int])
  case shape([ShapeEntry])
  case numbers(NestedNumbers)
  case elementType(ElementType)
  /// A component that is named by default; the compiler replaces it by `component`.
  case named(String, [String: AttributeValue] = [:])
  case component(any Component)
}

/// An entry of a shape that a file writes.
public enum ShapeEntry: Hashable, Sendable {
  case size(Int)
  case symbol(String)
  /// -1: whatever is left.
  case rest
}

/// A number or nested arrays of numbers, as a file writes them; a number has the shape `[]`.
public struct NestedNumbers: Hashable, Sendable {
  public var shape: [Int]
  public var values: [Double]

  public init(shape: [Int], values: [Double]) {
    self.shape = shape
    self.values = values
  }
}

/// An input of an operator.
public struct Port: Hashable, Sendable {
  public var name: String
  public var isOptional: Bool
  public var summary: String

  public init(_ name: String, optional: Bool = false, _ summary: String = "") {
    self.name = name
    isOptional = optional
    self.summary = summary
  }
}

/// What a component is called, accepts and means: the one source of validation, messages and reference pages.
public struct Schema: Sendable {
  public var name: String
  public var version: Int
  /// One sentence.
  public var summary: String
  /// The definition, in the notation of the reference page; may be empty.
  public var formula: String
  public var attributes: [Attribute]
  /// The inputs of an operator, in port order.
  public var inputs: [Port]
  /// Where set, an operator takes at least this many inputs, all alike, instead of `inputs`.
  public var leastInputs: Int?
  /// The names of an operator's outputs; nil where they are numbered from 0.
  public var outputs: [String]?
  /// The parameters and states with their shapes, for the reference page.
  public var parameters: [String]

  public init(
    _ name: String, version: Int = 1, _ summary: String, formula: String = "",
    attributes: [Attribute] = [], inputs: [Port] = [Port("x")], leastInputs: Int? = nil,
    outputs: [String]? = ["y"], parameters: [String] = []
  ) {
    self.name = name
    self.version = version
    self.summary = summary
    self.formula = formula
    self.attributes = attributes
    self.inputs = inputs
    self.leastInputs = leastInputs
    self.outputs = outputs
    self.parameters = parameters
  }

  /// The ports of an operator of two inputs.
  public static let pair = [Port("a"), Port("b")]
}

/// Something that a file names and configures: an operator, an activation, a loss, an optimizer, ...
public protocol Component: Sendable {
  static var schema: Schema { get }

  /// The schema of this component: that of its type, but for one that was loaded and has no type of its own.
  var schema: Schema { get }

  /// Makes the component from attributes that match its schema.
  ///
  /// Throws `LayerFault` where values that are right one by one do not fit together.
  init(_ attributes: Attributes) throws
}

extension Component {
  public var schema: Schema { Self.schema }
}
