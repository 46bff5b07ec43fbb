import Tensors

/// The checked attributes of one component: every one that its schema requires is there, in its own type.
///
/// Asking for an attribute that the schema does not have is a fault of the component's author and traps.
public struct Attributes: Sendable {
  private var values: [String: AttributeValue]

  public init(_ values: [String: AttributeValue] = [:]) { self.values = values }

  public subscript(name: String) -> AttributeValue? {
    get { values[name] }
    set { values[name] = newValue }
  }

  public func has(_ name: String) -> Bool { values[name] != nil }

  public func integer(_ name: String) -> Int {
    guard case .integer(let value)? = values[name] else { wrong(name, "integer") }
    return value
  }

  public func optionalInteger(_ name: String) -> Int? { has(name) ? integer(name) : nil }

  public func number(_ name: String) -> Double {
    switch values[name] {
    case .number(let value): return value
    case .integer(let value): return Double(value)
    default: wrong(name, "number")
    }
  }

  public func optionalNumber(_ name: String) -> Double? { has(name) ? number(name) : nil }

  public func boolean(_ name: String) -> Bool {
    guard case .boolean(let value)? = values[name] else { wrong(name, "boolean") }
    return value
  }

  public func word(_ name: String) -> String {
    guard case .word(let value)? = values[name] else { wrong(name, "word") }
    return value
  }

  /// The word; nil where the attribute is absent, or where its kind lets it hold something else.
  public func optionalWord(_ name: String) -> String? {
    if case .integers? = values[name] { return nil }
    return has(name) ? word(name) : nil
  }

  public func integers(_ name: String) -> [Int] {
    guard case .integers(let value)? = values[name] else { wrong(name, "integers") }
    return value
  }

  /// The integers; nil where the attribute is absent, or where its kind lets it hold something else.
  public func optionalIntegers(_ name: String) -> [Int]? {
    if case .word? = values[name] { return nil }
    return has(name) ? integers(name) : nil
  }

  public func shape(_ name: String) -> [ShapeEntry] {
    guard case .shape(let value)? = values[name] else { wrong(name, "shape") }
    return value
  }

  public func numbers(_ name: String) -> NestedNumbers {
    guard case .numbers(let value)? = values[name] else { wrong(name, "numbers") }
    return value
  }

  public func elementType(_ name: String) -> ElementType {
    guard case .elementType(let value)? = values[name] else { wrong(name, "element type") }
    return value
  }

  /// The component of the family that `as` names, or nil where the optional attribute is absent.
  public func component<Wanted>(_ name: String, as: Wanted.Type = Wanted.self) -> Wanted? {
    guard let value = values[name] else { return nil }
    guard case .component(let component) = value, let wanted = component as? Wanted else {
      wrong(name, "\(Wanted.self)")
    }
    return wanted
  }

  public func activation(_ name: String = "activation") -> (any Activation)? { component(name) }

  public func initializer(_ name: String) -> any Initializer {
    guard let found: any Initializer = component(name) else { wrong(name, "initializer") }
    return found
  }

  private func wrong(_ name: String, _ wanted: String) -> Never {
    preconditionFailure(
      "attribute \"\(name)\" is read as \(wanted), but holds \(values[name].map { "\($0)" } ?? "nothing")")
  }
}

extension Attribute {
  public static func integer(
    _ name: String, atLeast lower: Int = Int.min, default standard: Int? = nil, optional: Bool = false,
    _ summary: String
  ) -> Attribute {
    Attribute(
      name, .integer(lower...Int.max), default: standard.map(AttributeValue.integer), optional: optional,
      summary)
  }

  public static func number(
    _ name: String, _ range: NumberRange = .finite, default standard: Double? = nil,
    optional: Bool = false, _ summary: String
  ) -> Attribute {
    Attribute(
      name, .number(range), default: standard.map(AttributeValue.number), optional: optional, summary)
  }

  public static func boolean(_ name: String, default standard: Bool, _ summary: String) -> Attribute {
    Attribute(name, .boolean, default: .boolean(standard), summary)
  }

  public static func word(
    _ name: String, _ words: [String], default standard: String? = nil, optional: Bool = false,
    _ summary: String
  ) -> Attribute {
    Attribute(
      name, .word(words), default: standard.map(AttributeValue.word), optional: optional, summary)
  }

  public static func axis(default standard: Int? = nil, _ summary: String) -> Attribute {
    integer("axis", default: standard, summary)
  }

  /// An activation by name, or as an object with `function`.
  public static func activation(
    _ name: String = "activation", _ summary: String = "Applied to the result, element by element."
  ) -> Attribute {
    Attribute(
      name, .component(.activation, key: "function", inlined: false), optional: true, summary)
  }

  /// An initializer by name, or as an object with `kind`.
  public static func initializer(
    _ name: String, default standard: String, with values: [String: AttributeValue] = [:],
    _ summary: String
  ) -> Attribute {
    Attribute(
      name, .component(.initializer, key: "kind", inlined: false), default: .named(standard, values),
      summary)
  }
}
