import Tensors

/// A parameter or a state that a layer asks for.
public struct ParameterDeclaration: Sendable {
  public var name: String
  public var shape: [Int]
  public var element: ElementType
  public var initializer: any Initializer
  /// The number of inputs and outputs that one value of a layer's result or argument depends on.
  public var fanIn: Int
  public var fanOut: Int
  /// False for a state: kept in the parameter file, updated by the layer, never trained.
  public var isTrainable: Bool
}

/// What a layer sees of its inputs before the graph runs, and what it says of its outputs and parameters.
public struct Inference: Sendable {
  /// The inputs in port order; nil for an optional one that is not connected.
  public let inputs: [ValueType?]
  public private(set) var outputs: [ValueType] = []
  public private(set) var parameters: [ParameterDeclaration] = []

  public init(inputs: [ValueType?]) { self.inputs = inputs }

  /// A required input.
  public func input(_ index: Int = 0) -> ValueType {
    guard let found = inputs[index] else { preconditionFailure("input \(index) is optional and absent") }
    return found
  }

  public mutating func output(_ type: ValueType) { outputs.append(type) }

  public mutating func output(_ element: ElementType, _ shape: [Dimension]) {
    outputs.append(ValueType(element, shape))
  }

  /// A trainable parameter, of the type of the float input it meets.
  public mutating func parameter(
    _ name: String, _ shape: [Int], _ initializer: any Initializer, fanIn: Int = 1, fanOut: Int = 1,
    element: ElementType? = nil
  ) {
    declare(name, shape, initializer, fanIn, fanOut, element, isTrainable: true)
  }

  /// A state: stands in the parameter file, is written by the layer in training, has no gradient.
  public mutating func state(_ name: String, _ shape: [Int], _ initializer: any Initializer) {
    declare(name, shape, initializer, 1, 1, nil, isTrainable: false)
  }

  private mutating func declare(
    _ name: String, _ shape: [Int], _ initializer: any Initializer, _ fanIn: Int, _ fanOut: Int,
    _ element: ElementType?, isTrainable: Bool
  ) {
    let float = inputs.compactMap { $0 }.first { $0.element.isFloat }?.element
    parameters.append(
      ParameterDeclaration(
        name: name, shape: shape, element: element ?? float ?? .float32, initializer: initializer,
        fanIn: fanIn, fanOut: fanOut, isTrainable: isTrainable))
  }
}

extension Inference {
  /// The input, which must be of a float type.
  public func float(_ index: Int = 0) throws -> ValueType {
    let type = input(index)
    guard type.element.isFloat else {
      throw LayerFault("needs float32 or float64, found \(type.element.rawValue)", input: index)
    }
    return type
  }

  /// The input, which must be of the type `element`.
  public func input(_ index: Int, of element: ElementType) throws -> ValueType {
    let type = input(index)
    guard type.element == element else {
      throw LayerFault("needs \(element.rawValue), found \(type.element.rawValue)", input: index)
    }
    return type
  }

  /// Two inputs must have one type: types are never converted silently.
  public func sameType(_ a: Int, _ b: Int) throws {
    let (left, right) = (input(a).element, input(b).element)
    guard left == right else {
      throw LayerFault(
        "types differ: \(left.rawValue) and \(right.rawValue) (cast converts)", input: b)
    }
  }

  /// The place of an axis that may count from the end.
  public func axis(_ axis: Int, of type: ValueType, adding: Int = 0) throws -> Int {
    let rank = type.rank + adding
    let place = axis < 0 ? axis &+ rank : axis
    guard place >= 0, place < rank else {
      throw LayerFault(
        "axis \(axis) is outside the \(rank) axes of \(type.shapeText)", attribute: "axis")
    }
    return place
  }

  /// The size of an axis that a parameter depends on, which must be a number.
  public func size(_ type: ValueType, axis: Int, input: Int = 0) throws -> Int {
    let place = axis < 0 ? axis + type.rank : axis
    guard place >= 0, place < type.rank else {
      throw LayerFault("needs more axes than \(type.shapeText) has", input: input)
    }
    guard let number = type.shape[place].number else {
      throw LayerFault(
        "parameters need a known size, but axis \(place) of \(type.shapeText) is \(type.shape[place])",
        input: input)
    }
    return number
  }
}
