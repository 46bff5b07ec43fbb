/// Which plugin something comes from, as faults name it.
public struct PluginIdentity: Hashable, Sendable {
  /// The name of the plugin.
  public let name: String
  /// Its version.
  public let version: String
  /// The file of its library.
  public let file: String

  /// An identity.
  public init(name: String, version: String, file: String) {
    self.name = name
    self.version = version
    self.file = file
  }
}
