// What reductions are made of, for the scalar of the moment. Every order depends on sizes alone.

INLINE bool N(is_sum)(enum reduce_function f) { return f != REDUCE_MAXIMUM && f != REDUCE_MINIMUM; }

INLINE SCALAR N(neutral)(enum reduce_function f) {
  return f == REDUCE_MAXIMUM ? C(-INFINITY) : f == REDUCE_MINIMUM ? C(INFINITY) : C(0);
}

// Two results of `f` become one.
INLINE V N(join)(enum reduce_function f, V a, V b) {
  return f == REDUCE_MAXIMUM ? N(larger)(a, b) : f == REDUCE_MINIMUM ? N(smaller)(a, b) : a + b;
}

// What `f` takes of an element.
INLINE V N(term)(enum reduce_function f, V x) {
  return f == REDUCE_SUM_OF_SQUARES ? x * x : f == REDUCE_SUM_OF_MAGNITUDES ? N(magnitude)(x) : x;
}

INLINE double N(fold_lanes)(enum reduce_function f, V v) {
  if (f == REDUCE_MAXIMUM) return N(largest)(v);
  if (f == REDUCE_MINIMUM) return -N(largest)(-v);
  return N(total)(v);
}

INLINE double N(join_totals)(enum reduce_function f, double a, double b) {
  if (f == REDUCE_MAXIMUM) return a > b || a != a ? a : b;
  if (f == REDUCE_MINIMUM) return a < b || a != a ? a : b;
  return a + b;
}

// A contiguous row: by lanes over 1024 elements, in 64 bits beyond.
INLINE double N(fold_row)(enum reduce_function f, const SCALAR *x, intptr_t count) {
  const SCALAR neutral = N(neutral)(f);
  double total = (double)neutral;
  for (intptr_t i = 0; i < count;) {
    const intptr_t end = least(i + SUM_CHUNK, count);
    V s0 = (V)neutral, s1 = s0, s2 = s0, s3 = s0;
    for (; i + 4 * LANES <= end; i += 4 * LANES) {
      s0 = N(join)(f, s0, N(term)(f, N(load)(x + i)));
      s1 = N(join)(f, s1, N(term)(f, N(load)(x + i + LANES)));
      s2 = N(join)(f, s2, N(term)(f, N(load)(x + i + 2 * LANES)));
      s3 = N(join)(f, s3, N(term)(f, N(load)(x + i + 3 * LANES)));
    }
    for (; i < end; i += LANES) {
      const intptr_t live = end - i;
      s0 = N(join)(f, s0, N(term)(f, AT(x, neutral)));
    }
    i = end;
    V s = N(join)(f, N(join)(f, s0, s1), N(join)(f, s2, s3));
    total = N(join_totals)(f, total, N(fold_lanes)(f, s));
  }
  return total;
}

// The columns that are folded at once where rows are long; their results stay at hand meanwhile.
#define FOLDED 1024

// Folds at most 64 rows of some columns, `stride` apart, row by row as they lie in memory.
INLINE void N(fold_long_rows)(enum reduce_function f, const SCALAR *x, intptr_t rows, intptr_t stride,
                              intptr_t columns, SCALAR *folded) {
#define ROW(n) N(term)(f, AT(from + (n) * stride, C(0)))
  const V start = (V)N(neutral)(f);
  intptr_t r = 0;
  EACH(columns, N(store)(folded + i, start); (void)live;);
  for (; r + 4 <= rows; r += 4) {
    const SCALAR *from = x + r * stride;
    EACH(columns, V s = N(load)(folded + i); s = N(join)(f, s, ROW(0)); s = N(join)(f, s, ROW(1));
         s = N(join)(f, s, ROW(2)); s = N(join)(f, s, ROW(3)); N(store)(folded + i, s););
  }
  for (; r < rows; r++) {
    const SCALAR *from = x + r * stride;
    EACH(columns, N(store)(folded + i, N(join)(f, N(load)(folded + i), ROW(0))););
  }
#undef ROW
}

// Folds the rows of x [rows, columns] into y [columns]: 64 rows at a time, then those results in order. With
// `fresh`, y is written as if it had held what comes of no row.
INLINE void N(fold_columns)(enum reduce_function f, const SCALAR *x, intptr_t rows, intptr_t columns,
                            SCALAR *y, bool fresh) {
  const V start = (V)N(neutral)(f);
  SCALAR folded[FOLDED] __attribute__((aligned(64)));
  for (intptr_t first = 0; first < rows; first += 64, fresh = false) {
    const SCALAR *block = x + first * columns;
    const intptr_t n = least(64, rows - first);
    if (columns > 8 * LANES) {
      for (intptr_t c = 0; c < columns; c += FOLDED) {
        const intptr_t width = least(FOLDED, columns - c);
        N(fold_long_rows)(f, block + c, n, columns, width, folded);
        EACH(width, PUT(y + c, N(join)(f, fresh ? start : AT(y + c, C(0)), N(load)(folded + i))););
      }
      continue;
    }
    intptr_t c = 0;
    for (; c + 4 * LANES <= columns; c += 4 * LANES) {
      V s[4] = {start, start, start, start};
      for (intptr_t r = 0; r < n; r++) {
        const SCALAR *row = block + r * columns + c;
#pragma clang loop unroll(full)
        for (int v = 0; v < 4; v++) s[v] = N(join)(f, s[v], N(term)(f, N(load)(row + v * LANES)));
      }
#pragma clang loop unroll(full)
      for (int v = 0; v < 4; v++) {
        SCALAR *to = y + c + v * LANES;
        N(store)(to, N(join)(f, fresh ? start : N(load)(to), s[v]));
      }
    }
    EACH(columns - c, const SCALAR *from = block + c; V s = start;
         for (intptr_t r = 0; r < n; r++) s = N(join)(f, s, N(term)(f, AT(from + r * columns, C(0))));
         PUT(y + c, N(join)(f, fresh ? start : AT(y + c, C(0)), s)););
  }
}

#undef FOLDED
