// The matrix product without oneDNN, for the scalar of the moment: columns 16 at a time, depth 128 at a time,
// up to 8 rows in registers.

#define DEPTH 128

// `rows` rows and 16 columns of C, of which `live` are stored.
INLINE void N(tile)(const int rows, const SCALAR *a, intptr_t a_row, intptr_t a_step, const SCALAR *panel,
                    intptr_t panel_row, intptr_t depth, SCALAR alpha, SCALAR beta, SCALAR *c,
                    intptr_t leading, intptr_t live) {
  V sum[8];
#pragma clang loop unroll(full)
  for (int r = 0; r < rows; r++) sum[r] = (V)C(0);
  for (intptr_t p = 0; p < depth; p++) {
    V b = N(load)(panel + p * panel_row);
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) sum[r] += (V)a[r * a_row + p * a_step] * b;
  }
#pragma clang loop unroll(full)
  for (int r = 0; r < rows; r++) {
    SCALAR *to = c + r * leading;
    V v = alpha * sum[r];
    // Without beta, C is not read: it may hold anything.
    if (beta != C(0)) v += beta * N(load_some)(to, live, C(0));
    N(store_some)(to, live, v);
  }
}

// Few rows against a transposed B: each element is a sum along two rows in memory.
INLINE void N(few_rows)(intptr_t m, intptr_t n, intptr_t k, SCALAR alpha, const SCALAR *a, intptr_t leading_a,
                        const SCALAR *b, intptr_t leading_b, SCALAR beta, SCALAR *c, intptr_t leading_c) {
  for (intptr_t r = 0; r < m; r++)
    for (intptr_t j = 0; j < n; j++) {
      const SCALAR *left = a + r * leading_a, *right = b + j * leading_b;
      SCALAR *to = c + r * leading_c + j;
      V sum = (V)C(0);
      EACH(k, sum += AT(left, C(0)) * AT(right, C(0)););
      const SCALAR v = alpha * N(total)(sum);
      *to = beta == C(0) ? v : v + beta * *to;
    }
}

CLONED void N(product)(bool transpose_a, bool transpose_b, intptr_t m, intptr_t n, intptr_t k, SCALAR alpha,
                       const SCALAR *a, intptr_t leading_a, const SCALAR *b, intptr_t leading_b, SCALAR beta,
                       SCALAR *c, intptr_t leading_c) {
  SCALAR packed[DEPTH * LANES];
  const intptr_t a_row = transpose_a ? 1 : leading_a, a_step = transpose_a ? leading_a : 1;
  if (transpose_b && !transpose_a && m < 4) {
    N(few_rows)(m, n, k, alpha, a, leading_a, b, leading_b, beta, c, leading_c);
    return;
  }
  for (intptr_t j = 0; j < n; j += LANES) {
    const intptr_t live = least(LANES, n - j);
    for (intptr_t p = 0; p < k; p += DEPTH) {
      const intptr_t depth = least(DEPTH, k - p);
      const SCALAR *panel = packed;
      intptr_t panel_row = LANES;
      if (transpose_b) {
        for (intptr_t l = 0; l < live; l++)
          for (intptr_t q = 0; q < depth; q++) packed[q * LANES + l] = b[(j + l) * leading_b + p + q];
        for (intptr_t l = live; l < LANES; l++)
          for (intptr_t q = 0; q < depth; q++) packed[q * LANES + l] = C(0);
      } else if (live == LANES) {
        panel = b + p * leading_b + j;
        panel_row = leading_b;
      } else {
        for (intptr_t q = 0; q < depth; q++)
          N(store)(packed + q * LANES, N(load_rest)(b + (p + q) * leading_b + j, live, C(0)));
      }
      const SCALAR keep = p == 0 ? beta : C(1), *from = a + p * a_step;
      SCALAR *to = c + j;
      intptr_t i = 0;
#define TILE(ROWS)                                                                                   \
  N(tile)(ROWS, from + i * a_row, a_row, a_step, panel, panel_row, depth, alpha, keep,               \
          to + i * leading_c, leading_c, live);                                                      \
  i += ROWS;
      while (i + 8 <= m) { TILE(8) }
      if (i + 4 <= m) { TILE(4) }
      while (i < m) { TILE(1) }
#undef TILE
    }
  }
}

// What is left of a product without depth: C = beta C.
static void N(scaled)(intptr_t m, intptr_t n, SCALAR beta, SCALAR *c, intptr_t leading) {
  for (intptr_t i = 0; i < m; i++)
    for (intptr_t j = 0; j < n; j++) c[i * leading + j] = beta == C(0) ? C(0) : beta * c[i * leading + j];
}

#undef DEPTH
