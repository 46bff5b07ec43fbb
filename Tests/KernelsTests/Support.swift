import Foundation
import Kernels

/// The sizes at which every loop is tried: empty, one, below, at and beyond a vector, and long.
let sizes = [0, 1, 7, 16, 33, 1000, 2500]

/// Numbers that are neither regular nor random: the same at every run.
func numbers<Scalar: FloatScalar>(_ count: Int, salt: Int = 0, scale: Double = 3, of: Scalar.Type) -> [Scalar]
{
  (0..<count).map { i in
    let turn = Double((i &* 7919 &+ salt &* 104_729 &+ 13) % 10007) / 10007
    return Scalar((turn * 2 - 1) * scale)
  }
}

/// Whether two numbers are near for the type: relative to the larger of `size` and the expectation.
func near<Scalar: FloatScalar>(
  _ found: Scalar, _ expected: Double, size: Double = 0, units: Double = 8
) -> Bool {
  let value = Double(found)
  if value.isNaN || expected.isNaN { return value.isNaN && expected.isNaN }
  if value == expected { return true }
  if value.isInfinite || expected.isInfinite {
    return Scalar(expected) == found
  }
  let unit = Scalar.self == Float.self ? 1.2e-7 : 2.3e-16
  let least = Scalar.self == Float.self ? 1.5e-45 : 5e-324
  return Swift.abs(value - expected) <= units * unit * Swift.max(Swift.abs(expected), size) + least
}

/// The first index at which an array is not near the expectation, or nil.
func firstFar<Scalar: FloatScalar>(
  _ found: [Scalar], _ expected: [Double], size: Double = 0, units: Double = 8
) -> String? {
  guard found.count == expected.count else { return "\(found.count) for \(expected.count) elements" }
  for i in found.indices where !near(found[i], expected[i], size: size, units: units) {
    return "at \(i): \(found[i]), expected \(expected[i])"
  }
  return nil
}

/// The functions as the file format defines them, in plain double precision.
func plain(_ f: MapFunction, _ x: Double, _ a: Double, _ b: Double) -> Double {
  let sigmoid = x >= 0 ? 1 / (1 + exp(-x)) : exp(x) / (1 + exp(x))
  let softplus = max(x, 0) + log1p(exp(-Swift.abs(x)))
  switch f {
  case .copy: return x
  case .linear: return a * x + b
  case .negate: return -x
  case .abs: return Swift.abs(x)
  case .sign: return x > 0 ? 1 : x < 0 ? -1 : x
  case .exp: return exp(x)
  case .log: return log(x)
  case .sqrt: return sqrt(x)
  case .square: return x * x
  case .reciprocal: return 1 / x
  case .sin: return sin(x)
  case .cos: return cos(x)
  case .clip: return min(max(x, a), b)
  case .step: return x >= 0 ? 1 : 0
  case .relu: return x > 0 ? x : 0
  case .relu6: return min(max(x, 0), 6)
  case .leakyRelu: return x > 0 ? x : a * x
  case .elu: return x > 0 ? x : a * expm1(x)
  case .selu: return 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * expm1(x))
  case .celu: return x > 0 ? x : a * expm1(x / a)
  case .gelu: return x * 0.5 * erfc(-x / 2.0.squareRoot())
  case .geluTanh:
    let u = (2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)
    return x * (1 / (1 + exp(-2 * u)))
  case .silu: return x * sigmoid
  case .mish: return x * tanh(softplus)
  case .sigmoid: return sigmoid
  case .hardSigmoid: return min(max(x + 3, 0), 6) / 6
  case .hardSwish: return x * min(max(x + 3, 0), 6) / 6
  case .tanh: return tanh(x)
  case .softplus: return softplus
  case .softsign: return x / (1 + Swift.abs(x))
  }
}

func plain(_ f: BinaryFunction, _ a: Double, _ b: Double) -> Double {
  switch f {
  case .add: a + b
  case .subtract: a - b
  case .multiply: a * b
  case .divide: a / b
  case .maximum: a.isNaN || b.isNaN ? .nan : max(a, b)
  case .minimum: a.isNaN || b.isNaN ? .nan : min(a, b)
  case .power: pow(a, b)
  }
}

/// Where a function is tried: the positive numbers for those that need them.
func domain<Scalar: FloatScalar>(_ f: MapFunction, _ x: [Scalar]) -> [Scalar] {
  switch f {
  case .log, .sqrt: x.map { Swift.abs($0) + 0.01 }
  case .reciprocal: x.map { $0 == 0 ? 1 : $0 }
  default: x
  }
}

func mapped<Scalar: FloatScalar>(_ f: MapFunction, _ x: [Scalar], a: Double, b: Double) -> [Scalar] {
  var y = [Scalar](repeating: .nan, count: x.count)
  Kernel.map(f, x: x, y: &y, count: x.count, a: a, b: b)
  return y
}

func gradient<Scalar: FloatScalar>(
  _ f: MapFunction, _ x: [Scalar], gy: [Scalar], a: Double, b: Double
) -> [Scalar] {
  let y = mapped(f, x, a: a, b: b)
  var gx = [Scalar](repeating: .nan, count: x.count)
  let reads = f.gradientReads
  x.withUnsafeBufferPointer { x in
    y.withUnsafeBufferPointer { y in
      // What the function says it does not read is not there.
      Kernel.mapGradient(
        f, x: reads.input ? x.baseAddress : nil, y: reads.output ? y.baseAddress : nil, gy: gy, gx: &gx,
        count: x.count, a: a, b: b)
    }
  }
  return gx
}
