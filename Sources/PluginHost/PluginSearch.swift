import Diagnostics
import Tensors

/// The plugins that stand in folders, by their manifests: no library is read or loaded.
public struct PluginSearch: Sendable {
  /// A folder that was looked at.
  public struct Place: Hashable, Sendable {
    /// Its path.
    public let folder: String
    /// Whether it is there; a folder that is not is no fault.
    public let exists: Bool
  }

  /// A plugin that another of its name stands before.
  public struct Hidden: Hashable, Sendable {
    /// The manifest that is not used.
    public let file: String
    /// The manifest that is found first.
    public let by: String

    /// One that is hidden, and what hides it.
    public init(file: String, by: String) {
      self.file = file
      self.by = by
    }
  }

  /// A plugin that no graph could use.
  public struct Refusal: Sendable {
    /// The name of the plugin, by the name of the file.
    public let name: String
    /// The manifest.
    public let file: String
    /// What it says; nil where it cannot be read.
    public let manifest: PluginManifest?
    /// Everything that is wrong with it or with its library.
    public let faults: Faults
  }

  /// The plugins that may be loaded, by name.
  public private(set) var found: [PluginManifest] = []
  /// The plugins that are hidden, in the order of the folders.
  public private(set) var hidden: [Hidden] = []
  /// The plugins that are refused, in the order of the folders: manifests that cannot be read, versions that
  /// do not fit, libraries that are absent or that others may write. A refused one hides what comes after it,
  /// too: another version of a plugin never takes the place of a broken one unseen.
  public private(set) var refused: [Refusal] = []
  /// Files named like libraries without a manifest beside them; nothing loads those.
  public private(set) var withoutManifest: [String] = []
  /// Folders that are there and cannot be listed.
  public private(set) var faults: [Fault] = []
  /// Every folder, in the order in which they are looked at.
  public private(set) var places: [Place] = []
  /// What is not searched, and why.
  public let skipped: [String]
  private let userFolder: String?

  /// Looks into the folders, and at the files of each in the order of their names.
  public init(_ places: PluginPlaces) {
    skipped = places.skipped
    userFolder = places.userFolder
    var first: [String: String] = [:]
    for folder in places.folders {
      let exists = FileAccess.isFolder(folder)
      self.places.append(Place(folder: folder, exists: exists))
      guard exists else { continue }
      do {
        let files = try FileAccess.listFolder(folder)
        noteBareLibraries(Set(files), folder)
        for file in files {
          guard let name = PluginManifest.name(ofManifest: file) else { continue }
          let path = FileAccess.join(folder, file)
          if let by = first[name] {
            hidden.append(Hidden(file: path, by: by))
          } else {
            first[name] = path
            read(path, name: name)
          }
        }
      } catch {
        faults += (error as? Fault).map { [$0] } ?? []
      }
    }
    found.sort { $0.name < $1.name }
  }

  private mutating func read(_ path: String, name: String) {
    var manifest: PluginManifest?
    do {
      let read = try PluginManifest.read(path)
      manifest = read
      try read.checkInstallation()
      found.append(read)
    } catch {
      let faults = allFaults(of: error, file: path)
      refused.append(Refusal(name: name, file: path, manifest: manifest, faults: faults))
    }
  }

  private mutating func noteBareLibraries(_ files: Set<String>, _ folder: String) {
    for file in files.sorted() where file.hasPrefix("lib") && file.hasSuffix(".so") {
      let isKnown = PluginManifest.name(ofLibrary: file).map { files.contains($0 + PluginManifest.ending) }
      if isKnown != true { withoutManifest.append(FileAccess.join(folder, file)) }
    }
  }

  /// The manifests that could be read, of refused plugins too, by name.
  var manifests: [PluginManifest] {
    (found + refused.compactMap(\.manifest)).sorted { $0.name < $1.name }
  }

  /// The plugins whose manifests promise a component of that name, in any family; refused ones too.
  public func owners(of name: String) -> [String] {
    manifests.filter { $0.components.contains { $0.name == name } }.map(\.name)
  }

  /// The plugin of a name that may be loaded, or nil.
  public subscript(name: String) -> PluginManifest? { found.first { $0.name == name } }

  /// Where a plugin was looked for, and how to get it.
  public func advice(for name: String) -> String {
    let looked = places.map { $0.folder.quotedForTerminal + ($0.exists ? "" : " (does not exist)") }
    let start = "plugins were looked for in \(looked.joined(separator: ", ")); "
    if let library = withoutManifest.first(where: { FileAccess.lastName(of: $0) == "lib\(name).so" }) {
      return start
        + "\(library.quotedForTerminal) has no manifest beside it; \(PluginManifest.remedy(for: library))"
    }
    let target = userFolder ?? PluginPlaces.systemFolders[0]
    return start + "put lib\(name).so and "
      + "\(name)\(PluginManifest.ending) into \(target.quotedForTerminal), or give --plugin FILE"
  }
}

/// The faults of an error; one of the program's own for an error that is none.
func allFaults(of error: any Error, file: String) -> Faults {
  if let faults = error as? Faults { return faults }
  if let fault = error as? Fault { return Faults(fault) }
  return Faults(Fault(.program, file: file, "\(error)"))
}
