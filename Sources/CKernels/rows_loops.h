// Bias and normalisation, row by row, for the scalar of the moment.

// As many rows as stay in the nearest cache between two passes over them; it depends on sizes alone.
#define BLOCK 4096

CLONED void N(bias_map)(int32_t f, const SCALAR *x, const SCALAR *bias, SCALAR *z, SCALAR *y, intptr_t rows,
                        intptr_t columns, double a, double b) {
  const intptr_t block = most(1, BLOCK / most(1, columns));
  const bool fused = f == MAP_RELU && !z;
  for (intptr_t first = 0; first < rows; first += block) {
    const intptr_t n = least(block, rows - first), base = first * columns;
    const SCALAR *from = x + base;
    SCALAR *to = y + base, *sum = z ? z + base : to;
    if (!bias) {
      if (z && sum != from) memmove(sum, from, (size_t)(n * columns) * sizeof(SCALAR));
      kernel_map(SCALAR_TYPE, f, from, to, n * columns, a, b);
      continue;
    }
    if (fused) {
#define SUM (LANES_OF(from + r) + LANES_OF(bias))
      for (intptr_t r = 0; r < n * columns; r += columns)
        EACH_OF_ROW(columns, to + r, SUM < C(0) ? (taken)C(0) : SUM);
      continue;
    }
    for (intptr_t r = 0; r < n * columns; r += columns) EACH_OF_ROW(columns, sum + r, SUM);
#undef SUM
    if (f != MAP_COPY || z) kernel_map(SCALAR_TYPE, f, sum, to, n * columns, a, b);
  }
}

CLONED void N(bias_map_gradient)(int32_t f, const SCALAR *z, const SCALAR *y, const SCALAR *gy, SCALAR *gz,
                                 SCALAR *gbias, intptr_t rows, intptr_t columns, double a, double b) {
  const intptr_t block = most(16, BLOCK / most(1, columns));
  if (gbias && rows <= 0) EACH(columns, PUT(gbias, (V)C(0)););
  for (intptr_t first = 0; first < rows; first += block) {
    const intptr_t n = least(block, rows - first), base = first * columns;
    if (f != MAP_COPY || gz != gy)
      kernel_map_gradient(SCALAR_TYPE, f, z ? z + base : NULL, y ? y + base : NULL, gy + base, gz + base,
                          n * columns, a, b);
    if (gbias) N(fold_columns)(REDUCE_SUM, gz + base, n, columns, gbias, first == 0);
  }
}

CLONED void N(scale_rows)(const SCALAR *x, const SCALAR *coefficients, double factor_, SCALAR *y,
                          intptr_t rows, intptr_t columns) {
  const SCALAR factor = (SCALAR)factor_;
  if (columns == 1) {
    EACH(rows, PUT(y, AT(x, C(0)) * (AT(coefficients, C(0)) * factor)););
    return;
  }
  for (intptr_t r = 0; r < rows; r++) {
    const SCALAR coefficient = coefficients[r] * factor;
    const SCALAR *from = x + r * columns;
    EACH_OF_ROW(columns, y + r * columns, LANES_OF(from) * coefficient);
  }
}

CLONED void N(layer_norm)(const SCALAR *x, const SCALAR *scale, const SCALAR *shift, SCALAR *y, SCALAR *mean,
                          SCALAR *reciprocal_deviation, intptr_t rows, intptr_t columns, double epsilon,
                          bool centred) {
  for (intptr_t r = 0; r < rows; r++) {
    const SCALAR *from = x + r * columns;
    SCALAR *to = y + r * columns;
    SCALAR centre = C(0);
    if (centred) {
      centre = (SCALAR)(N(fold_row)(REDUCE_SUM, from, columns) / (double)columns);
      mean[r] = centre;
    }
    double squares;
    ROW_SUM(squares, columns, (AT(from, centre) - centre) * (AT(from, centre) - centre));
    const SCALAR factor = (SCALAR)(1.0 / sqrt(squares / (double)columns + epsilon));
    reciprocal_deviation[r] = factor;
    if (shift)
      EACH(columns,
           PUT(to, ((AT(from, C(0)) - centre) * factor) * AT(scale, C(0)) + AT(shift, C(0))););
    else
      EACH(columns, PUT(to, ((AT(from, C(0)) - centre) * factor) * AT(scale, C(0))););
  }
}

// A normalised element of the row that begins at `from`.
#define NORMALISED(from) ((AT(from, C(0)) - centre) * factor)

// The columns whose sums over a block of rows are kept at hand.
#define SUMS 1024

// Adds a block's part of the gradients of scale and shift: some columns at a time, row by row as they lie.
INLINE void N(norm_parameters)(const SCALAR *x, const SCALAR *mean, const SCALAR *reciprocal_deviation,
                               const SCALAR *gy, SCALAR *gscale, SCALAR *gshift, intptr_t rows,
                               intptr_t columns) {
  SCALAR sums[SUMS] __attribute__((aligned(64)));
  for (intptr_t c = 0; gscale && c < columns; c += SUMS) {
    const intptr_t n = least(SUMS, columns - c);
    EACH(n, N(store)(sums + i, (V)C(0)); (void)live;);
    for (intptr_t r = 0; r < rows; r++) {
      const SCALAR centre = mean ? mean[r] : C(0), factor = reciprocal_deviation[r];
      const SCALAR *from = x + r * columns + c, *g = gy + r * columns + c;
      EACH(n, V s = N(load)(sums + i); s += AT(g, C(0)) * NORMALISED(from); N(store)(sums + i, s););
    }
    EACH(n, PUT(gscale + c, AT(gscale + c, C(0)) + N(load)(sums + i)););
  }
  if (gshift) N(fold_columns)(REDUCE_SUM, gy, rows, columns, gshift, false);
}

CLONED void N(layer_norm_gradient)(const SCALAR *x, const SCALAR *scale, const SCALAR *mean,
                                   const SCALAR *reciprocal_deviation, const SCALAR *gy, SCALAR *gx,
                                   SCALAR *gscale, SCALAR *gshift, intptr_t rows, intptr_t columns,
                                   bool centred) {
  const intptr_t block = least(64, most(16, BLOCK / most(1, columns)));
  if (gscale) EACH(columns, PUT(gscale, (V)C(0)););
  if (gshift) EACH(columns, PUT(gshift, (V)C(0)););
  for (intptr_t first = 0; first < rows; first += block) {
    const intptr_t n = least(block, rows - first), base = first * columns;
    N(norm_parameters)(x + base, centred ? mean + first : NULL, reciprocal_deviation + first, gy + base,
                       gscale, gshift, n, columns);
    if (!gx) continue;
    for (intptr_t r = first; r < first + n; r++) {
      const SCALAR *from = x + r * columns, *g = gy + r * columns;
      SCALAR *to = gx + r * columns;
      const SCALAR centre = centred ? mean[r] : C(0), factor = reciprocal_deviation[r];
      double along, sum = 0;
      ROW_SUM(along, columns, (AT(g, C(0)) * AT(scale, C(0))) * NORMALISED(from));
      if (centred) ROW_SUM(sum, columns, AT(g, C(0)) * AT(scale, C(0)));
      const SCALAR slope = (SCALAR)(along / (double)columns), level = (SCALAR)(sum / (double)columns);
      EACH(columns, V direct = AT(g, C(0)) * AT(scale, C(0));
           PUT(to, factor * ((direct - level) - NORMALISED(from) * slope)););
    }
  }
}

#undef NORMALISED
#undef SUMS
#undef BLOCK
