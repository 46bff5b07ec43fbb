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

  static let pictures = """
    {"format": "nngraph/1", "name": "pictures", "plugins": ["convolution"],
     "inputs": {"picture": {"shape": ["batch", 1, 8, 8]}, "size": {"shape": ["batch", 1]}},
     "nodes": [
      {"name": "first", "op": "conv2d", "inputs": ["picture"], "filters": 16, "kernel": 3, "padding": "same",
       "activation": "relu"},
      {"name": "second", "op": "conv2d", "inputs": ["first"], "filters": 16, "kernel": 3, "padding": "same"},
      {"name": "norm", "op": "batch_norm", "inputs": ["second"]},
      {"name": "mean", "op": "global_average_pool", "inputs": ["norm"]},
      {"name": "answer", "op": "dense", "inputs": ["mean"], "units": 1},
      {"name": "loss", "op": "loss", "inputs": ["answer", "size"], "kind": "mean_squared_error"}],
     "outputs": ["answer"],
     "training": {"loss": "loss", "epochs": 2, "batch_size": 4,
      "data": {"file": "pictures.csv", "inputs": {"picture": {"columns": "p*"}, "size": {"column": "size"}}}}}
    """

  private func picture(_ number: Int) -> [Float] { (0..<64).map { Float(($0 * 37 + number * 11) % 23) / 23 } }

  /// What is made of the parameters once must be made anew when they change.
  @Test func predictionsFollowTheParameters() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let header = (0..<64).map { "p\($0)" }.joined(separator: ",") + ",size\n"
    let rows = (0..<8).map { row in picture(row).map { "\($0)" }.joined(separator: ",") + ",\(row)\n" }
    _ = try write("pictures.csv", header + rows.joined())
    let model = try Model.load(try write("pictures.json", ModelTests.pictures))
    let input = Tensor(shape: [2, 1, 8, 8], picture(1) + picture(5))
    let before = try model.predict(["picture": input])["answer"]
    #expect(try model.predict(["picture": input])["answer"] == before)
    try model.train()
    let after = try model.predict(["picture": input])["answer"]
    #expect(after != before)
    try model.save(to: folder + "/saved")
    #expect(try Model.load(folder + "/saved/graph.json").predict(["picture": input])["answer"] == after)
  }

  @Test func severalThreadsPredictAtOnce() async throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let model = try Model.load(try write("pictures.json", ModelTests.pictures))
    let inputs = (0..<12).map { Tensor(shape: [1, 1, 8, 8], picture($0)) }
    let expected = try inputs.map { try model.predict(["picture": $0])["answer"] }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<4 {
        group.addTask {
          for _ in 0..<20 {
            for (input, answer) in zip(inputs, expected) {
              let found = try model.predict(["picture": input])["answer"]
              #expect(found == answer)
            }
          }
        }
      }
      try await group.waitForAll()
    }
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
