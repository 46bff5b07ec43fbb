import Compiler
import Diagnostics
import GraphFile
import LayerKit
import StandardModule

/// Graphs that the tests describe.
enum Fixture {
  static let registry: Registry = {
    var registry = Registry()
    do {
      try registry.register(StandardModule())
    } catch {
      preconditionFailure("\(error)")
    }
    return registry
  }()

  /// The network of a text. Throws everything that is wrong with it.
  static func network(_ text: String, bindings: [String: Int] = [:]) throws -> Network {
    let (network, faults) = resolve(text, bindings: bindings)
    try Faults(faults).check()
    guard let network else { throw Fault(.program, "neither a network nor a fault") }
    return network
  }

  static func resolve(_ text: String, bindings: [String: Int] = [:]) -> Network.Resolution {
    Network.resolve(
      GraphDocument.read(Array(text.utf8), file: "graph.json", folder: "."), registry: registry,
      bindings: bindings)
  }

  /// Two inputs, a block that is used three times, a shared node, a frozen one and a loss.
  static let blocks = """
    {
      "format": "nngraph/1", "name": "blocks", "description": "A small stack.",
      "inputs": {
        "x": { "shape": ["batch", 4], "description": "Four numbers." },
        "target": { "shape": ["batch", 4] }
      },
      "nodes": [
        { "name": "stem", "op": "dense", "inputs": ["x"], "units": 4, "trainable": false },
        { "name": "body", "op": "residual", "inputs": ["stem"], "repeat": 3 },
        { "name": "again", "op": "dense", "inputs": ["body"], "units": 4, "share": "stem" },
        { "name": "loss", "op": "loss", "inputs": ["again", "target"], "kind": "mean_squared_error" }
      ],
      "outputs": ["again"],
      "blocks": {
        "residual": {
          "inputs": ["x"],
          "nodes": [
            { "name": "first", "op": "dense", "inputs": ["x"], "units": 4, "activation": "relu" },
            { "name": "sum", "op": "add", "inputs": ["x", "first"] }
          ],
          "outputs": ["sum"]
        }
      },
      "training": { "loss": "loss" }
    }
    """

  /// A network with its values in the file.
  static let values = """
    {
      "format": "nngraph/1", "name": "values", "inputs": { "x": { "shape": ["batch", 2] } },
      "nodes": [{ "name": "y", "op": "dense", "inputs": ["x"], "units": 2 }], "outputs": ["y"],
      "parameters": { "values": { "y.weight": [[1, 2], [3, 4]], "y.bias": [0, 0.5] } }
    }
    """
}
