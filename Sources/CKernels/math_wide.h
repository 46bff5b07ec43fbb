// Functions of double vectors that are accurate to about 1e-10: what float's `sin`, `cos` and `power` are
// rounded from, and what random numbers are made of. No special cases: the caller keeps to the domain.
#ifndef MATH_WIDE_H
#define MATH_WIDE_H

#include "vectors.h"

// Adding it rounds a double of moderate size to an integer, found in the low bits of the sum.
#define WIDE_ROUNDER 0x1.8p52

// e^x for |x| <= 700.
INLINE f64 wide_exp(f64 x) {
  f64 shifted = x * 0x1.71547652b82fep0 + WIDE_ROUNDER;
  i64 k = bits_double(shifted) - bits_double((f64)WIDE_ROUNDER);
  f64 n = shifted - WIDE_ROUNDER;
  f64 r = (x - n * 0x1.62e42feep-1) - n * 0x1.a39ef35793c76p-33;
  // Taylor's series: |r| <= 0.35.
  f64 p = (f64)(1.0 / 40320.0);
  p = p * r + 1.0 / 5040.0;
  p = p * r + 1.0 / 720.0;
  p = p * r + 1.0 / 120.0;
  p = p * r + 1.0 / 24.0;
  p = p * r + 1.0 / 6.0;
  p = p * r + 0.5;
  p = p * r + 1.0;
  p = p * r + 1.0;
  return p * from_bits_double((k + 1023) << 52);
}

// e^x for |x| <= 200, to 3e-9 of it: enough to round a float from.
INLINE f64 brief_exp(f64 x) {
  f64 shifted = x * 0x1.71547652b82fep0 + WIDE_ROUNDER;
  i64 k = bits_double(shifted) - bits_double((f64)WIDE_ROUNDER);
  f64 r = x - (shifted - WIDE_ROUNDER) * 0x1.62e42fefa39efp-1;
  f64 p = (f64)0.0013814598564889657;
  p = p * r + 0.008368716983649096;
  p = p * r + 0.04166838805441943;
  p = p * r + 0.16666520630834064;
  p = p * r + 0.49999993447735347;
  p = p * r + 1.0;
  p = p * r + 1.0;
  return p * from_bits_double((k + 1023) << 52);
}

// ln x for positive normal x.
INLINE f64 wide_log(f64 x) {
  i64 bits = bits_double(x);
  // The significand is taken between sqrt 1/2 and sqrt 2.
  i64 k = (bits - 0x3fe6a09e667f3bcdLL) >> 52;
  f64 f = from_bits_double(bits - (k << 52)) - 1.0;
  f64 n = from_bits_double(k + bits_double((f64)WIDE_ROUNDER)) - WIDE_ROUNDER;
  // ln(1 + f) = 2 (s + s^3/3 + s^5/5 + ...), |s| <= 0.1716
  f64 s = f / (f + 2.0);
  f64 z = s * s;
  f64 p = (f64)(2.0 / 13.0);
  p = p * z + 2.0 / 11.0;
  p = p * z + 2.0 / 9.0;
  p = p * z + 2.0 / 7.0;
  p = p * z + 2.0 / 5.0;
  p = p * z + 2.0 / 3.0;
  return n * 0x1.62e42feep-1 + (n * 0x1.a39ef35793c76p-33 + (s * z * p + 2.0 * s));
}

// The sine of x + quadrant pi/2, for |x| <= 2^20.
INLINE f64 wide_sine(f64 x, int quadrant) {
  f64 shifted = x * 0x1.45f306dc9c883p-1 + WIDE_ROUNDER;
  i64 q = bits_double(shifted) + quadrant;
  f64 n = shifted - WIDE_ROUNDER;
  f64 r = (x - n * 0x1.921fb544p0) - n * 0x1.0b4611a626331p-34;
  f64 z = r * r;
  f64 s = (f64)(-1.0 / 39916800.0);
  s = s * z + 1.0 / 362880.0;
  s = s * z - 1.0 / 5040.0;
  s = s * z + 1.0 / 120.0;
  s = s * z - 1.0 / 6.0;
  s = s * z * r + r;
  f64 c = (f64)(1.0 / 479001600.0);
  c = c * z - 1.0 / 3628800.0;
  c = c * z + 1.0 / 40320.0;
  c = c * z - 1.0 / 720.0;
  c = c * z + 1.0 / 24.0;
  c = c * z - 0.5;
  c = c * z + 1.0;
  f64 out = ((q & 1) != 0) ? c : s;
  return ((q & 2) != 0) ? -out : out;
}

#endif
