// Softmax over the middle axis [outer, count, inner], for the scalar of the moment.

CLONED void N(softmax)(const SCALAR *x, SCALAR *y, intptr_t outer, intptr_t count, intptr_t inner) {
  for (intptr_t o = 0; o < outer; o++) {
    const SCALAR *from = x + o * count * inner;
    SCALAR *to = y + o * count * inner;
    if (inner == 1 && count <= LANES) {
      struct N(short_row) row = N(short_row)(from, count);
      N(store_some)(to, count, row.exponentials * (SCALAR)(1.0 / row.total));
      continue;
    }
    if (inner == 1) {
      const SCALAR top = N(top_of)(from, count);
      const SCALAR scale = (SCALAR)(1.0 / N(exponentials)(from, top, to, count));
      EACH(count, PUT(to, AT(to, C(0)) * scale););
      continue;
    }
    EACH(inner, V top = (V)C(-INFINITY); V sum = (V)C(0);
         for (intptr_t c = 0; c < count; c++) top = N(larger)(top, AT(from + c * inner, C(0)));
         for (intptr_t c = 0; c < count; c++) {
           V e = N(exp)(AT(from + c * inner, C(0)) - top);
           sum += e;
           PUT(to + c * inner, e);
         } V scale = C(1) / sum;
         for (intptr_t c = 0; c < count; c++) PUT(to + c * inner, AT(to + c * inner, C(0)) * scale););
  }
}

// Rows of at most 16 columns, 16 rows at a time: a call of the C library's logarithm in every row would cost
// as much as all the rest.
INLINE void N(short_log_softmax)(const SCALAR *x, SCALAR *y, intptr_t rows, intptr_t columns) {
  for (intptr_t first = 0; first < rows; first += LANES) {
    const intptr_t n = least(LANES, rows - first);
    double totals[LANES];
    SCALAR tops[LANES];
    store_double(totals, (f64)1.0);
    for (intptr_t r = 0; r < n; r++) {
      struct N(short_row) row = N(short_row)(x + (first + r) * columns, columns);
      totals[r] = row.total;
      tops[r] = row.top;
    }
    const V logarithms = __builtin_convertvector(N(log_of_total)(load_double(totals)), V);
    for (intptr_t r = 0; r < n; r++) {
      const SCALAR *from = x + (first + r) * columns;
      const SCALAR top = tops[r], logarithm = logarithms[r];
      EACH_OF_ROW(columns, y + (first + r) * columns, (LANES_OF(from) - top) - logarithm);
    }
  }
}

CLONED void N(log_softmax)(const SCALAR *x, SCALAR *y, intptr_t outer, intptr_t count, intptr_t inner) {
  if (inner == 1 && count <= LANES) {
    N(short_log_softmax)(x, y, outer, count);
    return;
  }
  for (intptr_t o = 0; o < outer; o++) {
    const SCALAR *from = x + o * count * inner;
    SCALAR *to = y + o * count * inner;
    if (inner == 1) {
      const SCALAR top = N(top_of)(from, count);
      const SCALAR logarithm = (SCALAR)log(N(exponentials)(from, top, NULL, count));
      EACH(count, PUT(to, (AT(from, C(0)) - top) - logarithm););
      continue;
    }
    EACH(inner, V top = (V)C(-INFINITY); V sum = (V)C(0);
         for (intptr_t c = 0; c < count; c++) top = N(larger)(top, AT(from + c * inner, C(0)));
         for (intptr_t c = 0; c < count; c++) sum += N(exp)(AT(from + c * inner, C(0)) - top);
         V logarithm = N(log)(sum); for (intptr_t c = 0; c < count; c++)
             PUT(to + c * inner, (AT(from + c * inner, C(0)) - top) - logarithm););
  }
}

CLONED void N(softmax_gradient)(const SCALAR *y, const SCALAR *gy, SCALAR *gx, intptr_t outer,
                                intptr_t count, intptr_t inner) {
  for (intptr_t o = 0; o < outer; o++) {
    const intptr_t base = o * count * inner;
    const SCALAR *out = y + base, *g = gy + base;
    SCALAR *to = gx + base;
    if (inner == 1) {
      double total;
      ROW_SUM(total, count, AT(out, C(0)) * AT(g, C(0)));
      const SCALAR sum = (SCALAR)total;
      EACH(count, PUT(to, AT(out, C(0)) * (AT(g, C(0)) - sum)););
      continue;
    }
    EACH(inner, V sum = (V)C(0);
         for (intptr_t c = 0; c < count; c++) sum += AT(out + c * inner, C(0)) * AT(g + c * inner, C(0));
         for (intptr_t c = 0; c < count; c++)
             PUT(to + c * inner, AT(out + c * inner, C(0)) * (AT(g + c * inner, C(0)) - sum)););
  }
}

CLONED void N(log_softmax_gradient)(const SCALAR *y, const SCALAR *gy, SCALAR *gx, intptr_t outer,
                                    intptr_t count, intptr_t inner) {
  for (intptr_t o = 0; o < outer; o++) {
    const intptr_t base = o * count * inner;
    const SCALAR *out = y + base, *g = gy + base;
    SCALAR *to = gx + base;
    if (inner == 1) {
      const SCALAR sum = (SCALAR)N(fold_row)(REDUCE_SUM, g, count);
      EACH(count, PUT(to, AT(g, C(0)) - N(exp)(AT(out, C(0))) * sum););
      continue;
    }
    EACH(inner, V sum = (V)C(0); for (intptr_t c = 0; c < count; c++) sum += AT(g + c * inner, C(0));
         for (intptr_t c = 0; c < count; c++)
             PUT(to + c * inner, AT(g + c * inner, C(0)) - N(exp)(AT(out + c * inner, C(0))) * sum););
  }
}

// Rows of at most 16 columns whose targets are classes, 16 rows at a time.
INLINE void N(short_cross_entropy)(const SCALAR *x, const int32_t *classes, SCALAR keep, SCALAR even,
                                   SCALAR *loss, SCALAR *delta, intptr_t rows, intptr_t columns,
                                   int64_t ignore) {
  const MASK lanes = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  for (intptr_t first = 0; first < rows; first += LANES) {
    const intptr_t n = least(LANES, rows - first);
    double totals[LANES], pulls[LANES];
    store_double(totals, (f64)1.0);
    store_double(pulls, (f64)0.0);
    for (intptr_t r = 0; r < n; r++) {
      const int32_t class = classes[first + r];
      const SCALAR *from = x + (first + r) * columns;
      SCALAR *d = delta ? delta + (first + r) * columns : NULL;
      if (class == ignore) {
        if (d) N(store_some)(d, columns, (V)C(0));
        continue;
      }
      struct N(short_row) row = N(short_row)(from, columns);
      totals[r] = row.total;
      pulls[r] = (double)(keep * (row.top - from[class]));
      if (even != C(0)) pulls[r] += (double)(even * N(total)(row.top - N(load_some)(from, columns, row.top)));
      if (!d) continue;
      const V target = N(select)(lanes == (MASK)class, (V)(keep + even), (V)even);
      N(store_some)(d, columns, row.exponentials * (SCALAR)(1.0 / row.total) - target);
    }
    const V losses = __builtin_convertvector(N(log_of_total)(load_double(totals)) + load_double(pulls), V);
    N(store_some)(loss + first, n, losses);
  }
}

CLONED void N(softmax_cross_entropy)(const SCALAR *logits, const int32_t *classes,
                                     const SCALAR *distribution, double smoothing, SCALAR *loss,
                                     SCALAR *delta, intptr_t rows, intptr_t columns, int64_t ignore) {
  const double keep = 1.0 - smoothing, spread = smoothing / (double)columns;
  const SCALAR kept = (SCALAR)keep, even = (SCALAR)spread;
  if (classes && columns <= LANES) {
    N(short_cross_entropy)(logits, classes, kept, even, loss, delta, rows, columns, ignore);
    return;
  }
  for (intptr_t r = 0; r < rows; r++) {
    const SCALAR *x = logits + r * columns, *t = distribution ? distribution + r * columns : NULL;
    SCALAR *d = delta ? delta + r * columns : NULL;
    if (classes && classes[r] == ignore) {
      loss[r] = C(0);
      if (d) EACH(columns, PUT(d, (V)C(0)););
      continue;
    }
    const SCALAR top = N(top_of)(x, columns);
    // loss = ln(sum of e^(x - top)) sum(t) + sum of t (top - x): two terms, neither negative.
    double targets = 1.0, pull = 0.0, spared = 0.0;
    if (t) {
      // A target of 0 takes nothing, be the logit infinite.
#define PULL(t_, x_) N(select)((t_) == C(0), (V)C(0), (t_) * (top - (x_)))
      ROW_SUM(pull, columns, PULL(AT(t, C(0)), AT(x, C(0))));
#undef PULL
      targets = keep * N(fold_row)(REDUCE_SUM, t, columns) + smoothing;
    } else {
      pull = (double)(top - x[classes[r]]);
    }
    if (smoothing != 0.0) ROW_SUM(spared, columns, top - AT(x, top));
    const double sum = N(exponentials)(x, top, d, columns);
    loss[r] = (SCALAR)(log(sum) * targets + (keep * pull + spread * spared));
    if (!d) continue;
    const SCALAR scale = (SCALAR)(targets / sum);
    if (t) {
      EACH(columns, PUT(d, AT(d, C(0)) * scale - (kept * AT(t, C(0)) + even)););
    } else {
      EACH(columns, PUT(d, AT(d, C(0)) * scale - even););
      d[classes[r]] -= kept;
    }
  }
}

CLONED void N(sigmoid_cross_entropy)(const SCALAR *logits, const SCALAR *target, SCALAR *loss, SCALAR *delta,
                                     intptr_t count) {
  EACH(count, V x = AT(logits, C(0)); V t = AT(target, C(0)); if (loss) PUT(loss, N(softplus)(x) - x * t);
       if (delta) PUT(delta, N(sigmoid)(x) - t););
}
