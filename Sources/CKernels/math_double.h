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

INLINE f64 normal_double(f64 x, f64 *density) {
  *density = 0.398942280401432677939946 * exp_double(-0.5 * x * x);
  return 0.5 * erfc_double(-0.707106781186547524400844 * x);
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
