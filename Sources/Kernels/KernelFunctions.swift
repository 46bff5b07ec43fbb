/// A function of one number, as PyTorch defines it, with up to two constants `a` and `b`.
public enum MapFunction: Int32, Sendable, CaseIterable {
  /// `x`
  case copy
  /// `a x + b`
  case linear
  case negate
  case abs
  /// -1, 0 or 1.
  case sign
  case exp
  /// The natural logarithm.
  case log
  case sqrt
  case square
  case reciprocal
  case sin
  case cos
  /// `x`, not below `a` and not above `b`.
  case clip
  /// 1 where `x >= 0`, else 0; its gradient is 0.
  case step
  case relu
  case relu6
  /// `x` where positive, else `a x`.
  case leakyRelu
  /// `x` where positive, else `a (e^x - 1)`.
  case elu
  case selu
  /// `x` where positive, else `a (e^(x / a) - 1)`.
  case celu
  /// `x` times the normal distribution function of `x`.
  case gelu
  /// `gelu` by its approximation with `tanh`.
  case geluTanh
  /// `x sigmoid(x)`
  case silu
  /// `x tanh(softplus(x))`
  case mish
  case sigmoid
  /// `relu6(x + 3) / 6`
  case hardSigmoid
  /// `x relu6(x + 3) / 6`
  case hardSwish
  case tanh
  /// `ln(1 + e^x)`
  case softplus
  /// `x / (1 + |x|)`
  case softsign

  /// Which of its input and its output `mapGradient` reads; what is not read may be nil, and need not be kept.
  ///
  /// The output is preferred, because the layer behind keeps it anyway.
  public var gradientReads: (input: Bool, output: Bool) {
    switch self {
    case .copy, .linear, .negate, .sign, .step: (false, false)
    case .exp, .sqrt, .reciprocal, .relu, .relu6, .selu, .sigmoid, .tanh: (false, true)
    case .abs, .log, .square, .sin, .cos, .clip, .leakyRelu, .elu, .celu, .gelu, .geluTanh, .silu, .mish,
      .hardSigmoid, .hardSwish, .softplus, .softsign:
      (true, false)
    }
  }
}

/// A function of two numbers.
public enum BinaryFunction: Int32, Sendable, CaseIterable {
  case add, subtract, multiply, divide, maximum, minimum, power
}

/// What becomes of many numbers when they become one.
public enum ReduceFunction: Int32, Sendable, CaseIterable {
  case sum, maximum, minimum, sumOfSquares, sumOfMagnitudes
}

/// The loops over numbers: single-threaded, without state, on memory that the caller owns.
///
/// A count of 0 is allowed everywhere. An element's result depends on its operands alone, never on its
/// place in the array; a sum's order depends on the sizes alone.
public enum Kernel {}
