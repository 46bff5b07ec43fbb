import Foundation
import LayerKit
import PluginHost
import Tensors
import Testing

@testable import Inspection

/// What `plugin list` says of folders with plugins that can be used and others.
@Suite struct PluginListingTests {
  private func write(_ name: String, _ folder: String) throws -> PluginManifest {
    let manifest = PluginManifest(
      name: name, version: "1.0.0", summary: "A plugin.", host: .current,
      sha256: String(repeating: "0", count: 64), components: [PluginComponent(.layer, name)], folder: folder)
    try manifest.write()
    try FileAccess.writeFile(manifest.libraryFile, [0])
    chmod(manifest.libraryFile, 0o644)
    return manifest
  }

  @Test func whatCannotBeUsedIsNoRow() throws {
    let folder = NSTemporaryDirectory() + "plugin-listing-" + UUID().uuidString
    try FileAccess.createFolder(folder)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    _ = try write("sound", folder)
    #expect(chmod(try write("loose", folder).libraryFile, 0o666) == 0)
    try FileManager.default.removeItem(atPath: try write("bare", folder).file)
    let search = PluginSearch(
      PluginPlaces(
        environment: { $0 == PluginPlaces.variable ? folder : nil }, isPrivileged: false, home: { nil }))
    let listing = PluginListing(linked: Registry(), given: [], search: search)
    #expect(listing.rows.map(\.name) == ["sound"])
    let text = listing.text().replacing(folder, with: "FOLDER")
    #expect(
      text.contains(
        """
        refused  FOLDER/libloose.so: error: plugin "loose" 1.0.0: the file is refused as a plugin's library: \
        its group and everybody may write it; `chmod go-w` takes that away
        ignored  FOLDER/libbare.so: it has no manifest; `nngraph plugin manifest FOLDER/libbare.so` writes one

        looked for in
        """))
    #expect(listing.json["without_manifest"]?.elements?.compactMap(\.string) == [folder + "/libbare.so"])
    #expect(listing.json["refused"]?.elements?.count == 1)
  }
}
