/// The graph that comes with a new plugin, and the table that it is trained on.
struct ExampleGraph {
  let name: String

  /// The operator of a new plugin: a factor for each element of the last axis.
  static func operatorName(_ name: String) -> String { "\(name)_scale" }

  var files: [PluginTemplate.File] {
    [
      (path: "example/\(name).json", text: graph, isExecutable: false),
      (path: "example/\(name).csv", text: table, isExecutable: false),
    ]
  }

  private var graph: String {
    """
    {
      "format": "nngraph/1",
      "name": "\(name)",
      "description": "Finds the three factors 2, -1 and 0.5 that stand between the columns of its table.",
      "inputs": {
        "x": { "shape": ["batch", 3] },
        "wanted": { "shape": ["batch", 3] }
      },
      "nodes": [
        { "name": "scaled", "op": "\(Self.operatorName(name))", "inputs": ["x"] },
        { "name": "loss", "op": "loss", "inputs": ["scaled", "wanted"], "kind": "mean_squared_error" }
      ],
      "outputs": ["scaled"],
      "training": {
        "loss": "loss",
        "optimizer": { "kind": "adam", "learning_rate": 0.1 },
        "epochs": 200,
        "batch_size": "all",
        "data": {
          "file": "\(name).csv",
          "inputs": { "x": { "columns": "x_*" }, "wanted": { "columns": "wanted_*" } }
        }
      },
      "plugins": ["\(name)"]
    }

    """
  }

  private var table: String {
    """
    x_0,x_1,x_2,wanted_0,wanted_1,wanted_2
    1,2,4,2,-2,2
    -1,1,2,-2,-1,1
    0.5,-2,-4,1,2,-2
    2,0.5,1,4,-0.5,0.5

    """
  }
}
