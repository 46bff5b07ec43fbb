import LayerKit
import Tensors

extension GuardedCall {
  /// What a buffer is, which says who may write it.
  enum Role: Hashable {
    case input, parameter, state, output, saved, forwardScratch, backwardScratch
    case outputGradient, inputGradient, parameterGradient
  }

  /// A buffer of a call, between guards.
  struct Buffer {
    let role: Role
    /// Which input, output, parameter or buffer of its kind it is, or belongs to; states count as parameters.
    let index: Int
    /// `output y`.
    let label: String
    /// Nil for saved and scratch memory.
    let type: ConcreteType?
    let block: GuardedBlock
    /// What it holds before a run; nil where that is the prefill.
    var first: [UInt8]?

    /// Nil for saved and scratch memory.
    var view: TensorView? { type.map { TensorView(block.base, $0) } }
  }

  /// What keeps a call from being made.
  struct Refusal: Error, CustomStringConvertible {
    let description: String
  }
}
