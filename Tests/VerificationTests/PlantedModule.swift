import Kernels
import LayerKit
import Tensors

/// Operators with a fault each, for the checks to find.
struct PlantedModule: Module {
  static let name = "planted"
  static let version = "1.0.0"

  func register(into registrar: inout Registrar) throws {
    registrar.layers(
      WrongSign.self, MissingGradient.self, UnwrittenGradient.self, HiddenKink.self, Restless.self,
      RightScale.self)
    registrar.optimizers(Sideways.self)
  }
}

/// A base for operators y = factor x with a parameter `factor [1]`.
protocol PlantedScale: DifferentiableLayer {
  static var word: String { get }
  init()
}

extension PlantedScale {
  static var schema: Schema {
    Schema(word, "Multiplies by a parameter.", formula: "y = factor x", parameters: ["factor [1]"])
  }
  static var examples: [Example] { [Example("", .floats([2, 3])), Example("", .floats([4]))] }
  init(_ attributes: Attributes) { self.init() }

  func infer(_ inference: inout Inference) throws {
    inference.parameter("factor", [1], One())
    inference.output(try inference.float())
  }

  func forward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) throws {
    let (x, y): (UnsafePointer<Scalar>, UnsafeMutablePointer<Scalar>) = (call.input(), call.output())
    for i in 0..<call.view().count { y[i] = x[i] * call.parameter(0, as: Scalar.self)[0] }
  }

  /// The gradient of x, times `sign`.
  func writeInput<Scalar: FloatScalar>(_ call: Call, sign: Scalar) {
    guard let gx: UnsafeMutablePointer<Scalar> = call.inputGradient() else { return }
    let gy: UnsafeMutablePointer<Scalar> = call.outputGradient()
    for i in 0..<call.view().count { gx[i] = sign * gy[i] * call.parameter(0, as: Scalar.self)[0] }
  }

  func writeParameter<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) {
    guard let target: UnsafeMutablePointer<Scalar> = call.parameterGradient(0) else { return }
    let gy: UnsafeMutablePointer<Scalar> = call.outputGradient()
    let x: UnsafePointer<Scalar> = call.input()
    target[0] = 0
    for i in 0..<call.view().count { target[0] += gy[i] * x[i] }
  }
}

struct One: Initializer {
  static let schema = Schema("planted_one", "Ones.", inputs: [], outputs: [])
  init() {}
  init(_ attributes: Attributes) {}
  func fill(_ values: UnsafeMutableBufferPointer<Double>, shape: [Int], fanIn: Int, fanOut: Int, key: UInt64)
  {
    values.update(repeating: 1)
  }
}

struct RightScale: PlantedScale {
  static let word = "right_scale"
  func backward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) {
    writeInput(call, sign: Scalar(1))
    writeParameter(call, as: Scalar.self)
  }
}

/// The gradient of the input has the wrong sign.
struct WrongSign: PlantedScale {
  static let word = "wrong_sign"
  func backward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) {
    writeInput(call, sign: Scalar(-1))
    writeParameter(call, as: Scalar.self)
  }
}

/// The parameter's gradient is never written.
struct UnwrittenGradient: PlantedScale {
  static let word = "unwritten_gradient"
  func backward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) { writeInput(call, sign: Scalar(1)) }
}

/// Nothing of what it computes has a gradient, yet it has a parameter.
struct MissingGradient: Layer {
  static let schema = Schema("missing_gradient", "Multiplies by a parameter.")
  static let examples = [Example("", .floats([2]))]
  init(_ attributes: Attributes) {}
  func infer(_ inference: inout Inference) throws { try RightScale().infer(&inference) }
  func forward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) throws {
    try RightScale().forward(call, as: Scalar.self)
  }
}

/// y = |x - 1|, whose example does not say that 1 is a kink.
struct HiddenKink: DifferentiableLayer {
  static let schema = Schema("hidden_kink", "The distance to 1.")
  static let examples = [Example("", .floats([3], in: 1...1, kinks: []))]
  init(_ attributes: Attributes) {}
  func infer(_ inference: inout Inference) throws { inference.output(try inference.float()) }
  func forward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) throws {
    let (x, y): (UnsafePointer<Scalar>, UnsafeMutablePointer<Scalar>) = (call.input(), call.output())
    for i in 0..<call.view().count { y[i] = abs(x[i] - 1) }
  }
  func backward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) {
    guard let gx: UnsafeMutablePointer<Scalar> = call.inputGradient() else { return }
    for i in 0..<call.view().count { gx[i] = 0 }
  }
}

/// Gives another value at every run.
struct Restless: Layer {
  static let schema = Schema("restless", "Adds where its output lies in memory.", inputs: [])
  static let examples = [Example()]
  init(_ attributes: Attributes) {}
  func infer(_ inference: inout Inference) throws { inference.output(.float32, [2]) }
  func forward<Scalar: FloatScalar>(_ call: Call, as: Scalar.Type) throws {
    let y: UnsafeMutablePointer<Scalar> = call.output()
    for i in 0..<2 { y[i] = Scalar(Double.random(in: 0...1)) }
  }
}

/// Changes every parameter by the gradient of the one that begins the range.
struct Sideways: Optimizer {
  static let schema = Schema("sideways", "Takes the first gradient for all.", inputs: [], outputs: [])
  let learningRate = 0.1
  let slotCount = 0
  init(_ attributes: Attributes) {}
  func update<Scalar: FloatScalar>(_ range: OptimizerRange<Scalar>) {
    for i in 0..<range.count { range.parameters[i] -= range.rate * range.gradients[0] }
  }
}
