import Foundation
import Testing

/// Rules that every source file of the products keeps.
@Suite struct SourceRuleTests {
  @Test func nothingTraps() throws {
    for file in try Package.productSources() {
      let found = Walls.traps(try Package.text(file), file: file)
      #expect(found.isEmpty, "\(found.joined(separator: "\n"))")
    }
  }

  @Test func filesStayReadable() throws {
    // The contract with plugins is one header: whoever writes a plugin takes it along.
    let contract = "Sources/CPluginABI/include/nngraph_plugin.h"
    for file in try Package.productSources(endings: [".swift", ".c", ".h"]) where file != contract {
      let lines = try Package.text(file).split(separator: "\n", omittingEmptySubsequences: false).count - 1
      #expect(lines <= 400, "\(file) has \(lines) lines")
    }
  }

  /// An operator is named in its own file, and its type in its module's list: a file that names many would be a
  /// second list that has to follow.
  @Test func operatorsStandInNoSecondList() throws {
    let operators = try operatorFiles()
    #expect(operators.count > 60, "the operators were not found")
    let names = operators.map(\.name)
    for file in try Package.productSources() {
      let text = try Package.text(file)
      let found = Walls.quoted(names, in: text)
      // Some names are words of other kinds, too: "scale" and "split" are keys of `training.data`.
      #expect(found.count <= 6, "\(file) names the operators \(found.joined(separator: ", "))")
    }
  }

  @Test func eachOperatorIsRegisteredOnce() throws {
    let sources = try Package.productSources().map { ($0, SourceText(try Package.text($0)).typesAsValues) }
    for one in try operatorFiles() {
      let places = sources.filter { $0.1.contains(one.type) }.map(\.0)
      #expect(
        places.count == 1 && places[0].hasSuffix("Module.swift"),
        "\(one.type) is listed in \(places.joined(separator: ", "))")
    }
  }

  /// The operators by their files: a type that is a layer, and the name in its schema.
  private func operatorFiles() throws -> [(type: String, name: String)] {
    let layers = #/struct (\w+)(?:<[^>]*>)?: [^{]*Layer\b[^{]*\{/#
    let schema = #/schema = Schema\(\s*"([a-z0-9_]+)"/#
    let folders = ["Sources/StandardModule", "plugins/convolution/Sources", "plugins/state_space/Sources"]
    return try folders.flatMap { Package.files(in: $0) }.compactMap { file in
      let text = try Package.text(file)
      guard let type = text.firstMatch(of: layers)?.1, let name = text.firstMatch(of: schema)?.1 else {
        return nil
      }
      return (String(type), String(name))
    }
  }
}
