import Foundation
import NNGraph
import Testing

@Suite struct ModelTests {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path

  func write(_ name: String, _ text: String) throws -> String {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let path = folder + "/" + name
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  static let graph = """
    {"format": "nngraph/1", "name": "xor",
     "inputs": {"bits": {"shape": ["batch", 2]}, "truth": {"shape": ["batch", 1]}},
     "nodes": [
      {"name": "hidden", "op": "dense", "inputs": ["bits"], "units": 8, "activation": "tanh"},
      {"name": "answer", "op": "dense", "inputs": ["hidden"], "units": 1, "activation": "sigmoid"},
      {"name": "loss", "op": "loss", "inputs": ["answer", "truth"], "kind": "binary_cross_entropy"}],
     "outputs": ["answer"],
     "training": {"loss": "loss", "optimizer": {"kind": "adam", "learning_rate": 0.05}, "epochs": 300,
      "data": {"file": "xor.csv", "inputs": {"bits": {"columns": ["a", "b"]}, "truth": {"column": "y"}}}}}
    """

  @Test func trainPredictSaveAndLoad() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    _ = try write("xor.csv", "a,b,y\n0,0,0\n0,1,1\n1,0,1\n1,1,0\n")
    let model = try Model.load(try write("xor.json", ModelTests.graph))
    var epochs = 0
    try model.train { event in
      if case .epoch = event { epochs += 1 }
      return .proceed
    }
    #expect(epochs == 300)
    let bits = Tensor(shape: [4, 2], [0, 0, 0, 1, 1, 0, 1, 1] as [Float])
    let answers = try #require(try model.predict(["bits": bits])["answer"])
    #expect(answers.doubles.map { $0.rounded() } == [0, 1, 1, 0])
    try model.save(to: folder + "/saved")
    let again = try Model.load(folder + "/saved/graph.json")
    #expect(try again.predict(["bits": bits])["answer"] == answers)
    let one = Tensor(shape: [1, 2], [1, 0] as [Float])
    #expect(try #require(try again.predict(["bits": one])["answer"]).shape == [1, 1])
  }

  @Test func wrongInputsAreNamed() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let model = try Model.load(try write("xor.json", ModelTests.graph))
    let fault = #expect(throws: Faults.self) {
      try model.predict(["bit": Tensor(shape: [1, 2], [1, 0] as [Float])])
    }
    let text = fault.map { "\($0)" } ?? ""
    #expect(text.contains("did you mean \"bits\""), "\(text)")
  }

  @Test func everyFaultOfAFileComesAtOnce() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let broken = ModelTests.graph
      .replacingOccurrences(of: "\"units\": 8", with: "\"units\": 0")
      .replacingOccurrences(of: "sigmoid", with: "sigmod")
    let fault = #expect(throws: Faults.self) { try Model.load(try write("xor.json", broken)) }
    #expect(fault?.all.count == 2)
  }
}
