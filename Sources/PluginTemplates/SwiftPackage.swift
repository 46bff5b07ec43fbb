/// A new plugin in Swift: a package that links its own runtime, and what builds it.
struct SwiftPackage {
  let name: String
  /// The folder of the package `nngraph`.
  let kit: String

  // A module of its own name, whatever the plugin is called: `LayerKit` and `Swift` are taken.
  private var module: String { PluginTemplate.typeName(name) + "Plugin" }
  private var layer: String { PluginTemplate.typeName(operatorName) }
  private var operatorName: String { ExampleGraph.operatorName(name) }

  var files: [PluginTemplate.File] {
    [
      (path: "Package.swift", text: manifest, isExecutable: false),
      (path: "Sources/\(module)/\(module).swift", text: moduleSource, isExecutable: false),
      (path: "Sources/\(module)/\(layer).swift", text: layerSource, isExecutable: false),
      (
        path: "exported.map", text: "{\n  global: nngraph_plugin_v1;\n  local: *;\n};\n", isExecutable: false
      ),
      (path: "build", text: script, isExecutable: true),
      (path: "README.md", text: readme, isExecutable: false),
      (path: ".gitignore", text: ".build/\n*.so\n*.nngplugin.json\ntrained/\n", isExecutable: false),
    ] + ExampleGraph(name: name).files
  }

  /// `kit` as a Swift literal; characters that would end the literal or the line are written as escapes.
  private var kitLiteral: String {
    kit.unicodeScalars.map { scalar in
      switch scalar {
      case "\\", "\"": "\\\(scalar)"
      case _ where scalar.value < 0x20: "\\u{\(String(scalar.value, radix: 16))}"
      default: String(scalar)
      }
    }.joined()
  }

  private var manifest: String {
    #"""
    // swift-tools-version: 6.0
    import PackageDescription

    // One library that needs no Swift on the machine that loads it.
    let package = Package(
      name: "\#(name)",
      products: [.library(name: "\#(name)", type: .dynamic, targets: ["\#(module)"])],
      dependencies: [.package(name: "nngraph", path: "\#(kitLiteral)")],
      targets: [
        .target(
          name: "\#(module)",
          dependencies: [.product(name: "PluginKit", package: "nngraph")],
          linkerSettings: [
            .unsafeFlags([
              // The library's own runtime, seen by nobody else: one name is exported, all others are resolved
              // within. What is never reached is left out.
              "-static-stdlib", "-use-ld=lld",
              "-Xlinker", "--version-script=\(Context.packageDirectory)/exported.map",
              "-Xlinker", "-Bsymbolic",
              "-Xlinker", "--as-needed",
              "-Xlinker", "-s",
            ])
          ])
      ])

    """#
  }

  private var moduleSource: String {
    #"""
    import PluginKit

    /// What this plugin offers.
    struct \#(module): Module {
      static let name = "\#(name)"
      static let version = "0.1.0"
      static let summary = "A factor for each element of the last axis."

      /// Registers every component, a line each.
      func register(into registrar: inout Registrar) throws {
        registrar.layers(\#(layer).self)
      }
    }

    /// The one function that the library exports.
    @c(nngraph_plugin_v1)
    public func plugin() -> UnsafePointer<nngraph_plugin> { exported(\#(module)()) }

    """#
  }

  private var layerSource: String { SwiftSource(layer: layer, operatorName: operatorName).text }

  private var script: String {
    """
    #!/bin/sh
    # Builds lib\(name).so and \(name).nngplugin.json beside this script. `nngraph` must be on the path, or be
    # given as NNGRAPH=...
    set -eu
    cd "$(dirname "$0")"
    swift build -c release --product \(name)
    # The manifest holds the hash of one library, so that of the library before goes.
    rm -f \(name).nngplugin.json
    cp -f .build/release/lib\(name).so lib\(name).so
    chmod go-w lib\(name).so
    "${NNGRAPH:-nngraph}" plugin manifest lib\(name).so

    """
  }

  private var readme: String {
    """
    # \(name)

    A plugin of nngraph, in Swift. It begins with the operator `\(operatorName)`, which multiplies each
    element of the last axis by a factor of its own: `Sources/\(module)/\(layer).swift` is the operator, the
    file beside it the list of all that the plugin offers. `example` holds a graph that trains the operator:
    whoever changes the one changes the other.

    ```sh
    ./build
    nngraph plugin check \(name).nngplugin.json
    nngraph train example/\(name).json --plugin \(name).nngplugin.json --out trained
    nngraph inspect trained/graph.json --plugin \(name).nngplugin.json --weights
    ```

    `build` compiles `lib\(name).so` with its own Swift runtime inside, which takes a minute the first time,
    lets `nngraph` load it once, and so writes `\(name).nngplugin.json`, which says what is in it and names
    its hash. It needs Swift 6.3, its linker `lld` among it. These two files are the plugin. In
    a folder where plugins are looked for (`nngraph plugin list` names them) every graph that lists
    `"plugins": ["\(name)"]` finds it, without `--plugin`.

    `Package.swift` names the folder of the package nngraph, which the plugin is compiled against.
    `plugin check` compares the operator's gradients with differences in 64 bits, puts guards around every
    buffer, counts threads, and tries hostile shapes. It runs `examples`: let them cover every attribute.

    """
  }
}
