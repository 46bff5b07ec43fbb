import Diagnostics
import JSONText

/// A network of fully connected layers, written as their sizes: `784-512-10`; `64x50` repeats 64 fifty times.
///
/// The first size is that of the input; where the list begins with a repetition, the input is as wide as it.
struct LayerList {
  let name: String
  /// The input's width, then the units of each layer.
  let sizes: [Int]

  /// The widest layer and the greatest number of layers.
  static let widest = 65_536
  static let deepest = 10_000
  /// From this width on, the outputs are numbers to be hit, not classes.
  static let classLimit = 1000
  /// Rows of a training step.
  static let rows = 64

  /// Nil where the text does not have this form; throws a fault for sizes out of range.
  init?(_ text: String) throws {
    var sizes: [Int] = []
    guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == 0x2D || $0 == 0x78 })
    else {
      return nil
    }
    for (index, part) in text.split(separator: "-", omittingEmptySubsequences: false).enumerated() {
      let numbers = part.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
      guard numbers.count <= 2, (1...LayerList.widest).contains(numbers[0]),
        (1...LayerList.deepest).contains(numbers.count > 1 ? numbers[1] : 1)
      else {
        throw Fault(
          .usage,
          "layers \"\(text.excerpt())\": expected sizes from 1 to \(LayerList.widest), such as 37-101-53, or with a "
            + "number of layers from 1 to \(LayerList.deepest), such as 64x50, found \"\(String(part).excerpt())\""
        )
      }
      let count = numbers.count > 1 ? numbers[1] : 1
      sizes += Array(repeating: numbers[0], count: index == 0 && numbers.count > 1 ? count + 1 : count)
    }
    guard sizes.count >= 2, sizes.count <= LayerList.deepest + 1 else {
      throw Fault(
        .usage,
        "layers \"\(text.excerpt())\": expected an input and 1 to \(LayerList.deepest) layers, such as 37-101-53 or "
          + "64x50, found \(sizes.count) sizes")
    }
    name = text
    self.sizes = sizes
  }

  /// The graph: ReLU between the layers, cross entropy or a mean squared error, momentum.
  var graph: JSONValue {
    let classes = sizes[sizes.count - 1] <= LayerList.classLimit
    var nodes: [JSONValue] = []
    var last = "x"
    for (index, units) in sizes.dropFirst().enumerated() {
      let isLast = index == sizes.count - 2
      let name = isLast ? "output" : "hidden\(index + 1)"
      var members: [(String, JSONValue)] = [
        ("name", .string(name)), ("op", .string("dense")), ("inputs", .array([.string(last)])),
        ("units", .integer(units)),
      ]
      if !isLast { members.append(("activation", .string("relu"))) }
      nodes.append(.object(members))
      last = name
    }
    var loss: [(String, JSONValue)] = [
      ("name", .string("loss")), ("op", .string("loss")),
      ("inputs", .array([.string(last), .string("target")])),
      ("kind", .string(classes ? "cross_entropy" : "mean_squared_error")),
    ]
    if classes { loss.append(("from_logits", .boolean(true))) }
    nodes.append(.object(loss))
    let batch = JSONValue.string("batch")
    let target: [(String, JSONValue)] =
      classes
      ? [("shape", .array([batch])), ("type", .string("int32"))]
      : [("shape", .array([batch, .integer(sizes[sizes.count - 1])]))]
    let optimizer: [(String, JSONValue)] = [
      ("kind", .string("sgd")), ("learning_rate", .double(0.01)), ("momentum", .double(0.9)),
    ]
    return .object([
      ("format", .string("nngraph/1")), ("name", .string(name)),
      (
        "inputs",
        .object([
          ("x", .object([("shape", .array([batch, .integer(sizes[0])]))])), ("target", .object(target)),
        ])
      ),
      ("nodes", .array(nodes)), ("outputs", .array([.string("output")])),
      (
        "training",
        .object([
          ("loss", .string("loss")), ("optimizer", .object(optimizer)),
          ("batch_size", .integer(LayerList.rows)),
        ])
      ),
    ])
  }
}
