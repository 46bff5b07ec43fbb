// Functions of double vectors: the C library's, lane by lane. Double serves the proofs, not the speed.
#ifndef MATH_DOUBLE_H
#define MATH_DOUBLE_H

#include "vectors.h"

#define BY_LANES(NAME, FUNCTION)                                                                     \
  static __attribute__((noinline, unused)) void NAME##_lanes(double *x) {                            \
    for (int i = 0; i < LANES; i++) x[i] = FUNCTION(x[i]);                                           \
  }                                                                                                  \
  INLINE f64 NAME(f64 x) {                                                                           \
    double lanes[LANES];                                                                             \
    store_double(lanes, x);                                                                          \
    NAME##_lanes(lanes);                                                                             \
    return load_double(lanes);                                                                       \
  }

BY_LANES(exp_double, exp)
BY_LANES(expm1_double, expm1)
BY_LANES(log_double, log)
BY_LANES(log1p_unit_double, log1p)
BY_LANES(tanh_double, tanh)
BY_LANES(sin_double, sin)
BY_LANES(cos_double, cos)
BY_LANES(erfc_double, erfc)

INLINE f64 log_of_total_double(f64 x) { return log_double(x); }

INLINE f64 over_sum_double(f64 a, f64 e) { return a / (1.0 + e); }

INLINE f64 silu_double(f64 x) {
  f64 e = exp_double(-magnitude_double(x));
  return x * ((x >= 0.0 ? (f64)1.0 : e) / (1.0 + e));
}

// 0.5 (1 + tanh u) is sigmoid(2 u), which has no cancellation.
INLINE f64 gelu_tanh_double(f64 x) {
  f64 u = 1.5957691216057307117597842397375 * (x + 0.044715 * x * x * x);
  f64 e = exp_double(-magnitude_double(u));
  return x * ((u >= 0.0 ? (f64)1.0 : e) / (1.0 + e));
}

// tanh(softplus(x)) is n / (n + 2) with n = e^x (e^x + 2); beyond 40 it is 1 to the last bit.
INLINE f64 mish_double(f64 x) {
  f64 e = exp_double(at_most_double(x, 40.0));
  f64 n = e * (e + 2.0);
  return x * (n / (n + 2.0));
}

// The normal distribution function.
INLINE f64 normal_double(f64 x) { return 0.5 * erfc_double(-0.707106781186547524400844 * x); }

INLINE f64 gelu_double(f64 x) { return x * normal_double(x); }

INLINE f64 gelu_gradient_double(f64 x) {
  f64 held = at_least_double(at_most_double(x, 1e30), -1e30);
  return normal_double(x) + held * (0.398942280401432677939946 * exp_double(-0.5 * x * x));
}

static __attribute__((noinline, unused)) void pow_double_lanes(double *a, const double *b) {
  for (int i = 0; i < LANES; i++) a[i] = pow(a[i], b[i]);
}

INLINE f64 pow_double(f64 a, f64 b) {
  double left[LANES], right[LANES];
  store_double(left, a);
  store_double(right, b);
  pow_double_lanes(left, right);
  return load_double(left);
}

#endif
