import Diagnostics

/// Which plugin something comes from, as faults name it.
public struct PluginIdentity: Hashable, Sendable {
  /// The name of the plugin.
  public let name: String
  /// Its version; empty where it is not known yet.
  public let version: String
  /// The file of its library.
  public let file: String

  /// An identity.
  public init(name: String, version: String, file: String) {
    self.name = name
    self.version = version
    self.file = file
  }

  /// `plugin "gated" 1.0.0`, or `plugin "gated"` where the version is not known.
  var title: String { "plugin \"\(name)\"" + (version.isEmpty ? "" : " \(version.excerpt(40))") }

  /// A fault that names the plugin, its version and its file.
  func fault(_ message: String, _ kind: Fault.Kind = .plugin) -> Fault {
    Fault(kind, file: file, place: title, message)
  }

  /// What `body` returns; the faults that it throws name the plugin and its file.
  func naming<Value, Failure: Error>(_ body: () throws(Failure) -> Value) throws -> Value {
    do {
      return try body()
    } catch {
      if let fault = error as? Fault { throw named(fault) }
      if let faults = error as? Faults { throw Faults(faults.all.map(named)) }
      throw error
    }
  }

  private func named(_ fault: Fault) -> Fault {
    var fault = fault
    if fault.file == nil { fault.file = file }
    if !fault.place.hasPrefix(title) {
      fault.place = fault.place.isEmpty ? title : "\(title), \(fault.place)"
    }
    return fault
  }
}
