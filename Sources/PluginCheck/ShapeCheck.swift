import LayerKit
import Tensors
import Verification

/// Asks a layer for the types of its outputs, over and over: the answers must be sound and agree with each
/// other.
struct ShapeCheck {
  let log: CheckLog
  let schema: Schema

  /// Checks the shape rule of one example, and returns what makes the cases of hostile types that it accepts
  /// and that are small enough to be run.
  func run(_ layerCase: LayerCase) -> [() -> LayerCase?] {
    let known = layerCase.inference.inputs
    compare(layerCase, known, layerCase.inference, "asked again with the same inputs")
    checkSymbols(layerCase, known)
    let optional = schema.inputs.indices.filter { schema.inputs[$0].isOptional }
    var accepted: [() -> LayerCase?] = []
    for (number, inputs) in HostileTypes.variations(known, optional: optional).enumerated() {
      // Many infers pass between two lines, and none takes long.
      if number % 64 == 0 {
        log.begins("infer of \(layerCase.place) with hostile types from number \(number)")
      }
      if let found = infer(layerCase, inputs), isSmall(inputs, found) {
        accepted.append { runnable(layerCase, inputs) }
      }
    }
    return accepted
  }

  /// What the layer says of inputs; nil where it refuses them, or says something unsound.
  private func infer(_ layerCase: LayerCase, _ inputs: [ValueType?]) -> Inference? {
    var inference = Inference(inputs: inputs)
    log.counted(.shapes)
    do {
      try layerCase.layer.infer(&inference)
    } catch {
      if error.isMisuse {
        let key = String(error.words.prefix(60))
        log.found(
          .shapes, layerCase.component, key: key,
          "infer of \(text(inputs)): \(error.words) (\(layerCase.place))")
      }
      return nil
    }
    if let message = unsound(inference) {
      log.found(
        .shapes, layerCase.component, key: "unsound",
        "infer of \(text(inputs)) \(message) (\(layerCase.place))")
      return nil
    }
    return inference
  }

  private func unsound(_ found: Inference) -> String? {
    if let names = schema.outputs, names.count != found.outputs.count {
      return "gives \(found.outputs.count) outputs, and its schema names \(names.count)"
    }
    if found.outputs.isEmpty { return "gives no outputs" }
    for (index, output) in found.outputs.enumerated() {
      if output.shape.contains(where: { ($0.number ?? 1) < 0 }) {
        return "gives output \(index) the shape \(output.shapeText)"
      }
    }
    for parameter in found.parameters where parameter.shape.contains(where: { $0 < 0 }) {
      return "gives parameter \"\(parameter.name)\" the shape \(shapeText(parameter.shape))"
    }
    if Set(found.parameters.map(\.name)).count != found.parameters.count {
      return "asks for two parameters of one name"
    }
    return nil
  }

  /// Infers again, and reports where that gives something else than `expected`.
  private func compare(
    _ layerCase: LayerCase, _ inputs: [ValueType?], _ expected: Inference, _ how: String
  ) {
    log.begins("infer of \(layerCase.place)")
    guard let found = infer(layerCase, inputs) else {
      log.found(
        .shapes, layerCase.component, "infer of \(text(inputs)) is refused when \(how) (\(layerCase.place))")
      return
    }
    if let message = difference(expected, found) {
      log.found(
        .shapes, layerCase.component, "infer of \(text(inputs)) \(message) when \(how) (\(layerCase.place))")
    }
  }

  private func difference(_ a: Inference, _ b: Inference) -> String? {
    guard a.outputs == b.outputs else {
      return "gives \(text(a.outputs)), and \(text(b.outputs))"
    }
    let (left, right) = (a.parameters.map(Self.text), b.parameters.map(Self.text))
    return left == right ? nil : "asks for parameters \(left), and \(right)"
  }

  /// Symbols in place of sizes must give what the sizes give, also at sizes that the example does not have.
  private func checkSymbols(_ layerCase: LayerCase, _ known: [ValueType?]) {
    for symbolic in Self.symbolic(known) {
      log.begins("infer of \(layerCase.place) with \(text(symbolic))")
      guard let general = infer(layerCase, symbolic) else { continue }
      for scale in [1, 2, 3] {
        let numbers = symbolic.map { type in
          type.map { ValueType($0.element, $0.shape.map { Self.evaluate($0, scale) }) }
        }
        guard let special = infer(layerCase, numbers) else { continue }
        let outputs = general.outputs.map { ValueType($0.element, $0.shape.map { Self.evaluate($0, scale) }) }
        if outputs != special.outputs {
          log.found(
            .shapes, layerCase.component, key: "symbols",
            "infer of \(text(symbolic)) gives \(text(general.outputs)), which is \(text(outputs)) for "
              + "\(text(numbers)); asked for these sizes it gives \(text(special.outputs)) "
              + "(\(layerCase.place))"
          )
        }
        if general.parameters.map(Self.text) != special.parameters.map(Self.text) {
          log.found(
            .shapes, layerCase.component, key: "symbols, parameters",
            "infer of \(text(symbolic)) asks for other parameters than that of \(text(numbers)) "
              + "(\(layerCase.place))"
          )
        }
      }
    }
  }

  /// The inputs with their first axes as symbols, with all axes, and with each axis alone; equal sizes share
  /// a symbol.
  private static func symbolic(_ inputs: [ValueType?]) -> [[ValueType?]] {
    func replaced(_ isSymbol: (_ input: Int, _ axis: Int) -> Bool) -> [ValueType?] {
      inputs.enumerated().map { input, type in
        type.map { type in
          ValueType(
            type.element,
            type.shape.enumerated().map { axis, size in
              guard isSymbol(input, axis), let number = size.number else { return size }
              return Dimension(symbol: "n\(number)")
            })
        }
      }
    }
    var found = [replaced { $1 == 0 }, replaced { _, _ in true }]
    for (input, type) in inputs.enumerated() {
      for axis in (type?.shape ?? []).indices { found.append(replaced { $0 == input && $1 == axis }) }
    }
    return found.filter { $0 != inputs }
  }

  /// The size with numbers in place of the symbols: `n3` is 3 at a scale of 1.
  private static func evaluate(_ size: Dimension, _ scale: Int) -> Dimension {
    let number = size.evaluate { symbol in Int(symbol.dropFirst()).map { saturatingProduct($0, scale) } }
    return number.map { Dimension($0) } ?? size
  }

  /// Whether everything that a run takes is known and small.
  private func isSmall(_ inputs: [ValueType?], _ found: Inference) -> Bool {
    let values = inputs.compactMap { $0 } + found.outputs
    let counts = values.map { $0.shape.allSatisfy { $0.number != nil } ? $0.count.number ?? .max : .max }
    let parameters = found.parameters.map { ConcreteType($0.element, $0.shape).count }
    return (counts + parameters).reduce(0, saturatingSum) <= 1 << 14
  }

  /// A case to run; nil where the layer refuses it by now.
  private func runnable(_ layerCase: LayerCase, _ inputs: [ValueType?]) -> LayerCase? {
    var numbers = SeededNumbers(seed: 12)
    let tensors = try? inputs.map { type -> Tensor? in
      guard let type else { return nil }
      let shape = type.shape.map { $0.number ?? 1 }
      let values: ExampleInput.Values =
        switch type.element {
        case .float32, .float64: .floats(-2...2, kinks: [0])
        case .int32: .integers(below: 1)
        case .bool: .booleans
        }
      return try ExampleInput(shape, values).tensor(&numbers)
    }
    guard let tensors else { return nil }
    return try? LayerCase(
      component: layerCase.component, place: "\(layerCase.place) with inputs \(text(inputs))", schema: schema,
      layer: layerCase.layer, inputs: tensors)
  }

  private func text(_ types: [ValueType?]) -> String {
    types.map { $0.map { "\($0.element.rawValue) \($0.shapeText)" } ?? "null" }.joined(separator: ", ")
  }

  private static func text(_ parameter: ParameterDeclaration) -> String {
    "\(parameter.name) \(parameter.element.rawValue) \(shapeText(parameter.shape)) \(parameter.isTrainable)"
  }
}
