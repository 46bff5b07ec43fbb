import Diagnostics
import GraphFile
import Testing

@testable import Training

@Suite struct SweptDocumentTests {
  private func document(_ nodes: String, outputs: String = #"["last"]"#, more: String = "") throws
    -> GraphDocument
  {
    let text = """
      {"format": "nngraph/1", "name": "g", "inputs": {"x": {"shape": ["batch", 4]}},
       "nodes": [\(nodes)], "outputs": \(outputs)\(more)}
      """
    let (document, faults) = GraphDocument.read(Array(text.utf8), file: "g.json", folder: ".")
    #expect(faults.map(\.description) == [])
    return try #require(document)
  }

  /// What stands under a key of each node: `first 8`.
  private func numbers(_ document: GraphDocument, _ key: String) -> [String] {
    let all = document.nodes + document.blocks.flatMap(\.nodes)
    return all.compactMap { node in node[key]?.integer.map { "\(node.name.value) \($0)" } }
  }

  private static let chain = """
    {"name": "first", "op": "dense", "inputs": ["x"], "units": 8},
    {"name": "second", "op": "conv1d", "inputs": {"x": "first"}, "filters": 3, "kernel": 5},
    {"name": "logits", "op": "dense", "inputs": ["second"], "units": 2},
    {"name": "last", "op": "softmax", "inputs": ["logits"]}
    """

  @Test func hiddenWidthsGrowAndTheLastStays() throws {
    let wide = try document(Self.chain).swept(.width, to: 4)
    #expect(numbers(wide, "units") == ["first 32", "logits 2"])
    #expect(numbers(wide, "filters") == ["second 12"])
    #expect(numbers(wide, "kernel") == ["second 5"])
    #expect(numbers(try document(Self.chain).swept(.rows, to: 4), "units") == ["first 8", "logits 2"])
  }

  @Test func whatALossReadsStays() throws {
    let nodes = Self.chain + #", {"name": "loss", "op": "loss", "inputs": ["second", "x"], "kind": "huber"}"#
    let wide = try document(nodes).swept(.width, to: 2)
    #expect(numbers(wide, "units") == ["first 16", "logits 2"])
    #expect(numbers(wide, "filters") == ["second 3"])
  }

  private static let blocks = """
    , "blocks": {
      "inner": {"inputs": ["x"], "arguments": {"size": 6, "rate": 3}, "outputs": ["one"], "nodes": [
        {"name": "one", "op": "dense", "inputs": ["x"], "units": "$size", "x-more": 1}]},
      "outer": {"inputs": ["x"], "arguments": {"width": null, "steps": 2}, "outputs": ["three"], "nodes": [
        {"name": "two", "op": "inner", "inputs": ["x"], "size": "$width", "rate": 9},
        {"name": "three", "op": "dense", "inputs": ["two"], "units": 5}]}}
    """

  @Test func argumentsThatBecomeWidthsGrow() throws {
    let nodes = """
      {"name": "body", "op": "outer", "inputs": ["x"], "width": 7, "steps": 3, "repeat": 2},
      {"name": "last", "op": "dense", "inputs": ["body"], "units": 2}
      """
    let wide = try document(nodes, more: Self.blocks).swept(.width, to: 3)
    #expect(numbers(wide, "width") == ["body 21"])
    #expect(numbers(wide, "steps") == ["body 3"])
    #expect(numbers(wide, "rate") == ["two 9"])
    #expect(numbers(wide, "units") == ["last 2", "three 15"])
    let standards = wide.blocks[0].arguments.map { $0.standard?.integer }
    #expect(standards == [18, 3])
    let deep = try document(nodes, more: Self.blocks).swept(.depth, to: 16)
    #expect(numbers(deep, "repeat") == ["body 16"])
    #expect(numbers(deep, "width") == ["body 7"])
  }

  @Test func aBlockThatGivesAnOutputStays() throws {
    let nodes = """
      {"name": "first", "op": "dense", "inputs": ["x"], "units": 8},
      {"name": "last", "op": "outer", "inputs": ["first"], "width": 7}
      """
    let wide = try document(nodes, more: Self.blocks).swept(.width, to: 3)
    #expect(numbers(wide, "units") == ["first 24", "three 5"])
    #expect(numbers(wide, "width") == ["last 7"])
  }

  @Test func storedParametersAreLeftOut() throws {
    let stored = try document(Self.chain, more: #", "parameters": {"file": "g.safetensors"}"#)
    #expect(try stored.swept(.width, to: 2).parameters == nil)
    #expect(try stored.swept(.rows, to: 2).parameters != nil)
  }

  @Test func aGraphThatCannotGrowSaysWhy() throws {
    let flat = try document(#"{"name": "last", "op": "softmax", "inputs": ["x"]}"#)
    #expect(report { _ = try flat.swept(.depth, to: 2) }.contains("\"repeat\""))
    #expect(report { _ = try flat.swept(.width, to: 2) }.contains("\"units\" or \"filters\""))
  }

  private func report(_ work: () throws -> Void) -> String {
    do {
      try work()
      return ""
    } catch {
      return "\(error)"
    }
  }
}
