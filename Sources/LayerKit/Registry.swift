/// A module: a set of components and rewrites under one name.
public protocol Module: Sendable {
  /// The name that a graph lists under `plugins`; `[a-z][a-z0-9_]*`.
  static var name: String { get }
  static var version: String { get }
  /// One sentence.
  static var summary: String { get }

  init()

  /// Registers everything that the module offers. Throws `RegistrationFault`.
  func register(into registrar: inout Registrar) throws
}

extension Module {
  public static var summary: String { "" }
}

/// What is wrong with a registration: a fault of a module's author.
public struct RegistrationFault: Error, Hashable, Sendable, CustomStringConvertible {
  public var description: String
  public init(_ description: String) { self.description = description }
}

/// One registered component with its owner.
public struct Registration<Item: Sendable>: Sendable {
  public let module: String
  public let schema: Schema
  public let item: Item
}

/// What is known of a component before one is made: its schema, small uses of it, and how one is made.
public struct ComponentDefinition: Sendable {
  public let family: Family
  public let schema: Schema
  // Asked for by the few that list or check components; every start of a program registers all of them.
  private let findExamples: @Sendable () -> [Example]
  private let findGradient: @Sendable () -> Bool?
  private let make: @Sendable (Attributes) throws -> any Component

  /// Small uses of an operator or a loss.
  public var examples: [Example] { findExamples() }
  /// Whether gradients pass through an operator; nil for every other family.
  public var hasGradient: Bool? { findGradient() }

  /// A component that has no Swift type of its own.
  public init(
    _ family: Family, _ schema: Schema, examples: [Example] = [], hasGradient: Bool? = nil,
    make: @escaping @Sendable (Attributes) throws -> any Component
  ) {
    self.family = family
    self.schema = schema
    findExamples = { examples }
    findGradient = { hasGradient }
    self.make = make
  }

  /// A component that is a Swift type.
  init(
    _ family: Family, _ type: any Component.Type, examples: @escaping @Sendable () -> [Example] = { [] },
    hasGradient: @escaping @Sendable () -> Bool? = { nil }
  ) {
    self.family = family
    schema = type.schema
    findExamples = examples
    findGradient = hasGradient
    make = { try type.init($0) }
  }

  /// Makes the component from attributes that match its schema. Throws `LayerFault`.
  public func component(_ attributes: Attributes) throws -> any Component { try make(attributes) }
}

/// Every component that a program knows, by family, name and version.
///
/// A value: made once, filled by modules, passed to whoever needs it.
public struct Registry: Sendable {
  public typealias Entry = Registration<ComponentDefinition>

  /// The module whose operators every graph may use without listing it.
  public static let core = "core"

  private var components: [Family: [String: [Int: Entry]]] = [:]
  public private(set) var rewrites: [Registration<any Rewrite>] = []
  /// The modules that were registered: name to version.
  public private(set) var modules: [String: String] = [:]
  /// A sentence on each of them, by name; may be empty.
  public private(set) var summaries: [String: String] = [:]
  /// What can be said of modules that are not registered.
  public var absentModules = AbsentModules()
  /// Registers the modules of those names where they can be had, and says in `absentModules` what is known of
  /// the others; nil where nothing is looked for.
  public var provide: (@Sendable (_ names: [String], _ registry: inout Registry) -> Void)?

  public init() {}

  /// Registers a module. Throws `RegistrationFault` for a name that has an owner or a schema that is unsound.
  public mutating func register(_ module: some Module) throws {
    let kind = type(of: module)
    try register(kind.name, version: kind.version, summary: kind.summary) { try module.register(into: &$0) }
  }

  /// Registers what `fill` offers under a module's name. Throws as the other does, and then changes nothing.
  public mutating func register(
    _ name: String, version: String, summary: String = "", _ fill: (inout Registrar) throws -> Void
  ) throws {
    guard modules[name] == nil else { throw RegistrationFault("module \"\(name)\" is registered twice") }
    var registrar = Registrar(module: name)
    try fill(&registrar)
    var changed = self
    changed.modules[name] = version
    changed.summaries[name] = summary
    for definition in registrar.components { try changed.add(definition, owner: name) }
    for rewrite in registrar.rewrites {
      if let other = changed.rewrites.first(where: { $0.item.name == rewrite.name }) {
        throw RegistrationFault(
          "rewrite \"\(rewrite.name)\" of module \"\(name)\" belongs to module \"\(other.module)\"")
      }
      let schema = Schema(rewrite.name, rewrite.summary)
      changed.rewrites.append(Registration(module: name, schema: schema, item: rewrite))
    }
    self = changed
  }

  private mutating func add(_ definition: ComponentDefinition, owner: String) throws {
    let (family, schema) = (definition.family, definition.schema)
    try schema.checkSoundness(family)
    if let other = components[family]?[schema.name]?[schema.version] {
      throw RegistrationFault(
        "\(family.rawValue) \"\(schema.name)\" version \(schema.version) of module \"\(owner)\" "
          + "belongs to module \"\(other.module)\"")
    }
    components[family, default: [:]][schema.name, default: [:]][schema.version] =
      Entry(module: owner, schema: schema, item: definition)
  }

  /// The component of a name and version, or nil.
  public func entry(_ family: Family, _ name: String, version: Int = 1) -> Entry? {
    components[family]?[name]?[version]
  }

  /// Whether any version of the name is registered.
  public func knows(_ family: Family, _ name: String) -> Bool { components[family]?[name] != nil }

  /// The versions of a name, in order.
  public func versions(_ family: Family, _ name: String) -> [Int] {
    (components[family]?[name]?.keys).map { $0.sorted() } ?? []
  }

  /// The names of a family, in alphabetic order.
  public func names(_ family: Family) -> [String] { (components[family]?.keys).map { $0.sorted() } ?? [] }

  /// Every component of a family, by name and version.
  public func entries(_ family: Family) -> [Entry] {
    names(family).flatMap { name in versions(family, name).compactMap { entry(family, name, version: $0) } }
  }
}

/// What can be said of modules that a graph may need and that are not registered.
public struct AbsentModules: Sendable {
  /// Modules that were found, but refused or not loaded: name to the reason.
  public var reasons: [String: String] = [:]
  /// The components of modules that were found and not loaded: family and name to module.
  public var components: [Family: [String: String]] = [:]
  /// Where modules were looked for, and how to get the one of a name; nil where nothing is looked for.
  public var advice: (@Sendable (_ name: String) -> String)?

  public init() {}
}

/// Where a module registers what it offers.
public struct Registrar: Sendable {
  public let module: String
  var components: [ComponentDefinition] = []
  var rewrites: [any Rewrite] = []

  init(module: String) { self.module = module }

  // Each element goes up to `Component` by itself: a cast of the whole array looks every conformance up by name.
  public mutating func layers(_ types: any Layer.Type...) {
    components += types.map { type in
      ComponentDefinition(
        .layer, type, examples: { type.examples }, hasGradient: { type is any DifferentiableLayer.Type })
    }
  }
  public mutating func losses(_ types: any Loss.Type...) {
    components += types.map { type in ComponentDefinition(.loss, type, examples: { type.examples }) }
  }
  public mutating func activations(_ types: any Activation.Type...) {
    components += types.map { ComponentDefinition(.activation, $0) }
  }
  public mutating func optimizers(_ types: any Optimizer.Type...) {
    components += types.map { ComponentDefinition(.optimizer, $0) }
  }
  public mutating func schedules(_ types: any Schedule.Type...) {
    components += types.map { ComponentDefinition(.schedule, $0) }
  }
  public mutating func initializers(_ types: any Initializer.Type...) {
    components += types.map { ComponentDefinition(.initializer, $0) }
  }
  public mutating func metrics(_ types: any Metric.Type...) {
    components += types.map { ComponentDefinition(.metric, $0) }
  }
  public mutating func rewrites(_ rules: any Rewrite...) { rewrites += rules }

  /// Registers a component that has no Swift type of its own.
  public mutating func add(_ definition: ComponentDefinition) { components.append(definition) }
}

extension Schema {
  /// The keys that every node may have besides its operator's attributes.
  public static let nodeKeys = ["name", "op", "inputs", "share", "trainable", "description"]

  /// Throws `RegistrationFault` for a name that no file could write, or an attribute that cannot be told apart.
  func checkSoundness(_ family: Family) throws {
    let what = "\(family.rawValue) \"\(name)\""
    guard Schema.isName(name) else { throw RegistrationFault("\(what): the name is not [a-z][a-z0-9_]*") }
    guard version >= 1 else { throw RegistrationFault("\(what): version \(version) is below 1") }
    guard !summary.isEmpty else { throw RegistrationFault("\(what): the summary is empty") }
    var seen = Set<String>(family == .layer ? Schema.nodeKeys : [])
    for attribute in attributes {
      guard Schema.isName(attribute.name) else {
        throw RegistrationFault("\(what): attribute \"\(attribute.name)\" is not [a-z][a-z0-9_]*")
      }
      guard seen.insert(attribute.name).inserted else {
        throw RegistrationFault("\(what): attribute \"\(attribute.name)\" is declared twice or reserved")
      }
      guard !attribute.summary.isEmpty else {
        throw RegistrationFault("\(what): attribute \"\(attribute.name)\" is not explained")
      }
    }
    guard Set(inputs.map(\.name)).count == inputs.count else {
      throw RegistrationFault("\(what): two inputs have one name")
    }
  }
}

extension Schema {
  /// Whether a text can be the name of a component, an attribute or a module: `[a-z][a-z0-9_]*`.
  public static func isName(_ text: String) -> Bool {
    guard let first = text.utf8.first, (97...122).contains(first) else { return false }
    return text.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 95 }
  }
}
