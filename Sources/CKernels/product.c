// The matrix product: small ones and those of doubles by our own loops, the rest by oneDNN.
#include "codes.h"
#include "internal.h"
#include "vectors.h"
#include "loops.h"

#include "scalar_float.h"
#include "product_loops.h"

#include "scalar_double.h"
#include "product_loops.h"

// Up to so many multiplications our loop was the faster one, for a few rows and for more; and a small network
// never wakes oneDNN's code generator.
#define SMALL_PRODUCT_OF_FEW_ROWS 4096
#define SMALL_PRODUCT 65536

void kernel_product(int32_t type, bool transpose_a, bool transpose_b, intptr_t m, intptr_t n, intptr_t k,
                    double alpha, const void *a, intptr_t leading_a, const void *b, intptr_t leading_b,
                    double beta, void *c, intptr_t leading_c) {
  if (m <= 0 || n <= 0) return;
  if (k <= 0) {
    if (type == 0)
      scaled_float(m, n, (float)beta, c, leading_c);
    else
      scaled_double(m, n, beta, c, leading_c);
    return;
  }
  if (type != 0) {
    product_double(transpose_a, transpose_b, m, n, k, alpha, a, leading_a, b, leading_b, beta, c, leading_c);
    return;
  }
  // In doubles, where no size overflows.
  const bool small =
      (double)m * (double)n * (double)k <= (m < 4 ? SMALL_PRODUCT_OF_FEW_ROWS : SMALL_PRODUCT);
  if (!small && onednn_product(transpose_a, transpose_b, m, n, k, (float)alpha, a, leading_a, b, leading_b,
                               (float)beta, c, leading_c))
    return;
  product_float(transpose_a, transpose_b, m, n, k, (float)alpha, a, leading_a, b, leading_b, (float)beta, c,
                leading_c);
}
