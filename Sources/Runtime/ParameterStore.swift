import Compiler
import Diagnostics
import Kernels
import LayerKit
import Tensors

/// The parameters and states of a network in one block, and their gradients in another.
public final class ParameterStore: @unchecked Sendable {  // Whoever holds it orders the uses.
  public let network: Network
  public let layout: ParameterLayout
  public let values: AlignedBlock
  /// Grows whenever a value changes, so that what was made of the values is known to be old.
  public private(set) var version: UInt64 = 1
  private var gradientBlock: AlignedBlock?

  /// Parameters that are all zero. Throws a limit fault where memory is short.
  public init(_ network: Network, inDouble: Bool = false) throws(Fault) {
    self.network = network
    layout = ParameterLayout(network, inDouble: inDouble)
    values = try AlignedBlock(byteCount: layout.byteCount)
  }

  /// The gradients of the trainable parameters, laid out as these are; zero where none was written.
  public func gradients() throws(Fault) -> AlignedBlock {
    if let gradientBlock { return gradientBlock }
    let block = try AlignedBlock(byteCount: layout.trainableByteCount)
    gradientBlock = block
    return block
  }

  /// Says that values were changed: whoever writes through a view or the block calls it.
  public func markChanged() { version &+= 1 }

  /// Where a parameter stands. Who writes there calls `markChanged`.
  public func view(_ id: ParameterID) -> TensorView {
    TensorView(values.base + layout.offsets[id.index], layout.types[id.index])
  }

  /// Where a trainable parameter's gradient stands.
  public func gradientView(_ id: ParameterID) throws(Fault) -> TensorView {
    TensorView(try gradients().base + layout.offsets[id.index], layout.types[id.index])
  }

  /// Draws every parameter's first values from the seed.
  public func initialize(seed: UInt64) {
    for (index, parameter) in network.parameters.enumerated() {
      let declaration = parameter.declaration
      let name = declaration.name
      let key = RandomKey.make(
        seed: seed, purpose: "initial", name: parameter.node, parameter: name, step: 0)
      let drawn = UnsafeMutablePointer<Double>.allocate(capacity: max(1, parameter.count))
      defer { drawn.deallocate() }
      declaration.initializer.fill(
        UnsafeMutableBufferPointer(start: drawn, count: parameter.count), shape: declaration.shape,
        fanIn: declaration.fanIn, fanOut: declaration.fanOut, key: key)
      write(drawn, .float64, to: view(ParameterID(index)))
    }
  }

  /// Every parameter and state by name. Float types are converted.
  ///
  /// Throws `Faults` that name each one that is missing, too much, of another shape or type, or not finite.
  public func load(_ tensors: TensorFile, file: String) throws {
    let faults = check(tensors, file: file)
    if !faults.isEmpty { throw Faults(faults) }
    for (index, parameter) in network.parameters.enumerated() {
      if let tensor = tensors[parameter.name] { set(ParameterID(index), tensor) }
    }
  }

  /// What is wrong with a file of parameters for this network.
  public func check(_ tensors: TensorFile, file: String) -> [Fault] {
    network.faults(in: tensors, file: file)
  }

  /// Puts a tensor of the parameter's shape and of a float type in its place.
  public func set(_ id: ParameterID, _ tensor: Tensor) {
    precondition(tensor.shape == layout.types[id.index].shape, "a parameter of another shape")
    tensor.withBytes { bytes in
      if let base = bytes.baseAddress { write(base, tensor.elementType, to: view(id)) }
    }
  }

  /// A copy of a parameter.
  public func tensor(_ id: ParameterID) -> Tensor { view(id).tensor }

  /// Copies of all parameters and states, by name, in the order of the nodes.
  public func tensors() -> [(String, Tensor)] {
    network.parameters.indices.map { (network.parameters[$0].name, tensor(ParameterID($0))) }
  }

  private func write(_ source: UnsafeRawPointer, _ type: ElementType, to view: TensorView) {
    markChanged()
    Kernel.cast(from: source, type, to: view.base, view.type.element, count: view.count)
  }
}

extension TensorView {
  /// A copy of the tensor.
  public var tensor: Tensor {
    let bytes = UnsafeRawBufferPointer(start: base, count: type.byteCount)
    guard let copy = Tensor(shape: shape, type: type.element, bytes: bytes) else {
      preconditionFailure("a view of \(type) holds bytes that are no such tensor")
    }
    return copy
  }
}
