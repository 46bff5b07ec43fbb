import JSONText
import LayerKit
import Tensors

/// What a run of a network gave.
public struct RunResult: Sendable {
  /// A tensor under the name of a value or a parameter.
  public struct Value: Sendable {
    public var name: String
    public var tensor: Tensor

    public init(name: String, tensor: Tensor) {
      self.name = name
      self.tensor = tensor
    }
  }

  public var graph: String
  public var mode: Mode
  /// The outputs of the graph, then whatever else was fetched.
  public var outputs: [Value] = []
  /// Gradients of the training loss by parameter and input; empty where they were not asked for.
  public var gradients: [Value] = []

  /// Everything by the names of a conformance case: `output/NAME`, `gradient/NAME`.
  public var byCaseName: [String: Tensor] {
    let pairs = outputs.map { ("output/" + $0.name, $0.tensor) } + namedGradients
    return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
  }

  /// The gradients as a file holds them: `gradient/NAME`.
  public var namedGradients: [(String, Tensor)] { gradients.map { ("gradient/" + $0.name, $0.tensor) } }

  /// `{"schema": "nngraph.run/1", "outputs": {name: {"type", "shape", "values"}}}`; the values stand
  /// row-major in one array, and a number that is not finite is null.
  public var json: JSONValue {
    .object(members)
  }

  /// The members of `json`, for a caller that adds to them.
  public var members: [(String, JSONValue)] {
    [
      ("schema", .string("nngraph.run/1")), ("graph", .string(graph)), ("mode", .string(mode.rawValue)),
      ("outputs", .object(outputs.map { ($0.name, $0.tensor.json) })),
    ]
  }
}

extension Tensor {
  /// `{"type", "shape", "values"}`, the values row-major; a float32 has the shortest digits that read back
  /// the same as float32.
  public var json: JSONValue {
    let values: [JSONValue] =
      switch elements {
      case .float32(let values): values.map { .double($0.isFinite ? Double("\($0)") ?? .nan : .nan) }
      case .float64(let values): values.map { .double($0) }
      case .int32(let values): values.map { .integer(Int($0)) }
      case .bool(let values): values.map { .boolean($0) }
      }
    return .object([
      ("type", .string(elementType.rawValue)), ("shape", .array(shape.map { .integer($0) })),
      ("values", .array(values)),
    ])
  }
}
