import Compiler
import Diagnostics
import Tensors
import Testing

@Suite struct InputSizesTests {
  private func graph() throws -> Network {
    try network(
      """
      {"format": "nngraph/1", "name": "sizes",
       "inputs": {"x": {"shape": ["batch", 16]}, "label": {"shape": ["batch"], "type": "int32"}},
       "nodes": [{"name": "y", "op": "identity", "inputs": ["x"]}], "outputs": ["y", "label"]}
      """)
  }

  private func faults(_ inputs: [String: Tensor], inDouble: Bool = false) throws -> [String] {
    do {
      _ = try graph().sizes(for: inputs, inDouble: inDouble)
      return []
    } catch let faults as Faults {
      return faults.all.map(\.description)
    }
  }

  let x = Tensor.zeros(shape: [3, 16])
  let label = Tensor.zeros(.int32, shape: [3])

  @Test func takesSizesFromTheTensors() throws {
    #expect(try graph().sizes(for: ["x": x, "label": label]) == ["batch": 3])
  }

  @Test func namesWhatIsMissingAndUnknown() throws {
    let found = try faults(["x": x, "labell": label])
    #expect(found.count == 2)
    #expect(found[0] == "error: input \"label\": missing; the graph needs int32 [batch]")
    #expect(
      found[1]
        == "error: input \"labell\": the graph has no such input; its inputs: x, label; did you mean \"label\"?"
    )
  }

  @Test func printsShapesAndTypes() throws {
    #expect(
      try faults(["x": .zeros(shape: [3, 15]), "label": label]) == [
        "error: input \"x\": has the shape [3, 15], but the graph needs [batch, 16]"
      ])
    #expect(
      try faults(["x": .zeros(shape: [0, 16]), "label": .zeros(.int32, shape: [])]).count == 2)
    #expect(
      try faults(["x": .zeros(.int32, shape: [3, 16]), "label": label]) == [
        "error: input \"x\": has the type int32, but the graph needs float32"
      ])
  }

  @Test func takesFloat64OnlyInARunOf64Bits() throws {
    let wide = Tensor.zeros(.float64, shape: [3, 16])
    #expect(try faults(["x": wide, "label": label]).count == 1)
    #expect(try faults(["x": wide, "label": label], inDouble: true).isEmpty)
    #expect(try faults(["x": x, "label": label], inDouble: true).isEmpty)
  }

  @Test func namesBothInputsOfAConflict() throws {
    #expect(
      try faults(["x": x, "label": .zeros(.int32, shape: [4])]) == [
        "error: input \"label\" and input \"x\": the size batch is 4 here and 3 there"
      ])
  }
}
