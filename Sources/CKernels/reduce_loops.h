// Reductions, `argmax` and running sums for the scalar of the moment.

INLINE void N(reduce_as)(enum reduce_function f, const SCALAR *x, intptr_t outer, intptr_t count,
                         intptr_t inner, SCALAR *y, bool accumulate) {
  if (inner == 1) {
    for (intptr_t o = 0; o < outer; o++) {
      double value = N(fold_row)(f, x + o * count, count);
      y[o] = (SCALAR)(accumulate ? N(join_totals)(f, (double)y[o], value) : value);
    }
    return;
  }
  for (intptr_t o = 0; o < outer; o++) {
    SCALAR *to = y + o * inner;
    const V neutral = (V)N(neutral)(f);
    if (!accumulate && count <= 0) EACH(inner, PUT(to, neutral););
    N(fold_columns)(f, x + o * count * inner, count, inner, to, !accumulate);
  }
}

CLONED void N(reduce)(int32_t f, const SCALAR *x, intptr_t outer, intptr_t count, intptr_t inner, SCALAR *y,
                      bool accumulate) {
  switch ((enum reduce_function)f) {
  case REDUCE_SUM:
    return N(reduce_as)(REDUCE_SUM, x, outer, count, inner, y, accumulate);
  case REDUCE_MAXIMUM:
    return N(reduce_as)(REDUCE_MAXIMUM, x, outer, count, inner, y, accumulate);
  case REDUCE_MINIMUM:
    return N(reduce_as)(REDUCE_MINIMUM, x, outer, count, inner, y, accumulate);
  case REDUCE_SUM_OF_SQUARES:
    return N(reduce_as)(REDUCE_SUM_OF_SQUARES, x, outer, count, inner, y, accumulate);
  case REDUCE_SUM_OF_MAGNITUDES:
    return N(reduce_as)(REDUCE_SUM_OF_MAGNITUDES, x, outer, count, inner, y, accumulate);
  }
}

CLONED double N(dot)(const SCALAR *x, const SCALAR *y, intptr_t count) {
  f64 s0 = (f64)0.0, s1 = (f64)0.0;
  intptr_t i = 0;
  for (; i + 2 * LANES <= count; i += 2 * LANES) {
    s0 += __builtin_convertvector(N(load)(x + i), f64) * __builtin_convertvector(N(load)(y + i), f64);
    s1 += __builtin_convertvector(N(load)(x + i + LANES), f64) *
          __builtin_convertvector(N(load)(y + i + LANES), f64);
  }
  for (; i < count; i += LANES) {
    const intptr_t live = count - i;
    s0 += __builtin_convertvector(AT(x, C(0)), f64) * __builtin_convertvector(AT(y, C(0)), f64);
  }
  return total_double(s0 + s1);
}

CLONED void N(argmax)(const SCALAR *x, intptr_t outer, intptr_t count, intptr_t inner, int32_t *y) {
  if (inner == 1) {
    for (intptr_t o = 0; o < outer; o++) {
      const SCALAR *row = x + o * count;
      const SCALAR best = (SCALAR)N(fold_row)(REDUCE_MAXIMUM, row, count);
      intptr_t i = 0;
      for (; i + LANES <= count; i += LANES) {
        const V v = N(load)(row + i);
        if (__builtin_reduce_or((v == best) | (v != v)) != 0) break;
      }
      while (i < count - 1 && !(row[i] == best || row[i] != row[i])) i++;
      y[o] = (int32_t)i;
    }
    return;
  }
  for (intptr_t o = 0; o < outer; o++) {
    const SCALAR *from = x + o * count * inner;
    EACH(inner, V best = AT(from, C(0)); MASK place = (MASK)0; for (intptr_t c = 1; c < count; c++) {
      V v = AT(from + c * inner, C(0));
      MASK better = (v > best) | ((v != v) & (best == best));
      best = N(select)(better, v, best);
      place = better ? (MASK)c : place;
    } i32 found = __builtin_convertvector(place, i32);
         memcpy(y + o * inner + i, &found, (size_t)live * sizeof(int32_t)););
  }
}

// Running sums are kept in 64 bits.
CLONED void N(cumulative_sum)(const SCALAR *x, intptr_t outer, intptr_t count, intptr_t inner, SCALAR *y,
                              bool reverse) {
  const intptr_t first = reverse ? count - 1 : 0, step = reverse ? -1 : 1;
  for (intptr_t o = 0; o < outer; o++) {
    const SCALAR *from = x + o * count * inner;
    SCALAR *to = y + o * count * inner;
    if (inner == 1) {
      double sum = 0;
      for (intptr_t n = 0, c = first; n < count; n++, c += step) to[c] = (SCALAR)(sum += (double)from[c]);
      continue;
    }
    EACH(inner, f64 sum = (f64)0.0; for (intptr_t n = 0, c = first; n < count; n++, c += step) {
      sum += __builtin_convertvector(AT(from + c * inner, C(0)), f64);
      PUT(to + c * inner, __builtin_convertvector(sum, V));
    });
  }
}
