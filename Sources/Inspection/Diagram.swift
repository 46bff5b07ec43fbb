import Compiler
import GraphFile
import LayerKit

/// A network as boxes and arrows, to be written for a program that draws.
public struct Diagram: Sendable {
  /// What a box stands for.
  public enum Role: Sendable {
    /// An input of the network.
    case input
    /// A node.
    case node
    /// An output of the network.
    case output
  }

  /// A box.
  public struct Box: Sendable {
    /// A name that is unique in the picture: `n0`.
    public var id: String
    /// What stands in it, line by line.
    public var lines: [String]
    /// What it stands for.
    public var role: Role
  }

  /// An arrow from where a value is made to where it is read.
  public struct Arrow: Sendable {
    /// The box that makes the value.
    public var from: String
    /// The box that reads it.
    public var to: String
    /// The value's shape; empty for an arrow that says whose parameters a node uses.
    public var label: String
    /// Whether it is such an arrow.
    public var isSharing: Bool
  }

  /// The boxes of the graph itself, or of one copy of a block, and the copies within.
  public struct Cluster: Sendable {
    /// The full name of the copy: `body_3`; empty for the graph itself.
    public var name: String
    /// The boxes that stand in it directly.
    public var boxes: [Box] = []
    /// The clusters in it, in the order of their first nodes.
    public var clusters: [Int] = []
  }

  /// The network's name.
  public var title: String
  /// Clusters by number; number 0 is the graph itself.
  public var clusters: [Cluster]
  /// The arrows, in the order of the nodes that read.
  public var arrows: [Arrow]

  /// The picture of a network with every node of every block.
  public init(_ network: Network) {
    title = network.document.name.value
    clusters = [Cluster(name: "")]
    arrows = []
    var makers: [ValueID: String] = [:]
    for (index, input) in network.inputs.enumerated() {
      makers[input.value] = "i\(index)"
      let type = "\(input.type.element.rawValue) \(input.type.shapeText)"
      clusters[0].boxes.append(Box(id: "i\(index)", lines: [input.name, type], role: .input))
    }
    var places: [Substring: Int] = ["": 0]
    var identifiers: [String: String] = [:]
    for (index, node) in network.nodes.enumerated() {
      let id = "n\(index)"
      identifiers[node.name] = id
      for output in node.outputs { makers[output] = id }
      let own = node.name.utf8.lastIndex(of: UInt8(ascii: "/"))
      let place = cluster(own.map { node.name[..<$0] } ?? "", &places)
      let name = own.map { String(node.name[node.name.utf8.index(after: $0)...]) } ?? node.name
      clusters[place].boxes.append(Box(id: id, lines: [name, node.op], role: .node))
    }
    func connect(_ value: ValueID, to box: String) {
      guard let maker = makers[value] else { return }
      arrows.append(Arrow(from: maker, to: box, label: network.type(value).shapeText, isSharing: false))
    }
    for (index, node) in network.nodes.enumerated() {
      for case let input? in node.inputs { connect(input, to: "n\(index)") }
      if let owner = node.shared.flatMap({ identifiers[$0] }), !node.parameters.isEmpty {
        arrows.append(Arrow(from: owner, to: "n\(index)", label: "", isSharing: true))
      }
    }
    for (index, output) in network.outputs.enumerated() {
      clusters[0].boxes.append(Box(id: "o\(index)", lines: [output.name], role: .output))
      connect(output.value, to: "o\(index)")
    }
  }

  /// The number of the cluster with that name, which is made together with those around it.
  private mutating func cluster(_ name: Substring, _ places: inout [Substring: Int]) -> Int {
    if let place = places[name] { return place }
    let slash = name.utf8.lastIndex(of: UInt8(ascii: "/"))
    let outer = cluster(slash.map { name[..<$0] } ?? "", &places)
    clusters.append(Cluster(name: String(name)))
    clusters[outer].clusters.append(clusters.count - 1)
    places[name] = clusters.count - 1
    return clusters.count - 1
  }
}
