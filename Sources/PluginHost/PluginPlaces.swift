import Diagnostics
import Glibc
import Tensors

/// The folders in which plugins are looked for, the first one first.
///
/// `NNGRAPH_PLUGIN_PATH`, then the user's data folder, then the system's. A privileged process looks in the
/// system's alone, since environment and home are in the hands of whoever started it.
public struct PluginPlaces: Sendable {
  /// The folders, each once.
  public let folders: [String]
  /// The folder for the user's own plugins; nil in a privileged process and for a user without a home.
  public let userFolder: String?
  /// What is not searched, and why: a line for each entry.
  public let skipped: [String]

  /// The folders that belong to the system.
  public static let systemFolders = ["/usr/local/lib/nngraph/plugins", "/usr/lib/nngraph/plugins"]
  /// The variable that names folders, with colons between them.
  public static let variable = "NNGRAPH_PLUGIN_PATH"

  /// The folders of a process with that environment; `home` is asked where the environment has none.
  public init(
    environment: (String) -> String?, isPrivileged: Bool = Self.isPrivileged,
    home: () -> String? = Self.homeOfUser
  ) {
    var folders: [String] = []
    var skipped: [String] = []
    let path = environment(Self.variable) ?? ""
    var userFolder: String?
    if isPrivileged {
      if !path.isEmpty { skipped.append("\(Self.variable) is ignored in a privileged process") }
    } else {
      if !path.isEmpty {
        for (index, entry) in path.split(separator: ":", omittingEmptySubsequences: false).enumerated() {
          if entry.utf8.first == UInt8(ascii: "/") {
            folders.append(String(entry))
          } else {
            let what = entry.isEmpty ? "is empty" : "\"\(String(entry).excerpt(400))\" is no absolute path"
            skipped.append("\(Self.variable): entry \(index + 1) \(what); it is not searched")
          }
        }
      }
      userFolder = Self.userFolder(environment, home, &skipped)
      if let userFolder { folders.append(userFolder) }
    }
    folders += Self.systemFolders
    var seen: Set<String> = []
    self.folders = folders.filter { seen.insert($0).inserted }
    self.userFolder = userFolder
    self.skipped = skipped
  }

  /// `$XDG_DATA_HOME/nngraph/plugins`, or `~/.local/share/nngraph/plugins`.
  private static func userFolder(
    _ environment: (String) -> String?, _ home: () -> String?, _ skipped: inout [String]
  ) -> String? {
    func isAbsolute(_ path: String) -> Bool { path.utf8.first == UInt8(ascii: "/") }
    if let data = environment("XDG_DATA_HOME"), !data.isEmpty {
      if isAbsolute(data) { return FileAccess.join(data, "nngraph/plugins") }
      skipped.append("XDG_DATA_HOME: \"\(data.excerpt(400))\" is no absolute path; it is not searched")
    }
    guard let home = [environment("HOME"), home()].compactMap({ $0 }).first(where: isAbsolute) else {
      return nil
    }
    return FileAccess.join(home, ".local/share/nngraph/plugins")
  }

  /// Whether the process has rights that the user who started it has not.
  public static var isPrivileged: Bool {
    if getuid() != geteuid() || getgid() != getegid() { return true }
    // Capabilities of the program's file show here alone. 23 is AT_SECURE of linux/auxvec.h.
    typealias Auxiliary = @convention(c) (UInt) -> UInt
    guard let symbol = dlsym(nil, "getauxval") else { return false }
    return unsafeBitCast(symbol, to: Auxiliary.self)(23) != 0
  }

  /// The home that the password database gives the user, or nil.
  public static func homeOfUser() -> String? {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 1 << 16) { room in
      var entry = passwd()
      var found: UnsafeMutablePointer<passwd>?
      guard let texts = room.baseAddress,
        getpwuid_r(getuid(), &entry, texts, room.count, &found) == 0, found != nil, let home = entry.pw_dir
      else { return nil }
      return String(cString: home)
    }
  }
}
