import CPluginABI
import Diagnostics
import Kernels
import LayerKit
import Runtime
import StateSpace
import Tensors
import Testing

@testable import NNGraphTestKit
@testable import PluginHost
@testable import PluginKit

/// What a component refuses is refused in its own words, at the same place.
@Suite struct FaultTests {
  private static let faulty = [
    ("dense", Example("\"units\": 3", .integers([2, 3], below: 4))),
    ("softmax", Example("\"axis\": 7", .floats([2, 3]))),
    ("concatenate", Example("\"axis\": 1", .floats([2, 3]), .floats([3, 3]))),
    ("matmul", Example("", .floats([2, 3]), .floats([2, 3]))),
    ("embedding", Example("\"count\": 4, \"width\": 2", .floats([2]))),
  ]

  @Test func `shapes and attributes that do not fit`() throws {
    let registries = try CrossedRegistries()
    var (linked, crossed) = (registries.linked, registries.crossed)
    try linked.register(CheckModule())
    try crossed.register(CheckModule())
    for (op, example) in FaultTests.faulty {
      let use = CheckedUse(component: "operator", op: op, number: 0, example: example)
      let ours = try #require(faults { _ = try ExampleGraph(use, linked) }.first, "\(op)")
      let theirs = try #require(faults { _ = try ExampleGraph(use, crossed) }.first, "\(op)")
      #expect(theirs.message.contains(ours.message), "\(theirs.message)")
      #expect(theirs.place == ours.place)
    }
  }

  @Test func `an element that cannot be used`() throws {
    let registries = try CrossedRegistries()
    var messages: [String] = []
    for var registry in [registries.linked, registries.crossed] {
      try registry.register(CheckModule())
      let use = try #require(registry.uses(.named(operators: ["embedding"])).first)
      let network = try ExampleGraph(use, registry).network()
      var inputs = try use.inputs()
      let shape = try #require(inputs["x0"]).shape
      inputs["x0"] = Tensor(shape: shape, [Int32](repeating: 99, count: shape.reduce(1, *)))
      let run = try ExampleRun(
        network, registry, mode: .inference, inputs: inputs, executor: ThreadPool(threadCount: 1))
      messages.append(faults { _ = try run.results() }.first?.message ?? "")
    }
    #expect(messages[0].contains("99") && messages[1].hasPrefix(messages[0]), "\(messages)")
  }

  private func faults(_ body: () throws -> Void) -> [Fault] {
    do {
      try body()
      return []
    } catch {
      return (error as? Faults)?.all ?? (error as? Fault).map { [$0] } ?? []
    }
  }

  @Test func `a module has one table`() throws {
    let first = exported(StateSpaceModule())
    #expect(first == exported(StateSpaceModule()))
    #expect(String(cString: try #require(first.pointee.name)) == "state_space")
    #expect(first.pointee.layer_count == 1 && first.pointee.loss_count == 0)
  }

  @Test func `a module that cannot register says why in place of a schema`() throws {
    let tables = PluginTables("twice", version: "1.0.0", summary: "") {
      $0.layers(OwnActivation.self, OwnActivation.self)
    }
    let identity = PluginIdentity(name: "twice", version: "1.0.0", file: "libtwice.so")
    let told = faults {
      _ = try TableReader.components(of: tables.plugin.pointee, identity, log: { _ in })
    }
    #expect(
      told.map(\.message) == [
        "the module cannot be registered: operator \"own_activation\" version 1 of module \"twice\" belongs "
          + "to "
          + "module \"twice\""
      ])
    #expect(told[0].place.isEmpty && told[0].kind == .plugin)
  }

  @Test func `what depends on attributes and cannot cross is refused where it is used`() throws {
    let own = try crossed(definition(OwnActivation.self))[0]
    let layer = try #require(try own.component(Attributes()) as? any Layer)
    var inference = Inference(inputs: [ValueType(.float32, [2])])
    #expect(message { try layer.infer(&inference) }?.contains("cannot cross") == true)
    let open = try crossed(definition(OpenOrClosed.self))[0]
    for (isOpen, message) in [(true, "cannot cross"), (false, nil)] {
      let layer = try #require(
        try open.component(Attributes(["open": .boolean(isOpen)])) as? any Layer)
      var inference = Inference(inputs: [ValueType(.float32, [2])])
      let found = PluginKitTests.message { try layer.infer(&inference) }
      #expect(message == nil ? found == nil : found?.contains("cannot cross") == true)
    }
  }

  private func definition<Kind: Layer>(_: Kind.Type) -> ComponentDefinition {
    ComponentDefinition(.layer, Kind.schema, hasGradient: Kind.self is any DifferentiableLayer.Type) {
      try Kind($0)
    }
  }
}

/// A layer with an activation that no attribute names.
private struct OwnActivation: Layer {
  static let examples: [Example] = []
  static let schema = Schema("own_activation", "Has an activation of its own.")

  init(_ attributes: Attributes) {}

  var activation: (any Activation)? { HostActivation(attribute: "activation") }

  func infer(_ inference: inout Inference) throws { inference.output(try inference.float()) }

  func forward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) throws {}
}

/// A layer whose input has a gradient where an attribute says so.
private struct OpenOrClosed: DifferentiableLayer {
  static let examples: [Example] = []
  static let schema = Schema(
    "open_or_closed", "Lets gradients pass or not.",
    attributes: [.boolean("open", default: false, "Whether they pass.")])

  private let isOpen: Bool

  init(_ attributes: Attributes) { isOpen = attributes.boolean("open") }

  func hasGradient(input: Int) -> Bool { isOpen }

  func infer(_ inference: inout Inference) throws { inference.output(try inference.float()) }

  func forward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) throws {}

  func backward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) throws {}
}
