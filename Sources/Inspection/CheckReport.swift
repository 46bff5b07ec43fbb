import Compiler
import Diagnostics
import GraphFile
import JSONText
import LayerKit
import Runtime

/// Everything that is wrong with one graph: its text, its parameters, its memory and, on request, its training.
public struct CheckReport: Sendable {
  /// What is looked at besides the graph itself.
  public struct Options: Sendable {
    /// Whether every trainable parameter must be reached by a gradient of the training loss.
    public var training: Bool
    /// The rewrites that plans may use.
    public var rewrites: RewriteSelection
    /// The memory that a plan, and a file of parameters, may take.
    public var memoryLimit: Int

    /// What is looked at.
    public init(training: Bool = false, rewrites: RewriteSelection = .all, memoryLimit: Int = .max) {
      self.training = training
      self.rewrites = rewrites
      self.memoryLimit = memoryLimit
    }
  }

  /// The file as the user named it.
  public var file: String
  /// What was found, in the order of the text.
  public var faults: [Fault]

  /// A graph with known faults; one that could not be read at all, for example.
  public init(file: String, faults: [Fault]) {
    self.file = file
    self.faults = Faults(faults).inOrder(file: file).all
  }

  /// Checks a graph that was resolved, as far as that went; the document's file of parameters is looked at even
  /// where the network has faults.
  public init(
    _ resolution: Network.Resolution, of document: GraphDocument?, file: String, registry: Registry,
    _ options: Options
  ) {
    var found = resolution.faults
    if let document = resolution.network?.document ?? document {
      found += Self.parameterFaults(document, resolution.network, limit: options.memoryLimit)
    }
    if let network = resolution.network {
      let plans = NetworkPlans(
        network, rewrites: registry.rewrites.map(\.item), selection: options.rewrites,
        memoryLimit: options.memoryLimit)
      found += plans.runFaults
      if options.training {
        found += plans.trainingFaults + Self.trainingFaults(network, plans)
      } else {
        found += plans.trainingFaults.filter { $0.kind == .limit }
      }
    }
    self.init(file: file, faults: found)
  }

  /// Whether nothing was found.
  public var isSound: Bool { faults.isEmpty }

  private static func parameterFaults(_ document: GraphDocument, _ network: Network?, limit: Int) -> [Fault] {
    do {
      guard let tensors = try document.storedParameters(limit: limit), let network else { return [] }
      return network.faults(in: tensors, file: network.parameterFileName)
    } catch {
      return Faults.of(error).all
    }
  }

  private static func trainingFaults(_ network: Network, _ plans: NetworkPlans) -> [Fault] {
    guard network.training != nil else {
      guard network.parameters.contains(where: \.isTrainable) else { return [] }
      return [Fault(place: "training", "missing; --training looks at the loss that it names")]
    }
    guard let plan = plans.training else { return [] }
    let places = Dictionary(
      network.nodes.map { ($0.name, ($0.place, $0.text)) }, uniquingKeysWith: { first, _ in first })
    return network.parameters.indices.compactMap { index in
      let parameter = network.parameters[index]
      guard parameter.isTrainable, !plan.reached.contains(ParameterID(index)) else { return nil }
      let (place, text) = places[parameter.node] ?? ("", nil)
      return Fault(
        text: text, place: place, "no gradient of the training loss reaches parameter \"\(parameter.name)\"")
    }
  }
}

extension [CheckReport] {
  /// The document `nngraph.check/1` of several graphs; `members` stand behind `faults`.
  public func json(isSound: Bool, _ members: [(String, JSONValue)] = []) -> JSONValue {
    .object(
      [
        ("schema", .string("nngraph.check/1")), ("ok", .boolean(isSound)),
        (
          "graphs",
          .array(
            map { .object([("file", .string($0.file)), ("ok", .boolean($0.isSound))]) })
        ), ("faults", .array(flatMap(\.faults).map(\.json))),
      ] + members)
  }

  /// The faults, one a line, and a line for every graph without one.
  public var text: String {
    reduce(into: "") { out, report in
      out += report.isSound ? "\(report.file.printable): ok\n" : "\(Faults(report.faults))\n"
    }
  }
}
