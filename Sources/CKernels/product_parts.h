// What the loops of the matrix product share, for the scalar of the moment.

// C [m, n] = alpha A B + beta C, then the bias of each column is added, and where `is_clamped` what is below 0
// becomes 0. A is walked by its steps; B's rows are as stored, its columns where it is transposed.
struct N(product) {
  intptr_t m, n, k;
  const SCALAR *a;
  intptr_t a_row, a_step;
  const SCALAR *b;
  intptr_t b_row;
  bool is_b_transposed;
  SCALAR alpha, beta;
  const SCALAR *bias;
  bool is_clamped;
  SCALAR *c;
  intptr_t leading;
};

typedef SCALAR N(four) __attribute__((ext_vector_type(4)));
typedef SCALAR N(four_anywhere) __attribute__((ext_vector_type(4), aligned(sizeof(SCALAR)), may_alias));

// The totals of four vectors, each in the order of `total`.
INLINE N(four) N(totals)(const V *v) {
#define CHOOSE(x, y, ...) __builtin_shufflevector(x, y, __VA_ARGS__)
  V a = CHOOSE(v[0], v[1], 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23) +
        CHOOSE(v[0], v[1], 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31);
  V b = CHOOSE(v[2], v[3], 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23) +
        CHOOSE(v[2], v[3], 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31);
  V c = CHOOSE(a, b, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27) +
        CHOOSE(a, b, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31);
  __typeof__(c.lo) d = CHOOSE(c, c, 0, 1, 4, 5, 8, 9, 12, 13) + CHOOSE(c, c, 2, 3, 6, 7, 10, 11, 14, 15);
#undef CHOOSE
  return d.even + d.odd;
}

// What is left of a product without depth.
static void N(scaled)(const struct N(product) *p) {
  for (intptr_t i = 0; i < p->m; i++)
    for (intptr_t j = 0; j < p->n; j++) {
      SCALAR *to = p->c + i * p->leading + j;
      SCALAR y = p->beta == C(0) ? C(0) : p->beta * *to;
      if (p->bias) y += p->bias[j];
      *to = p->is_clamped && y < C(0) ? C(0) : y;
    }
}
