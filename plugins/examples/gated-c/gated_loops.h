/* Every loop over elements, for the type REAL. NAMED makes the names; EXP, SIN and MAGNITUDE are functions of
   that type. */

/* v = value + value_bias, s = sigmoid(gate + gate_bias), y = v s. `value` may be `y`. */
static void NAMED(gate_rows)(void *data, int64_t start, int64_t count) {
  const gate_pass *pass = data;
  const REAL *value_bias = pass->value_bias;
  const REAL *gate_bias = pass->gate_bias;
  int64_t row, unit;
  for (row = start; row < start + count; row++) {
    REAL *value = (REAL *)pass->value + row * pass->units;
    REAL *gate = (REAL *)pass->gate + row * pass->units;
    REAL *y = (REAL *)pass->y + row * pass->units;
    for (unit = 0; unit < pass->units; unit++) {
      const REAL v = value[unit] + value_bias[unit];
      const REAL s = 1 / (1 + EXP(-(gate[unit] + gate_bias[unit])));
      value[unit] = v;
      gate[unit] = s;
      y[unit] = v * s;
    }
  }
}

/* dv = gy s, and in the place of gy what reaches the gate's sum: gy v s (1 - s). */
static void NAMED(gate_slopes)(void *data, int64_t start, int64_t count) {
  const gate_pass *pass = data;
  const REAL *value = pass->value;
  const REAL *gate = pass->gate;
  REAL *gradient = pass->gradient;
  REAL *value_gradient = pass->value_gradient;
  int64_t i;
  for (i = start * pass->units; i < (start + count) * pass->units; i++) {
    const REAL through = gradient[i] * gate[i];
    value_gradient[i] = through;
    gradient[i] = through * value[i] * (1 - gate[i]);
  }
}

/* Each column is summed in the order of the rows, so the cut between threads changes nothing. */
static void NAMED(sum_columns)(void *data, int64_t start, int64_t count) {
  const column_sum *sum = data;
  const REAL *x = sum->x;
  REAL *y = sum->y;
  int64_t row, column;
  for (column = start; column < start + count; column++) y[column] = 0;
  for (row = 0; row < sum->rows; row++) {
    for (column = start; column < start + count; column++) y[column] += x[row * sum->columns + column];
  }
}

static void NAMED(snake_values)(const nngraph_elements *elements, double number) {
  const REAL *x = elements->x;
  REAL *y = elements->y;
  const REAL alpha = (REAL)number;
  int64_t i;
  for (i = 0; i < elements->count; i++) {
    const REAL wave = SIN(alpha * x[i]);
    y[i] = x[i] + wave * wave / alpha;
  }
}

/* The slope of sin(a x)^2 / a is 2 sin(a x) cos(a x) = sin(2 a x). */
static void NAMED(snake_slopes)(const nngraph_elements *elements, double number) {
  const REAL *x = elements->x;
  const REAL *gy = elements->gy;
  REAL *gx = elements->gx;
  const REAL twice = (REAL)(2 * number);
  int64_t i;
  for (i = 0; i < elements->count; i++) gx[i] = gy[i] * (1 + SIN(twice * x[i]));
}

static void NAMED(adamax_steps)(const nngraph_update *update, const adamax *numbers) {
  REAL *w = update->parameters;
  const REAL *g = update->gradients;
  REAL *mean = update->slots;
  REAL *peak = mean + update->slot_stride;
  const REAL beta1 = (REAL)numbers->beta1;
  const REAL taken = (REAL)(1 - numbers->beta1);
  const REAL beta2 = (REAL)numbers->beta2;
  const REAL epsilon = (REAL)numbers->epsilon;
  const REAL rate = (REAL)(update->rate / (1 - update->scalars[0]));
  int64_t i;
  for (i = 0; i < update->count; i++) {
    const REAL kept = beta2 * peak[i];
    const REAL size = MAGNITUDE(g[i]) + epsilon;
    mean[i] = beta1 * mean[i] + taken * g[i];
    peak[i] = kept > size ? kept : size;
    w[i] -= rate * mean[i] / peak[i];
  }
}

#undef REAL
#undef NAMED
#undef EXP
#undef SIN
#undef MAGNITUDE
