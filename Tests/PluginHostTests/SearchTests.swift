import Diagnostics
import Foundation
import LayerKit
import Tensors
import Testing

@testable import PluginHost

private let system = PluginPlaces.systemFolders

private func places(
  _ environment: [String: String], isPrivileged: Bool = false, home: String? = "/db"
) -> PluginPlaces {
  PluginPlaces(environment: { environment[$0] }, isPrivileged: isPrivileged, home: { home })
}

/// Writes a manifest, and something in the place of its library.
private func addPlugin(_ name: String, _ folder: String, version: String = "1.0.0") throws -> String {
  try FileAccess.createFolder(folder)
  let manifest = PluginManifest(
    name: name, version: version, summary: "A plugin.", host: .current,
    sha256: String(repeating: "0", count: 64),
    components: [PluginComponent(.layer, "all"), PluginComponent(.loss, name)], folder: folder)
  try manifest.write()
  try FileAccess.writeFile(manifest.libraryFile, [0])
  return manifest.file
}

@Suite struct PlaceTests {
  @Test func theOrderIsEnvironmentUserSystem() {
    let found = places(["NNGRAPH_PLUGIN_PATH": "/a:/b", "XDG_DATA_HOME": "/data", "HOME": "/home/x"])
    #expect(found.folders == ["/a", "/b", "/data/nngraph/plugins"] + system)
    #expect(found.userFolder == "/data/nngraph/plugins")
    #expect(found.skipped == [])
    #expect(system == ["/usr/local/lib/nngraph/plugins", "/usr/lib/nngraph/plugins"])
  }

  @Test func theHomeComesFromTheEnvironmentOrTheDatabase() {
    let rest = "/.local/share/nngraph/plugins"
    #expect(places(["HOME": "/home/x"]).folders == ["/home/x" + rest] + system)
    #expect(places([:]).folders == ["/db" + rest] + system)
    #expect(places(["HOME": "x", "XDG_DATA_HOME": ""]).userFolder == "/db" + rest)
    #expect(places(["HOME": "/"]).userFolder == rest)
    let homeless = places([:], home: nil)
    #expect(homeless.folders == system)
    #expect(homeless.userFolder == nil)
  }

  @Test func neverTheCurrentFolder() {
    let found = places(["NNGRAPH_PLUGIN_PATH": ":.:/a::plugins:/a:~/b", "XDG_DATA_HOME": "data"])
    #expect(found.folders == ["/a", "/db/.local/share/nngraph/plugins"] + system)
    #expect(
      found.skipped == [
        "NNGRAPH_PLUGIN_PATH: entry 1 is empty; it is not searched",
        "NNGRAPH_PLUGIN_PATH: entry 2 \".\" is no absolute path; it is not searched",
        "NNGRAPH_PLUGIN_PATH: entry 4 is empty; it is not searched",
        "NNGRAPH_PLUGIN_PATH: entry 5 \"plugins\" is no absolute path; it is not searched",
        "NNGRAPH_PLUGIN_PATH: entry 7 \"~/b\" is no absolute path; it is not searched",
        "XDG_DATA_HOME: \"data\" is no absolute path; it is not searched",
      ])
    #expect(places(["NNGRAPH_PLUGIN_PATH": ""]).skipped == [])
  }

  @Test func aPrivilegedProcessLooksInTheSystemAlone() {
    let found = places(["NNGRAPH_PLUGIN_PATH": "/a", "HOME": "/home/x"], isPrivileged: true)
    #expect(found.folders == system)
    #expect(found.userFolder == nil)
    #expect(found.skipped == ["NNGRAPH_PLUGIN_PATH is ignored in a privileged process"])
    #expect(places([:], isPrivileged: true).skipped == [])
  }

  @Test func knowsThisProcess() {
    #expect(!PluginPlaces.isPrivileged)
    #expect(PluginPlaces.homeOfUser()?.hasPrefix("/") == true)
  }
}

@Suite struct SearchTests {
  @Test func theFirstOfANameWins() throws {
    try withFolder { folder in
      let (a, b) = (folder + "/a", folder + "/b")
      let second = try addPlugin("two", a)
      let first = try addPlugin("one", a)
      let other = try addPlugin("two", b, version: "2.0.0")
      let third = try addPlugin("three", b)
      try FileAccess.writeFile(a + "/README", [1])
      let search = PluginSearch(places(["NNGRAPH_PLUGIN_PATH": "\(folder)/absent:\(a):\(b)"], home: nil))
      #expect(search.found.map(\.file) == [first, third, second])
      #expect(search.hidden == [.init(file: other, by: second)])
      #expect(search["two"]?.version == "1.0.0")
      #expect(search["absent"] == nil)
      #expect(search.refused.isEmpty && search.faults.isEmpty)
      #expect(search.places.map(\.folder) == ["\(folder)/absent", a, b] + system)
      #expect(search.places.map(\.exists).prefix(3) == [false, true, true])
    }
  }

  @Test func aRefusedManifestHidesWhatComesAfterIt() throws {
    try withFolder { folder in
      let (a, b) = (folder + "/a", folder + "/b")
      let loose = try addPlugin("loose", a)
      #expect(chmod(loose, 0o664) == 0)
      let broken = try addPlugin("broken", a)
      try FileAccess.writeFile(broken, Array("{}".utf8))
      let unused = try addPlugin("broken", b)
      try FileAccess.createFolder(a + "/folder.nngplugin.json")
      try FileAccess.writeFile(a + "/Bad.nngplugin.json", [])
      let search = PluginSearch(places(["NNGRAPH_PLUGIN_PATH": "\(a):\(b)"], home: nil))
      #expect(search.found.isEmpty)
      #expect(search.hidden == [.init(file: unused, by: broken)])
      #expect(search.refused.map(\.name) == ["broken", "folder", "loose"])
      let texts = search.refused.map { "\($0.faults)".replacing(folder, with: "FOLDER") }
      #expect(
        texts[0].hasPrefix("FOLDER/a/broken.nngplugin.json:1:1: error: the key \"format\" is missing\n"))
      #expect(
        texts[1]
          == "FOLDER/a/folder.nngplugin.json: error: the file is refused as a plugin's manifest: it is no "
          + "plain file"
      )
      #expect(
        texts[2]
          == "FOLDER/a/loose.nngplugin.json: error: the file is refused as a plugin's manifest: its group "
          + "may "
          + "write it; `chmod go-w` takes that away")
    }
  }

  @Test func whatNoGraphCouldUseIsRefused() throws {
    try withFolder { folder in
      let a = folder + "/a"
      for name in ["absent", "loose", "newer", "old", "sound"] { _ = try addPlugin(name, a) }
      try FileManager.default.removeItem(atPath: a + "/libabsent.so")
      #expect(chmod(a + "/libloose.so", 0o666) == 0)
      var newer = try PluginManifest.read(a + "/newer.nngplugin.json")
      (newer.interface, newer.host) = (.init(major: 1, minor: 9), .init(major: 1, minor: 9))
      try newer.write()
      try FileAccess.createFolder(a + "/libdir.so")
      try FileManager.default.removeItem(atPath: a + "/old.nngplugin.json")
      let search = PluginSearch(places(["NNGRAPH_PLUGIN_PATH": a], home: nil))
      #expect(search.found.map(\.name) == ["sound"])
      #expect(search.refused.map(\.name) == ["absent", "loose", "newer"])
      #expect(search.refused.allSatisfy { $0.manifest?.name == $0.name })
      let texts = search.refused.map { "\($0.faults)".replacing(folder, with: "FOLDER") }
      #expect(
        texts[0]
          == "FOLDER/a/libabsent.so: error: plugin \"absent\" 1.0.0: cannot be opened: No such file or "
          + "directory"
      )
      #expect(
        texts[1]
          == "FOLDER/a/libloose.so: error: plugin \"loose\" 1.0.0: the file is refused as a plugin's "
          + "library: its "
          + "group and everybody may write it; `chmod go-w` takes that away")
      #expect(
        texts[2].hasPrefix(
          "FOLDER/a/libnewer.so: error: plugin \"newer\" 1.0.0: it needs interface 1.9 or newer"))
      #expect(search.withoutManifest == [a + "/libdir.so", a + "/libold.so"])
      #expect(
        search.advice(for: "old").hasSuffix(
          "; \(a)/libold.so has no manifest beside it; `nngraph plugin manifest \(a)/libold.so` writes one"))
      // Who offers a component does not depend on whether it can be loaded.
      #expect(search.owners(of: "all") == ["absent", "loose", "newer", "sound"])
      #expect(search.owners(of: "loose") == ["loose"])
      #expect(search.owners(of: "old").isEmpty)
    }
  }

  @Test func adviceSaysWhereAndHow() throws {
    try withFolder { folder in
      let search = PluginSearch(places(["HOME": folder]))
      let user = folder + "/.local/share/nngraph/plugins"
      let looked = search.places.map { $0.folder + ($0.exists ? "" : " (does not exist)") }
      #expect(looked[0] == user + " (does not exist)")
      #expect(
        search.advice(for: "gated")
          == "plugins were looked for in \(looked.joined(separator: ", ")); put libgated.so and "
          + "gated.nngplugin.json into \(user), or give --plugin FILE")
      #expect(search.advice(for: "swish").contains("put libswish.so and swish.nngplugin.json into"))
      let homeless = PluginSearch(places([:], home: nil))
      #expect(
        homeless.advice(for: "swish").contains(
          "into /usr/local/lib/nngraph/plugins, or give --plugin FILE"))
    }
  }
}
