/// A module: a set of components and rewrites under one name.
public protocol Module: Sendable {
  /// The name that a graph lists under `plugins`; `[a-z][a-z0-9_]*`.
  static var name: String { get }
  static var version: String { get }

  init()

  /// Registers everything that the module offers. Throws `RegistrationFault`.
  func register(into registrar: inout Registrar) throws
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

/// Every component that a program knows, by family, name and version.
///
/// A value: made once, filled by modules, passed to whoever needs it.
public struct Registry: Sendable {
  public typealias Entry = Registration<any Component.Type>

  /// The module whose operators every graph may use without listing it.
  public static let core = "core"

  private var components: [Family: [String: [Int: Entry]]] = [:]
  public private(set) var rewrites: [Registration<any Rewrite>] = []
  /// The modules that were registered: name to version.
  public private(set) var modules: [String: String] = [:]

  public init() {}

  /// Registers a module. Throws `RegistrationFault` for a name that has an owner or a schema that is unsound.
  public mutating func register(_ module: some Module) throws {
    let kind = type(of: module)
    guard modules[kind.name] == nil else {
      throw RegistrationFault("module \"\(kind.name)\" is registered twice")
    }
    modules[kind.name] = kind.version
    var registrar = Registrar(module: kind.name)
    try module.register(into: &registrar)
    for entry in registrar.components { try add(entry.family, entry.item, owner: kind.name) }
    for rewrite in registrar.rewrites {
      if let other = rewrites.first(where: { $0.item.name == rewrite.name }) {
        throw RegistrationFault(
          "rewrite \"\(rewrite.name)\" of module \"\(kind.name)\" belongs to module \"\(other.module)\"")
      }
      let schema = Schema(rewrite.name, rewrite.summary)
      rewrites.append(Registration(module: kind.name, schema: schema, item: rewrite))
    }
  }

  private mutating func add(_ family: Family, _ item: any Component.Type, owner: String) throws {
    let schema = item.schema
    try schema.checkSoundness(family)
    if let other = components[family]?[schema.name]?[schema.version] {
      throw RegistrationFault(
        "\(family.rawValue) \"\(schema.name)\" version \(schema.version) of module \"\(owner)\" "
          + "belongs to module \"\(other.module)\"")
    }
    components[family, default: [:]][schema.name, default: [:]][schema.version] =
      Entry(module: owner, schema: schema, item: item)
  }

  /// The component of a name and version, or nil.
  public func entry(_ family: Family, _ name: String, version: Int = 1) -> Entry? {
    components[family]?[name]?[version]
  }

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

/// Where a module registers what it offers.
public struct Registrar: Sendable {
  public let module: String
  var components: [(family: Family, item: any Component.Type)] = []
  var rewrites: [any Rewrite] = []

  init(module: String) { self.module = module }

  public mutating func layers(_ types: any Layer.Type...) { add(.layer, types) }
  public mutating func activations(_ types: any Activation.Type...) { add(.activation, types) }
  public mutating func losses(_ types: any Loss.Type...) { add(.loss, types) }
  public mutating func optimizers(_ types: any Optimizer.Type...) { add(.optimizer, types) }
  public mutating func schedules(_ types: any Schedule.Type...) { add(.schedule, types) }
  public mutating func initializers(_ types: any Initializer.Type...) { add(.initializer, types) }
  public mutating func metrics(_ types: any Metric.Type...) { add(.metric, types) }
  public mutating func rewrites(_ rules: any Rewrite...) { rewrites += rules }

  private mutating func add(_ family: Family, _ types: [any Component.Type]) {
    components += types.map { (family, $0) }
  }
}

extension Schema {
  /// The keys that every node may have besides its operator's attributes.
  public static let nodeKeys = ["name", "op", "inputs", "share", "trainable", "description"]

  /// Throws `RegistrationFault` for a name that no file could write, or an attribute that cannot be told apart.
  func checkSoundness(_ family: Family) throws {
    let what = "\(family.rawValue) \"\(name)\""
    guard isWord(name) else { throw RegistrationFault("\(what): the name is not [a-z][a-z0-9_]*") }
    guard version >= 1 else { throw RegistrationFault("\(what): version \(version) is below 1") }
    guard !summary.isEmpty else { throw RegistrationFault("\(what): the summary is empty") }
    var seen = Set<String>(family == .layer ? Schema.nodeKeys : [])
    for attribute in attributes {
      guard isWord(attribute.name) else {
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

private func isWord(_ text: String) -> Bool {
  guard let first = text.utf8.first, (97...122).contains(first) else { return false }
  return text.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 95 }
}
