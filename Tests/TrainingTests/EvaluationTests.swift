import Compiler
import Diagnostics
import Foundation
import GraphFile
import LayerKit
import Runtime
import StandardModule
import Tensors
import Testing
import Training

/// Evaluations of more rows than one piece holds, and faults of single rows.
@Suite struct EvaluationTests {
  static let rows = 2500

  /// A trainer of a graph whose loss is summed or averaged; the class of one row may be wrong.
  func trainer(reduction: String, wrongRow: Int? = nil) throws -> Trainer {
    let graph = """
      {"format": "nngraph/1", "name": "rows",
       "inputs": {"x": {"shape": ["batch", 3]}, "t": {"shape": ["batch"], "type": "int32"},
                  "unread": {"shape": ["time", 2]}},
       "nodes": [
        {"name": "y", "op": "dense", "inputs": ["x"], "units": 3},
        {"name": "loss", "op": "loss", "inputs": ["y", "t"], "kind": "cross_entropy", "from_logits": true,
         "reduction": "\(reduction)"}],
       "outputs": ["y"],
       "training": {"loss": "loss", "data": {"file": "rows.csv", "inputs": {
        "x": {"columns": ["a", "b", "c"]}, "t": {"column": "t"}}}}}
      """
    var table = "a,b,c,t\n"
    for row in 0..<EvaluationTests.rows {
      table += "\(Double(row % 7) / 7),\(Double(row % 5)),1,\(row == wrongRow ? 7 : row % 3)\n"
    }
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
    try FileAccess.createFolder(folder)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileAccess.writeFile(FileAccess.join(folder, "rows.csv"), Array(table.utf8))
    var registry = Registry()
    try registry.register(StandardModule())
    let (network, faults) = Network.resolve(
      GraphDocument.read(Array(graph.utf8), file: "graph.json", folder: folder), registry: registry)
    guard let network else { throw Faults(faults) }
    let settings = try network.settingsForTraining()
    let dataset = try Dataset.load(network, try #require(settings.data), seed: 0)
    let parameters = try ParameterStore(network)
    parameters.initialize(seed: 1)
    return try Trainer(
      network, settings, dataset, parameters: parameters, rules: registry.rewrites.map(\.item),
      executor: ThreadPool(threadCount: 1))
  }

  @Test func aSumOverPiecesIsTheSum() throws {
    let all = Array(0..<EvaluationTests.rows)
    let mean = try #require(try trainer(reduction: "mean").evaluate(all).loss)
    let sum = try #require(try trainer(reduction: "sum").evaluate(all).loss)
    #expect(abs(sum / Double(EvaluationTests.rows) - mean) < 1e-5 * mean)
  }

  @Test func aWrongClassIsNamedByItsRowOfTheData() throws {
    let fault = #expect(throws: Faults.self) {
      try trainer(reduction: "mean", wrongRow: 2000).run()
    }
    let text = fault.map { "\($0)" } ?? ""
    #expect(text.contains("row 2001 of the data holds the target class 7"), "\(text)")
  }
}
