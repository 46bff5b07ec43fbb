import Diagnostics
import Foundation
import LayerKit
import ModelZoo
import Runtime
import Tensors
import Testing

@Suite struct VerifyTests {
  private func failures(_ folder: String, _ name: String = "gate-and") throws -> [String] {
    let entry = try ZooIndex.read(folder).entry(named: name)
    let found = ModelZoo.verify(
      entry, in: folder, registry: try coreRegistry(), executor: ThreadPool(threadCount: 1))
    return found.checks.filter { !$0.passed }.map { "\($0.kind.rawValue) \($0.subject)" }
  }

  private func edit(_ path: String, _ old: String, _ new: String) throws {
    let text = try String(contentsOfFile: path, encoding: .utf8)
    #expect(text.contains(old))
    try text.replacingOccurrences(of: old, with: new).write(toFile: path, atomically: true, encoding: .utf8)
  }

  @Test func findsAPlantedChange() throws {
    try withModels(["gate-and"]) { (folder: String) throws in
      #expect(try failures(folder) == [])
      try flipByte(of: folder + "/gate-and.safetensors", at: -1)
      #expect(try failures(folder) == ["file gate-and.safetensors", "parameters gate-and.safetensors"])
      try flipByte(of: folder + "/gate-and.safetensors", at: -1)
      try flipByte(of: folder + "/data/and.csv", at: 6)
      #expect(try failures(folder) == ["file data/and.csv"])
      try flipByte(of: folder + "/data/and.csv", at: 6)
      try edit(folder + "/gate-and.json", "sigmoid", "tanh")
      #expect(try failures(folder) == ["file gate-and.json", "sample gate"])
      try edit(folder + "/gate-and.json", "tanh", "tangent")
      #expect(try failures(folder) == ["file gate-and.json", "graph gate-and.json"])
      try FileManager.default.removeItem(atPath: folder + "/gate-and.json")
      #expect(try failures(folder) == ["file gate-and.json", "graph gate-and.json"])
    }
  }

  @Test func findsAnIndexThatSaysSomethingElse() throws {
    try withModels(["gate-and"]) { (folder: String) throws in
      var index = try ZooIndex.read(folder)
      let output = try #require(index.entries[0].record?.sample.outputs.first)
      var values = output.tensor.doubles.map { Float($0) }
      values[2] += 0.01
      index.entries[0].record?.sample.outputs[0].tensor = Tensor(shape: output.tensor.shape, values)
      try index.write()
      #expect(try failures(folder) == ["sample gate"])
      index.entries[0].record?.sample.inputs[0].name = "bit"
      try index.write()
      #expect(try failures(folder) == ["sample gate-and.json"])
      index.entries[0].record?.files[0].path = "../gate-and.json"
      index.entries[0].record?.sample.outputs = []
      try index.write()
      #expect(try failures(folder) == ["file ../gate-and.json", "sample gate-and.json"])
      index.entries[0].record = nil
      try index.write()
      #expect(try failures(folder) == ["file gate-and"])
    }
  }

  @Test func recordsTheSameBytesAgain() throws {
    let names = ["gate-xor", "iris-mlp"]
    try withModels(names) { (folder: String) throws in
      func bytes() throws -> [[UInt8]] {
        try ["index.json", "gate-xor.json", "gate-xor.safetensors", "iris-mlp.json", "iris-mlp.safetensors"]
          .map { try FileAccess.readFile(folder + "/" + $0, limit: 1 << 20) }
      }
      let registry = try coreRegistry()
      try ModelZoo.record(in: folder, registry: registry, executor: ThreadPool(threadCount: 1))
      let first = try bytes()
      // Nothing may come from the parameters that are there.
      try flipByte(of: folder + "/gate-xor.safetensors", at: -1)
      let recorded = try ModelZoo.record(
        names, in: folder, registry: registry, executor: ThreadPool(threadCount: 2))
      #expect(recorded.map(\.name) == ["iris-mlp", "gate-xor"])
      #expect(try bytes() == first)
      for name in names { #expect(try failures(folder, name) == []) }
    }
  }

  @Test func recordsAModelThatIsNew() throws {
    try withModels(["gate-or"]) { (folder: String) throws in
      var index = try ZooIndex.read(folder)
      index.entries[0].record = nil
      index.entries[0].description = ""
      try index.write()
      try FileManager.default.removeItem(atPath: folder + "/gate-or.safetensors")
      try ModelZoo.record(
        ["gate-or"], in: folder, registry: try coreRegistry(), executor: ThreadPool(threadCount: 1))
      let entry = try ZooIndex.read(folder).entries[0]
      #expect(entry.record?.figures.metrics.first?.value == 1)
      #expect(entry.description.hasPrefix("A single neuron"))
      #expect(try failures(folder, "gate-or") == [])
    }
  }

  @Test func refusesWhatItCannotRecord() throws {
    try withModels(["gate-or"]) { (folder: String) throws in
      let registry = try coreRegistry()
      let pool = ThreadPool(threadCount: 1)
      #expect(
        report { try ModelZoo.record(["gate-xr"], in: folder, registry: registry, executor: pool) }
          == "error: model \"gate-xr\": no such model; there are: gate-or; did you mean \"gate-or\"?")
      try edit(folder + "/gate-or.json", "\"name\": \"gate-or\"", "\"name\": \"gate-nor\"")
      #expect(
        report { try ModelZoo.record(in: folder, registry: registry, executor: pool) }
          .contains("name: \"gate-nor\" is not the name of the file and of the index, \"gate-or\""))
    }
  }

  @Test func copiesAModelWhole() throws {
    try withModels(["gate-and"]) { (folder: String) throws in
      let entry = try ZooIndex.read(folder).entries[0]
      let target = folder + "/copy"
      #expect(
        try ModelZoo.copy(entry, from: folder, to: target)
          == ["gate-and.json", "gate-and.safetensors", "data/and.csv"].map { target + "/" + $0 })
      #expect(
        report { try ModelZoo.copy(entry, from: folder, to: target) }.contains("--force writes over it"))
      try ModelZoo.copy(entry, from: folder, to: target, force: true)
      try flipByte(of: folder + "/gate-and.json", at: 30)
      #expect(
        report { try ModelZoo.copy(entry, from: folder, to: folder + "/other") }
          .hasPrefix("gate-and.json: error: the file's hash is "))
      #expect(!FileAccess.fileExists(folder + "/other"))
    }
  }
}
