/* One component of each family that is no operator. Each definition plants one fault. */

/* y = a x + x^2 */
static int32_t bent_create(void *data, const nngraph_creation *creation, void **state) {
  double *a = malloc(sizeof *a);
  if (!a) return NNGRAPH_OUT_OF_MEMORY;
  *a = creation->host->attribute(creation->context, "slope")->number;
  *state = a;
  return NNGRAPH_OK;
}

static void release(void *data, void *state) {
#ifndef LEAK_CREATE
  free(state);
#endif
}

static void bent_apply(void *data, void *state, const nngraph_elements *elements) {
  double a = *(double *)state;
  for (int64_t i = 0; i < elements->count; i++) {
    double x = get(elements->x, elements->element, i);
    set(elements->y, elements->element, i, a * x + x * x);
  }
#ifdef ACTIVATION_BEHIND
  set(elements->y, elements->element, elements->count, 7);
#endif
}

static void bent_gradient(void *data, void *state, const nngraph_elements *elements) {
  double a = *(double *)state;
#ifdef ACTIVATION_SIGN
  a = -a;
#endif
  for (int64_t i = 0; i < elements->count; i++) {
    double gy = get(elements->gy, elements->element, i);
    set(elements->gx, elements->element, i, gy * (a + 2 * get(elements->x, elements->element, i)));
  }
}

static const nngraph_activation bent = {
    .size = sizeof(nngraph_activation),
    .schema = "{\"name\": \"bent\", \"summary\": \"A parabola.\", \"attributes\": [{\"name\": \"slope\","
              " \"kind\": \"number\", \"minimum\": -10, \"maximum\": 10, \"default\": 1,"
              " \"summary\": \"The slope at 0.\"}]}",
    .create = bent_create,
    .destroy = release,
    .apply = bent_apply,
    .gradient = bent_gradient,
    .flags = NNGRAPH_GRADIENT_READS_X,
};

/* e = sum (p - t)^4 over the features of a row */
static void quartic_errors(void *data, void *state, const nngraph_rows *rows) {
  for (int64_t row = 0; row < rows->rows; row++) {
    double sum = 0;
    for (int64_t i = row * rows->features; i < (row + 1) * rows->features; i++) {
      double d = get(rows->prediction, rows->element, i) - get(rows->target, rows->element, i);
      sum += d * d * d * d;
    }
#ifdef LOSS_UNWRITTEN
    if (row == rows->rows - 1) break;
#endif
    set(rows->errors, rows->element, row, sum);
  }
}

static void quartic_gradients(void *data, void *state, const nngraph_rows *rows) {
  for (int64_t i = 0; i < rows->rows * rows->features; i++) {
    double d = get(rows->prediction, rows->element, i) - get(rows->target, rows->element, i);
    double slope = 4 * d * d * d * get(rows->coefficients, rows->element, i / rows->features);
    if (rows->prediction_gradient) set(rows->prediction_gradient, rows->element, i, slope);
#ifdef LOSS_SIGN
    slope = -slope;
#endif
    if (rows->target_gradient) set(rows->target_gradient, rows->element, i, -slope);
  }
}

static const nngraph_loss quartic = {
    .size = sizeof(nngraph_loss),
    .schema = "{\"name\": \"quartic\", \"summary\": \"The fourth power.\", \"examples\": [{\"inputs\":"
              " [{\"shape\": [4, 3]}, {\"shape\": [4, 3]}]}]}",
    .errors = quartic_errors,
    .gradients = quartic_gradients,
    .targets = NNGRAPH_TARGET_NUMBERS,
    .operations = 5,
};

/* m = (m + g) / 2; p -= rate m */
static int32_t lazy_slots(void *data, void *state) { return 1; }

static void lazy_update(void *data, void *state, const nngraph_update *update) {
  int32_t e = update->element;
  for (int64_t i = 0; i < update->count; i++) {
    double m = (get(update->slots, e, i) + get(update->gradients, e, i)) / 2;
#ifdef OPTIMIZER_NEIGHBOUR
    if (i > 0) m += get(update->gradients, e, i - 1);
#endif
    set(update->slots, e, i, m);
    set(update->parameters, e, i, get(update->parameters, e, i) - update->rate * m);
  }
#ifdef OPTIMIZER_BEHIND
  set(update->slots, e, update->count, 7);
#endif
#ifdef OPTIMIZER_GRADIENT
  set((void *)update->gradients, e, 0, 7);
#endif
}

static const nngraph_optimizer lazy = {
    .size = sizeof(nngraph_optimizer),
    .schema = "{\"name\": \"lazy\", \"summary\": \"Half steps.\", \"attributes\":"
              " [{\"name\": \"learning_rate\", \"kind\": \"number\", \"above\": 0, \"default\": 0.01,"
              " \"summary\": \"The rate.\"}]}",
    .slot_count = lazy_slots,
    .update = lazy_update,
};

static double sawtooth_factor(void *data, void *state, const nngraph_progress *progress) {
#ifdef SCHEDULE_NAN
  return 1.0 / (double)(progress->steps - 1 - progress->step);
#endif
#ifdef SCHEDULE_MEMORY
  static double calls;
  return calls++;
#endif
  return 1 - (double)(progress->step % progress->steps_per_epoch) / (double)progress->steps_per_epoch;
}

static const nngraph_schedule sawtooth = {
    .size = sizeof(nngraph_schedule),
    .schema = "{\"name\": \"sawtooth\", \"summary\": \"Falls in each epoch.\"}",
    .factor = sawtooth_factor,
};

static void stripes_fill(void *data, void *state, const nngraph_filling *filling) {
  int64_t count = filling->count;
  filling->host->random_uniform(filling->key, 0, NNGRAPH_FLOAT64, filling->values, count, -1, 1);
#ifdef INITIALIZER_BEHIND
  filling->values[count] = 7;
#endif
#ifdef INITIALIZER_NAN
  if (count > 3) filling->values[3] = 0.0 / 0.0;
#endif
#ifdef INITIALIZER_RANDOM
  static double calls;
  if (count > 0) filling->values[0] = calls++;
#endif
}

static const nngraph_initializer stripes = {
    .size = sizeof(nngraph_initializer),
    .schema = "{\"name\": \"stripes\", \"summary\": \"Even numbers.\"}",
    .fill = stripes_fill,
};

static void distance_add(void *data, void *state, const nngraph_answers *answers) {
  int64_t width = answers->prediction->count / answers->prediction->shape[0];
  for (int64_t i = 0; i < answers->rows * width; i++) {
    double d = get(answers->prediction->data, answers->prediction->element, i)
               - get(answers->target->data, answers->target->element, i);
    answers->sums[0] += d < 0 ? -d : d;
  }
  answers->sums[1] += (double)(answers->rows * width);
#ifdef METRIC_PIECES
  answers->sums[1] = (double)(answers->rows * width);
#endif
#ifdef METRIC_BEHIND
  answers->sums[2] += 1;
#endif
}

static int32_t distance_check(void *data, void *state, const nngraph_comparison *comparison) {
  const nngraph_type *p = comparison->prediction, *t = comparison->target;
  bool is_equal = p->rank == t->rank && p->element == t->element && p->rank > 0 && p->element != NNGRAPH_BOOL;
  for (int32_t axis = 0; is_equal && axis < p->rank; axis++)
    is_equal = !strcmp(p->sizes[axis], t->sizes[axis]);
  if (is_equal) return NNGRAPH_OK;
  return comparison->host->refuse_input(comparison->context, 1, "is of another type than the prediction");
}

static double distance_value(void *data, void *state, const double *sums) {
#ifdef METRIC_NAN
  return sums[0] / 0.0 - sums[1] / 0.0;
#endif
  return sums[0] / sums[1];
}

static const nngraph_metric distance = {
    .size = sizeof(nngraph_metric),
    .schema = "{\"name\": \"distance\", \"summary\": \"The mean distance.\"}",
    .check = distance_check,
    .add = distance_add,
    .value = distance_value,
    .sum_count = 2,
};
