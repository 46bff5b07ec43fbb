import Glibc
import LayerKit

/// The first decay rates: exp(a_log) is 1, 2, 3, ... over the states of every channel.
struct LogarithmOfState: Initializer {
  static let schema = Schema(
    "logarithm_of_state", "The logarithm of the state's number, from 1.", formula: "a_log[d, s] = ln(s + 1)",
    inputs: [], outputs: [])

  init() {}

  init(_ attributes: Attributes) {}

  func fill(
    _ values: UnsafeMutableBufferPointer<Double>, shape: [Int], fanIn: Int, fanOut: Int, key: UInt64
  ) {
    let states = max(1, shape.last ?? 1)
    for i in values.indices { values[i] = log(Double(i % states + 1)) }
  }
}
