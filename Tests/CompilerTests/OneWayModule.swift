import GraphFile
import Kernels
import LayerKit
import Tensors

/// A module whose one operator runs forward alone.
struct OneWayModule: Module {
  static let name = "one_way"
  static let version = "1.0.0"

  func register(into registrar: inout Registrar) throws { registrar.layers(OneWay.self) }
}

private struct OneWay: Layer {
  static let examples: [Example] = []
  static let schema = Schema("one_way", "Passes a float tensor on, and no gradient back.")

  init(_ attributes: Attributes) {}

  func infer(_ inference: inout Inference) throws { inference.output(try inference.float()) }

  func forward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) throws {
    let (x, y): (UnsafePointer<Scalar>, UnsafeMutablePointer<Scalar>) = (call.input(0), call.output())
    y.update(from: x, count: call.outputs[0].count)
  }
}

/// The text of a graph, read.
struct GraphDocumentText {
  let reading: GraphDocument.Reading

  init(_ text: String) { reading = GraphDocument.read(Array(text.utf8), file: "g.json", folder: ".") }
}
