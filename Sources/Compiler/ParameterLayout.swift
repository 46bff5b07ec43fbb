import LayerKit
import Tensors

/// Where each parameter and state stands in the one block that holds them all.
///
/// Trainable float32 values come first, trainable float64 ones next, then frozen ones and states. Each
/// begins at a multiple of 64 bytes; the gaps are zeros and stay zeros under every optimizer.
public struct ParameterLayout: Sendable {
  public let types: [ConcreteType]
  public let offsets: [Int]
  public let byteCount: Int
  /// The bytes from the start that trainable parameters take; gradients have the same layout.
  public let trainableByteCount: Int
  /// The trainable parameters in the order of their places.
  public let trainable: [ParameterID]

  /// `inDouble`: every float32 is held as float64.
  public init(_ network: Network, inDouble: Bool) {
    let parameters = network.parameters
    types = parameters.map { ConcreteType($0.declaration.element.inPrecision(double: inDouble), $0.shape) }
    let all = parameters.indices.map { ParameterID($0) }
    var ordered: [ParameterID] = []
    for element in [ElementType.float32, .float64] {
      ordered += all.filter { [types] in
        parameters[$0.index].isTrainable && types[$0.index].element == element
      }
    }
    trainable = ordered
    ordered += all.filter { !parameters[$0.index].isTrainable }
    var offsets = [Int](repeating: 0, count: parameters.count)
    var end = 0
    var trainableEnd = 0
    for (place, id) in ordered.enumerated() {
      offsets[id.index] = end
      end = saturatingSum(end, alignedUp(types[id.index].byteCount))
      if place < trainable.count { trainableEnd = end }
    }
    self.offsets = offsets
    byteCount = end
    trainableByteCount = trainableEnd
  }
}

/// The bytes rounded up to a whole number of cache lines, so that blocks begin aligned.
func alignedUp(_ bytes: Int) -> Int { bytes > Int.max - 63 ? Int.max : (bytes + 63) / 64 * 64 }

extension ElementType {
  /// The type that values of this type have in a run of the given precision.
  public func inPrecision(double: Bool) -> ElementType { double && self == .float32 ? .float64 : self }
}
