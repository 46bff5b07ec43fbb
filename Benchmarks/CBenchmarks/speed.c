#include "benchmarks.h"

// Enough accumulators that the latency of one multiply-add is hidden, and few enough for the registers.
#define MULTIPLY_ADDS(name, attribute, bytes, count)                                                                  \
  attribute static double name(int64_t rounds) {                                                                      \
    typedef float vector __attribute__((vector_size(bytes)));                                                         \
    volatile float shrink = 0.5f, offset = 1.0f;                                                                      \
    vector factor, step, sums[count];                                                                                 \
    for (size_t i = 0; i < bytes / sizeof(float); i++) factor[i] = shrink, step[i] = offset;                          \
    for (int i = 0; i < count; i++) sums[i] = step * (float)i;                                                        \
    for (int64_t round = 0; round < rounds; round++) {                                                                \
      _Pragma("clang loop unroll(full)") for (int i = 0; i < count; i++) sums[i] = sums[i] * factor + step;           \
    }                                                                                                                 \
    volatile float result;                                                                                            \
    for (int i = 0; i < count; i++) result = sums[i][0];                                                              \
    (void)result;                                                                                                     \
    return 2.0 * count * (bytes / sizeof(float)) * (double)rounds;                                                    \
  }

MULTIPLY_ADDS(portable, , 16, 12)

#if defined(__x86_64__)
MULTIPLY_ADDS(wide, __attribute__((target("avx2,fma"))), 32, 12)
MULTIPLY_ADDS(widest, __attribute__((target("avx512f"))), 64, 24)

double benchmarks_multiply_add(int64_t rounds) {
  if (__builtin_cpu_supports("avx512f")) return widest(rounds);
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return wide(rounds);
  return portable(rounds);
}

const char *benchmarks_vectors(void) {
  if (__builtin_cpu_supports("avx512f")) return "AVX-512";
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return "AVX2";
  return "SSE2, which has no fused multiply-add";
}
#else
double benchmarks_multiply_add(int64_t rounds) { return portable(rounds); }

const char *benchmarks_vectors(void) { return "128 bits"; }
#endif

void benchmarks_triad(float *restrict y, const float *restrict x, const float *restrict z, float factor,
                      size_t count) {
  for (size_t i = 0; i < count; i++) y[i] = x[i] + factor * z[i];
}
