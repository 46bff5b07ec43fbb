import LayerKit
import Testing

@testable import Convolution

/// `group_norm` against its definition.
@Suite struct NormGroupTests {
  private func layer(groups: Int, epsilon: Double = 1e-5) -> GroupNorm {
    GroupNorm(Attributes(["groups": .integer(groups), "epsilon": .number(epsilon)]))
  }

  @Test func followsTheDefinition() throws {
    var draws = Draws(11)
    for _ in 0..<80 {
      let (groups, width) = (draws.integer(1...3), draws.integer(1...3))
      let channels = groups * width
      let shape =
        [draws.integer(1...3), channels] + (0..<draws.integer(0...3)).map { _ in draws.integer(1...5) }
      let use = try LayerUse(layer(groups: groups, epsilon: 0.01), shape)
      let (x, scale, shift) = (
        draws.uniform(use.inputCount), draws.uniform(channels), draws.uniform(channels)
      )
      let length = x.count / (shape[0] * groups)
      let inner = length / width
      let expected = x.indices.map { index in
        let row = x[index / length * length..<index / length * length + length]
        let mean = row.reduce(0, +) / Double(length)
        let variance = row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(length)
        let channel = index / inner % channels
        return (x[index] - mean) / (variance + 0.01).squareRoot() * scale[channel] + shift[channel]
      }
      #expect(distance(try use.run(x, parameters: [scale, shift], as: Double.self).y, expected) < 1e-12)
      #expect(distance(try use.run(x, parameters: [scale, shift], as: Float.self).y, expected) < 1e-4)
    }
  }

  @Test func theOrderOfThePiecesChangesNoBit() throws {
    var use = try LayerUse(layer(groups: 4), [8, 16, 17, 19])
    var draws = Draws(12)
    let (x, gy) = (draws.uniform(use.inputCount), draws.uniform(use.outputCount))
    let parameters = [draws.uniform(16), draws.uniform(16)]
    let first = try use.run(x, parameters: parameters, gy: gy, as: Float.self)
    use.reversesPieces = true
    let second = try use.run(x, parameters: parameters, gy: gy, as: Float.self)
    #expect(first.y == second.y && first.gx == second.gx)
    #expect(first.parameterGradients == second.parameterGradients)
  }

  @Test func startsAsTheIdentityOfWhatIsNormal() throws {
    var inference = Inference(inputs: [ValueType(.float32, [Dimension(symbol: "batch"), 4, 6])])
    try layer(groups: 2).infer(&inference)
    #expect(inference.outputs[0].shapeText == "[batch, 4, 6]")
    #expect(inference.parameters.map(\.name) == ["scale", "shift"])
    #expect(inference.parameters.map(\.shape) == [[4], [4]])
    let starts = inference.parameters.map { parameter in
      [Double](unsafeUninitializedCapacity: 4) { buffer, count in
        buffer.initialize(repeating: .nan)
        parameter.initializer.fill(buffer, shape: [4], fanIn: 1, fanOut: 1, key: 0)
        count = 4
      }
    }
    #expect(starts == [[1, 1, 1, 1], [0, 0, 0, 0]])
  }

  @Test func refusesGroupsThatDoNotDivide() {
    let message = "groups 4 does not divide the channels of [2, 6, 3]; accepted are the divisors of 6"
    #expect(throws: LayerFault(message, attribute: "groups")) {
      _ = try LayerUse(layer(groups: 4), [2, 6, 3])
    }
  }

  @Test func refusesWrongInputs() {
    #expect(throws: LayerFault("needs [batch, channels] or more axes, found [6]", input: 0)) {
      _ = try LayerUse(layer(groups: 1), [6])
    }
    let message = "parameters need a known size, but axis 1 of [batch, channels] is channels"
    #expect(throws: LayerFault(message, input: 0)) {
      let shape = [Dimension(symbol: "batch"), Dimension(symbol: "channels")]
      var inference = Inference(inputs: [ValueType(.float32, shape)])
      try layer(groups: 1).infer(&inference)
    }
  }
}

/// `local_response_norm` against its definition.
@Suite struct NormLocalResponseTests {
  private func layer(size: Int, alpha: Double, beta: Double, k: Double) -> LocalResponseNorm {
    LocalResponseNorm(
      Attributes([
        "size": .integer(size), "alpha": .number(alpha), "beta": .number(beta), "k": .number(k),
      ]))
  }

  /// Powers of 1/2 and 2 need no other function than a root.
  @Test func followsTheDefinition() throws {
    var draws = Draws(13)
    for _ in 0..<80 {
      let (size, channels, inner) = (draws.integer(1...6), draws.integer(1...7), draws.integer(1...5))
      let (hasRoot, k) = (draws.integer(0...1) == 0, Double(draws.integer(1...3)))
      let use = try LayerUse(
        layer(size: size, alpha: 0.5, beta: hasRoot ? 0.5 : 2, k: k), [2, channels, inner])
      let x = draws.uniform(use.inputCount)
      let expected = x.indices.map { index in
        let channel = index / inner % channels
        let window = (channel - size / 2...channel + (size - 1) / 2).filter { $0 >= 0 && $0 < channels }
        let squares = window.map { x[index + ($0 - channel) * inner] }.reduce(0) { $0 + $1 * $1 }
        let base = k + 0.5 * squares / Double(size)
        return x[index] / (hasRoot ? base.squareRoot() : base * base)
      }
      #expect(distance(try use.run(x, as: Double.self).y, expected) < 1e-12)
      #expect(distance(try use.run(x, as: Float.self).y, expected) < 1e-5)
    }
  }

  /// y = x (1 + x^2)^-2 in one channel alone, so dy/dx = (1 + x^2)^-2 - 4 x^2 (1 + x^2)^-3.
  @Test func theGradientOfOneChannel() throws {
    let use = try LayerUse(layer(size: 1, alpha: 1, beta: 2, k: 1), [1, 1, 3])
    let result = try use.run([0, 1, -2], gy: [1, 2, 10], as: Double.self)
    #expect(distance(result.y, [0, 0.25, -0.08]) < 1e-15)
    #expect(distance(result.gx, [1, -0.5, -0.88]) < 1e-14)
  }

  @Test func theOrderOfThePiecesChangesNoBit() throws {
    var use = try LayerUse(layer(size: 5, alpha: 0.1, beta: 0.75, k: 1), [4, 16, 31, 33])
    var draws = Draws(14)
    let (x, gy) = (draws.uniform(use.inputCount), draws.uniform(use.outputCount))
    let first = try use.run(x, gy: gy, as: Float.self)
    use.reversesPieces = true
    let second = try use.run(x, gy: gy, as: Float.self)
    #expect(first.y == second.y && first.gx == second.gx)
  }

  @Test func aHugeSizeEndsWithTheChannels() throws {
    let use = try LayerUse(layer(size: .max, alpha: 1, beta: 1, k: 2), [1, 3, 2])
    let result = try use.run([1, 2, 3, 4, 5, 6], gy: [2, 2, 2, 2, 2, 2], as: Double.self)
    #expect(distance(result.y, [0.5, 1, 1.5, 2, 2.5, 3]) < 1e-12)
    #expect(distance(result.gx, [1, 1, 1, 1, 1, 1]) < 1e-12)
  }

  @Test func refusesARowOfNumbers() {
    #expect(throws: LayerFault("needs [batch, channels] or more axes, found [6]", input: 0)) {
      _ = try LayerUse(layer(size: 3, alpha: 1, beta: 1, k: 1), [6])
    }
  }
}
