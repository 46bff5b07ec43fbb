// The matrix product for the scalar and the instruction set of the moment: ROWS rows and VECTORS vectors of C in
// registers where B's rows are contiguous or packed, DOT_ROWS rows and DOT_COLUMNS columns where both sides are
// contiguous along the depth.

#define ISA(name) N(CONCATENATE(name, INSTRUCTIONS))
// Columns of B that are packed together, and how much of the depth at once: 24 KiB of floats.
#define STRIP (VECTORS * LANES)
#define DEPTH 192

// What becomes of `columns` neighbours of a finished row of C.
INLINE V ISA(finished)(const struct N(product) *p, V sum, SCALAR beta, bool is_last, const SCALAR *to,
                       intptr_t column, intptr_t live) {
  V y = p->alpha * sum;
  // Without beta, C is not read: it may hold anything.
  if (beta != C(0)) y += beta * N(load_some)(to, live, C(0));
  if (is_last && p->bias) y += N(load_some)(p->bias + column, live, C(0));
  return is_last && p->is_clamped ? N(at_least)(y, (V)C(0)) : y;
}

// A piece of B that several rows of A meet.
struct ISA(panel) {
  const SCALAR *b;
  intptr_t row, first, depth, column, live;
};

// `rows` rows from `row` on against a panel.
INLINE void ISA(tile)(const int rows, const int vectors, const struct N(product) *p,
                      const struct ISA(panel) *panel, intptr_t row) {
  V sum[ROWS][VECTORS];
#pragma clang loop unroll(full)
  for (int r = 0; r < rows; r++)
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) sum[r][v] = (V)C(0);
  const SCALAR *a = p->a + row * p->a_row + panel->first * p->a_step, *b = panel->b;
  const intptr_t a_row = p->a_row, a_step = p->a_step, b_row = panel->row;
  for (intptr_t d = panel->depth; d > 0; d--) {
    V right[VECTORS];
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) right[v] = N(load)(b + v * LANES);
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) {
      const V left = (V)a[r * a_row];
#pragma clang loop unroll(full)
      for (int v = 0; v < vectors; v++) sum[r][v] += left * right[v];
    }
    a += a_step;
    b += b_row;
  }
  const bool is_last = panel->first + panel->depth == p->k;
  const SCALAR beta = panel->first == 0 ? p->beta : C(1);
  SCALAR *c = p->c + row * p->leading + panel->column;
  if (panel->live == vectors * LANES) {
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++)
#pragma clang loop unroll(full)
      for (int r = 0; r < rows; r++) {
        SCALAR *to = c + r * p->leading + v * LANES;
        N(store)(to, ISA(finished)(p, sum[r][v], beta, is_last, to, panel->column + v * LANES, LANES));
      }
    return;
  }
  V kept[ROWS * VECTORS];
#pragma clang loop unroll(full)
  for (int r = 0; r < rows; r++)
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) kept[r * vectors + v] = sum[r][v];
#pragma clang loop unroll(disable)
  for (int i = 0; i < rows * vectors; i++) {
    const intptr_t start = i % vectors * LANES, live = panel->live - start;
    SCALAR *to = c + i / vectors * p->leading + start;
    N(store_some)(to, live, ISA(finished)(p, kept[i], beta, is_last, to, panel->column + start, live));
  }
}

#define TILE(R)                                                                                      \
  case R:                                                                                            \
    if (panel->live > LANES)                                                                         \
      ISA(tile)(R, VECTORS, p, panel, row);                                                          \
    else                                                                                             \
      ISA(tile)(R, 1, p, panel, row);                                                                \
    break;

// Rows `first` to `end` of A against a panel, in slabs of about the same height.
TARGET static void ISA(tiles)(const struct N(product) *p, const struct ISA(panel) *panel, intptr_t first,
                              intptr_t end) {
  const intptr_t slabs = (end - first + ROWS - 1) / ROWS;
  for (intptr_t s = 0; s < slabs; s++) {
    const intptr_t row = first + (end - first) * s / slabs;
    switch (first + (end - first) * (s + 1) / slabs - row) { CONCATENATE(UP_TO, ROWS)(TILE) }
  }
}

// Transposes 16 rows of 16 columns in registers: rounds of exchanges at distances 8, 4, 2 and 1.
INLINE void ISA(transpose)(const SCALAR *b, intptr_t b_row, SCALAR *to, intptr_t to_row) {
  V lines[LANES];
#pragma clang loop unroll(full)
  for (int i = 0; i < LANES; i++) lines[i] = N(load)(b + i * b_row);
#define EXCHANGE(DISTANCE, LOW, HIGH)                                                                \
  _Pragma("clang loop unroll(full)") for (int i = 0; i < LANES; i++) if (!(i & DISTANCE)) {          \
    const V x = lines[i], y = lines[i + DISTANCE];                                                   \
    lines[i] = LOW;                                                                                  \
    lines[i + DISTANCE] = HIGH;                                                                      \
  }
#define CHOOSE(...) __builtin_shufflevector(x, y, __VA_ARGS__)
  EXCHANGE(8, CHOOSE(0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23),
           CHOOSE(8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31))
  EXCHANGE(4, CHOOSE(0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27),
           CHOOSE(4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14, 15, 28, 29, 30, 31))
  EXCHANGE(2, CHOOSE(0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29),
           CHOOSE(2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31))
  EXCHANGE(1, CHOOSE(0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14, 30),
           CHOOSE(1, 17, 3, 19, 5, 21, 7, 23, 9, 25, 11, 27, 13, 29, 15, 31))
#undef CHOOSE
#undef EXCHANGE
#pragma clang loop unroll(full)
  for (int i = 0; i < LANES; i++) N(store)(to + i * to_row, lines[i]);
}

// Copies a panel so that its rows follow each other, with zeros beyond its columns.
INLINE void ISA(pack)(const struct N(product) *p, const struct ISA(panel) *panel, SCALAR *to) {
  for (intptr_t v = 0; v < panel->live; v += LANES) {
    const intptr_t live = least(LANES, panel->live - v), column = panel->column + v;
    intptr_t d = 0;
    if (!p->is_b_transposed) {
      const SCALAR *from = p->b + panel->first * p->b_row + column;
      for (; d < panel->depth; d++)
        N(store)(to + d * panel->row + v, N(load_some)(from + d * p->b_row, live, C(0)));
      continue;
    }
    const SCALAR *from = p->b + column * p->b_row + panel->first;
    if (live == LANES)
      for (; d + LANES <= panel->depth; d += LANES)
        ISA(transpose)(from + d, p->b_row, to + d * panel->row + v, panel->row);
    for (; d < panel->depth; d++)
      for (intptr_t l = 0; l < LANES; l++)
        to[d * panel->row + v + l] = l < live ? from[l * p->b_row + d] : C(0);
  }
}

// A product of depth 1, which only writes C: row by row.
INLINE void ISA(outer)(const struct N(product) *p) {
  for (intptr_t row = 0; row < p->m; row++) {
    const V left = (V)p->a[row * p->a_row];
    SCALAR *to = p->c + row * p->leading;
    EACH(p->n, PUT(to, ISA(finished)(p, left * AT(p->b, C(0)), p->beta, true, to + i, i, live)););
  }
}

TARGET static void ISA(by_tiles)(const struct N(product) *p) {
  if (p->k == 1 && !p->is_b_transposed) {
    ISA(outer)(p);
    return;
  }
  SCALAR packed[DEPTH * STRIP] __attribute__((aligned(64)));
  const intptr_t blocks = (p->k + DEPTH - 1) / DEPTH;
  // With little depth what counts is the writing of C: along its rows.
  const intptr_t height = p->k <= 8 ? ROWS : p->m;
  for (intptr_t first = 0; first < p->m; first += height)
    for (intptr_t block = 0; block < blocks; block++) {
      struct ISA(panel) panel;
      panel.first = p->k * block / blocks;
      panel.depth = p->k * (block + 1) / blocks - panel.first;
      for (panel.column = 0; panel.column < p->n; panel.column += STRIP) {
        panel.live = least(STRIP, p->n - panel.column);
        // Far apart, B's rows push each other out of the nearest cache; a copy pays where many rows of A follow.
        const bool is_whole = panel.live == STRIP || panel.live == LANES;
        if (!p->is_b_transposed && is_whole && (height < 2 * ROWS || panel.depth * p->b_row < 2048)) {
          panel.b = p->b + panel.first * p->b_row + panel.column;
          panel.row = p->b_row;
        } else {
          panel.b = packed;
          panel.row = (panel.live + LANES - 1) / LANES * LANES;
          ISA(pack)(p, &panel, packed);
        }
        ISA(tiles)(p, &panel, first, least(first + height, p->m));
      }
    }
}

// `rows` rows of A against `columns` rows of the transposed B, both contiguous along the depth.
INLINE void ISA(dots)(const int rows, const int columns, const struct N(product) *p, intptr_t row,
                      intptr_t column) {
  V sum[DOT_ROWS][4];
  const SCALAR *a = p->a + row * p->a_row, *b = p->b + column * p->b_row;
#pragma clang loop unroll(full)
  for (int r = 0; r < rows; r++)
#pragma clang loop unroll(full)
    for (int j = 0; j < 4; j++) sum[r][j] = (V)C(0);
#define STEP(LOAD)                                                                                   \
  do {                                                                                               \
    V right[DOT_COLUMNS];                                                                            \
    _Pragma("clang loop unroll(full)") for (int j = 0; j < columns; j++) right[j] =                  \
        LOAD(b + j * p->b_row + d);                                                                  \
    _Pragma("clang loop unroll(full)") for (int r = 0; r < rows; r++) {                              \
      const V left = LOAD(a + r * p->a_row + d);                                                     \
      _Pragma("clang loop unroll(full)") for (int j = 0; j < columns; j++) sum[r][j] +=              \
          left * right[j];                                                                           \
    }                                                                                                \
  } while (0)
#define REST(x) N(load_rest)(x, p->k - d, C(0))
  intptr_t d = 0;
  for (; d + LANES <= p->k; d += LANES) STEP(N(load));
  if (d < p->k) STEP(REST);
#undef REST
#undef STEP
#pragma clang loop unroll(full)
  for (int r = 0; r < rows; r++) {
    SCALAR *to = p->c + (row + r) * p->leading + column;
    if (columns == 4) {
      N(four) y = p->alpha * N(totals)(sum[r]);
      if (p->beta != C(0)) y += p->beta * *(const N(four_anywhere) *)to;
      if (p->bias) y += *(const N(four_anywhere) *)(p->bias + column);
      *(N(four_anywhere) *)to = p->is_clamped ? (y < C(0) ? (N(four))C(0) : y) : y;
      continue;
    }
#pragma clang loop unroll(full)
    for (int j = 0; j < columns; j++) {
      SCALAR y = p->alpha * N(total)(sum[r][j]);
      if (p->beta != C(0)) y += p->beta * to[j];
      if (p->bias) y += p->bias[column + j];
      to[j] = p->is_clamped && y < C(0) ? C(0) : y;
    }
  }
}

#define DOTS(R)                                                                                      \
  case R:                                                                                            \
    if (columns == DOT_COLUMNS)                                                                      \
      ISA(dots)(R, DOT_COLUMNS, p, row, column);                                                     \
    else                                                                                             \
      ISA(dots)(R, 1, p, row, column);                                                               \
    break;

TARGET static void ISA(by_dots)(const struct N(product) *p) {
  // As many rows of A as stay in a core's second cache while B passes by.
  const intptr_t block = most(DOT_ROWS, (intptr_t)(262144 / sizeof(SCALAR)) / p->k / DOT_ROWS * DOT_ROWS);
  for (intptr_t first = 0; first < p->m; first += block) {
    const intptr_t rows = least(block, p->m - first), slabs = (rows + DOT_ROWS - 1) / DOT_ROWS;
    for (intptr_t column = 0, columns; column < p->n; column += columns) {
      columns = column + DOT_COLUMNS <= p->n ? DOT_COLUMNS : 1;
      for (intptr_t s = 0; s < slabs; s++) {
        const intptr_t row = first + rows * s / slabs;
        switch (first + rows * (s + 1) / slabs - row) { CONCATENATE(UP_TO, DOT_ROWS)(DOTS) }
      }
    }
  }
}

#undef TILE
#undef DOTS
#undef INSTRUCTIONS
#undef TARGET
#undef ROWS
#undef VECTORS
#undef DOT_ROWS
#undef DOT_COLUMNS
#undef STRIP
#undef DEPTH
#undef ISA
