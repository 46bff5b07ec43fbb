// What softmax and the losses behind it share, for the scalar of the moment.

// The largest number of a row. What is not a number comes back in the sum of exponentials.
INLINE SCALAR N(top_of)(const SCALAR *x, intptr_t count) {
  V s0 = (V)C(-INFINITY), s1 = s0;
  intptr_t i = 0;
  for (; i + 2 * LANES <= count; i += 2 * LANES) {
    s0 = N(at_least)(N(load)(x + i), s0);
    s1 = N(at_least)(N(load)(x + i + LANES), s1);
  }
  for (; i < count; i += LANES) {
    const intptr_t live = count - i;
    s0 = N(at_least)(AT(x, C(-INFINITY)), s0);
  }
  return N(largest_number)(N(at_least)(s0, s1));
}

// The sum of e^(x - top) over a row; the terms are left in `y` where it is given, which may be `x`.
INLINE double N(exponentials)(const SCALAR *x, SCALAR top, SCALAR *y, intptr_t count) {
  double total = 0;
  for (intptr_t first = 0; first < count; first += SUM_CHUNK) {
    V s = (V)C(0);
    const SCALAR *from = x + first;
    const intptr_t n = least(SUM_CHUNK, count - first);
    if (y) {
      SCALAR *to = y + first;
      EACH(n, V e = N(exp)(AT(from, C(-INFINITY)) - top); s += e; PUT(to, e););
    } else {
      EACH(n, s += N(exp)(AT(from, C(-INFINITY)) - top););
    }
    total += (double)N(total)(s);
  }
  return total;
}

// A row of at most 16 columns, in one vector: e^(x - top), 0 beyond the end.
struct N(short_row) {
  V exponentials;
  SCALAR top;
  double total;
};

INLINE struct N(short_row) N(short_row)(const SCALAR *x, intptr_t count) {
  struct N(short_row) row;
  V v = N(load_some)(x, count, C(-INFINITY));
  row.top = N(largest_number)(v);
  row.exponentials = N(exp)(v - row.top);
  row.total = (double)N(total)(row.exponentials);
  return row;
}
