import Testing

/// The checks themselves: each finds a fault that is planted.
@Suite struct WallSelfTests {
  private let room = ManifestTarget(
    kind: .library, name: "Kernels", path: "Sources/Kernels", dependencies: ["CKernels", "Tensors"])

  @Test func aPlantedImportIsFound() {
    let planted = "import Tensors\nimport Compiler\n"
    #expect(
      Walls.undeclaredImports(planted, file: "a.swift", of: room) == [
        "a.swift imports Compiler, which Package.swift does not list for Kernels"
      ])
  }

  @Test func everyFormOfImportIsSeen() {
    let forms = """
      import A
      @testable import B
      @_spi(Deep) public import C
      internal import struct D.Name
        import E.Part
      // import F
      /* import G */
      let text = "\\(value("x")) import H"
      #if os(Linux)
      import I
      #endif
      """
    #expect(SourceText(forms).imports == ["A", "B", "C", "D", "E", "I"])
  }

  @Test func foundationIsFoundInAProductAndAllowedInTests() {
    var tests = room
    tests.kind = .tests
    #expect(Walls.undeclaredImports("import Foundation", file: "a.swift", of: room).count == 1)
    #expect(Walls.undeclaredImports("import Foundation", file: "a.swift", of: tests).isEmpty)
  }

  @Test func aDependencyDownwardsIsFound() {
    let manifest = Manifest(
      """
      let package = Package(
        targets: [
          .target(name: "A", dependencies: ["B"]),
          // A comment with .target(name: "C")
          .target(
            name: "B", dependencies: [
              "A",
            ], path: "elsewhere/B"),
          .testTarget(name: "BTests", dependencies: ["B"]),
        ])
      """)
    #expect(manifest.targets.map(\.name) == ["A", "B", "BTests"])
    #expect(manifest["B"]?.path == "elsewhere/B")
    #expect(manifest["BTests"]?.path == "Tests/BTests")
    #expect(
      Walls.downwardDependencies(manifest) == ["A depends on B, which does not stand above it"])
  }

  @Test func trapsAreFoundInCodeAlone() {
    let planted = """
      let a = try! read()
      let b = c as! Int
      fatalError("no")
      // fatalError, try! and as! in a comment
      let text = "try! as! fatalError"
      if has! != nil {}
      """
    #expect(
      Walls.traps(planted, file: "a.swift") == ["a.swift:3: fatalError", "a.swift:1: try!", "a.swift:2: as!"])
  }

  @Test func aSecondListIsFound() {
    let list = #"switch name { case "dense": 1; case "softmax": 2; default: 0 }"#
    #expect(Walls.quoted(["dense", "softmax", "pad"], in: list) == ["dense", "softmax"])
  }
}
