import Compiler
import Testing

@Suite struct RandomGraphTests {
  @Test(arguments: 0..<100) func shapesAreThoseOfTheRules(_ seed: Int) throws {
    let graph = RandomGraph(seed: seed)
    let network = try soundNetwork(graph.text)
    for (name, shape) in graph.shapes {
      #expect(try network.text(name) == "float32 [\(shape.map(\.description).joined(separator: ", "))]")
    }
  }

  @Test(arguments: 0..<25) func noBuffersThatLiveTogetherOverlap(_ seed: Int) throws {
    let network = try soundNetwork(RandomGraph(seed: seed).text)
    for rewrites in [RewriteSelection.all, .none] {
      try expectDisjoint(try network.plan(rewrites: rewrites))
      try expectDisjoint(try network.plan(trains: true, rewrites: rewrites))
    }
  }

  @Test(arguments: 0..<25) func memoryThatIsUsedAgainChangesNoValue(_ seed: Int) throws {
    let graph = RandomGraph(seed: seed)
    let network = try soundNetwork(graph.text)
    let packed = try network.run(try network.plan(trains: true))
    // A plan that keeps every value overwrites none.
    let all = Array(graph.shapes.keys)
    let kept = try network.run(try network.plan(trains: true, fetches: all, rewrites: .none))
    #expect(Set(packed.keys) == Set(kept.keys))
    for (name, values) in packed { #expect(agree(values, kept[name] ?? []), "\(name)") }
  }
}

/// Whether the numbers differ by no more than a change of the order of sums does.
func agree(_ a: [Double], _ b: [Double]) -> Bool {
  let scale = 1 + (a.map(\.magnitude).max() ?? 0)
  return a.count == b.count && zip(a, b).allSatisfy { ($0 - $1).magnitude <= 1e-5 * scale }
}

/// A graph of two dozen nodes drawn from a seed, with the shapes that its values have by the rules.
struct RandomGraph {
  private(set) var shapes: [String: [Int]] = [:]
  private(set) var text = ""
  /// The same graph as a block that is computed again for backward, with the loss as its second output.
  private(set) var blockText = ""
  private var state: UInt64
  private var nodes: [String] = []

  init(seed: Int) {
    state = UInt64(seed) &* 0x2545_F491_4F6C_DD1D &+ 99
    shapes = ["x": [3, 4], "y": [3, 1]]
    for index in 0..<24 { addNode("n\(index)") }
    let last = shapes.keys.sorted().map { "\"\($0)\"" }
    var sums: [String] = []
    for name in shapes.keys.sorted() where name.hasPrefix("n") {
      nodes.append(
        #"{ "name": "sum_\#(name)", "op": "reduce_mean", "inputs": ["\#(name)"], "axes": [0, 1] }"#)
      sums.append("\"sum_\(name)\"")
    }
    nodes.append(#"{ "name": "loss", "op": "add", "inputs": [\#(sums.joined(separator: ", "))] }"#)
    nodes.sort { $0.hashValue(seed) < $1.hashValue(seed) }
    text = graphText(
      inputs: #"{ "x": { "shape": [3, 4] }, "y": { "shape": [3, 1] } }"#, nodes: nodes,
      outputs: "[\(last[draw(last.count)]), \"loss\"]".replacing("[\"loss\", \"loss\"]", with: "[\"loss\"]"),
      more: #"  "training": { "loss": "loss" }"#)
    blockText = graphText(
      inputs: #"{ "x": { "shape": [3, 4] }, "y": { "shape": [3, 1] } }"#,
      nodes: [#"{ "name": "body", "op": "part", "inputs": ["x", "y"], "recompute": true }"#],
      outputs: #"["body", "body.1"]"#,
      more: """
          "blocks": { "part": { "inputs": ["x", "y"], "nodes": [
            \(nodes.joined(separator: ",\n    "))], "outputs": ["n\(draw(24))", "loss"] } },
          "training": { "loss": "body.1" }
        """)
  }

  private mutating func draw(_ count: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((state >> 33) % UInt64(count))
  }

  /// Every value has two axes, so that any operator of the list takes any of them.
  private mutating func addNode(_ name: String) {
    let known = shapes.keys.sorted()
    let a = known[draw(known.count)]
    guard let (rows, columns) = shapes[a].map({ ($0[0], $0[1]) }) else { return }
    let fitting = known.filter { b in
      guard let other = shapes[b] else { return false }
      return zip(other, [rows, columns]).allSatisfy { $0 == $1 || $0 == 1 || $1 == 1 }
    }
    let b = fitting[draw(fitting.count)]
    let other = shapes[b] ?? []
    let common = [max(rows, other[0]), max(columns, other[1])]
    func add(_ op: String, _ inputs: [String], _ attributes: String, _ shape: [Int]) {
      let list = inputs.map { "\"\($0)\"" }.joined(separator: ", ")
      nodes.append(#"{ "name": "\#(name)", "op": "\#(op)", "inputs": [\#(list)]\#(attributes) }"#)
      shapes[name] = shape
    }
    switch draw(11) {
    case 0: add("dense", [a], #", "units": 5, "activation": "tanh""#, [rows, 5])
    case 1: add("add", [a, b], "", common)
    case 2: add("multiply", [a, b, a], "", common)
    case 3: add("transpose", [a], #", "permutation": [1, 0]"#, [columns, rows])
    case 4: add("reduce_max", [a], #", "axes": [1], "keep_dimensions": true"#, [rows, 1])
    case 5: add("pad", [a], #", "before": [0, 1], "after": [1, 0]"#, [rows + 1, columns + 1])
    case 6: add("slice", [a], #", "axis": 1, "step": 2"#, [rows, (columns + 1) / 2])
    case 7: add("activation", [a], #", "function": "sigmoid""#, [rows, columns])
    case 8: add("concatenate", [a, a], #", "axis": 0"#, [2 * rows, columns])
    case 9: add("softmax", [a], "", [rows, columns])
    default: add("reshape", [a], #", "shape": [1, -1]"#, [1, rows * columns])
    }
  }
}

extension String {
  /// A number that shuffles texts in one way for one seed.
  fileprivate func hashValue(_ seed: Int) -> UInt64 {
    utf8.reduce(UInt64(seed) &+ 1469) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
  }
}
