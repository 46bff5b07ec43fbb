// The activation functions and their derivatives, for the scalar of the moment, but for those that each
// scalar's mathematics has. At a kink the derivative is the one that the file format names.

// e^-|x| is what keeps the tails exact: it never overflows.
INLINE V N(sigmoid)(V x) {
  V e = N(exp)(-N(magnitude)(x));
  return N(over_sum)(N(select)(x >= C(0), (V)C(1), e), e);
}

// sigmoid(x), and in `rest` sigmoid(-x), which 1 - sigmoid(x) would round away.
INLINE V N(sigmoids)(V x, V *rest) {
  V e = N(exp)(-N(magnitude)(x));
  V large = C(1) / (C(1) + e), small = e * large;
  *rest = N(select)(x >= C(0), small, large);
  return N(select)(x >= C(0), large, small);
}

INLINE V N(positive)(V x) { return N(at_least)(x, (V)C(0)); }

INLINE V N(softplus)(V x) { return N(positive)(x) + N(log1p_unit)(N(exp)(-N(magnitude)(x))); }

INLINE V N(sign)(V x) {
  V y = N(select)(x < C(0), (V)C(-1), x);
  return N(select)(x > C(0), (V)C(1), y);
}

// `alpha (e^x - 1)` below 0.
INLINE V N(elu)(V x, SCALAR alpha) {
  return N(select)(x >= C(0), x, alpha * N(expm1)(N(at_most)(x, (V)C(0))));
}

INLINE V N(celu)(V x, SCALAR alpha) { return N(select)(x >= C(0), x, alpha * N(expm1)(x / alpha)); }

#define SELU_SCALE C(1.0507009873554804934193349852946)
#define SELU_ALPHA C(1.6732632423543772848170429916717)
// Their product, rounded once.
#define SELU_SLOPE C(1.75809934084737685994021752081232)

INLINE V N(selu)(V x) {
  return N(select)(x >= C(0), SELU_SCALE * x, SELU_SLOPE * N(expm1)(N(at_most)(x, (V)C(0))));
}

#define GELU_TANH_SCALE C(1.5957691216057307117597842397375)
#define GELU_TANH_CUBE C(0.044715)

INLINE V N(gelu_tanh_gradient)(V x) {
  // Beyond 40 the derivative is 0 or 1, and a cube could overflow.
  V t = N(at_least)(N(at_most)(x, (V)C(40)), (V)C(-40));
  V square = t * t;
  V u = GELU_TANH_SCALE * (t + GELU_TANH_CUBE * square * t);
  V slope = GELU_TANH_SCALE * (C(1) + C(3) * GELU_TANH_CUBE * square);
  V rest, s = N(sigmoids)(u, &rest);
  return s + t * slope * (s * rest);
}

INLINE V N(silu_gradient)(V x) {
  V rest, s = N(sigmoids)(x, &rest);
  return s * (C(1) + x * rest);
}

INLINE V N(mish_gradient)(V x) {
  // tanh(softplus(x)) is n / (n + 2).
  V e = N(exp)(N(at_most)(x, (V)C(20)));
  V n = e * (e + C(2));
  V part = C(1) / (n + C(2));
  V y = n * part + x * (C(4) * e * (e + C(1)) * part * part);
  return N(select)(x > C(20), (V)C(1), y);
}

INLINE V N(hard_sigmoid)(V x) {
  return N(at_most)(N(positive)(x + C(3)), (V)C(6)) * C(1.0 / 6.0);
}

INLINE V N(hard_swish_gradient)(V x) {
  V y = N(select)(x >= C(3), (V)C(1), x * C(1.0 / 3.0) + C(0.5));
  return N(select)(x <= C(-3), (V)C(0), y);
}

INLINE V N(softsign_gradient)(V x) {
  V r = C(1) / (C(1) + N(magnitude)(x));
  return r * r;
}

// Which of two equals counts: each by half.
INLINE V N(share)(MASK first, MASK equal, V gy) {
  return N(select)(first, gy, N(select)(equal, gy * C(0.5), (V)C(0)));
}
