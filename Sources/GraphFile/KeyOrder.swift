/// The order in which the canonical form writes the keys of an object, and of the objects in it.
struct KeyOrder: Sendable {
  /// The keys that come first, in their order.
  var first: [String] = []
  /// The keys that come after all others but those that begin with `x-`.
  var last: [String] = []
  /// The keys that say nothing about the network, and which its hash leaves out.
  var notes: Set<String> = []
  /// The order inside a key's value; `*` is every key that is not named.
  var inside: [String: KeyOrder] = [:]
  /// The keys whose values stay as they are in the text.
  var verbatim: Set<String> = []

  /// An object without an order of its own: as in the text.
  static let asWritten = KeyOrder()

  func inside(_ key: String) -> KeyOrder { inside[key] ?? inside["*"] ?? .asWritten }
}

// FORMAT's tables. Nodes and blocks are not among them, since their order depends on the operator.
extension KeyOrder {
  static let root = KeyOrder(
    first: [
      "format", "name", "description", "inputs", "nodes", "outputs", "blocks", "parameters", "training",
    ],
    last: ["plugins", "metadata"], notes: ["description", "metadata"],
    inside: [
      "inputs": KeyOrder(inside: [
        "*": KeyOrder(first: ["shape", "type", "description"], notes: ["description"])
      ]),
      "parameters": KeyOrder(first: ["file", "sha256", "values"]),
      "training": training,
      "plugins": KeyOrder(first: ["name", "version"]),
    ],
    verbatim: ["metadata"])

  /// The keys that every node has stand around the attributes.
  static func node(attributes: [String]) -> KeyOrder {
    KeyOrder(
      first: ["name", "op", "inputs"] + attributes, last: ["share", "trainable", "description"],
      notes: ["description"], inside: ["inputs": .asWritten, "*": component])
  }

  /// An attribute that is a component with attributes of its own: the name first.
  private static let component = KeyOrder(first: ["function", "kind"])

  static let block = KeyOrder(first: ["inputs", "arguments", "nodes", "outputs"])

  private static let training = KeyOrder(
    first: [
      "loss", "optimizer", "schedule", "regularization", "groups", "epochs", "batch_size", "seed", "shuffle",
      "gradient_clip", "early_stopping", "metrics", "data", "phases",
    ],
    inside: [
      "loss": KeyOrder(first: ["value", "weight"]),
      "optimizer": optimizer,
      "schedule": KeyOrder(first: ["kind", "monitor", "factor", "every", "minimum", "patience", "warmup"]),
      "regularization": KeyOrder(first: ["kind", "strength", "parameters"]),
      "groups": KeyOrder(first: ["parameters", "rate", "decay"]),
      "gradient_clip": KeyOrder(first: ["norm", "value"]),
      "early_stopping": KeyOrder(first: ["monitor", "patience", "minimum_delta", "restore_best"]),
      "metrics": KeyOrder(first: ["kind", "prediction", "target", "k"]),
      "data": data,
      "phases": KeyOrder(
        first: ["loss", "parameters", "optimizer", "steps"],
        inside: ["loss": KeyOrder(first: ["value", "weight"]), "optimizer": optimizer]),
    ])

  private static let optimizer = KeyOrder(first: [
    "kind", "learning_rate", "momentum", "nesterov", "decay", "beta1", "beta2", "epsilon", "weight_decay",
    "momentum_decay", "history",
  ])

  private static let data = KeyOrder(
    first: ["file", "inputs", "validation", "test", "split", "text"],
    inside: [
      "inputs": KeyOrder(inside: [
        "*": KeyOrder(first: ["columns", "column", "scale", "offset", "standardize", "file", "tensor"])
      ]),
      "text": KeyOrder(first: ["unit", "rows", "window", "tokens", "next"]),
    ])
}
