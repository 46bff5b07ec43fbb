import Diagnostics
import Glibc
import Runtime
import Tensors

/// Finds models by name, checks that they are what their index says, and records them anew.
public enum ModelZoo {
  /// What a reference to a model begins with: `zoo:digits-mlp`.
  public static let referencePrefix = "zoo:"
  /// The environment variable that names the folder of models.
  public static let variable = "NNGRAPH_MODELS"

  // How many folders above the executable are looked at: a build folder lies that deep in a checkout.
  private static let levelsAboveExecutable = 5

  /// The path of the graph file that a reference means: for `zoo:NAME` the one of that model, for everything
  /// else the reference itself.
  ///
  /// Throws a fault of kind `.usage` that names the nearest model and lists all where there is no such model,
  /// and those of ``folder()`` and `ZooIndex.read`.
  public static func locate(_ reference: String) throws -> String {
    guard reference.utf8.starts(with: referencePrefix.utf8) else { return reference }
    let name = String(reference.dropFirst(referencePrefix.count))
    let index = try ZooIndex.read(folder())
    return index.graphPath(try index.entry(named: name))
  }

  /// The folder of models: the first of ``searchedFolders()`` that holds an index.
  ///
  /// Throws a fault of kind `.io` where none does, or where the one that the environment names does not.
  public static func folder() throws -> String {
    let searched = searchedFolders()
    if let named = environment(variable), !holdsIndex(named) {
      throw Fault(.io, file: named, place: variable, "holds no \(ZooIndex.fileName)")
    }
    if let found = searched.first(where: holdsIndex) { return found }
    throw Fault(
      .io, place: "models",
      "no folder with an \(ZooIndex.fileName); looked in \(searched.joined(separator: ", ")); "
        + "\(variable) names another")
  }

  /// The folders where models are looked for, in order: the one of the environment, the user's own, one beside
  /// or above the executable, those of the system.
  public static func searchedFolders() -> [String] {
    var folders: [String] = []
    if let named = environment(variable) { folders.append(named) }
    if let data = environment("XDG_DATA_HOME") {
      folders.append(FileAccess.join(data, "nngraph/models"))
    } else if let home = environment("HOME") {
      folders.append(FileAccess.join(home, ".local/share/nngraph/models"))
    }
    if let executable = Machine.executablePath {
      var above = FileAccess.folder(of: executable)
      for _ in 0..<levelsAboveExecutable {
        folders.append(FileAccess.join(above, "models"))
        if above == "/" || above == "." { break }
        above = FileAccess.folder(of: above)
      }
    }
    return folders + ["/usr/local/share/nngraph/models", "/usr/share/nngraph/models"]
  }

  private static func holdsIndex(_ folder: String) -> Bool {
    FileAccess.fileExists(FileAccess.join(folder, ZooIndex.fileName))
  }

  /// A variable of the environment; nil also where it is empty.
  private static func environment(_ name: String) -> String? {
    guard let text = getenv(name) else { return nil }
    let value = String(cString: text)
    return value.isEmpty ? nil : value
  }

}
