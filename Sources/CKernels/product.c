// The matrix product: by our own loops where they are the faster ones, the rest by oneDNN.
#include "codes.h"
#include "internal.h"
#include "vectors.h"
#include "loops.h"

// Runs X for each number of rows that a loop is compiled for.
#define UP_TO_1(X) X(1)
#define UP_TO_2(X) UP_TO_1(X) X(2)
#define UP_TO_3(X) UP_TO_2(X) X(3)
#define UP_TO_4(X) UP_TO_3(X) X(4)
#define UP_TO_6(X) UP_TO_4(X) X(5) X(6)
#define UP_TO_12(X) UP_TO_6(X) X(7) X(8) X(9) X(10) X(11) X(12)

// For each scalar and instruction set: as many sums as its registers hold beside the operands.
#include "scalar_float.h"
#include "product_parts.h"
#if defined(__x86_64__)
#define INSTRUCTIONS v4
#define TARGET __attribute__((target("arch=x86-64-v4")))
#define ROWS 12
#define VECTORS 2
#define DOT_ROWS 6
#define DOT_COLUMNS 4
#include "product_loops.h"
#define INSTRUCTIONS v3
#define TARGET __attribute__((target("arch=x86-64-v3")))
#define ROWS 6
#define VECTORS 1
#define DOT_ROWS 3
#define DOT_COLUMNS 2
#include "product_loops.h"
#endif
#define INSTRUCTIONS plain
#define TARGET
#define ROWS 3
#define VECTORS 1
#define DOT_ROWS 2
#define DOT_COLUMNS 1
#include "product_loops.h"

#include "scalar_double.h"
#include "product_parts.h"
#if defined(__x86_64__)
#define INSTRUCTIONS v4
#define TARGET __attribute__((target("arch=x86-64-v4")))
#define ROWS 12
#define VECTORS 1
#define DOT_ROWS 2
#define DOT_COLUMNS 4
#include "product_loops.h"
#define INSTRUCTIONS v3
#define TARGET __attribute__((target("arch=x86-64-v3")))
#define ROWS 3
#define VECTORS 1
#define DOT_ROWS 2
#define DOT_COLUMNS 1
#include "product_loops.h"
#endif
#define INSTRUCTIONS plain
#define TARGET
#define ROWS 1
#define VECTORS 1
#define DOT_ROWS 1
#define DOT_COLUMNS 1
#include "product_loops.h"

// 4: AVX-512, 3: AVX2 with fused multiply-add, 0: what every processor of the kind has.
static int instructions(void) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("x86-64-v4")) return 4;
  if (__builtin_cpu_supports("x86-64-v3")) return 3;
#endif
  return 0;
}

#if defined(__x86_64__)
#define RUN(LOOPS, SCALAR_, LEVEL, PRODUCT)                                                          \
  (LEVEL == 4   ? LOOPS##_v4_##SCALAR_(PRODUCT)                                                      \
   : LEVEL == 3 ? LOOPS##_v3_##SCALAR_(PRODUCT)                                                      \
                : LOOPS##_plain_##SCALAR_(PRODUCT))
#else
#define RUN(LOOPS, SCALAR_, LEVEL, PRODUCT) LOOPS##_plain_##SCALAR_(PRODUCT)
#endif

// Whether both sides are contiguous along the depth, and that form is the faster one: always for a few rows, and
// with AVX-512, which has the registers for it, where the sums of lanes at the end are few beside the depth, and B
// is not so large that it should pass by once only.
static bool suits_dots(int level, bool transpose_a, bool transpose_b, intptr_t m, intptr_t n, intptr_t k) {
  if (transpose_a || !transpose_b) return false;
  if (m < 4) return true;
  if (level < 4) return false;
  return m <= 6 || n <= 16 || (k >= 384 && (m < 32 || (double)m * (double)n * (double)k < 67108864.0));
}

// Below so many multiplications our loops are the faster ones in every form, and a small network never wakes
// oneDNN's code generator.
#define SMALL_PRODUCT 524288.0

void kernel_product(int32_t type, bool transpose_a, bool transpose_b, intptr_t m, intptr_t n, intptr_t k,
                    double alpha, const void *a, intptr_t leading_a, const void *b, intptr_t leading_b,
                    double beta, const void *bias, bool is_clamped, void *c, intptr_t leading_c) {
  if (m <= 0 || n <= 0) return;
  const int level = instructions();
  const bool dots = suits_dots(level, transpose_a, transpose_b, m, n, k);
  const intptr_t a_row = transpose_a ? 1 : leading_a, a_step = transpose_a ? leading_a : 1;
  if (type != 0) {
    const struct product_double p = {m,       n,     k,           a,     a_row,    a_step,     b,
                                     leading_b, transpose_b, alpha, beta,  bias, is_clamped, c, leading_c};
    if (k <= 0)
      scaled_double(&p);
    else if (dots)
      RUN(by_dots, double, level, &p);
    else
      RUN(by_tiles, double, level, &p);
    return;
  }
  const struct product_float p = {m,         n,           k,            a,           a_row, a_step,     b,
                                  leading_b, transpose_b, (float)alpha, (float)beta, bias,  is_clamped, c,
                                  leading_c};
  // In doubles, where no size overflows.
  const bool is_small = (double)m * (double)n * (double)k <= SMALL_PRODUCT;
  if (k <= 0) {
    scaled_float(&p);
  } else if (dots) {
    RUN(by_dots, float, level, &p);
  } else if (!is_small && onednn_product(transpose_a, transpose_b, m, n, k, (float)alpha, a, leading_a, b,
                                         leading_b, (float)beta, c, leading_c)) {
    if (!bias && !is_clamped) return;
    // Rows without gaps are taken together.
    const intptr_t together = leading_c == n ? m : 1;
    for (intptr_t row = 0; row < m; row += together) {
      float *y = (float *)c + row * leading_c;
      kernel_bias_map(0, is_clamped ? MAP_RELU : MAP_COPY, y, bias, NULL, y, together, n, 0, 0);
    }
  } else {
    RUN(by_tiles, float, level, &p);
  }
}
