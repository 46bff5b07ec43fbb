// Loops over rows of channels, x [rows, channels], and over windows of such rows, for the scalar of the moment.

// A block of rows stays in the nearest cache between two passes over it; its size depends on sizes alone.
#define BLOCK 4096
#define BLOCK_ROWS(channels) most(16, BLOCK / most(1, (channels)))

// Adds TERM over rows 0 up to N into TOTAL by four sums, which do not wait for each other; `r` is the row.
#define SUM_OF_ROWS(TOTAL, N_, ...)                                                                  \
  do {                                                                                               \
    V s0 = (V)C(0), s1 = (V)C(0), s2 = (V)C(0), s3 = (V)C(0);                                        \
    intptr_t r = 0;                                                                                  \
    for (; r + 4 <= (N_);) {                                                                         \
      s0 += __VA_ARGS__;                                                                             \
      r++;                                                                                           \
      s1 += __VA_ARGS__;                                                                             \
      r++;                                                                                           \
      s2 += __VA_ARGS__;                                                                             \
      r++;                                                                                           \
      s3 += __VA_ARGS__;                                                                             \
      r++;                                                                                           \
    }                                                                                                \
    for (; r < (N_); r++) s0 += __VA_ARGS__;                                                         \
    TOTAL = (s0 + s1) + (s2 + s3);                                                                   \
  } while (0)

// Mean and squared deviations of block after block, joined as Chan, Golub and LeVeque (1983) show.
CLONED void N(channel_moments)(const SCALAR *x, intptr_t rows, intptr_t channels, SCALAR *mean,
                               SCALAR *squares) {
  const intptr_t block = BLOCK_ROWS(channels);
  for (intptr_t first = 0; first < rows; first += block) {
    const intptr_t n = least(block, rows - first);
    const SCALAR *from = x + first * channels;
    const SCALAR part = C((double)n / (double)(first + n)), count = C(n), weight = C((double)first) * part;
    EACH(channels, V sum; V deviations;
         SUM_OF_ROWS(sum, n, AT(from + r * channels, C(0))); const V centre = sum / count;
         SUM_OF_ROWS(deviations, n, (AT(from + r * channels, C(0)) - centre) *
                                        (AT(from + r * channels, C(0)) - centre));
         if (first == 0) {
           PUT(mean, centre);
           PUT(squares, deviations);
         } else {
           const V difference = centre - AT(mean, C(0));
           PUT(squares, AT(squares, C(0)) + deviations + difference * difference * weight);
           PUT(mean, AT(mean, C(0)) + difference * part);
         });
  }
}

CLONED void N(channel_normalize)(const SCALAR *x, const SCALAR *other, const SCALAR *mean,
                                 const SCALAR *factor, const SCALAR *shift, SCALAR *y, intptr_t rows,
                                 intptr_t channels, bool rectifies) {
  const intptr_t block = BLOCK_ROWS(channels);
  const V bound = (V)(rectifies ? C(0) : C(-INFINITY));
  for (intptr_t first = 0; first < rows; first += block) {
    const intptr_t end = least(rows, first + block) * channels, base = first * channels;
    if (other)
      EACH(channels, const V m = AT(mean, C(0)); const V f = AT(factor, C(0)); const V s = AT(shift, C(0));
           for (intptr_t r = base; r < end; r += channels)
               PUT(y + r, N(at_least)((AT(x + r, C(0)) - m) * f + s + AT(other + r, C(0)), bound)););
    else
      EACH(channels, const V m = AT(mean, C(0)); const V f = AT(factor, C(0)); const V s = AT(shift, C(0));
           for (intptr_t r = base; r < end; r += channels)
               PUT(y + r, N(at_least)((AT(x + r, C(0)) - m) * f + s, bound)););
  }
}

// With `y`, `gz` becomes `gy` where y is above 0, and 0 elsewhere.
CLONED void N(channel_gradient_sums)(const SCALAR *x, const SCALAR *y, const SCALAR *gy, SCALAR *gz,
                                     const SCALAR *mean, SCALAR *sums, SCALAR *moments, intptr_t rows,
                                     intptr_t channels) {
  const intptr_t block = BLOCK_ROWS(channels);
  EACH(channels, PUT(sums, (V)C(0)); PUT(moments, (V)C(0)););
  for (intptr_t first = 0; first < rows; first += block) {
    const intptr_t end = least(rows, first + block) * channels, base = first * channels;
    EACH(channels, const V m = AT(mean, C(0)); V sum = (V)C(0); V moment = (V)C(0); V sum2 = (V)C(0);
         V moment2 = (V)C(0); intptr_t r = base;
         for (; r + channels < end; r += 2 * channels) {
           V g = AT(gy + r, C(0)), h = AT(gy + r + channels, C(0));
           if (y) {
             g = N(select)(AT(y + r, C(0)) > C(0), g, (V)C(0));
             h = N(select)(AT(y + r + channels, C(0)) > C(0), h, (V)C(0));
           }
           if (gz) {
             PUT(gz + r, g);
             PUT(gz + r + channels, h);
           }
           sum += g;
           sum2 += h;
           moment += g * (AT(x + r, C(0)) - m);
           moment2 += h * (AT(x + r + channels, C(0)) - m);
         } if (r < end) {
           V g = AT(gy + r, C(0));
           if (y) g = N(select)(AT(y + r, C(0)) > C(0), g, (V)C(0));
           if (gz) PUT(gz + r, g);
           sum += g;
           moment += g * (AT(x + r, C(0)) - m);
         } PUT(sums, AT(sums, C(0)) + (sum + sum2));
         PUT(moments, AT(moments, C(0)) + (moment + moment2)););
  }
}

CLONED void N(channel_gradient)(const SCALAR *x, const SCALAR *gy, const SCALAR *mean, const SCALAR *factor,
                                const SCALAR *level, const SCALAR *slope, SCALAR *gx, intptr_t rows,
                                intptr_t channels) {
  const intptr_t block = BLOCK_ROWS(channels);
  for (intptr_t first = 0; first < rows; first += block) {
    const intptr_t end = least(rows, first + block) * channels, base = first * channels;
    EACH(channels, const V m = AT(mean, C(0)); const V f = AT(factor, C(0)); const V l = AT(level, C(0));
         const V s = AT(slope, C(0)); for (intptr_t r = base; r < end; r += channels)
             PUT(gx + r, f * (AT(gy + r, C(0)) - l - (AT(x + r, C(0)) - m) * s)););
  }
}

// The elements that a window covers of one axis at a place, [*from, *end), and its first tap.
#define COVERED(NAME, PLACE, SIZE, KERNEL, STRIDE, BEGIN)                                            \
  const intptr_t NAME##_start = (PLACE) * (STRIDE) - (BEGIN), NAME##_from = most(0, NAME##_start),   \
                 NAME##_end = most(NAME##_from, least((SIZE), NAME##_start + (KERNEL)))

CLONED void N(channel_max_pool)(const struct kernel_window *w, const SCALAR *x, SCALAR *y, uint8_t *taps,
                                intptr_t first, intptr_t rows, bool rectifies) {
  const intptr_t channels = w->channels, line = w->width * channels;
  const V bound = (V)(rectifies ? C(0) : C(-INFINITY));
  for (intptr_t row = first; row < first + rows; row++) {
    const SCALAR *image = x + row / w->rows * w->height * line;
    COVERED(down, row % w->rows, w->height, w->kernel_height, w->stride_height, w->begin_height);
    for (intptr_t column = 0; column < w->columns; column++) {
      COVERED(across, column, w->width, w->kernel_width, w->stride_width, w->begin_width);
      const intptr_t place = (row * w->columns + column) * channels;
      const SCALAR *corner = image + down_from * line + across_from * channels;
      const intptr_t start = (down_from - down_start) * w->kernel_width + across_from - across_start;
      if (!taps) {
        EACH(channels, V best = AT(corner, C(0));
             for (intptr_t i_ = down_from; i_ < down_end; i_++) for (intptr_t j = across_from;
                                                                     j < across_end; j++)
                 best = N(larger)(AT(image + i_ * line + j * channels, C(0)), best);
             PUT(y + place, N(at_least)(best, bound)););
        continue;
      }
      EACH(channels, V best = AT(corner, C(0)); MASK found = (MASK)start;
           for (intptr_t i_ = down_from; i_ < down_end; i_++) for (intptr_t j = across_from; j < across_end;
                                                                   j++) {
             const V value = AT(image + i_ * line + j * channels, C(0));
             const MASK own = (MASK)((i_ - down_start) * w->kernel_width + j - across_start);
             found = value > best ? own : found;
             best = N(larger)(value, best);
           } found = best == best ? found : (MASK)start;
           PUT(y + place, N(at_least)(best, bound)); N(store_taps)(taps + place + i, live, found););
    }
  }
}

CLONED void N(channel_max_pool_gradient)(const struct kernel_window *w, const SCALAR *y, const SCALAR *gy,
                                         const uint8_t *taps, SCALAR *gx, intptr_t first, intptr_t images) {
  const intptr_t channels = w->channels, line = w->width * channels, count = w->height * line;
  const bool is_disjoint = w->kernel_height <= w->stride_height && w->kernel_width <= w->stride_width;
  for (intptr_t image = first; image < first + images; image++) {
    SCALAR *to = gx + image * count;
    memset(to, 0, (size_t)count * sizeof(SCALAR));
    for (intptr_t row = 0; row < w->rows; row++) {
      COVERED(down, row, w->height, w->kernel_height, w->stride_height, w->begin_height);
      for (intptr_t column = 0; column < w->columns; column++) {
        COVERED(across, column, w->width, w->kernel_width, w->stride_width, w->begin_width);
        const intptr_t place = ((image * w->rows + row) * w->columns + column) * channels;
        EACH(channels, V g = AT(gy + place, C(0)); const MASK found = N(load_taps)(taps + place + i, live);
             if (y) g = N(select)(AT(y + place, C(0)) > C(0), g, (V)C(0));
             for (intptr_t i_ = down_from; i_ < down_end; i_++) for (intptr_t j = across_from;
                                                                     j < across_end; j++) {
               SCALAR *element = to + i_ * line + j * channels;
               const MASK own = (MASK)((i_ - down_start) * w->kernel_width + j - across_start);
               const V share = N(select)(found == own, g, (V)C(0));
               PUT(element, is_disjoint ? share : AT(element, C(0)) + share);
             });
      }
    }
  }
}

CLONED void N(channel_average_pool)(const struct kernel_window *w, const SCALAR *x, SCALAR *y,
                                    intptr_t first, intptr_t rows) {
  const intptr_t channels = w->channels, line = w->width * channels;
  for (intptr_t row = first; row < first + rows; row++) {
    const SCALAR *image = x + row / w->rows * w->height * line;
    COVERED(down, row % w->rows, w->height, w->kernel_height, w->stride_height, w->begin_height);
    for (intptr_t column = 0; column < w->columns; column++) {
      COVERED(across, column, w->width, w->kernel_width, w->stride_width, w->begin_width);
      const SCALAR covered = C((down_end - down_from) * (across_end - across_from));
      const intptr_t place = (row * w->columns + column) * channels;
      EACH(channels, V sum = (V)C(0);
           for (intptr_t i_ = down_from; i_ < down_end; i_++) for (intptr_t j = across_from; j < across_end;
                                                                   j++) sum +=
           AT(image + i_ * line + j * channels, C(0));
           PUT(y + place, sum / covered););
    }
  }
}

CLONED void N(channel_average_pool_gradient)(const struct kernel_window *w, const SCALAR *gy, SCALAR *gx,
                                             intptr_t first, intptr_t images) {
  const intptr_t channels = w->channels, line = w->width * channels, count = w->height * line;
  for (intptr_t image = first; image < first + images; image++) {
    SCALAR *to = gx + image * count;
    memset(to, 0, (size_t)count * sizeof(SCALAR));
    for (intptr_t row = 0; row < w->rows; row++) {
      COVERED(down, row, w->height, w->kernel_height, w->stride_height, w->begin_height);
      for (intptr_t column = 0; column < w->columns; column++) {
        COVERED(across, column, w->width, w->kernel_width, w->stride_width, w->begin_width);
        const SCALAR covered = C((down_end - down_from) * (across_end - across_from));
        const intptr_t place = ((image * w->rows + row) * w->columns + column) * channels;
        EACH(channels, const V share = AT(gy + place, C(0)) / covered;
             for (intptr_t i_ = down_from; i_ < down_end; i_++) for (intptr_t j = across_from;
                                                                     j < across_end; j++) {
               SCALAR *element = to + i_ * line + j * channels;
               PUT(element, AT(element, C(0)) + share);
             });
      }
    }
  }
}

#undef COVERED
#undef SUM_OF_ROWS
#undef BLOCK_ROWS
#undef BLOCK
