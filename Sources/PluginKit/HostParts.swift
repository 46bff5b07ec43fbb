import Kernels
import LayerKit

/// Stands for the initializer that an attribute names; the host fills the parameter itself.
struct HostInitializer: Initializer {
  static let schema = Schema("host_initializer", "What the host fills.", inputs: [], outputs: [])

  let attribute: String

  init(attribute: String) { self.attribute = attribute }

  init(_ attributes: Attributes) throws { throw LayerFault("stands for an attribute's initializer alone") }

  /// Writes what no initializer writes, so that it is noticed where another initializer calls this one.
  func fill(
    _ values: UnsafeMutableBufferPointer<Double>, shape: [Int], fanIn: Int, fanOut: Int, key: UInt64
  ) {
    values.update(repeating: .nan)
  }
}

/// Stands for the activation that an attribute names; the host applies it to the first output.
struct HostActivation: Activation {
  static let schema = Schema("host_activation", "What the host applies.", inputs: [], outputs: [])

  let attribute: String

  init(attribute: String) { self.attribute = attribute }

  init(_ attributes: Attributes) throws { throw LayerFault("stands for an attribute's activation alone") }

  var gradientReads: (input: Bool, output: Bool) { (false, false) }

  func apply<Scalar: FloatScalar>(
    _ x: UnsafePointer<Scalar>, _ y: UnsafeMutablePointer<Scalar>, count: Int
  ) { y.update(from: x, count: count) }

  func gradient<Scalar: FloatScalar>(
    x: UnsafePointer<Scalar>?, y: UnsafePointer<Scalar>?, gy: UnsafePointer<Scalar>,
    gx: UnsafeMutablePointer<Scalar>, count: Int
  ) { gx.update(from: gy, count: count) }
}
