// What every loop is written with, whatever the scalar: vectors of 16 lanes as the compiler knows them, which
// become one, two or more registers of the instruction set at hand.
#ifndef VECTORS_H
#define VECTORS_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "include/kernels.h"

// Vectors are passed between inlined functions only, so that no calling convention is concerned.
#pragma clang diagnostic ignored "-Wpsabi"

#define LANES 16

// A loop that is compiled for several instruction sets; the machine's best is chosen when the program loads.
//
// Where an instruction set has it, the compiler fuses a multiplication and an addition that stand in one
// expression (its standard, -ffp-contract=on). So the clones for AVX2 and AVX-512 give the same bits, and the
// plain one gives others; one machine always takes the same clone. Files that must give one result everywhere
// switch fusing off.
#if defined(CLONED)
// One instruction set, the compiler's: how the accuracy of each is measured.
#elif defined(__x86_64__) && defined(__linux__)
#define CLONED static __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#else
#define CLONED static
#endif

#define INLINE static inline __attribute__((always_inline, unused))

typedef float f32 __attribute__((ext_vector_type(LANES)));
typedef int32_t i32 __attribute__((ext_vector_type(LANES)));
typedef uint32_t u32 __attribute__((ext_vector_type(LANES)));
typedef double f64 __attribute__((ext_vector_type(LANES)));
// `long`, because that is what clang makes of a comparison of doubles.
typedef long i64 __attribute__((ext_vector_type(LANES)));
typedef uint64_t u64 __attribute__((ext_vector_type(LANES)));
typedef float f32_anywhere __attribute__((ext_vector_type(LANES), aligned(4), may_alias));
typedef double f64_anywhere __attribute__((ext_vector_type(LANES), aligned(8), may_alias));
// Shorter ones, for rows of few columns.
typedef float f32_eight __attribute__((ext_vector_type(8), aligned(4), may_alias));
typedef float f32_four __attribute__((ext_vector_type(4), aligned(4), may_alias));
typedef double f64_eight __attribute__((ext_vector_type(8), aligned(8), may_alias));
typedef double f64_four __attribute__((ext_vector_type(4), aligned(8), may_alias));

// Loads, stores and sums over lanes of one scalar. A rest of fewer than 16 elements goes through the same
// arithmetic as all others, with `fill` in the lanes beyond it: hence the same bits at every place.
#define VECTOR_ACCESS(SCALAR, VECTOR, MASK, INTEGER, NAME)                                           \
  INLINE VECTOR load_##NAME(const SCALAR *x) { return *(const VECTOR##_anywhere *)x; }               \
  INLINE void store_##NAME(SCALAR *y, VECTOR v) { *(VECTOR##_anywhere *)y = v; }                     \
  INLINE VECTOR load_rest_##NAME(const SCALAR *x, intptr_t live, SCALAR fill) {                      \
    SCALAR lanes[LANES];                                                                             \
    const int end = (int)live;                                                                       \
    _Pragma("clang loop unroll(disable) vectorize(assume_safety) vectorize_width(16)")               \
    for (int i = 0; i < LANES; i++) lanes[i] = i < end ? x[i] : fill;                                \
    return load_##NAME(lanes);                                                                       \
  }                                                                                                  \
  INLINE void store_rest_##NAME(SCALAR *y, intptr_t live, VECTOR v) {                                \
    SCALAR lanes[LANES];                                                                             \
    const int end = (int)live;                                                                       \
    store_##NAME(lanes, v);                                                                          \
    _Pragma("clang loop unroll(disable) vectorize(assume_safety) vectorize_width(16)")               \
    for (int i = 0; i < LANES; i++)                                                                  \
      if (i < end) y[i] = lanes[i];                                                                  \
  }                                                                                                  \
  INLINE VECTOR load_some_##NAME(const SCALAR *x, intptr_t live, SCALAR fill) {                      \
    return live >= LANES ? load_##NAME(x) : load_rest_##NAME(x, live, fill);                         \
  }                                                                                                  \
  INLINE void store_some_##NAME(SCALAR *y, intptr_t live, VECTOR v) {                                \
    if (live >= LANES)                                                                               \
      store_##NAME(y, v);                                                                            \
    else                                                                                             \
      store_rest_##NAME(y, live, v);                                                                 \
  }                                                                                                  \
  INLINE VECTOR select_##NAME(MASK mask, VECTOR a, VECTOR b) { return mask ? a : b; }                \
  INLINE MASK bits_##NAME(VECTOR v) { return (MASK)v; }                                              \
  INLINE VECTOR from_bits_##NAME(MASK v) { return (VECTOR)v; }                                       \
  INLINE VECTOR magnitude_##NAME(VECTOR v) { return __builtin_elementwise_abs(v); }                  \
  INLINE VECTOR root_##NAME(VECTOR v) { return __builtin_elementwise_sqrt(v); }                      \
  /* The larger, the smaller; what is not a number wins. */                                          \
  INLINE VECTOR larger_##NAME(VECTOR a, VECTOR b) { return ((a > b) | (a != a)) ? a : b; }           \
  INLINE VECTOR smaller_##NAME(VECTOR a, VECTOR b) { return ((a < b) | (a != a)) ? a : b; }          \
  /* `bound` where x is beyond it; x where it is not a number. */                                    \
  INLINE VECTOR at_least_##NAME(VECTOR x, VECTOR bound) { return x < bound ? bound : x; }            \
  INLINE VECTOR at_most_##NAME(VECTOR x, VECTOR bound) { return x > bound ? bound : x; }             \
  INLINE SCALAR total_##NAME(VECTOR v) {                                                             \
    __typeof__(v.lo) a = v.lo + v.hi;                                                                \
    __typeof__(a.lo) b = a.lo + a.hi;                                                                \
    __typeof__(b.lo) c = b.lo + b.hi;                                                                \
    return c.x + c.y;                                                                                \
  }                                                                                                  \
  INLINE SCALAR largest_##NAME(VECTOR v) {                                                           \
    __typeof__(v.lo) a = ((v.lo > v.hi) | (v.lo != v.lo)) ? v.lo : v.hi;                             \
    __typeof__(a.lo) b = ((a.lo > a.hi) | (a.lo != a.lo)) ? a.lo : a.hi;                             \
    __typeof__(b.lo) c = ((b.lo > b.hi) | (b.lo != b.lo)) ? b.lo : b.hi;                             \
    return c.x > c.y || c.x != c.x ? c.x : c.y;                                                      \
  }                                                                                                  \
  /* The largest of what are numbers. */                                                             \
  INLINE SCALAR largest_number_##NAME(VECTOR v) {                                                    \
    __typeof__(v.lo) a = v.lo < v.hi ? v.hi : v.lo;                                                  \
    __typeof__(a.lo) b = a.lo < a.hi ? a.hi : a.lo;                                                  \
    __typeof__(b.lo) c = b.lo < b.hi ? b.hi : b.lo;                                                  \
    return c.x < c.y ? c.y : c.x;                                                                    \
  }

VECTOR_ACCESS(float, f32, i32, int32_t, float)
VECTOR_ACCESS(double, f64, i64, int64_t, double)

INLINE bool any(i32 mask) { return __builtin_reduce_or(mask) != 0; }
INLINE bool any_wide(i64 mask) { return __builtin_reduce_or(mask) != 0; }

#define CONCATENATE_(a, b) a##_##b
#define CONCATENATE(a, b) CONCATENATE_(a, b)
// The name of a function for the scalar of the moment.
#define N(name) CONCATENATE(name, SCALAR)
// A constant of that scalar.
#define C(number) ((SCALAR)(number))

INLINE intptr_t least(intptr_t a, intptr_t b) { return a < b ? a : b; }
INLINE intptr_t most(intptr_t a, intptr_t b) { return a > b ? a : b; }

#endif
