/* A plugin with components of every family, whose answers the tests know. */
#include "nngraph_plugin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const nngraph_value *value(const nngraph_host *host, nngraph_context *context, const char *name) {
  return host->attribute(context, name);
}

/* plugged_dense: y = x W^T + b, as the operator dense computes it. */

static const char dense_schema[] =
    "{\"name\": \"plugged_dense\", \"summary\": \"Multiplies by a matrix and adds a row.\","
    " \"formula\": \"y = x W^T + b\","
    " \"attributes\": ["
    "  {\"name\": \"units\", \"kind\": \"integer\", \"minimum\": 1, \"summary\": \"How many results.\"},"
    "  {\"name\": \"bias\", \"kind\": \"boolean\", \"default\": true, \"summary\": \"Whether a row is added.\"},"
    "  {\"name\": \"weight_initializer\", \"kind\": \"initializer\","
    "   \"default\": {\"kind\": \"normal\", \"deviation\": 0.5}, \"summary\": \"The first weights.\"},"
    "  {\"name\": \"activation\", \"kind\": \"activation\", \"optional\": true, \"summary\": \"What follows.\"}],"
    " \"parameters\": [\"weight [units, in]\", \"bias [units]\"],"
    " \"examples\": [{\"attributes\": {\"units\": 3}, \"inputs\": [{\"shape\": [4, 5]}]},"
    "                {\"attributes\": {\"units\": 2, \"bias\": false},"
    "                 \"inputs\": [{\"shape\": [2, 3], \"from\": -1, \"to\": 1, \"kinks\": []}]}]}";

static int32_t dense_infer(void *data, const nngraph_inference *inference) {
  const nngraph_host *host = inference->host;
  nngraph_context *context = inference->context;
  const nngraph_type *x = inference->inputs[0];
  if (x->element != NNGRAPH_FLOAT32 && x->element != NNGRAPH_FLOAT64)
    return host->refuse_input(context, 0, "needs floats");
  if (x->rank < 1 || x->numbers[x->rank - 1] < 0)
    return host->refuse_input(context, 0, "needs a last axis of a known size");
  int64_t units = value(host, context, "units")->integer;
  if (units == 13) return host->refuse_attribute(context, "units", "13 brings bad luck");
  const char *sizes[64];
  for (int axis = 0; axis < x->rank; axis++) sizes[axis] = x->sizes[axis];
  char last[32];
  snprintf(last, sizeof last, "%lld", (long long)units);
  sizes[x->rank - 1] = last;
  host->output(context, x->element, x->rank, sizes);
  int64_t width = x->numbers[x->rank - 1];
  int64_t shape[] = {units, width};
  nngraph_parameter weight = {.size = sizeof weight, .name = "weight", .rank = 2, .shape = shape,
                              .initializer = "weight_initializer", .fan_in = width, .fan_out = units};
  host->parameter(context, &weight);
  if (value(host, context, "bias")->truth) {
    nngraph_parameter bias = {.size = sizeof bias, .name = "bias", .rank = 1, .shape = shape, .value = 0.25};
    host->parameter(context, &bias);
  }
  return NNGRAPH_OK;
}

#define DENSE(NAME, T)                                                                        \
  static void NAME##_add(const nngraph_call *call, int64_t rows, int64_t units) {             \
    T *y = call->outputs[0]->data;                                                            \
    const T *bias = call->parameters[1]->data;                                                \
    for (int64_t row = 0; row < rows; row++)                                                  \
      for (int64_t unit = 0; unit < units; unit++) y[row * units + unit] += bias[unit];       \
  }                                                                                           \
  static void NAME##_sum(const nngraph_call *call, int64_t rows, int64_t units) {             \
    const T *gy = call->output_gradients[0]->data;                                            \
    T *gb = call->parameter_gradients[1]->data;                                               \
    for (int64_t unit = 0; unit < units; unit++) {                                            \
      gb[unit] = 0;                                                                           \
      for (int64_t row = 0; row < rows; row++) gb[unit] += gy[row * units + unit];            \
    }                                                                                         \
  }
DENSE(dense_float, float)
DENSE(dense_double, double)

static int32_t dense_forward(void *data, void *state, const nngraph_call *call) {
  int64_t units = call->parameters[0]->shape[0], width = call->parameters[0]->shape[1];
  int64_t rows = call->outputs[0]->count / units;
  nngraph_product product = {.size = sizeof product, .element = call->element, .transpose_b = true,
                             .m = rows, .n = units, .k = width, .alpha = 1, .a = call->inputs[0]->data,
                             .b = call->parameters[0]->data, .c = call->outputs[0]->data};
  int32_t code = call->host->product(call->context, &product);
  if (code != NNGRAPH_OK || call->parameter_count < 2) return code;
  if (call->element == NNGRAPH_FLOAT64)
    dense_double_add(call, rows, units);
  else
    dense_float_add(call, rows, units);
  return NNGRAPH_OK;
}

static int32_t dense_backward(void *data, void *state, const nngraph_call *call) {
  int64_t units = call->parameters[0]->shape[0], width = call->parameters[0]->shape[1];
  int64_t rows = call->outputs[0]->count / units;
  if (call->parameter_count > 1 && call->parameter_gradients[1]) {
    if (call->element == NNGRAPH_FLOAT64)
      dense_double_sum(call, rows, units);
    else
      dense_float_sum(call, rows, units);
  }
  nngraph_product product = {.size = sizeof product, .element = call->element, .alpha = 1,
                             .a = call->output_gradients[0]->data};
  if (call->parameter_gradients[0]) {
    product.transpose_a = true;
    product.m = units;
    product.n = width;
    product.k = rows;
    product.b = call->inputs[0]->data;
    product.c = call->parameter_gradients[0]->data;
    int32_t code = call->host->product(call->context, &product);
    if (code != NNGRAPH_OK) return code;
  }
  if (!call->input_gradients[0]) return NNGRAPH_OK;
  product.transpose_a = false;
  product.m = rows;
  product.n = width;
  product.k = units;
  product.b = call->parameters[0]->data;
  product.c = call->input_gradients[0]->data;
  return call->host->product(call->context, &product);
}

static int32_t dense_reads(void *data, const nngraph_call *call, uint64_t *inputs, uint64_t *outputs) {
  *inputs = 1;
  *outputs = 0;
  return NNGRAPH_OK;
}

static int64_t dense_operations(void *data, const nngraph_call *call) {
  return 2 * call->outputs[0]->count * call->parameters[0]->shape[1];
}

static const nngraph_layer dense = {.size = sizeof dense, .schema = dense_schema, .infer = dense_infer,
                                    .forward = dense_forward, .backward = dense_backward,
                                    .backward_reads = dense_reads, .operations = dense_operations};

/* plugged_dropout: the operator dropout with the host's random numbers and threads. */

static const char dropout_schema[] =
    "{\"name\": \"plugged_dropout\", \"summary\": \"Drops elements by chance.\","
    " \"attributes\": [{\"name\": \"rate\", \"kind\": \"number\", \"minimum\": 0, \"below\": 1,"
    "                  \"summary\": \"The chance.\"}]}";

static int32_t same_type(void *data, const nngraph_inference *inference) {
  const nngraph_type *x = inference->inputs[0];
  inference->host->output(inference->context, x->element, x->rank, x->sizes);
  return NNGRAPH_OK;
}

struct drop {
  const nngraph_call *call;
  uint64_t key;
  double rate;
};

static void drop(void *data, int64_t start, int64_t count) {
  const struct drop *drop = data;
  const nngraph_call *call = drop->call;
  float chance[256];
  for (int64_t place = start; place < start + count; place += 256) {
    int64_t length = start + count - place < 256 ? start + count - place : 256;
    call->host->random_uniform(drop->key, (uint64_t)place, NNGRAPH_FLOAT32, chance, length, 0, 1);
    const float *x = call->inputs[0]->data;
    float *y = call->outputs[0]->data;
    for (int64_t i = 0; i < length; i++)
      y[place + i] = chance[i] >= (float)drop->rate ? x[place + i] * (float)(1 / (1 - drop->rate)) : 0;
  }
}

static int32_t dropout_forward(void *data, void *state, const nngraph_call *call) {
  struct drop work = {call, call->host->random_key(call->context, "dropout"),
                      value(call->host, call->context, "rate")->number};
  if (call->element != NNGRAPH_FLOAT32) return NNGRAPH_REFUSED;
  call->host->parallel(call->context, call->outputs[0]->count, 4, drop, &work);
  return NNGRAPH_OK;
}

static const nngraph_layer dropout = {.size = sizeof dropout, .schema = dropout_schema, .infer = same_type,
                                      .forward = dropout_forward};

/* every_other: y[b, i] = x[b, 2 i]; what it read is counted in a state, its step size is prepared. */

static const char every_other_schema[] =
    "{\"name\": \"every_other\", \"summary\": \"Takes every other element of the last axis.\","
    " \"examples\": [{\"inputs\": [{\"shape\": [2, 5]}]}]}";

static int32_t every_other_infer(void *data, const nngraph_inference *inference) {
  const nngraph_type *x = inference->inputs[0];
  const char *sizes[64];
  if (x->rank < 1) return inference->host->refuse_input(inference->context, 0, "needs an axis");
  for (int axis = 0; axis < x->rank; axis++) sizes[axis] = x->sizes[axis];
  char last[512];
  snprintf(last, sizeof last, "ceil((%s)/2)", x->sizes[x->rank - 1]);
  sizes[x->rank - 1] = last;
  inference->host->output(inference->context, x->element, x->rank, sizes);
  int64_t two[] = {2};
  nngraph_parameter calls = {.size = sizeof calls, .name = "calls", .rank = 0, .flags = NNGRAPH_STATE};
  nngraph_parameter factors = {.size = sizeof factors, .name = "factors", .rank = 1, .shape = two,
                               .flags = NNGRAPH_OWN_VALUES};
  inference->host->parameter(inference->context, &calls);
  inference->host->parameter(inference->context, &factors);
  return NNGRAPH_OK;
}

static int32_t every_other_workspace(void *data, const nngraph_call *call) {
  call->host->buffer(call->context, NNGRAPH_SAVED, 0, call->outputs[0]->count);
  call->host->buffer(call->context, NNGRAPH_FORWARD_SCRATCH, NNGRAPH_INT32, 2);
  call->host->buffer(call->context, NNGRAPH_BACKWARD_SCRATCH, NNGRAPH_FLOAT64, 1);
  return NNGRAPH_OK;
}

static int32_t every_other_prepare(void *data, const nngraph_call *call, void **state) {
  int *step = malloc(sizeof *step);
  if (!step) return NNGRAPH_OUT_OF_MEMORY;
  *step = 2;
  *state = step;
  call->host->log(call->context, "made a state");
  return NNGRAPH_OK;
}

static void every_other_destroy(void *data, void *state) { free(state); }

static int32_t every_other_first(void *data, const nngraph_call *call, int32_t parameter, uint64_t key,
                                 double *values) {
  for (int64_t i = 0; i < call->parameters[parameter]->count; i++) values[i] = 1.5 + (double)i;
  return NNGRAPH_OK;
}

#define EVERY_OTHER(T)                                                                           \
  {                                                                                              \
    const T *x = call->inputs[0]->data, *factors = call->parameters[1]->data;                    \
    T *y = call->outputs[0]->data, *calls = call->parameters[0]->data;                           \
    if (call->is_training) calls[0] += 1;                                                        \
    for (int64_t row = 0; row < rows; row++)                                                     \
      for (int64_t i = 0; i < out; i++) {                                                        \
        T taken = x[row * in + i * step];                                                        \
        y[row * out + i] = taken * factors[i % 2];                                               \
        if (call->saved_count) ((T *)call->saved[0])[row * out + i] = taken;                     \
      }                                                                                          \
  }

#define EVERY_OTHER_BACK(T)                                                                      \
  {                                                                                              \
    const T *gy = call->output_gradients[0]->data, *factors = call->parameters[1]->data;         \
    const T *taken = call->saved[0];                                                             \
    T *gx = call->input_gradients[0] ? call->input_gradients[0]->data : 0;                       \
    T *gf = call->parameter_gradients[1] ? call->parameter_gradients[1]->data : 0;               \
    if (gx) memset(gx, 0, (size_t)call->inputs[0]->bytes);                                       \
    if (gf) gf[0] = gf[1] = 0;                                                                   \
    for (int64_t row = 0; row < rows; row++)                                                     \
      for (int64_t i = 0; i < out; i++) {                                                        \
        if (gx) gx[row * in + i * step] = gy[row * out + i] * factors[i % 2];                    \
        if (gf) gf[i % 2] += gy[row * out + i] * taken[row * out + i];                           \
      }                                                                                          \
  }

static int32_t every_other_forward(void *data, void *state, const nngraph_call *call) {
  int step = *(int *)state;
  const nngraph_tensor *x = call->inputs[0];
  int64_t in = x->shape[x->rank - 1], out = (in + 1) / 2, rows = x->count / in;
  if (call->scratch_count != 1) return call->host->fail(call->context, NNGRAPH_INTERNAL, "no scratch");
  if (call->element == NNGRAPH_FLOAT64) EVERY_OTHER(double) else EVERY_OTHER(float)
  return NNGRAPH_OK;
}

static int32_t every_other_backward(void *data, void *state, const nngraph_call *call) {
  int step = *(int *)state;
  const nngraph_tensor *x = call->inputs[0];
  int64_t in = x->shape[x->rank - 1], out = (in + 1) / 2, rows = x->count / in;
  if (call->element == NNGRAPH_FLOAT64) EVERY_OTHER_BACK(double) else EVERY_OTHER_BACK(float)
  return NNGRAPH_OK;
}

static const nngraph_layer every_other = {
    .size = sizeof every_other, .schema = every_other_schema, .infer = every_other_infer,
    .workspace = every_other_workspace, .prepare = every_other_prepare, .destroy = every_other_destroy,
    .forward = every_other_forward, .backward = every_other_backward, .first_values = every_other_first};

/* echo: says in `infer` what it sees of its attributes; its struct ends with `forward`. */

static const char echo_schema[] =
    "{\"name\": \"echo\", \"summary\": \"Says what it is given.\", \"attributes\": ["
    "{\"name\": \"integer\", \"kind\": \"integer\", \"minimum\": -5, \"maximum\": 5, \"default\": -3,"
    " \"summary\": \"s\"},"
    "{\"name\": \"number\", \"kind\": \"number\", \"above\": 0, \"default\": 2, \"summary\": \"s\"},"
    "{\"name\": \"truth\", \"kind\": \"boolean\", \"default\": true, \"summary\": \"s\"},"
    "{\"name\": \"word\", \"kind\": \"word\", \"words\": [\"left\", \"right\"], \"default\": \"left\","
    " \"summary\": \"s\"},"
    "{\"name\": \"text\", \"kind\": \"text\", \"default\": \"\\u00e4 \\\"b\\\"\", \"summary\": \"s\"},"
    "{\"name\": \"integers\", \"kind\": \"integers\", \"minimum\": 0, \"default\": [1, 2], \"summary\": \"s\"},"
    "{\"name\": \"places\", \"kind\": \"integers_or_integer\", \"default\": 7, \"summary\": \"s\"},"
    "{\"name\": \"padding\", \"kind\": \"word_or_integers\", \"words\": [\"same\"], \"minimum\": 0,"
    " \"default\": \"same\", \"summary\": \"s\"},"
    "{\"name\": \"numbers\", \"kind\": \"numbers\", \"default\": [[0.5, 1], [2, -1e-5]], \"summary\": \"s\"},"
    "{\"name\": \"type\", \"kind\": \"element_type\", \"default\": \"int32\", \"summary\": \"s\"},"
    "{\"name\": \"start\", \"kind\": \"initializer\", \"default\": \"ones\", \"summary\": \"s\"},"
    "{\"name\": \"gate\", \"kind\": \"activation\", \"optional\": true, \"summary\": \"s\"},"
    "{\"name\": \"absent\", \"kind\": \"integer\", \"optional\": true, \"summary\": \"s\"}]}";

static int32_t echo_infer(void *data, const nngraph_inference *inference) {
  static const char *names[] = {"integer", "number",  "truth", "word",  "text", "integers", "places", "padding",
                                "numbers", "type",    "start", "gate",  "absent", "unknown"};
  inference->host->log(inference->context, inference->attributes);
  for (size_t n = 0; n < sizeof names / sizeof *names; n++) {
    const nngraph_value *v = value(inference->host, inference->context, names[n]);
    char line[256] = "none";
    int at = 0;
    if (v && v->kind == NNGRAPH_VALUE_BOOLEAN) snprintf(line, sizeof line, "boolean %d", v->truth);
    if (v && v->kind == NNGRAPH_VALUE_INTEGER)
      snprintf(line, sizeof line, "integer %lld %g", (long long)v->integer, v->number);
    if (v && v->kind == NNGRAPH_VALUE_NUMBER) snprintf(line, sizeof line, "number %g", v->number);
    if (v && v->kind == NNGRAPH_VALUE_TEXT) snprintf(line, sizeof line, "text %s", v->text);
    if (v && v->kind == NNGRAPH_VALUE_INTEGERS) {
      at = snprintf(line, sizeof line, "integers");
      for (int64_t i = 0; i < v->count; i++)
        at += snprintf(line + at, sizeof line - (size_t)at, " %lld", (long long)v->integers[i]);
    }
    if (v && v->kind == NNGRAPH_VALUE_NUMBERS) {
      at = snprintf(line, sizeof line, "numbers %d:", v->rank);
      for (int i = 0; i < v->rank; i++)
        at += snprintf(line + at, sizeof line - (size_t)at, " %lld", (long long)v->shape[i]);
      for (int64_t i = 0; i < v->count; i++)
        at += snprintf(line + at, sizeof line - (size_t)at, " %g", v->numbers[i]);
    }
    char whole[300];
    snprintf(whole, sizeof whole, "%s: %s", names[n], line);
    inference->host->log(inference->context, whole);
  }
  return same_type(data, inference);
}

static int32_t copy_forward(void *data, void *state, const nngraph_call *call) {
  memcpy(call->outputs[0]->data, call->inputs[0]->data, (size_t)call->outputs[0]->bytes);
  return NNGRAPH_OK;
}

static const nngraph_layer echo = {.size = offsetof(nngraph_layer, backward), .schema = echo_schema,
                                   .infer = echo_infer, .forward = copy_forward,
                                   /* behind the size that it gives: no part of it */
                                   .backward = copy_forward, .flags = NNGRAPH_IN_PLACE};

/* small_classes: refuses what is above 2, and fails where the first class is 2. */

static const char classes_schema[] = "{\"name\": \"small_classes\", \"summary\": \"Takes classes up to 2.\"}";

static int32_t classes_forward(void *data, void *state, const nngraph_call *call) {
  const int32_t *x = call->inputs[0]->data;
  for (int64_t i = 0; i < call->inputs[0]->count; i++) {
    char text[64];
    snprintf(text, sizeof text, "holds %d; accepted are 0 to 2", x[i]);
    if (x[i] > 2) return call->host->refuse_element(call->context, 0, i, text);
  }
  if (x[0] == 2) return call->host->fail(call->context, NNGRAPH_INTERNAL, "two comes first");
  if (x[0] == 1) return 77;
  return copy_forward(data, state, call);
}

static const nngraph_layer classes = {.size = sizeof classes, .schema = classes_schema, .infer = same_type,
                                      .forward = classes_forward};

/* bent: an activation with a state. */

static const char bent_schema[] =
    "{\"name\": \"bent\", \"summary\": \"Multiplies what is negative.\", \"kinks\": [0],"
    " \"attributes\": [{\"name\": \"slope\", \"kind\": \"number\", \"default\": 0.5, \"summary\": \"The factor.\"}]}";

static int32_t number_create(void *data, const nngraph_creation *creation, void **state) {
  const nngraph_value *v = value(creation->host, creation->context, data);
  if (v->number == 4) return creation->host->refuse_attribute(creation->context, data, "4 is not for us");
  double *made = malloc(sizeof *made);
  if (!made) return NNGRAPH_OUT_OF_MEMORY;
  *made = v->number;
  *state = made;
  return NNGRAPH_OK;
}

static void number_destroy(void *data, void *state) { free(state); }

#define BENT(T)                                                                                  \
  for (int64_t i = 0; i < e->count; i++) {                                                       \
    T x = ((const T *)e->x)[i];                                                                  \
    ((T *)e->y)[i] = x < 0 ? (T)slope * x : x;                                                   \
  }
#define BENT_BACK(T)                                                                             \
  for (int64_t i = 0; i < e->count; i++) {                                                       \
    T gy = ((const T *)e->gy)[i];                                                                \
    ((T *)e->gx)[i] = ((const T *)e->x)[i] < 0 ? (T)slope * gy : gy;                             \
  }

static void bent_apply(void *data, void *state, const nngraph_elements *e) {
  double slope = *(double *)state;
  if (e->element == NNGRAPH_FLOAT64) BENT(double) else BENT(float)
}

static void bent_gradient(void *data, void *state, const nngraph_elements *e) {
  double slope = *(double *)state;
  if (e->element == NNGRAPH_FLOAT64) BENT_BACK(double) else BENT_BACK(float)
}

static const nngraph_activation bent = {.size = sizeof bent, .schema = bent_schema, .data = "slope",
                                        .create = number_create, .destroy = number_destroy,
                                        .apply = bent_apply, .gradient = bent_gradient,
                                        .flags = NNGRAPH_GRADIENT_READS_X};

/* plugged_squares: e = factor sum_j (p - t)^2. */

static const char squares_schema[] =
    "{\"name\": \"plugged_squares\", \"summary\": \"Adds up squares.\","
    " \"attributes\": [{\"name\": \"factor\", \"kind\": \"number\", \"default\": 1, \"summary\": \"A factor.\"}],"
    " \"examples\": [{\"inputs\": [{\"shape\": [3, 4]}, {\"shape\": [3, 4]}]}]}";

#define SQUARES(T)                                                                               \
  for (int64_t row = 0; row < r->rows; row++) {                                                  \
    T sum = 0;                                                                                   \
    for (int64_t j = row * r->features; j < (row + 1) * r->features; j++) {                      \
      T difference = ((const T *)r->prediction)[j] - ((const T *)r->target)[j];                  \
      sum += (T)factor * difference * difference;                                                \
      if (!r->coefficients) continue;                                                            \
      T gradient = 2 * (T)factor * difference * ((const T *)r->coefficients)[row];               \
      if (r->prediction_gradient) ((T *)r->prediction_gradient)[j] = gradient;                   \
      if (r->target_gradient) ((T *)r->target_gradient)[j] = -gradient;                          \
    }                                                                                            \
    if (r->errors) ((T *)r->errors)[row] = sum;                                                  \
  }

static void squares(void *data, void *state, const nngraph_rows *r) {
  double factor = *(double *)state;
  if (r->element == NNGRAPH_FLOAT64) SQUARES(double) else SQUARES(float)
}

static const nngraph_loss squares_loss = {.size = sizeof squares_loss, .schema = squares_schema,
                                          .data = "factor", .create = number_create,
                                          .destroy = number_destroy, .errors = squares, .gradients = squares,
                                          .targets = NNGRAPH_TARGET_NUMBERS, .operations = 4};

/* plugged_momentum: an optimizer with one array and one number. */

static const char momentum_schema[] =
    "{\"name\": \"plugged_momentum\", \"summary\": \"Gradients with momentum.\", \"attributes\": ["
    " {\"name\": \"learning_rate\", \"kind\": \"number\", \"above\": 0, \"summary\": \"The rate.\"},"
    " {\"name\": \"weight_decay\", \"kind\": \"number\", \"default\": 0.25, \"summary\": \"The decay.\"}]}";

static int32_t momentum_slots(void *data, void *state) { return 1; }
static int32_t momentum_first(void *data, void *state, double *values) {
  if (values) values[0] = 10;
  return 1;
}
static void momentum_advance(void *data, void *state, double *scalars, int64_t step) {
  scalars[0] += (double)step;
}
#define MOMENTUM(T)                                                                              \
  for (int64_t i = 0; i < u->count; i++) {                                                       \
    T *slot = (T *)u->slots + i;                                                                 \
    *slot = (T)0.5 * *slot + ((const T *)u->gradients)[i];                                       \
    ((T *)u->parameters)[i] -= (T)u->rate * *slot + (T)u->weight_decay + (T)u->scalars[0];       \
  }
static void momentum_update(void *data, void *state, const nngraph_update *u) {
  if (u->element == NNGRAPH_FLOAT64) MOMENTUM(double) else MOMENTUM(float)
}

static const nngraph_optimizer momentum = {.size = sizeof momentum, .schema = momentum_schema,
                                           .slot_count = momentum_slots, .first_scalars = momentum_first,
                                           .advance = momentum_advance, .update = momentum_update};

/* plugged_steps, plugged_ramp, plugged_distance */

static double steps_factor(void *data, void *state, const nngraph_progress *p) {
  return (double)p->step / (double)p->steps + p->rate * (double)p->steps_per_epoch;
}

static const nngraph_schedule steps = {
    .size = sizeof steps,
    .schema = "{\"name\": \"plugged_steps\", \"summary\": \"Rises.\", \"attributes\": [{\"name\": \"warmup\","
              " \"kind\": \"integer\", \"minimum\": 0, \"default\": 3, \"summary\": \"The first steps.\"}]}",
    .factor = steps_factor};

static void ramp_fill(void *data, void *state, const nngraph_filling *f) {
  f->host->random_uniform(f->key, 0, NNGRAPH_FLOAT64, f->values, f->count, 0, 1e-9);
  for (int64_t i = 0; i < f->count; i++)
    f->values[i] += (double)i * *(double *)state + (double)(f->fan_in + 10 * f->fan_out + 100 * f->shape[0]);
}

static const nngraph_initializer ramp = {
    .size = sizeof ramp,
    .schema = "{\"name\": \"plugged_ramp\", \"summary\": \"Rises.\", \"attributes\": [{\"name\": \"slope\","
              " \"kind\": \"number\", \"default\": 1, \"summary\": \"The slope.\"}]}",
    .data = "slope", .create = number_create, .destroy = number_destroy, .fill = ramp_fill};

static int32_t distance_check(void *data, void *state, const nngraph_comparison *c) {
  if (c->prediction->rank == c->target->rank) return NNGRAPH_OK;
  return c->host->refuse_input(c->context, 1, "has another rank");
}

static void distance_add(void *data, void *state, const nngraph_answers *a) {
  int64_t count = a->prediction->count / a->prediction->shape[0] * a->rows;
  for (int64_t i = 0; i < count; i++) {
    double p = a->prediction->element == NNGRAPH_FLOAT64 ? ((const double *)a->prediction->data)[i]
                                                         : (double)((const float *)a->prediction->data)[i];
    double t = a->target->element == NNGRAPH_INT32     ? (double)((const int32_t *)a->target->data)[i]
               : a->target->element == NNGRAPH_FLOAT64 ? ((const double *)a->target->data)[i]
                                                       : (double)((const float *)a->target->data)[i];
    a->sums[0] += p > t ? p - t : t - p;
  }
  a->sums[1] += (double)count;
}

static double distance_value(void *data, void *state, const double *sums) { return sums[0] / sums[1]; }

static const nngraph_metric distance = {
    .size = sizeof distance, .schema = "{\"name\": \"plugged_distance\", \"summary\": \"The mean distance.\"}",
    .check = distance_check, .add = distance_add, .value = distance_value, .sum_count = 2};

static const nngraph_layer *const layers[] = {&dense, &dropout, &every_other, &echo, &classes};
static const nngraph_activation *const activations[] = {&bent};
static const nngraph_loss *const losses[] = {&squares_loss};
static const nngraph_optimizer *const optimizers[] = {&momentum};
static const nngraph_schedule *const schedules[] = {&steps};
static const nngraph_initializer *const initializers[] = {&ramp};
static const nngraph_metric *const metrics[] = {&distance};

const nngraph_plugin *nngraph_plugin_v1(void) {
  static const nngraph_plugin plugin = {
      .size = sizeof plugin, .major = NNGRAPH_INTERFACE_MAJOR, .minor = NNGRAPH_INTERFACE_MINOR,
      .pointer_size = sizeof(void *), .name = "complete", .version = "1.0.0",
      .summary = "Components of every family.",
      .layer_count = 5, .layers = layers, .activation_count = 1, .activations = activations,
      .loss_count = 1, .losses = losses, .optimizer_count = 1, .optimizers = optimizers,
      .schedule_count = 1, .schedules = schedules, .initializer_count = 1, .initializers = initializers,
      .metric_count = 1, .metrics = metrics};
  return &plugin;
}
