import Foundation
import NNGraph
import Testing

/// The example of the README, line for line; only the places of its files are given from outside.
private func example(graph: String, folder: String) throws {
  let model = try Model.load(graph)
  try model.train { event in
    if case .epoch(let report) = event, report.epoch % 100 == 0 { print(report.epoch, report.loss) }
    return .proceed
  }
  let bits = Tensor(shape: [4, 2], [0, 0, 0, 1, 1, 0, 1, 1] as [Float])
  let answers = try model.predict(["bits": bits])
  print(answers["answer"]?.elements ?? "no answer")
  try model.save(to: folder)
}

/// The Swift of the pages, compiled and run.
@Suite struct LibraryTests {
  @Test func theREADMEsTenLinesTrainAndSave() throws {
    let page = try Document(path: "README.md")
    let workshop = try Workshop()
    for (language, name) in [("json", "xor.json"), ("csv", "xor.csv")] {
      try workshop.write(try #require(page.block(language, name)).text, to: name)
    }
    try example(graph: workshop.path("xor.json"), folder: workshop.path("trained"))
    let trained = try Model.load(workshop.path("trained/graph.json"))
    let answers = try trained.predict(["bits": Tensor(shape: [2, 2], [0, 1, 1, 1] as [Float])])
    guard case .float32(let numbers) = answers["answer"]?.elements else {
      Issue.record("no answer in \(answers)")
      return
    }
    #expect(numbers[0] > 0.9 && numbers[1] < 0.1, "\(numbers)")
  }

  @Test func theREADMEShowsTheseLines() throws {
    let block = try #require(Document(path: "README.md").blocks.first { $0.language == "swift" })
    let source = try String(contentsOfFile: #filePath, encoding: .utf8)
    let shown = block.text.replacing("import NNGraph\n\n", with: "").replacing("\"xor.json\"", with: "graph")
      .replacing("\"trained\"", with: "folder")
    let body = shown.split(separator: "\n").map { "  \($0)\n" }.joined()
    #expect(source.contains("func example(graph: String, folder: String) throws {\n\(body)}\n"), "\(body)")
  }

  /// The operator, its module and its test are compiled and run here as the page shows them.
  @Test(arguments: [
    ("Sources/Powers/Cube.swift", "Cube.swift"),
    ("Sources/Powers/PowersModule.swift", "PowersModule.swift"),
    ("Tests/PowersTests/PowersTests.swift", "PowersTests.swift"),
  ]) func thePackageOfTheArchitecturePageIsThisOne(_ shown: String, _ own: String) throws {
    let page = try Document(path: "Documentation/Architecture.md")
    let source = try String(
      contentsOfFile: Package.root + "Tests/DocumentationTests/\(own)", encoding: .utf8)
    // Here the module stands in the target of its test.
    #expect(page.block("swift", shown)?.text.replacing("import Powers\n", with: "") == source)
  }

  /// What the manifest of the page takes from this package, this package offers.
  @Test func theManifestOfTheArchitecturePageNamesOurProducts() throws {
    let page = try Document(path: "Documentation/Architecture.md")
    let shown = try #require(page.block("swift", "Package.swift")).text
    let ours = try String(contentsOfFile: Package.root + "Package.swift", encoding: .utf8)
    let names = shown.matches(of: #/\.product\(name: "(\w+)", package: "nngraph"\)/#).map { String($0.1) }
    #expect(names == ["LayerKit", "NNGraph", "NNGraphTestKit"])
    for name in names { #expect(ours.contains(".library(name: \"\(name)\""), "no product \(name)") }
  }

  /// An operator from outside, registered by one line: named in messages, and run by a graph.
  @Test func anOperatorFromOutsideNeedsNoFileOfOurs() throws {
    var registry = try LinkedModules.registry()
    try registry.register(PowersModule())
    let graph = """
      {"format": "nngraph/1", "name": "volume", "inputs": {"edge": {"shape": ["batch"]}},
       "nodes": [{"name": "cubed", "op": "cube", "inputs": ["edge"]}],
       "outputs": ["cubed"], "plugins": ["powers"]}
      """
    let workshop = try Workshop()
    try workshop.write(graph, to: "volume.json")
    let model = try Model.load(workshop.path("volume.json"), registry: registry)
    let answers = try model.predict(["edge": Tensor(shape: [2], [2, 3] as [Float])])
    #expect(answers["cubed"]?.elements == .float32([8, 27]))

    try workshop.write(
      graph.replacing("\"inputs\": [\"edge\"]", with: "\"inputs\": [\"edge\"], \"faktor\": 2"), to: "bad.json"
    )
    do {
      _ = try Model.load(workshop.path("bad.json"), registry: registry)
      Issue.record("an unknown attribute was accepted")
    } catch let faults as Faults {
      #expect("\(faults)".contains("did you mean \"factor\"?"), "\(faults)")
    }
  }
}
