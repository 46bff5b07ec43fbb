import CPluginABI
import Diagnostics
import LayerKit

/// What the one function of a plugin's library returned: a copy of its table, and who says so.
struct PluginTable {
  static let function = "nngraph_plugin_v1"

  let raw: nngraph_plugin
  let name: String
  let version: String
  let summary: String
  let interface: InterfaceVersion
  let host: InterfaceVersion

  /// Calls the function of a library and copies the table.
  ///
  /// Throws faults for a table that this program cannot read; nothing that the table points to is called
  /// before that.
  init(_ library: LoadedLibrary, _ identity: PluginIdentity) throws {
    guard let symbol = library.function(Self.function) else {
      throw identity.fault("its library is no plugin: it does not export the function \(Self.function)")
    }
    typealias Function = @convention(c) () -> UnsafeRawPointer?
    guard let pointer = unsafeBitCast(symbol, to: Function.self)() else {
      throw identity.fault("\(Self.function) returned no table")
    }
    try self.init(reading: pointer, identity)
  }

  /// Copies and checks the table at an address.
  init(reading pointer: UnsafeRawPointer, _ identity: PluginIdentity, host ours: InterfaceVersion = .current)
    throws
  {
    // Sizes differ from one major to the next, but not these first fields.
    let first = MemoryLayout<nngraph_plugin>.offset(of: \.name) ?? 0
    let head = try identity.naming { () throws(Fault) in
      try readStruct(from: pointer, as: nngraph_plugin.self, minimum: first, what: "its table")
    }
    interface = InterfaceVersion(major: head.major, minor: head.minor)
    host = InterfaceVersion(major: head.major, minor: head.needs_minor)
    if let refusal = incompatibility(interface: interface, needs: host, with: ours) {
      throw identity.fault(refusal)
    }
    guard head.pointer_size == UInt32(MemoryLayout<UnsafeRawPointer>.size) else {
      throw identity.fault(
        "its table is for pointers of \(head.pointer_size) bytes, and this program's have "
          + "\(MemoryLayout<UnsafeRawPointer>.size); compile the plugin for this machine")
    }
    let least = MemoryLayout<nngraph_plugin>.offset(of: \.layer_count) ?? 0
    raw = try identity.naming { () throws(Fault) in
      try readStruct(from: pointer, as: nngraph_plugin.self, minimum: least, what: "its table")
    }
    name = try Self.text(raw.name, "name", identity)
    version = try Self.text(raw.version, "version", identity)
    summary = raw.summary == nil ? "" : try Self.text(raw.summary, "summary", identity)
  }

  /// What the table says otherwise than the manifest.
  func faults(against manifest: PluginManifest) -> [Fault] {
    let pairs = [
      ("name", "\"\(name.excerpt())\"", "\"\(manifest.name)\""),
      ("version", "\"\(version.excerpt())\"", "\"\(manifest.version)\""),
      ("interface", "\(interface)", "\(manifest.interface)"),
      ("oldest interface that will do", "\(host)", "\(manifest.host)"),
    ]
    return pairs.filter { $0.1 != $0.2 }.map { what, found, promised in
      manifest.fault("its library gives the \(what) \(found), its manifest \(promised)")
    }
  }

  private static func text(
    _ pointer: UnsafePointer<CChar>?, _ what: String, _ identity: PluginIdentity
  ) throws(Fault) -> String {
    guard let pointer else { throw identity.fault("its table gives no \(what)") }
    guard let text = copiedText(pointer) else {
      throw identity.fault(
        "its table gives a \(what) that is no UTF-8 text of at most \(longestPluginText) bytes")
    }
    return text
  }
}

/// Why a program with the interface `ours` cannot load a plugin, and what to install; nil where it can.
func incompatibility(
  interface: InterfaceVersion, needs: InterfaceVersion, with ours: InterfaceVersion
) -> String? {
  if interface.major != ours.major {
    return
      "it was compiled for interface \(interface), and this program has interface \(ours); install a version "
      + "of the plugin for interface \(ours.major), or a version of nngraph with interface \(interface.major)"
  }
  if needs.minor > ours.minor {
    return "it needs interface \(needs) or newer (and was compiled for \(interface)), and this program has "
      + "interface \(ours); install a newer nngraph, or an older version of the plugin"
  }
  return nil
}
