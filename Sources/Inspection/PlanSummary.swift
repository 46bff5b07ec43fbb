import Compiler
import JSONText
import LayerKit

/// What a plan does, step by step, and where in memory.
public struct PlanSummary: Sendable {
  /// One step.
  public struct Step: Sendable {
    /// `forward`, `again` for what is computed a second time for backward, `backward`, `fill` or `add`.
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
  /// The bytes of all buffers, packed by their lives: activations, gradients and scratch.
  public var arenaBytes: Int
  /// What no packing can go below: the bytes of the buffers that live at one step, for the step with the most.
  public var leastBytes: Int

  /// How far the memory is above what no packing can go below, as a share of that.
  public var excess: Double { leastBytes > 0 ? Double(arenaBytes) / Double(leastBytes) - 1 : 0 }

  /// Describes a plan of a network.
  public init(_ plan: Plan, of network: Network, phase: String) {
    self.phase = phase
    steps = plan.steps.map { Step($0, plan, network) }
    buffers = plan.buffers.map { Place(type: $0.type, offset: $0.offset, life: $0.life) }
    rewrites = plan.appliedRewrites
    arenaBytes = plan.arenaByteCount
    leastBytes = plan.leastArenaByteCount
  }

  /// The plan as JSON.
  public var json: JSONValue {
    .object([
      ("phase", .string(phase)), ("rewrites", .array(rewrites.map(JSONValue.string))),
      ("bytes", .integer(arenaBytes)), ("least_bytes", .integer(leastBytes)), ("excess", .double(excess)),
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
    var out = "\(title): \(steps.count.grouped) step\(steps.count == 1 ? "" : "s")"
    out += rewrites.isEmpty ? "\n" : ", rewritten by \(rewrites.joined(separator: ", "))\n"
    out += "activations and gradients: \(arenaBytes.byteText), \((excess * 100).fixed(1)) % above the "
    out += "\(leastBytes.byteText) that live at one step\n"
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
    let use = plan.use(of: step)
    self.init(
      kind: "add", node: "", op: "", reads: use.reads.map(\.index), writes: use.writes.map(\.index),
      parameter: nil)
    switch step {
    case .forward(let index):
      name(plan.calls[index], plan.calls[index].isRepeated ? "again" : "forward")
    case .backward(let index): name(plan.calls[index], "backward")
    case .fill: kind = "fill"
    case .add, .addNumber: break
    case .addToParameter(_, let id): parameter = network.parameters[id.index].name
    }
  }

  private mutating func name(_ call: PlannedCall, _ kind: String) {
    self.kind = kind
    node = call.node.name
    op = call.node.layer.schema.name
  }
}
