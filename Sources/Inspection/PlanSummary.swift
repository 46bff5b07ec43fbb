import Compiler
import JSONText
import LayerKit

/// What a plan does, step by step, and where in memory.
public struct PlanSummary: Sendable {
  /// One step.
  public struct Step: Sendable {
    /// `forward`, `backward`, `fill` or `add`.
    public var kind: String
    /// The node that is computed; empty for steps on gradients alone.
    public var node: String
    /// The operator that is computed.
    public var op: String
    /// The numbers of the buffers that the step reads.
    public var reads: [Int]
    /// The numbers of the buffers that it writes.
    public var writes: [Int]
    /// The parameter that it adds a gradient to.
    public var parameter: String?
  }

  /// A place in the plan's memory.
  public struct Place: Sendable {
    /// The element type and sizes.
    public var type: ConcreteType
    /// Its first byte.
    public var offset: Int
    /// The first and the last step that use it.
    public var life: ClosedRange<Int>
  }

  /// `run` or `train`.
  public var phase: String
  /// The steps in order.
  public var steps: [Step]
  /// The buffers by their numbers.
  public var buffers: [Place]
  /// The rewrites that changed something.
  public var rewrites: [String]
  /// The bytes of all buffers, packed by their lives.
  public var arenaBytes: Int

  /// Describes a plan of a network.
  public init(_ plan: Plan, of network: Network, phase: String) {
    self.phase = phase
    steps = plan.steps.map { Step($0, plan, network) }
    buffers = plan.buffers.map { Place(type: $0.type, offset: $0.offset, life: $0.life) }
    rewrites = plan.appliedRewrites
    arenaBytes = plan.arenaByteCount
  }

  /// The plan as JSON.
  public var json: JSONValue {
    .object([
      ("phase", .string(phase)), ("rewrites", .array(rewrites.map(JSONValue.string))),
      ("bytes", .integer(arenaBytes)),
      (
        "steps",
        .array(
          steps.map { step in
            .object([
              ("kind", .string(step.kind)), ("node", .string(step.node)), ("op", .string(step.op)),
              ("reads", .array(step.reads.map(JSONValue.integer))),
              ("writes", .array(step.writes.map(JSONValue.integer))),
              ("parameter", step.parameter.map(JSONValue.string) ?? .null),
            ])
          })
      ),
      (
        "buffers",
        .array(
          buffers.map { buffer in
            .object([
              ("type", .string(buffer.type.element.rawValue)),
              ("shape", .array(buffer.type.shape.map(JSONValue.integer))),
              ("bytes", .integer(buffer.type.byteCount)), ("offset", .integer(buffer.offset)),
              ("first_step", .integer(buffer.life.lowerBound)),
              ("last_step", .integer(buffer.life.upperBound)),
            ])
          })
      ),
    ])
  }

  /// The steps and the buffers as two tables.
  public func text(width: Int? = nil) -> String {
    let title = phase == "train" ? "plan of a training step" : "plan of a run"
    var out = "\(title): \(steps.count.grouped) steps, \(arenaBytes.byteText)"
    out += rewrites.isEmpty ? "\n" : "; rewritten by \(rewrites.joined(separator: ", "))\n"
    var table = TextTable([
      .init("step", .right), .init("what"), .init("node", flexible: true), .init("op"),
      .init("reads", flexible: true), .init("writes", flexible: true),
    ])
    for (index, step) in steps.enumerated() {
      let writes = step.writes.map(String.init) + (step.parameter.map { ["gradient of \($0)"] } ?? [])
      table.rows.append([
        String(index), step.kind, step.node, step.op, step.reads.map(String.init).joined(separator: " "),
        writes.joined(separator: " "),
      ])
    }
    out += table.text(width: width) + "\n"
    var places = TextTable([
      .init("buffer", .right), .init("type"), .init("shape"), .init("bytes", .right),
      .init("offset", .right), .init("life"),
    ])
    for (index, buffer) in buffers.enumerated() {
      let shape = "[" + buffer.type.shape.map(String.init).joined(separator: ", ") + "]"
      places.rows.append([
        String(index), buffer.type.element.rawValue, shape, buffer.type.byteCount.grouped,
        buffer.offset.grouped, "\(buffer.life.lowerBound) to \(buffer.life.upperBound)",
      ])
    }
    return out + places.text(width: width)
  }
}

extension PlanSummary.Step {
  fileprivate init(_ step: PlanStep, _ plan: Plan, _ network: Network) {
    self.init(kind: "add", node: "", op: "", reads: [], writes: [], parameter: nil)
    switch step {
    case .forward(let index):
      let call = plan.calls[index]
      name(call, "forward")
      reads = call.inputs.compactMap { $0?.index }
      writes = (call.outputs + call.saved).map(\.index)
    case .backward(let index):
      let call = plan.calls[index]
      name(call, "backward")
      reads = call.outputGradients.compactMap { $0?.index } + call.saved.map(\.index)
      writes = call.inputGradients.compactMap { $0?.index }
      for case .buffer(let buffer)? in call.parameterGradients { writes.append(buffer.index) }
    case .fill(let buffer, _):
      kind = "fill"
      writes = [buffer.index]
    case .add(let source, let target):
      reads = [source.index]
      writes = [target.index]
    case .addNumber(_, let target): writes = [target.index]
    case .addToParameter(let buffer, let id):
      reads = [buffer.index]
      parameter = network.parameters[id.index].name
    }
  }

  private mutating func name(_ call: PlannedCall, _ kind: String) {
    self.kind = kind
    node = call.node.name
    op = call.node.layer.schema.name
  }
}
