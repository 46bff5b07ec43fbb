import CPluginABI
import Diagnostics
import LayerKit
import StandardModule
import Testing

@testable import PluginHost

@Suite struct TableReaderTests {
  private func lines(_ body: () throws -> Void) -> [String] {
    report(body).split(separator: "\n").map { String($0).replacing("libmade.so: error: ", with: "") }
  }

  @Test func aSoundTableGivesItsComponents() throws {
    let components = try PluggedWorld.plugin().components
    let names = components.map { "\($0.family.rawValue) \($0.schema.name)" }
    #expect(
      names == [
        "operator plugged_dense", "operator plugged_dropout", "operator every_other", "operator echo",
        "operator small_classes", "activation bent", "loss plugged_squares", "optimizer plugged_momentum",
        "schedule plugged_steps", "initializer plugged_ramp", "metric plugged_distance",
      ])
    #expect(
      components.map(\.hasGradient) == [true, false, true, false, false] + [Bool?](repeating: nil, count: 6))
    let dense = components[0]
    #expect(dense.examples.map(\.attributes) == [#""units":3"#, #""units":2,"bias":false"#])
    #expect(dense.examples[0].inputs[0]?.shape == [4, 5])
    #expect(dense.schema.formula == "y = x W^T + b" && dense.schema.parameters.count == 2)
  }

  @Test func everythingWrongIsReportedAtOnce() {
    let layers: [nngraph_layer?] = [
      nil, MadeTable.layer(nil),
      MadeTable.layer {
        $0.infer = nil
        $0.forward = nil
      },
      MadeTable.layer { $0.size = 8 }, MadeTable.layer("{"), MadeTable.layer(), MadeTable.layer(),
    ]
    #expect(
      lines { _ = try MadeTable.load(layers) } == [
        "operator 0: is a null pointer", "operator 1: has no schema",
        "operator \"made\": has no `infer`", "operator \"made\": has no `forward`",
        "operator 3: its struct gives its size as 8 bytes; accepted are 24 to 1048576; set "
          + "`.size = sizeof(nngraph_layer)`",
        "operator 4: the schema is not JSON: line 1, column 2, after `{`: expected a key in double quotes or "
          + "\"}\", "
          + "found the end of the text: the object that begins at 1:1 is not closed",
        "operator \"made\": version 1 is offered twice",
      ])
  }

  @Test func aRefusalInThePlaceOfASchemaIsTheWholeReport() {
    let entry = MadeTable.layer(#"{"refused": "the module is closed on \u001b[1m Mondays"}"#) {
      $0.infer = nil
      $0.forward = nil
    }
    #expect(lines { _ = try MadeTable.load([entry]) } == ["the module is closed on \\u{1b}[1m Mondays"])
    // A schema that happens to have such a key besides others is a schema.
    let schema = MadeTable.layer(#"{"name": "made", "summary": "s", "refused": "no"}"#)
    #expect(lines { _ = try MadeTable.load([schema]) }.first?.contains("refused: unknown key") == true)
  }

  @Test func countsAreChecked() {
    #expect(
      lines {
        _ = try MadeTable.load { table, _ in
          table.layer_count = -1
          table.loss_count = 10_001
          table.metric_count = 1
        }
      } == [
        "the table counts -1 of operator; accepted are 0 to 10000",
        "the table counts 10001 of loss; accepted are 0 to 10000",
        "the table counts 1 of metric, but points to none",
      ])
  }

  @Test func everyFamilyNeedsItsFunctions() {
    func one<Entry: BitwiseCopyable>(_ entry: Entry, _ memory: ForeignMemory) -> UnsafePointer<
      UnsafePointer<Entry>?
    > {
      UnsafePointer(memory.array([Optional(UnsafePointer(memory.one(entry)))]))
    }
    let schema = MadeTable.text(#"{"name": "made", "summary": "A summary."}"#)
    #expect(
      lines {
        _ = try MadeTable.load { table, memory in
          let layout = (
            nngraph_activation(), nngraph_loss(), nngraph_optimizer(), nngraph_schedule(),
            nngraph_initializer(),
            nngraph_metric()
          )
          var (activation, loss, optimizer, schedule, initializer, metric) = layout
          (activation.size, activation.schema) = (MemoryLayout<nngraph_activation>.size, schema)
          (loss.size, loss.schema) = (MemoryLayout<nngraph_loss>.size, schema)
          (optimizer.size, optimizer.schema) = (MemoryLayout<nngraph_optimizer>.size, schema)
          optimizer.update = { _, _, _ in }
          (schedule.size, schedule.schema) = (MemoryLayout<nngraph_schedule>.size, schema)
          (initializer.size, initializer.schema) = (MemoryLayout<nngraph_initializer>.size, schema)
          (metric.size, metric.schema) = (MemoryLayout<nngraph_metric>.size, schema)
          metric.add = { _, _, _ in }
          metric.value = { _, _, _ in 0 }
          (table.activation_count, table.activations) = (1, one(activation, memory))
          (table.loss_count, table.losses) = (1, one(loss, memory))
          (table.optimizer_count, table.optimizers) = (1, one(optimizer, memory))
          (table.schedule_count, table.schedules) = (1, one(schedule, memory))
          (table.initializer_count, table.initializers) = (1, one(initializer, memory))
          (table.metric_count, table.metrics) = (1, one(metric, memory))
        }
      } == [
        "activation \"made\": has no `apply`", "activation \"made\": has no `gradient`",
        "loss \"made\": has no `errors`", "loss \"made\": has no `gradients`",
        "optimizer \"made\": needs an attribute `learning_rate` of the kind number, required or with a "
          + "default",
        "schedule \"made\": has no `factor`", "initializer \"made\": has no `fill`",
        "metric \"made\": keeps 0 sums; accepted are 1 to 64",
      ])
  }

  @Test func aStructOfAnySizeIsReadSafely() throws {
    var words: [UInt] = [16, 5, 7, 9]
    struct Three: BitwiseCopyable { var size: UInt, a: UInt, b: UInt }
    func read() throws(Fault) -> Three {
      try readStruct(from: words, as: Three.self, minimum: 8, what: "it")
    }
    #expect(try read().a == 5)
    #expect(try read().b == 0)
    words[0] = 32
    #expect(try read().b == 7)
    words[0] = .max
    #expect(
      report { _ = try read() }
        == "error: it gives its size as \(UInt.max) bytes; accepted are 8 to 1048576; set `.size = "
        + "sizeof(Three)`")
  }

  @Test func defaultsThatNameComponentsAreChecked() throws {
    func schema(_ name: String, _ standard: String) -> nngraph_layer {
      MadeTable.layer(
        #"{"name": "\#(name)", "summary": "s", "attributes": [{"name": "start", "kind": "initializer", "#
          + #""summary": "s", "default": \#(standard)}]}"#)
    }
    var registry = Registry()
    try registry.register(StandardModule())
    let components = try MadeTable.load([
      schema("a", #""zeros""#), schema("b", #""zeroes""#),
      schema("c", #"{"kind": "normal", "deviation": 0.02}"#),
      schema("d", #"{"kind": "normal", "deviation": "wide"}"#),
      schema("e", #"{"kind": "normal", "width": 1}"#),
    ])
    let faults = defaultFaults(of: components, MadeTable.identity, in: registry).map { "\($0)" }
    func line(_ name: String, _ message: String) -> String {
      "libmade.so: error: operator \"\(name)\", attribute \"start\", default: \(message)"
    }
    #expect(
      faults == [
        line("b", "there is no initializer \"zeroes\"; did you mean \"zeros\"?"),
        line("d", "\"normal\", deviation: expected a number of at least 0"),
        line("e", "initializer \"normal\" has no attribute \"width\""),
      ])
  }
}
