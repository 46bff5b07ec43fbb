// Functions of float vectors, without branches; right at infinities, at what is not a number, and where
// results are subnormal or overflow.
//
// The largest errors over all floats in units in the last place of the result, found by
// Benchmarks/accuracy/run without fused multiplication and addition, and with:
//
//   exp       0.93  0.93      sigmoid   1.97  1.97      sin, cos  0.57  0.57
//   expm1     1.12  1.11      softplus  1.95  1.95      gelu      0.65  0.65
//   log       0.84  0.82      tanh      0.71  0.71      gelu_tanh 0.56  0.56
//   selu      1.91  1.91      silu      0.56  0.56      mish      0.56  0.56
//
// `power` has 0.51 over the pairs that were tried. What is below 0.72 is rounded once, from
// double.
#ifndef MATH_FLOAT_H
#define MATH_FLOAT_H

#include "math_wide.h"

#define FLOAT_ROUNDER 0x1.8p23f
#define WIDEN(v) __builtin_convertvector(v, f64)
#define NARROW(v) __builtin_convertvector(v, f32)

// (e^r - 1 - r) / r^2 for |r| <= ln 2 / 2.
INLINE f32 exp_series_float(f32 r) {
  f32 q = (f32)0.00138824829f;
  q = q * r + 0.00836669188f;
  q = q * r + 0.0416672044f;
  q = q * r + 0.16666542f;
  return q * r + 0.49999997f;
}

// e^x = (1 + above) first second, for |x| <= 110: two factors, for powers of two beyond the normal ones.
struct exponential_float {
  f32 above, first, second;
};

INLINE struct exponential_float exponential_float(f32 x) {
  struct exponential_float e;
  f32 shifted = x * 0x1.715476p0f + FLOAT_ROUNDER;
  i32 k = bits_float(shifted) - bits_float((f32)FLOAT_ROUNDER);
  f32 n = shifted - FLOAT_ROUNDER;
  // The first difference is exact; the rest of it joins what is small.
  f32 high = x - n * 0.693359375f, low = n * -2.12194440e-4f;
  f32 r = high - low;
  e.above = ((exp_series_float(r) * r) * r - low) + high;
  i32 half = k >> 1;
  e.first = from_bits_float((half + 127) << 23);
  e.second = from_bits_float((k - half + 127) << 23);
  return e;
}

INLINE f32 exp_float(f32 x) {
  // What becomes 0 keeps out of the arithmetic, which is slow on subnormal numbers.
  i32 nothing = x < -104.0f;
  struct exponential_float e = exponential_float(nothing ? (f32)0.0f : at_most_float(x, 89.0f));
  return nothing ? (f32)0.0f : (1.0f + e.above) * e.first * e.second;
}

// a / (1 + e) for e between 0 and 1. What the sum rounds away counts most where e is small: it is given back.
INLINE f32 over_sum_float(f32 a, f32 e) {
  f32 sum = 1.0f + e;
  f32 lost = e - (sum - 1.0f);
  f32 y = a / sum;
  return y - y * lost;
}

// e^x - 1 for x <= 80.
INLINE f32 expm1_float(f32 x) {
  x = at_least_float(at_most_float(x, 80.0f), -40.0f);
  f32 shifted = x * 0x1.715476p0f + FLOAT_ROUNDER;
  i32 k = bits_float(shifted) - bits_float((f32)FLOAT_ROUNDER);
  f32 n = shifted - FLOAT_ROUNDER;
  f32 high = x - n * 0.693359375f, low = n * -2.12194440e-4f;
  f32 r = high - low;
  f32 p = ((exp_series_float(r) * r) * r - low) + high;
  f32 power = from_bits_float((k + 127) << 23);
  return p * power + (power - 1.0f);
}

// ln x for positive normal x.
INLINE f32 log_normal_float(f32 x, f32 exponent) {
  i32 bits = bits_float(x);
  i32 k = (bits - 0x3f3504f3) >> 23;
  f32 f = from_bits_float(bits - (k << 23)) - 1.0f;
  f32 n = __builtin_convertvector(k, f32) + exponent;
  f32 p = (f32)0.0674768239f;
  p = p * f - 0.116775028f;
  p = p * f + 0.118887119f;
  p = p * f - 0.124053434f;
  p = p * f + 0.14219451f;
  p = p * f - 0.166680053f;
  p = p * f + 0.200021237f;
  p = p * f - 0.250000089f;
  p = p * f + 0.333333135f;
  f32 square = f * f;
  f32 tail = (p * f) * square - square * 0.5f + n * -2.12194440e-4f;
  return (tail + f) + n * 0.693359375f;
}

INLINE f32 log_float(f32 x) {
  i32 tiny = x < 0x1p-126f;
  f32 y = log_normal_float(tiny ? x * 0x1p23f : x, tiny ? (f32)-23.0f : (f32)0.0f);
  y = x == 0.0f ? (f32)-INFINITY : y;
  y = x < 0.0f ? (f32)NAN : y;
  return ((x == INFINITY) | (x != x)) ? x : y;
}

// ln x in double for x at least 1, or not a number.
INLINE f64 log_of_total_float(f64 x) { return x == x ? wide_log(x) : x; }

// ln(1 + e) for e in [0, 1].
INLINE f32 log1p_unit_float(f32 e) {
  f32 u = 1.0f + e;
  return log_normal_float(u, 0.0f) + (e - (u - 1.0f)) / u;
}

// The numbers x S(u) with S between 0 and 1 are rounded once, from double: in the tail of S every rounding
// before it would count as many times as the exponent is large.

// w sigmoid(u), where u >= 0 is given for |w|, and w is not below where the result rounds to 0.
INLINE f32 gated_float(f64 w, f64 u) {
  f64 e = brief_exp(-u);
  return NARROW((w >= 0.0 ? w : w * e) / (1.0 + e));
}

INLINE f32 silu_float(f32 x) {
  f64 w = at_least_double(WIDEN(x), -110.0);
  return gated_float(w, at_most_double(magnitude_double(w), 110.0));
}

// Where the difference would lose digits, the first terms of the series.
INLINE f32 tanh_float(f32 x) {
  f64 w = WIDEN(x), t = at_most_double(magnitude_double(w), 20.0), z = t * t;
  f64 e = brief_exp(-2.0 * t);
  f64 y = t < 0.06 ? t * (1.0 + z * (z * (2.0 / 15.0) - 1.0 / 3.0)) : (1.0 - e) / (1.0 + e);
  return from_bits_float(bits_float(NARROW(y)) | (bits_float(x) & INT32_MIN));
}

INLINE f32 gelu_tanh_float(f32 x) {
  f64 w = at_least_double(WIDEN(x), -11.5);
  f64 t = at_most_double(magnitude_double(w), 11.5);
  return gated_float(w, t * (1.5957691216057307 + 0.071354816272600249 * (t * t)));
}

// tanh(softplus(x)) is n / (n + 2) with n = e^x (e^x + 2); beyond 40 it is 1 to the last bit.
INLINE f32 mish_float(f32 x) {
  f64 w = at_least_double(WIDEN(x), -110.0);
  f64 e = brief_exp(at_most_double(w, 40.0));
  f64 n = e * (e + 2.0);
  return NARROW(w * (n / (n + 2.0)));
}

// The normal distribution function at -t, for 0 <= t <= 15, with e^(-t^2 / 2) in `bell`: a bell times Mills'
// ratio, whose approximation has terms of one sign only.
INLINE f64 wide_normal_tail(f64 t, f64 *bell) {
  *bell = brief_exp(-0.5 * (t * t));
  f64 p = (f64)0.004116283645610824;
  p = p * t + 0.04063306924651545;
  p = p * t + 0.18323469648416588;
  p = p * t + 0.4382943964202734;
  p = p * t + 0.5000000029540649;
  f64 q = (f64)0.01031787322841072;
  q = q * t + 0.1018584473604184;
  q = q * t + 0.4694694589028513;
  q = q * t + 1.2025013749250342;
  q = q * t + 1.6744737740620168;
  q = q * t + 1.0;
  return p * *bell / q;
}

INLINE f32 gelu_float(f32 x) {
  f64 w = WIDEN(x), bell;
  f64 t = at_most_double(magnitude_double(w), 15.0);
  f64 tail = t * wide_normal_tail(t, &bell);
  return NARROW(w >= 0.0 ? w - tail : -tail);
}

INLINE f32 gelu_gradient_float(f32 x) {
  f64 w = at_least_double(at_most_double(WIDEN(x), 15.0), -15.0), bell;
  f64 tail = wide_normal_tail(magnitude_double(w), &bell);
  return NARROW((w >= 0.0 ? 1.0 - tail : tail) + w * (bell * 0.39894228040143268));
}

INLINE f32 sine_float(f32 x, int quadrant) {
  const float limit = 1.0e6f;
  i32 usual = magnitude_float(x) <= limit;
  f32 y = NARROW(wide_sine(WIDEN(usual ? x : (f32)0.0f), quadrant));
  if (any(~usual))
    for (int i = 0; i < LANES; i++)
      if (!usual[i]) y[i] = quadrant ? cosf(x[i]) : sinf(x[i]);
  return y;
}

INLINE f32 sin_float(f32 x) { return (x == 0.0f) ? x : sine_float(x, 0); }
INLINE f32 cos_float(f32 x) { return sine_float(x, 1); }

INLINE f32 pow_float(f32 a, f32 b) {
  f32 size = magnitude_float(a);
  f64 exponent = WIDEN(b) * wide_log(WIDEN(size > 0.0f ? size : (f32)1.0f));
  exponent = at_least_double(at_most_double(exponent, 200.0), -200.0);
  f32 y = NARROW(wide_exp(exponent));
  f32 at_zero = b > 0.0f ? (f32)0.0f : (b < 0.0f ? (f32)INFINITY : (f32)1.0f);
  y = size == 0.0f ? at_zero : y;
  // Floats beyond 2^25 are even integers, as 2^25 is.
  f32 held = at_least_float(at_most_float(b, 0x1p25f), -0x1p25f);
  i32 whole = __builtin_convertvector(held == held ? held : (f32)0.0f, i32);
  i32 odd = (whole & 1) != 0;
  i32 integer = __builtin_convertvector(whole, f32) == held;
  y = from_bits_float(bits_float(y) ^ (bits_float(a) & INT32_MIN & odd & integer));
  y = (a < 0.0f) & ~integer ? (f32)NAN : y;
  i32 strange = ((a - a) != 0.0f) | ((b - b) != 0.0f);
  if (any(strange))
    for (int i = 0; i < LANES; i++)
      if (strange[i]) y[i] = powf(a[i], b[i]);
  return y;
}

#endif
