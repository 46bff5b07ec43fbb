import Compiler
import Diagnostics
import LayerKit
import Runtime
import Tensors
import Testing

@Suite struct ParameterFaultTests {
  private func report(_ tensors: [(String, Tensor)]) throws -> [String] {
    let network = try soundNetwork(
      graphText(
        nodes: [#"{ "name": "h", "op": "dense", "inputs": ["x"], "units": 2 }"#], outputs: #"["h"]"#))
    let file = try Safetensors.read(Safetensors.bytes(of: tensors), file: "p.safetensors")
    return network.faults(in: file, file: "p.safetensors").map(\.description)
  }

  private let weight = Tensor(shape: [2, 4], [Float](repeating: 1, count: 8))
  private let bias = Tensor(shape: [2], [0, 0] as [Double])

  @Test func allThatFits() throws {
    #expect(try report([("h.weight", weight), ("h.bias", bias)]) == [])
  }

  @Test func whatIsMissingAndWhatIsTooMuch() throws {
    #expect(
      try report([("h.wieght", weight), ("h.bias", bias)]) == [
        #"p.safetensors: error: parameter "h.weight": missing; the graph needs [2, 4]"#,
        #"p.safetensors: error: parameter "h.wieght": extra; the graph has no such parameter; did you mean "h.weight"?"#,
      ])
  }

  @Test func shapesTypesAndNumbers() throws {
    let wide = Tensor(shape: [4, 2], [Float](repeating: 1, count: 8))
    #expect(
      try report([("h.weight", wide), ("h.bias", Tensor(shape: [2], [1, 2] as [Int32]))]) == [
        #"p.safetensors: error: parameter "h.weight": has the shape [4, 2], but the graph needs [2, 4]"#,
        #"p.safetensors: error: parameter "h.bias": has the type I32; accepted: F32, F64"#,
      ])
    let broken = Tensor(shape: [2, 4], [1, 2, .nan, 4, 5, 6, 7, 8] as [Float])
    #expect(
      try report([("h.weight", broken), ("h.bias", Tensor(shape: [2], [0, 1e39]))]) == [
        #"p.safetensors: error: parameter "h.weight": element 2 is not finite"#,
        #"p.safetensors: error: parameter "h.bias": element 1 is 1e+39, beyond every float32"#,
      ])
  }

  @Test func valuesInTheGraphHaveTheirPlace() throws {
    let network = try soundNetwork(
      graphText(
        nodes: [#"{ "name": "h", "op": "dense", "inputs": ["x"], "units": 1 }"#], outputs: #"["h"]"#,
        more: #"  "parameters": { "values": { "h.weight": [[1, 2]], "h.bais": [0] } }"#))
    let stored = try #require(try network.storedParameters(limit: 1 << 20))
    #expect(
      network.faults(in: stored, file: network.parameterFileName).map(\.description) == [
        #"g.json:9:43: error: parameters, values, parameter "h.weight": has the shape [1, 2], but the graph needs [1, 4]"#,
        #"g.json:9:17: error: parameters, values, parameter "h.bias": missing; the graph needs [1]"#,
        #"g.json:9:63: error: parameters, values, parameter "h.bais": extra; the graph has no such parameter; did you mean "h.bias"?"#,
      ])
  }
}
