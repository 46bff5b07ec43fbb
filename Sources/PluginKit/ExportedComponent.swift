import CPluginABI
import LayerKit

/// What stands behind the `data` of a table: how a component is made, and one that shows what all have alike.
final class ExportedComponent: Sendable {
  let definition: ComponentDefinition
  /// Made with defaults and, where there are none, the first values that are accepted; nil where those do not
  /// fit together.
  let plain: (any Component)?

  init(_ definition: ComponentDefinition) {
    self.definition = definition
    plain = definition.schema.plainAttributes.flatMap { try? definition.component($0) }
  }

  var schema: Schema { definition.schema }

  /// The pointer that a table holds; it is never released.
  var lastingData: UnsafeMutableRawPointer { Unmanaged.passRetained(self).toOpaque() }

  /// The schema as the text that a table holds.
  var lastingSchema: UnsafePointer<CChar>? {
    let kinks = (plain as? any Activation)?.kinks
    return lasting(SchemaText.text(schema, definition.family, definition.examples, kinks: kinks))
  }

  /// Calls the body with the component behind the `data` of a table.
  static func with<Result>(
    _ data: UnsafeMutableRawPointer?, _ body: (ExportedComponent) -> Result, otherwise: Result
  ) -> Result {
    guard let data else { return otherwise }
    return Unmanaged<ExportedComponent>.fromOpaque(data)._withUnsafeGuaranteedRef(body)
  }
}

/// What `create` makes and `destroy` frees: the component that a file configured.
final class Configured<Part: Sendable>: Sendable {
  let part: Part
  init(_ part: Part) { self.part = part }
}

extension ExportedComponent {
  /// Makes the component from the host's attributes. `check` says what of it would not cross.
  static func create<Part: Sendable>(
    _ data: UnsafeMutableRawPointer?, _ creation: UnsafePointer<nngraph_creation>?,
    _ state: UnsafeMutablePointer<UnsafeMutableRawPointer?>?, as: Part.Type,
    check: (Part, ExportedComponent, Attributes) throws -> Void = { _, _, _ in }
  ) -> Int32 {
    guard let creation, let state, let host = Host(creation.pointee.host, creation.pointee.context)
    else { return Code.internalFault }
    return with(
      data,
      { exported in
        host.reporting {
          let attributes = try host.attributes(exported.schema)
          guard let part = try exported.definition.component(attributes) as? Part else {
            throw CrossingFault("\"\(exported.schema.name)\" is not of its family")
          }
          try check(part, exported, attributes)
          state.pointee = Unmanaged.passRetained(Configured(part)).toOpaque()
        }
      }, otherwise: Code.internalFault)
  }

  /// Frees what `create` or a layer's `prepare` made.
  static func destroy(_ state: UnsafeMutableRawPointer?) {
    if let state { Unmanaged<AnyObject>.fromOpaque(state).release() }
  }

  /// Calls the body with what `create` made.
  static func with<Part: Sendable, Result>(
    _ state: UnsafeMutableRawPointer?, as: Part.Type, otherwise: Result, _ body: (Part) -> Result
  ) -> Result {
    guard let state else { return otherwise }
    return Unmanaged<Configured<Part>>.fromOpaque(state)._withUnsafeGuaranteedRef { body($0.part) }
  }

  /// Calls the body with what `create` made.
  static func with<Part: Sendable>(
    _ state: UnsafeMutableRawPointer?, as: Part.Type, _ body: (Part) -> Void
  ) { with(state, as: Part.self, otherwise: (), body) }
}

extension Schema {
  /// The defaults and, for required attributes, the first value that their kind accepts; nil where one is of
  /// a kind that does not cross.
  var plainAttributes: Attributes? {
    var values = Attributes()
    for attribute in attributes {
      if attribute.isOptional && attribute.standard == nil { continue }
      var value = attribute.standard ?? attribute.kind.first
      if case .component = attribute.kind { value = attribute.kind.marker(attribute.name) }
      guard let value else { return nil }
      values[attribute.name] = value
    }
    return values
  }
}

extension Attribute.Kind {
  /// What stands for a component that the host keeps; nil where the kind is none that crosses.
  func marker(_ attribute: String) -> AttributeValue? {
    switch self {
    case .component(.initializer, _, false): .component(HostInitializer(attribute: attribute))
    case .component(.activation, _, false): .component(HostActivation(attribute: attribute))
    default: nil
    }
  }

  fileprivate var first: AttributeValue? {
    func integer(_ range: ClosedRange<Int>) -> Int { min(max(range.lowerBound, 1), range.upperBound) }
    switch self {
    case .integer(let range): return .integer(integer(range))
    case .number(let range):
      return [1, 0.5, range.lower, range.upper].first(where: range.contains).map(AttributeValue.number)
    case .boolean: return .boolean(false)
    case .word(let words): return words.first.map(AttributeValue.word)
    case .text: return .word("")
    case .integers(let range), .integersOrInteger(let range): return .integers([integer(range)])
    case .wordOrIntegers(let words, _): return words.first.map(AttributeValue.word)
    case .shape: return nil
    case .numbers: return .numbers(NestedNumbers(shape: [1], values: [1]))
    case .elementType: return .elementType(.float32)
    case .component: return nil
    }
  }
}
