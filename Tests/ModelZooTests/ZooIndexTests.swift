import Diagnostics
import Foundation
import ModelZoo
import Tensors
import Testing

@Suite struct ZooIndexTests {
  private func reading(_ text: String) -> String {
    report { _ = try ZooIndex.read(Array(text.utf8), file: "index.json", folder: ".") }
  }

  private func index(_ model: String) -> String {
    "{\"schema\": \"nngraph.zoo.index/1\", \"models\": [\n\(model)\n]}"
  }

  private let plain =
    #"{"name": "a", "task": "t", "data": {"name": "d", "source": "s", "licence": "l"}, "licence": "l"}"#

  @Test func readsAModelThatWasNotRecorded() throws {
    let text = Array(index(plain).utf8)
    let entry = try ZooIndex.read(text, file: "index.json", folder: ".").entry(named: "a")
    #expect(entry.record == nil)
    #expect(entry.data == ZooData(name: "d", source: "s", licence: "l"))
  }

  @Test func namesEverythingThatIsWrong() {
    #expect(
      reading(
        index(#"{"name": "a b", "tusk": "t", "licence": "", "data": {"name": 1, "source": "s", "x": 2}}"#))
          == """
          index.json:2:1: error: models[0] "a b": the key "task" is missing
          index.json:2:10: error: models[0] "a b", name: "a b" is no model's name: a letter or digit, then \
          letters, digits, ".", "_" and "-"
          index.json:2:17: error: models[0] "a b": unknown key "tusk"; accepted: name, task, data, licence, \
          description, record; did you mean "task"?
          index.json:2:41: error: models[0] "a b", licence: expected a text that is not empty, found ""
          index.json:2:53: error: models[0] "a b", data: the key "licence" is missing
          index.json:2:62: error: models[0] "a b", data, name: expected a text that is not empty, found 1
          index.json:2:80: error: models[0] "a b", data: unknown key "x"; accepted: name, source, licence
          """)
    #expect(
      reading(index(plain + ",\n" + plain)) == """
        index.json:3:10: error: models[1] "a": an earlier model has the same name
        """)
    #expect(
      reading(#"{"schema": "nngraph.zoo.index/2", "models": []}"#) == """
        index.json:1:12: error: schema: "nngraph.zoo.index/2" is not "nngraph.zoo.index/1", which is read here
        """)
    #expect(reading("[]").hasSuffix("expected an object, found []"))
    #expect(reading("{").hasPrefix("index.json:1:2: error: "))
    #expect(
      reading(index(plain.replacingOccurrences(of: "\"t\"", with: "\"t\", \"task\": \"u\""))).contains("task")
    )
  }

  @Test func checksARecord() {
    let record = #"""
      "record": {"parameters": -1, "bytes": 1.5, "files": [{"role": "grph", "path": "", "bytes": 1, "sha256": "A"}],
      "figures": {"rows": "tests", "row_count": 1, "metrics": {"r2": "x"}, "seed": 0, "epochs": 1},
      "sample": {"tolerance": 0, "inputs": {"x": {"shape": [2], "values": [1]}},
      "outputs": {"y": {"shape": [1], "type": "int32", "values": [3000000000]},
      "z": {"shape": [0], "values": []}}}}
      """#
    let found = reading(index(String(plain.dropLast()) + ", " + record + "}"))
    for line in [
      "record, parameters: expected a whole number from 0, found -1",
      "record, bytes: expected a whole number from 0, found 1.5",
      "record, files[0], role: expected one of graph, parameters, data, external_data, found \"grph\"; did you mean \"graph\"?",
      "record, files[0], path: expected a text that is not empty, found \"\"",
      "record, files[0], sha256: expected 64 small hexadecimal digits, found \"A\"",
      "record, figures, rows: expected one of all, training, validation, test, found \"tests\"; did you mean",
      "record, figures, metrics, r2: expected a number, found \"x\"",
      "record, sample, inputs, x, values: expected 2 values for the shape [2], found 1",
      "record, sample, outputs, y, values: found a value that is no int32",
      "record, sample, outputs, z, shape: expected whole numbers from 1, found [0]",
    ] {
      #expect(found.contains("models[0] \"a\", " + line), "no \(line) in\n\(found)")
    }
    #expect(found.split(separator: "\n").count == 10)
  }

  @Test func theShippedIndexIsAsTheProgramWritesIt() throws {
    try withModels([]) { (folder: String) throws in
      let path = "/" + ZooIndex.fileName
      let shipped = try FileAccess.readFile(shippedFolder + path, limit: 1 << 20)
      #expect(try FileAccess.readFile(folder + path, limit: 1 << 20) == shipped)
    }
  }
}

// The environment belongs to the whole process, so these run one after another, and nothing else reads it.
@Suite(.serialized) struct LocateTests {
  private func with(_ folder: String, _ body: () throws -> Void) rethrows {
    setenv(ModelZoo.variable, folder, 1)
    defer { unsetenv(ModelZoo.variable) }
    try body()
  }

  @Test func findsAModelByName() throws {
    try with(shippedFolder) { () throws in
      #expect(try ModelZoo.locate("zoo:gate-xor") == shippedFolder + "/gate-xor.json")
      #expect(try ModelZoo.locate("gate-xor.json") == "gate-xor.json")
      #expect(try ModelZoo.locate("-") == "-")
      #expect(ModelZoo.searchedFolders().first == shippedFolder)
    }
  }

  @Test func namesTheNearestModelAndAll() throws {
    with(shippedFolder) {
      let found = report { _ = try ModelZoo.locate("zoo:digit-mlp") }
      #expect(found.hasPrefix("error: model \"digit-mlp\": no such model; there are: digits-mlp, "))
      #expect(found.hasSuffix("gate-xor-single; did you mean \"digits-mlp\"?"))
      #expect(throws: Fault.self) { try ModelZoo.locate("zoo:") }
      do {
        _ = try ModelZoo.locate("zoo:nothing-like-it")
      } catch let fault as Fault {
        #expect(fault.kind == .usage && fault.nearest == nil)
      } catch {
        Issue.record("\(error)")
      }
    }
  }

  @Test func refusesAFolderWithoutAnIndex() {
    with("/nowhere") {
      #expect(
        report { _ = try ModelZoo.locate("zoo:gate-xor") }
          == "/nowhere: error: NNGRAPH_MODELS: holds no index.json")
    }
  }

  @Test func looksForTheUsersOwnFolderFirst() throws {
    try withModels(["gate-and"]) { (folder: String) throws in
      let home = folder + "/home"
      try FileAccess.createFolder(home + "/nngraph")
      try FileManager.default.createSymbolicLink(
        atPath: home + "/nngraph/models", withDestinationPath: folder)
      setenv("XDG_DATA_HOME", home, 1)
      defer { unsetenv("XDG_DATA_HOME") }
      #expect(try ModelZoo.folder() == home + "/nngraph/models")
    }
  }
}
