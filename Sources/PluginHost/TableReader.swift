import CPluginABI
import Diagnostics
import LayerKit

/// Reads the entries of a table and collects what is wrong with them.
struct TableReader {
  /// More entries than any plugin has in one family.
  private static let mostEntries: Int32 = 10_000
  /// The longest text of a schema, in bytes.
  private static let longestSchema = 1 << 20

  let origin: PluginOrigin
  private(set) var components: [ComponentDefinition] = []
  private(set) var faults: [Fault] = []

  init(origin: PluginOrigin) { self.origin = origin }

  /// The components that the table of a plugin offers.
  ///
  /// Throws one report of all that is wrong with its entries; `log` takes the plugin's notes.
  static func components(
    of table: nngraph_plugin, _ identity: PluginIdentity, log: @escaping @Sendable (String) -> Void
  ) throws(Faults) -> [ComponentDefinition] {
    var reader = TableReader(origin: PluginOrigin(identity: identity, log: log))
    reader.readLayers(table)
    reader.readActivations(table)
    reader.readLosses(table)
    reader.readOptimizers(table)
    reader.readSchedules(table)
    reader.readInitializers(table)
    reader.readMetrics(table)
    reader.reportRepeats()
    if !reader.faults.isEmpty { throw Faults(reader.faults) }
    return reader.components
  }

  mutating func report(_ place: String, _ message: String) {
    faults.append(origin.fault(place: place, message))
  }

  /// Reads the structs of one family with their schemas, and defines a component for each that is sound.
  ///
  /// `missing` names the functions that an entry needs and does not have; `refusal` says what else is wrong
  /// with it, or nil.
  mutating func read<Entry: DescribedEntry & BitwiseCopyable>(
    _ family: Family, _ count: Int32, _ entries: UnsafePointer<UnsafePointer<Entry>?>?,
    missing: (Entry) -> [String], refusal: (Entry, Schema) -> String? = { _, _ in nil },
    define: (Entry, ReadSchema) -> ComponentDefinition
  ) {
    guard (0...Self.mostEntries).contains(count) else {
      return report(
        "", "the table counts \(count) of \(family.rawValue); accepted are 0 to \(Self.mostEntries)")
    }
    guard count > 0 else { return }
    guard let entries else {
      return report("", "the table counts \(count) of \(family.rawValue), but points to none")
    }
    for index in 0..<Int(count) {
      let place = "\(family.rawValue) \(index)"
      guard let pointer = entries[index] else {
        report(place, "is a null pointer")
        continue
      }
      let entry: Entry
      do {
        entry = try readStruct(
          from: pointer, as: Entry.self, minimum: 3 * MemoryLayout<UInt>.size, what: "its struct")
      } catch {
        report(place, error.message)
        continue
      }
      var reader = SchemaReader(family, entry: index, origin)
      let read = text(entry.schema, place).flatMap { reader.read($0) }
      faults += reader.faults
      // The entry of a module that refuses is nothing else.
      let absent = reader.isRefusal ? [] : missing(entry)
      for function in absent { report(reader.title, "has no `\(function)`") }
      guard let read, absent.isEmpty else { continue }
      if let refusal = refusal(entry, read.schema) {
        report(reader.title, refusal)
      } else {
        components.append(define(entry, read))
      }
    }
  }

  private mutating func text(_ pointer: UnsafePointer<CChar>?, _ place: String) -> String? {
    guard let pointer else {
      report(place, "has no schema")
      return nil
    }
    if let text = copiedText(pointer, limit: Self.longestSchema) { return text }
    report(place, "its schema is no UTF-8 or longer than \(Self.longestSchema) bytes")
    return nil
  }

  /// Reports components that two entries define.
  mutating func reportRepeats() {
    var seen: [Family: Set<String>] = [:]
    for component in components {
      let schema = component.schema
      if !seen[component.family, default: []].insert("\(schema.name) \(schema.version)").inserted {
        report(
          "\(component.family.rawValue) \"\(schema.name)\"", "version \(schema.version) is offered twice")
      }
    }
  }
}

/// The names of those functions that are not there.
func absent(_ functions: (String, isMissing: Bool)...) -> [String] {
  functions.filter(\.isMissing).map(\.0)
}
