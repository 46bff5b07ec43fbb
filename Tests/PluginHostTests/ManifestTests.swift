import Diagnostics
import Foundation
import LayerKit
import Tensors
import Testing

@testable import PluginHost

private let hash = String(repeating: "0f", count: 32)

/// A manifest without fault; the tests put something wrong in the place of a line.
private let good = """
  {
    "format": "nngraph-plugin/1",
    "name": "gated",
    "version": "1.0.0",
    "summary": "Gates.",
    "interface": "1.0",
    "host": "1.0",
    "swift": "6.3",
    "sha256": "\(hash)",
    "registers": [
      { "kind": "operator", "name": "gated", "version": 2, "gradient": true },
      { "kind": "loss", "name": "gap", "version": 1 }
    ]
  }

  """

/// The report of a manifest with `text` instead of `part`, which stands in it once.
private func faults(_ part: String, _ text: String, file: String = "gated.nngplugin.json") -> String {
  let parts = good.components(separatedBy: part)
  guard parts.count == 2 else { return "\(part) stands there \(parts.count - 1) times" }
  return report { _ = try PluginManifest.read(Array(parts.joined(separator: text).utf8), path: "p/" + file) }
}

private let place = "p/gated.nngplugin.json"

@Suite struct ManifestTests {
  @Test func readsWhatItWrites() throws {
    let manifest = try PluginManifest.read(Array(good.utf8), path: "p/gated.nngplugin.json")
    #expect(manifest.text == good)
    #expect(manifest.identity == PluginIdentity(name: "gated", version: "1.0.0", file: "p/libgated.so"))
    #expect(manifest.file == "p/gated.nngplugin.json")
    #expect(manifest.interface == InterfaceVersion(major: 1, minor: 0))
    #expect(manifest.swift == "6.3")
    #expect(
      manifest.components == [
        PluginComponent(.layer, "gated", version: 2, hasGradient: true), PluginComponent(.loss, "gap"),
      ])
    #expect("\(manifest.components[1])" == "loss \"gap\" version 1")
  }

  @Test func swiftAndGradientMayBeAbsent() throws {
    let text = good.replacingOccurrences(of: "  \"swift\": \"6.3\",\n", with: "")
      .replacingOccurrences(of: ", \"gradient\": true", with: "")
    let manifest = try PluginManifest.read(Array(text.utf8), path: "gated.nngplugin.json")
    #expect(manifest.swift == nil)
    #expect(manifest.components[0].hasGradient == false)
    #expect(manifest.libraryFile == "libgated.so")
  }

  @Test(arguments: [
    (
      "\"format\": \"nngraph-plugin/1\"", "\"format\": \"nngraph-plugin/2\"",
      "2:13: error: format: \"nngraph-plugin/2\" is not \"nngraph-plugin/1\", which is read here"
    ),
    ("  \"format\": \"nngraph-plugin/1\",\n", "", "1:1: error: the key \"format\" is missing"),
    (
      "\"name\": \"gated\",\n", "\"name\": \"Gated\",\n",
      "3:11: error: name: expected a NAME of small letters, digits and \"_\" that begins with a letter, "
        + "found \"Gated\""
    ),
    (
      "\"name\": \"gated\",\n", "\"name\": \"core\",\n",
      "3:11: error: name: \"core\" is the name of the program's own module\n\(place):"
        + "3:11: error: name: the plugin \"core\" is described in core.nngplugin.json, not in "
        + "gated.nngplugin.json"
    ),
    (
      "\"version\": \"1.0.0\"", "\"version\": \"1.0\"",
      "4:14: error: version: expected three whole numbers, \"1.0.0\", found \"1.0\""
    ),
    (
      "\"version\": \"1.0.0\"", "\"version\": \"1.0.01\"",
      "4:14: error: version: expected three whole numbers, \"1.0.0\", found \"1.0.01\""
    ),
    (
      "\"version\": \"1.0.0\"", "\"version\": \"1.0.99999999999999999999\"",
      "4:14: error: version: expected three whole numbers, \"1.0.0\", found \"1.0.99999999999999999999\""
    ),
    ("\"Gates.\"", "\"\"", "5:14: error: summary: expected a text that is not empty, found \"\""),
    (
      "\"interface\": \"1.0\"", "\"interface\": 1.0",
      "6:16: error: interface: expected two whole numbers, \"1.0\", found 1.0"
    ),
    (
      "\"host\": \"1.0\"", "\"host\": \"1.1\"",
      "7:11: error: host: a plugin that was compiled with interface 1.0 cannot need 1.1"
    ),
    (
      "\"host\": \"1.0\"", "\"host\": \"0.9\"",
      "7:11: error: host: a plugin that was compiled with interface 1.0 cannot need 0.9"
    ),
    (
      "\"6.3\"", "\"6.3.1\"",
      "8:12: error: swift: expected the two numbers of a Swift, \"6.3\", found \"6.3.1\""
    ),
    (
      "\"swift\"", "\"swfit\"",
      "8:3: error: unknown key \"swfit\"; accepted: format, name, version, summary, interface, host, sha256, "
        + "registers, swift; did you mean \"swift\"?"
    ),
    ("\"\(hash)\"", "\"0F\"", "9:13: error: sha256: expected 64 small hexadecimal digits, found \"0F\""),
    (
      "\"kind\": \"loss\", \"name\": \"gap\", \"version\": 1",
      "\"kind\": \"lose\", \"name\": \"gap\", \"version\": 1",
      "12:15: error: registers[1] \"gap\", kind: expected one of operator, activation, loss, optimizer, "
        + "schedule, initializer, metric, found \"lose\"; did you mean \"loss\"?"
    ),
    (
      "\"gap\"", "\"g-p\"",
      "12:31: error: registers[1] \"g-p\", name: expected a NAME of small letters, digits and \"_\" that "
        + "begins with a letter, found \"g-p\""
    ),
    (
      "\"gap\", \"version\": 1", "\"gap\", \"version\": 0",
      "12:49: error: registers[1] \"gap\", version: expected a whole number from 1, found 0"
    ),
    (
      "\"gap\", \"version\": 1", "\"gap\", \"version\": 1, \"gradient\": false",
      "12:64: error: registers[1] \"gap\", gradient: is for operators alone, and this is a component of "
        + "kind loss"
    ),
    (
      "\"gradient\": true", "\"gradient\": \"yes\"",
      "11:70: error: registers[0] \"gated\", gradient: expected true or false, found \"yes\""
    ),
    (
      "\"kind\": \"loss\", \"name\": \"gap\", \"version\": 1",
      "\"kind\": \"operator\", \"name\": \"gated\", \"version\": 2",
      "12:5: error: registers[1] \"gated\": operator \"gated\" version 2 is listed twice"
    ),
    (
      "{ \"kind\": \"loss\", \"name\": \"gap\", \"version\": 1 }", "7",
      "12:5: error: registers[1]: expected an object, found 7"
    ),
    (
      "\"host\": \"1.0\",\n", "\"host\": \"1.0\" \"swift\"\n",
      "7:17: error: expected \",\" or \"}\", found a double quote"
    ),
  ])
  func eachFaultIsNamed(part: String, text: String, message: String) {
    #expect(faults(part, text) == "\(place):" + message)
  }

  @Test func everythingIsReportedAtOnce() {
    let text = good.replacingOccurrences(of: "\"Gates.\"", with: "7")
      .replacingOccurrences(of: "  \"host\": \"1.0\",\n", with: "")
      .replacingOccurrences(of: "\"version\": 1 }", with: "\"versoin\": 1 }")
    let found = report { _ = try PluginManifest.read(Array(text.utf8), path: place) }
    #expect(
      found == """
        \(place):1:1: error: the key "host" is missing
        \(place):5:14: error: summary: expected a text that is not empty, found 7
        \(place):11:5: error: registers[1] "gap": the key "version" is missing
        \(place):11:38: error: registers[1] "gap": unknown key "versoin"; accepted: kind, name, version, \
        gradient; did you mean "version"?
        """)
  }

  @Test func theFileHasTheNameOfThePlugin() {
    #expect(
      faults("Gates.", "Gates.", file: "other.nngplugin.json")
        == "p/other.nngplugin.json:3:11: error: name: the plugin \"gated\" is described in "
        + "gated.nngplugin.json, not in other.nngplugin.json")
  }

  @Test func everyFaultIsAPlugins() {
    #expect(faultKinds { _ = try PluginManifest.read(Array("{".utf8), path: place) } == [.plugin])
    #expect(faultKinds { _ = try PluginManifest.read(Array("[]".utf8), path: place) } == [.plugin])
    #expect(
      report { _ = try PluginManifest.read(Array("[]".utf8), path: place) }
        == "\(place):1:1: error: expected an object, found []")
    #expect(faultKinds { _ = try PluginManifest.read("/nowhere/gated.nngplugin.json") } == [.io])
  }

  @Test func damagedTextIsAFault() {
    let bytes = Array(good.utf8)
    for length in 0..<(bytes.count - 2) {
      #expect(faultKinds { _ = try PluginManifest.read(Array(bytes[..<length]), path: place) } == [.plugin])
    }
  }

  @Test func isWrittenForItsOwnerAlone() throws {
    try withFolder { folder in
      var manifest = try PluginManifest.read(Array(good.utf8), path: place)
      manifest.folder = folder
      try FileAccess.writeFile(manifest.file, [])
      #expect(chmod(manifest.file, 0o666) == 0)
      try manifest.write()
      #expect(try PluginManifest.read(manifest.file).text == good)
      manifest.folder = "/nowhere"
      #expect(faultKinds { try manifest.write() } == [.io])
    }
  }

  @Test func aPathNamesTheManifestOrTheLibrary() throws {
    #expect(try PluginManifest.manifestFile(of: "a/gated.nngplugin.json") == "a/gated.nngplugin.json")
    #expect(try PluginManifest.manifestFile(of: "a/libgated.so") == "a/gated.nngplugin.json")
    #expect(try PluginManifest.manifestFile(of: "libgated.so") == "gated.nngplugin.json")
    for path in ["gated.so", "libGated.so", "lib.so", ".nngplugin.json", "gated.json", "a/", ""] {
      #expect(
        report { _ = try PluginManifest.manifestFile(of: path) }
          == "\(path): error: \"\(FileAccess.lastName(of: path))\" is no plugin's name; NAME.nngplugin.json "
          + "or libNAME.so with a NAME of small "
          + "letters, digits and \"_\" that begins with a letter is accepted")
    }
  }
}
