// Functions of float vectors, without branches, to about 2 units in the last place; right at infinities, at
// what is not a number, and where results are subnormal or overflow.
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

// e^(x + low), where `low` is small beside 1.
INLINE f32 exp_split_float(f32 x, f32 low) {
  // What becomes 0 keeps out of the arithmetic, which is slow on subnormal numbers.
  i32 nothing = x < -104.0f;
  x = nothing ? (f32)0.0f : at_most_float(x, 89.0f);
  f32 shifted = x * 0x1.715476p0f + FLOAT_ROUNDER;
  i32 k = bits_float(shifted) - bits_float((f32)FLOAT_ROUNDER);
  f32 n = shifted - FLOAT_ROUNDER;
  f32 r = (x - n * 0.693359375f) - (n * -2.12194440e-4f - low);
  f32 p = (exp_series_float(r) * r) * r + r + 1.0f;
  // Two factors, for powers of two beyond the normal ones.
  i32 half = k >> 1;
  f32 y = p * from_bits_float((half + 127) << 23) * from_bits_float((k - half + 127) << 23);
  return nothing ? (f32)0.0f : y;
}

INLINE f32 exp_float(f32 x) { return exp_split_float(x, 0.0f); }

// e^x - 1 for x <= 80.
INLINE f32 expm1_float(f32 x) {
  x = at_least_float(at_most_float(x, 80.0f), -40.0f);
  f32 shifted = x * 0x1.715476p0f + FLOAT_ROUNDER;
  i32 k = bits_float(shifted) - bits_float((f32)FLOAT_ROUNDER);
  f32 n = shifted - FLOAT_ROUNDER;
  f32 r = (x - n * 0.693359375f) - n * -2.12194440e-4f;
  f32 p = (exp_series_float(r) * r) * r + r;
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

// ln(1 + e) for e in [0, 1].
INLINE f32 log1p_unit_float(f32 e) {
  f32 u = 1.0f + e;
  return log_normal_float(u, 0.0f) + (e - (u - 1.0f)) / u;
}

INLINE f32 tanh_float(f32 x) {
  f32 t = expm1_float(-2.0f * magnitude_float(x));
  f32 y = -t / (t + 2.0f);
  return from_bits_float(bits_float(y) | (bits_float(x) & INT32_MIN));
}

// The normal distribution function at x; its density is left in `density`.
INLINE f32 normal_float(f32 x, f32 *density) {
  f32 t = at_most_float(magnitude_float(x), 40.0f);
  // t^2 in two parts: its rounding error alone would cost 100 units in the tail.
  f32 high = from_bits_float(bits_float(t) & -4096);
  f32 bell = exp_split_float(-0.5f * (high * high), -0.5f * ((t - high) * (t + high)));
  // Mills' ratio v P(v).
  f32 v = 1.0f / (1.0f + 0.2f * t);
  f32 p = (f32)-0.041960679f;
  p = p * v + 0.139680669f;
  p = p * v - 0.105450794f;
  p = p * v + 0.0990888029f;
  p = p * v + 0.0513887741f;
  p = p * v + 0.0434305444f;
  p = p * v + 0.0799044967f;
  p = p * v + 0.0740040988f;
  p = p * v + 0.0801459327f;
  p = p * v + 0.0797681436f;
  f32 tail = p * v * bell;
  *density = bell * 0.398942280f;
  return x > 0.0f ? 1.0f - tail : tail;
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
