import LayerKit

/// Which operations of the segments are run again before backward, and which values backward then reads from
/// the second run.
///
/// An inner value of a segment is one that nothing outside reads. Backward of the segment asks for some of
/// them, and for what its layers save; whatever they are computed from is run again, up to the values that
/// come from outside or are read outside, which are kept. Any choice of segments gives the same numbers.
struct Recomputation {
  /// By node: the number of its segment.
  private(set) var segmentOf: [Int?]
  /// By segment: the nodes that are run again, in order.
  private(set) var repeated: [[Int]] = []
  /// By node: whether it is run again.
  private(set) var isRepeated: [Bool]
  /// By value: the segment in which it is made a second time.
  private var remadeIn: [Int?]

  /// `reads` says what the backward of a node reads; nil where a node has none. The first `constantCount`
  /// nodes are never run again, and `kept` values are there throughout.
  init(
    _ graph: ComputationGraph, _ signatures: [Signature], reads: [BackwardReads?], constantCount: Int,
    kept: Set<ValueID>
  ) {
    segmentOf = Array(repeating: nil, count: graph.nodes.count)
    isRepeated = Array(repeating: false, count: graph.nodes.count)
    remadeIn = Array(repeating: nil, count: graph.values.count)
    var numbers: [String: Int] = [:]
    for (index, node) in graph.nodes.enumerated().dropFirst(constantCount) {
      guard let name = node.segment else { continue }
      segmentOf[index] = numbers[name, default: numbers.count]
      numbers[name] = segmentOf[index]
    }
    repeated = Array(repeating: [], count: numbers.count)
    if numbers.isEmpty { return }
    let isInner = innerValues(of: graph, kept)
    var isNeeded = [Bool](repeating: false, count: graph.values.count)
    for (index, node) in graph.nodes.enumerated().reversed() {
      guard let segment = segmentOf[index] else { continue }
      var mustRepeat = node.outputs.contains { isNeeded[$0.index] }
      if let reads = reads[index] {
        let readsInner = node.outputs.enumerated().contains { port, output in
          reads.readsOutput(port) && isInner[output.index]
        }
        mustRepeat = mustRepeat || readsInner || !node.layer.workspace(signatures[index]).saved.isEmpty
      }
      for (port, input) in node.inputs.enumerated() {
        guard let input, isInner[input.index] else { continue }
        if mustRepeat || reads[index]?.readsInput(port) ?? false { isNeeded[input.index] = true }
      }
      guard mustRepeat else { continue }
      isRepeated[index] = true
      for output in node.outputs { remadeIn[output.index] = segment }
    }
    for (index, segment) in segmentOf.enumerated() where isRepeated[index] {
      if let segment { repeated[segment].append(index) }
    }
  }

  /// By value: whether it is made in a segment and read there alone.
  private func innerValues(of graph: ComputationGraph, _ kept: Set<ValueID>) -> [Bool] {
    var madeIn = [Int?](repeating: nil, count: graph.values.count)
    for (index, node) in graph.nodes.enumerated() {
      for output in node.outputs { madeIn[output.index] = segmentOf[index] }
    }
    var isInner = madeIn.map { $0 != nil }
    for value in kept { isInner[value.index] = false }
    for (index, node) in graph.nodes.enumerated() {
      for case let input? in node.inputs where madeIn[input.index] != segmentOf[index] {
        isInner[input.index] = false
      }
    }
    return isInner
  }

  /// Whether backward and the second run of a node read a value from the second run.
  func isRemade(_ value: ValueID, for node: Int) -> Bool {
    segmentOf[node].map { remadeIn[value.index] == $0 } ?? false
  }
}
