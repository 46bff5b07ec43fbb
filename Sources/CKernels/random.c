// Random numbers from a counter: Philox4x32-10 (Salmon, Moraes, Dror, Shaw 2011), four elements a block.
// No operation is fused, so that every machine draws the same bits.
#pragma STDC FP_CONTRACT OFF
#include "math_wide.h"

// The four words of 16 blocks, in the low halves of 64 bits: what the high halves hold is never multiplied.
INLINE void philox(u64 block, uint64_t key, u32 words[4]) {
  const uint64_t low = 0xFFFFFFFFu;
  u64 c0 = block, c1 = block >> 32, c2 = (u64)0u, c3 = (u64)0u;
  uint32_t k0 = (uint32_t)key, k1 = (uint32_t)(key >> 32);
  for (int round = 0; round < 10; round++) {
    u64 p0 = (c0 & low) * 0xD2511F53u, p1 = (c2 & low) * 0xCD9E8D57u;
    c0 = (p1 >> 32) ^ c1 ^ (uint64_t)k0;
    c1 = p1;
    c2 = (p0 >> 32) ^ c3 ^ (uint64_t)k1;
    c3 = p0;
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  words[0] = __builtin_convertvector(c0, u32);
  words[1] = __builtin_convertvector(c1, u32);
  words[2] = __builtin_convertvector(c2, u32);
  words[3] = __builtin_convertvector(c3, u32);
}

// Elements of a group: 16 blocks of four.
#define GROUP (4 * LANES)

INLINE u64 blocks_of(uint64_t group) {
  const u64 lanes = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  return group * LANES + lanes;
}

// Puts what each block gave behind one another.
INLINE void interleave(f64 a, f64 b, f64 c, f64 d, double *numbers) {
#define PAIRS(x, y, first)                                                                           \
  __builtin_shufflevector(x, y, first, 16 + first, 1 + first, 17 + first, 2 + first, 18 + first,     \
                          3 + first, 19 + first, 4 + first, 20 + first, 5 + first, 21 + first,       \
                          6 + first, 22 + first, 7 + first, 23 + first)
#define FOURS(x, y, first)                                                                           \
  __builtin_shufflevector(x, y, first, 1 + first, 16 + first, 17 + first, 2 + first, 3 + first,      \
                          18 + first, 19 + first, 4 + first, 5 + first, 20 + first, 21 + first,      \
                          6 + first, 7 + first, 22 + first, 23 + first)
  f64 ab = PAIRS(a, b, 0), cd = PAIRS(c, d, 0);
  store_double(numbers, FOURS(ab, cd, 0));
  store_double(numbers + LANES, FOURS(ab, cd, 8));
  ab = PAIRS(a, b, 8);
  cd = PAIRS(c, d, 8);
  store_double(numbers + 2 * LANES, FOURS(ab, cd, 0));
  store_double(numbers + 3 * LANES, FOURS(ab, cd, 8));
#undef PAIRS
#undef FOURS
}

// Multiples of 2^-24 in [0, 1), which both types hold.
INLINE void uniform_group(uint64_t key, uint64_t group, double *numbers) {
  u32 words[4];
  f64 v[4];
  philox(blocks_of(group), key, words);
  for (int w = 0; w < 4; w++) v[w] = __builtin_convertvector((i32)(words[w] >> 8), f64) * 0x1p-24;
  interleave(v[0], v[1], v[2], v[3], numbers);
}

// Box and Muller: two words become two numbers.
INLINE void normal_group(uint64_t key, uint64_t group, double *numbers) {
  u32 words[4];
  f64 v[4];
  philox(blocks_of(group), key, words);
  for (int w = 0; w < 4; w += 2) {
    f64 u = (__builtin_convertvector(words[w], f64) + 0.5) * 0x1p-32;
    f64 radius = root_double(wide_log(u) * -2.0);
    f64 angle = __builtin_convertvector(words[w + 1], f64) * (6.283185307179586476925 * 0x1p-32);
    v[w] = radius * wide_sine(angle, 1);
    v[w + 1] = radius * wide_sine(angle, 0);
  }
  interleave(v[0], v[1], v[2], v[3], numbers);
}

// Draws group by group, and writes `shift + scale number`, at most `last`, as SCALAR.
#define DRAWING(NAME, DRAW, SCALAR)                                                                  \
  CLONED void NAME(uint64_t key, uint64_t start, SCALAR *y, intptr_t count, double shift,            \
                   double scale, SCALAR last) {                                                      \
    double numbers[GROUP];                                                                           \
    for (intptr_t done = 0, n; done < count; done += n) {                                            \
      const uint64_t index = start + (uint64_t)done;                                                 \
      const intptr_t offset = (intptr_t)(index % GROUP);                                             \
      n = least(GROUP - offset, count - done);                                                       \
      DRAW(key, index / GROUP, numbers);                                                             \
      for (intptr_t i = 0; i < n; i++) {                                                             \
        const SCALAR v = (SCALAR)(shift + scale * numbers[offset + i]);                              \
        y[done + i] = v > last ? last : v;                                                           \
      }                                                                                              \
    }                                                                                                \
  }

DRAWING(uniform_float, uniform_group, float)
DRAWING(uniform_double, uniform_group, double)
DRAWING(normal_of_float, normal_group, float)
DRAWING(normal_of_double, normal_group, double)

// Rounding must not reach the upper bound of a uniform number.
void kernel_random_uniform(int32_t type, uint64_t key, uint64_t start, void *y, intptr_t count, double low,
                           double high) {
  if (type == 0)
    uniform_float(key, start, y, count, low, high - low, nextafterf((float)high, (float)low));
  else
    uniform_double(key, start, y, count, low, high - low, nextafter(high, low));
}

void kernel_random_normal(int32_t type, uint64_t key, uint64_t start, void *y, intptr_t count, double mean,
                          double deviation) {
  if (type == 0)
    normal_of_float(key, start, y, count, mean, deviation, INFINITY);
  else
    normal_of_double(key, start, y, count, mean, deviation, (double)INFINITY);
}
