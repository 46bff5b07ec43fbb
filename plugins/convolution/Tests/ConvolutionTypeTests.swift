import LayerKit
import Testing

@testable import Convolution

/// Shapes, parameters and faults of the convolutions.
@Suite struct ConvolutionTypeTests {
  private func types(
    _ op: String, _ attributes: [String: AttributeValue], _ shape: [Dimension]
  ) throws -> Inference {
    let all = Attributes(ConvolutionUse.standard.merging(attributes) { $1 })
    let layer: any ConvolutionLayer =
      switch op {
      case "conv1d": try Conv1D(all)
      case "conv2d": try Conv2D(all)
      default: try ConvTranspose2D(all)
      }
    var inference = Inference(inputs: [ValueType(.float32, shape)])
    try layer.infer(&inference)
    return inference
  }

  private let batch = Dimension(symbol: "batch")

  @Test func symbolicSizesAreCarriedThrough() throws {
    let (height, width) = (Dimension(symbol: "height"), Dimension(symbol: "width"))
    let attributes: [String: AttributeValue] = ["filters": .integer(5), "kernel": .integers([3])]
    let plain = try types("conv2d", attributes, [batch, 3, height, width])
    #expect(plain.outputs[0].shapeText == "[batch, 5, height - 2, width - 2]")
    let same = try types(
      "conv2d", attributes.merging(["stride": .integers([2]), "padding": .word("same")]) { $1 },
      [batch, 3, height, 9])
    #expect(same.outputs[0].shapeText == "[batch, 5, ceil(height/2), 5]")
    let strided = try types(
      "conv2d",
      attributes.merging(["stride": .integers([2, 1]), "padding": .integers([1, 0, 1, 0])]) { $1 },
      [batch, 3, height, width])
    #expect(strided.outputs[0].shapeText == "[batch, 5, floor((height + 1)/2), width - 2]")
    let wider = try types(
      "conv_transpose2d",
      attributes.merging(["stride": .integers([2]), "output_padding": .integers([1])]) { $1 },
      [batch, 3, height, 4])
    #expect(wider.outputs[0].shapeText == "[batch, 5, 2*height + 2, 10]")
    let signal = try types(
      "conv1d", attributes.merging(["dilation": .integers([2])]) { $1 },
      [batch, 3, Dimension(symbol: "time")])
    #expect(signal.outputs[0].shapeText == "[batch, 5, time - 4]")
  }

  @Test func parametersHaveTheFanOfTheirGroup() throws {
    let attributes: [String: AttributeValue] = [
      "filters": .integer(6), "kernel": .integers([2, 3]), "groups": .integer(2),
    ]
    let plain = try types("conv2d", attributes, [batch, 4, 8, 8]).parameters
    #expect(plain.map(\.name) == ["weight", "bias"])
    #expect(plain.map(\.shape) == [[6, 2, 2, 3], [6]])
    #expect(plain[0].fanIn == 12 && plain[0].fanOut == 18)
    let transposed = try types("conv_transpose2d", attributes, [batch, 4, 8, 8]).parameters
    #expect(transposed.map(\.shape) == [[4, 3, 2, 3], [6]])
    #expect(transposed[0].fanIn == 12 && transposed[0].fanOut == 18)
    let bare = try types("conv2d", attributes.merging(["bias": .boolean(false)]) { $1 }, [batch, 4, 8, 8])
    #expect(bare.parameters.map(\.name) == ["weight"])
  }

  @Test(
    arguments: [
      ("conv2d", ["groups": .integer(2)], "groups", "2 groups do not divide 3 filters"),
      (
        "conv2d", ["filters": .integer(4), "groups": .integer(4)], "groups",
        "4 groups do not divide the 6 channels of [batch, 6, 5, 4]"
      ),
      ("conv2d", ["kernel": .integers([6])], "kernel", "kernel 6 is larger than the axis of 5"),
      (
        "conv2d",
        ["kernel": .integers([3]), "dilation": .integers([3]), "padding": .integers([0, 1, 0, 1])], "kernel",
        "kernel 3 with dilation 3 reaches over 7 elements and is larger than the axis of 5"
      ),
      (
        "conv2d", ["kernel": .integers([2, 9]), "padding": .integers([0, 2, 0, 2])], "kernel",
        "kernel 9 is larger than the axis of 4 + 4 of padding"
      ),
      (
        "conv2d", ["kernel": .integers([1, 2, 3])], "kernel",
        "kernel has 3 entries; accepted are an integer, or 2 entries"
      ),
      (
        "conv2d", ["stride": .integers([1, 2, 3])], "stride",
        "stride has 3 entries; accepted are an integer, or 2 entries"
      ),
      (
        "conv2d", ["padding": .integers([1, 1])], "padding",
        "padding has 2 entries; accepted are \"valid\", \"same\", or 4 entries: every begin, then every end"
      ),
      (
        "conv_transpose2d", ["output_padding": .integers([1])], "output_padding",
        "output_padding 1 is not below the larger of stride 1 and dilation 1"
      ),
      (
        "conv_transpose2d",
        ["stride": .integers([2]), "padding": .word("same"), "output_padding": .integers([1])],
        "output_padding",
        "output_padding 1 beside padding \"same\", whose result has the size of the input times the stride"
      ),
      (
        "conv_transpose2d", ["padding": .integers([4, 0, 4, 0])], "padding",
        "padding 4 + 4 leaves nothing of a result of 6"
      ),
    ] as [(String, [String: AttributeValue], String, String)])
  func faultsNameTheAttribute(
    _ op: String, _ attributes: [String: AttributeValue], _ attribute: String, _ message: String
  ) {
    let all: [String: AttributeValue] = ["filters": .integer(3), "kernel": .integers([2])]
    let fault = #expect(throws: LayerFault.self) {
      try types(op, all.merging(attributes) { $1 }, [batch, 6, 5, 4])
    }
    #expect(fault?.attribute == attribute)
    #expect(fault?.message == message)
  }

  @Test func theInputHasItsAxes() {
    let attributes: [String: AttributeValue] = ["filters": .integer(3), "kernel": .integers([2])]
    let image = #expect(throws: LayerFault.self) { try types("conv2d", attributes, [batch, 6, 5]) }
    #expect(image?.input == 0)
    #expect(image?.message == "needs 4 axes [batch, channels, height, width], found [batch, 6, 5]")
    let signal = #expect(throws: LayerFault.self) { try types("conv1d", attributes, [batch, 6, 5, 4]) }
    #expect(signal?.message == "needs 3 axes [batch, channels, length], found [batch, 6, 5, 4]")
    let open = #expect(throws: LayerFault.self) {
      try types("conv1d", attributes, [batch, Dimension(symbol: "channels"), 5])
    }
    #expect(open?.input == 0)
  }

  /// No number that a file can hold overflows.
  @Test func hugeNumbersAreSizesLikeOthers() throws {
    let most = largestWindowSize
    let attributes: [String: AttributeValue] = [
      "filters": .integer(Int.max), "kernel": .integers([most]), "stride": .integers([most]),
      "dilation": .integers([most]), "padding": .integers([most, most, most, most]),
    ]
    #expect(throws: LayerFault.self) { try types("conv2d", attributes, [batch, 1, 5, 4]) }
    let wide = try types("conv_transpose2d", attributes, [Dimension(.max), 1, Dimension(.max), 4])
    #expect(wide.parameters[0].fanIn == most * most)
    let same = try types("conv2d", attributes.merging(["padding": .word("same")]) { $1 }, [batch, 1, 5, 4])
    #expect(same.outputs[0].shapeText == "[batch, \(Int.max), 1, 1]")
  }
}
