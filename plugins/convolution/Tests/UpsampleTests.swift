import LayerKit
import Testing

@testable import Convolution

/// `upsample2d` against its definition, and its gradient as the transpose.
@Suite struct UpsampleTests {
  private func layer(_ factor: Int, _ mode: String) -> Upsample2D {
    Upsample2D(Attributes(["factor": .integer(factor), "mode": .word(mode)]))
  }

  /// The neighbours of an output place along an axis, with their weights.
  private func neighbours(_ place: Int, _ factor: Int, _ size: Int, isBilinear: Bool) -> [(Int, Double)] {
    if !isBilinear { return [(place / factor, 1)] }
    let middle = max(0, (Double(place) + 0.5) / Double(factor) - 0.5)
    let first = Int(middle)
    let weight = middle - Double(first)
    return [(first, 1 - weight), (min(size - 1, first + 1), weight)]
  }

  @Test(arguments: ["nearest", "bilinear"])
  func followsTheDefinition(mode: String) throws {
    var draws = Draws(21)
    for _ in 0..<100 {
      let (height, width, factor) = (draws.integer(1...6), draws.integer(1...9), draws.integer(1...5))
      let use = try LayerUse(layer(factor, mode), [draws.integer(1...2), 2, height, width])
      let (x, gy) = (draws.quarters(use.inputCount), draws.quarters(use.outputCount))
      var (y, gx) = ([Double](), [Double](repeating: 0, count: x.count))
      for plane in 0..<x.count / (height * width) {
        for row in 0..<height * factor {
          for column in 0..<width * factor {
            var sum = 0.0
            for (line, near) in neighbours(row, factor, height, isBilinear: mode == "bilinear") {
              for (place, weight) in neighbours(column, factor, width, isBilinear: mode == "bilinear") {
                let index = (plane * height + line) * width + place
                sum += near * weight * x[index]
                gx[index] += near * weight * gy[y.count]
              }
            }
            y.append(sum)
          }
        }
      }
      let context: Comment = "factor \(factor) of \(use.inputShape)"
      let (single, double) = (try use.run(x, gy: gy, as: Float.self), try use.run(x, gy: gy, as: Double.self))
      #expect(distance(double.y, y) < 1e-13, context)
      #expect(distance(double.gx, gx) < 1e-12, context)
      #expect(distance(single.y, y) < 1e-5, context)
      #expect(distance(single.gx, gx) < 1e-4, context)
    }
  }

  @Test(arguments: ["nearest", "bilinear"])
  func theOrderOfThePiecesChangesNoBit(mode: String) throws {
    var use = try LayerUse(layer(2, mode), [4, 8, 21, 23])
    var draws = Draws(22)
    let (x, gy) = (draws.uniform(use.inputCount), draws.uniform(use.outputCount))
    let first = try use.run(x, gy: gy, as: Float.self)
    use.reversesPieces = true
    let second = try use.run(x, gy: gy, as: Float.self)
    #expect(first.y == second.y && first.gx == second.gx)
  }

  @Test func symbolsStay() throws {
    let shape = [Dimension(symbol: "batch"), 3, Dimension(symbol: "height"), 5]
    var inference = Inference(inputs: [ValueType(.float32, shape)])
    try layer(3, "nearest").infer(&inference)
    #expect(inference.outputs[0].shapeText == "[batch, 3, 3*height, 15]")
  }

  @Test func aFactorBeyondEverySizeIsRefusedLater() throws {
    var inference = Inference(inputs: [ValueType(.float32, [1, 1, 2, 2])])
    try layer(.max, "bilinear").infer(&inference)
    #expect(inference.outputs[0].shape[2].number == .max)
  }

  @Test func refusesWrongInputs() {
    #expect(throws: LayerFault("needs [batch, channels, height, width], found [2, 3, 4]", input: 0)) {
      _ = try LayerUse(layer(2, "nearest"), [2, 3, 4])
    }
  }
}
