import Kernels

/// A function that is applied to every element by itself.
public protocol Activation: Component {
  /// Where the function is not smooth; checks of gradients keep away from these arguments.
  var kinks: [Double] { get }

  /// What `gradient` reads.
  var gradientReads: (input: Bool, output: Bool) { get }

  /// y = f(x); `y` may be `x`.
  func apply<Scalar: FloatScalar>(
    _ x: UnsafePointer<Scalar>, _ y: UnsafeMutablePointer<Scalar>, count: Int)

  /// gx = gy f'(x); `gx` may be `gy`. `x` or `y` is nil where `gradientReads` does not name it.
  func gradient<Scalar: FloatScalar>(
    x: UnsafePointer<Scalar>?, y: UnsafePointer<Scalar>?, gy: UnsafePointer<Scalar>,
    gx: UnsafeMutablePointer<Scalar>, count: Int)
}

extension Activation {
  public var kinks: [Double] { [] }
}

/// An activation that is one of the functions of `Kernels`; such a one can be fused with what precedes it.
public protocol KernelActivation: Activation {
  var kernel: MapKernel { get }
}

/// A function of `Kernels` with its constants.
public struct MapKernel: Hashable, Sendable {
  public var function: MapFunction
  public var a: Double
  public var b: Double

  public init(_ function: MapFunction, a: Double = 0, b: Double = 0) {
    self.function = function
    self.a = a
    self.b = b
  }
}

extension KernelActivation {
  public var gradientReads: (input: Bool, output: Bool) { kernel.function.gradientReads }

  public func apply<Scalar: FloatScalar>(
    _ x: UnsafePointer<Scalar>, _ y: UnsafeMutablePointer<Scalar>, count: Int
  ) {
    Kernel.map(kernel.function, x: x, y: y, count: count, a: kernel.a, b: kernel.b)
  }

  public func gradient<Scalar: FloatScalar>(
    x: UnsafePointer<Scalar>?, y: UnsafePointer<Scalar>?, gy: UnsafePointer<Scalar>,
    gx: UnsafeMutablePointer<Scalar>, count: Int
  ) {
    Kernel.mapGradient(kernel.function, x: x, y: y, gy: gy, gx: gx, count: count, a: kernel.a, b: kernel.b)
  }
}

/// The operator `activation`: a function applied to every element of a tensor.
///
/// It lives here because the compiler makes one for every `activation` attribute of another operator.
public struct ActivationLayer: DifferentiableLayer {
  public let function: any Activation

  public static let examples = [Example("\"function\": \"tanh\"", .floats([3, 4]))]

  public static let schema = Schema(
    "activation", "Applies a function to every element.", formula: "y = f(x)",
    attributes: [
      Attribute(
        "function", .component(.activation, key: "function", inlined: true),
        "The function, by name; its own attributes stand beside it.")
    ])

  public init(_ attributes: Attributes) throws {
    guard let function: any Activation = attributes.component("function") else {
      throw LayerFault("needs a function", attribute: "function")
    }
    self.function = function
  }

  public init(_ function: any Activation) { self.function = function }

  public var computesInPlace: Bool { true }

  public func infer(_ inference: inout Inference) throws { inference.output(try inference.float()) }

  public func backwardReads(_ signature: Signature) -> BackwardReads {
    let reads = function.gradientReads
    return BackwardReads(inputs: reads.input ? [0] : [], outputs: reads.output ? [0] : [])
  }

  public func forward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) throws {
    let (x, y): (UnsafePointer<Scalar>, UnsafeMutablePointer<Scalar>) = (call.input(), call.output())
    call.parallel(call.outputs[0].count, cost: 4) { start, count in
      function.apply(x + start, y + start, count: count)
    }
  }

  public func backward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) {
    guard let gx: UnsafeMutablePointer<Scalar> = call.inputGradient() else { return }
    let reads = function.gradientReads
    let x: UnsafePointer<Scalar>? = reads.input ? call.input() : nil
    let y: UnsafePointer<Scalar>? = reads.output ? UnsafePointer(call.output(0, as: Scalar.self)) : nil
    let gy: UnsafeMutablePointer<Scalar> = call.outputGradient()
    call.parallel(call.outputs[0].count, cost: 4) { start, count in
      function.gradient(
        x: x.map { $0 + start }, y: y.map { $0 + start }, gy: gy + start, gx: gx + start, count: count)
    }
  }
}
