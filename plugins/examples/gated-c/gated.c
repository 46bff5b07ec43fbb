/* The plugin `gated`: a layer with parameters, an activation and an optimizer, in C99.

   - `gated_linear`: Y. N. Dauphin, A. Fan, M. Auli, D. Grangier, "Language Modeling with Gated Convolutional
     Networks", 2017, the gate without its convolution.
   - `snake`: L. Ziyin, T. Hartwig, M. Ueda, "Neural Networks Fail to Learn Periodic Functions and How to Fix
     It", 2020.
   - `adamax`: D. P. Kingma, J. Ba, "Adam: A Method for Stochastic Optimization", 2015, section 7.1.

   gated_loops.h holds every loop over elements, written once for both float types. */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "nngraph_plugin.h"

/* What the pieces of a pass over [rows, units] share. */
typedef struct gate_pass {
  int64_t rows;
  int64_t units;
  const void *value_bias;
  const void *gate_bias;
  /* x Wv^T and x Wg^T; `forward` turns them into v and s, which `backward` reads. */
  void *value;
  void *gate;
  void *y;
  /* The gradient of y; `backward` overwrites it by that of the gate before its sigmoid. */
  void *gradient;
  void *value_gradient;
} gate_pass;

/* A sum over rows, for each column by itself. */
typedef struct column_sum {
  int64_t rows;
  int64_t columns;
  const void *x;
  void *y;
} column_sum;

/* The numbers of an `adamax`. */
typedef struct adamax {
  double beta1;
  double beta2;
  double epsilon;
} adamax;

#define REAL float
#define NAMED(name) name##_float
#define EXP expf
#define SIN sinf
#define MAGNITUDE fabsf
#include "gated_loops.h"

#define REAL double
#define NAMED(name) name##_double
#define EXP exp
#define SIN sin
#define MAGNITUDE fabs
#include "gated_loops.h"

/* The text between the parentheses, as a string. */
#define JSON(...) #__VA_ARGS__

/* The layer */

static const char gated_schema[] = JSON({
  "name": "gated_linear",
  "version": 1,
  "summary": "Multiplies one weighted sum of the last axis by the sigmoid of another.",
  "formula": "y = (x value_weight^T + value_bias) sigmoid(x gate_weight^T + gate_bias)",
  "attributes": [
    {"name": "units", "kind": "integer", "minimum": 1, "summary": "The size of the last axis of the result."},
    {"name": "weight_init", "kind": "initializer", "default": "glorot_uniform",
     "summary": "The first values of both weights."}
  ],
  "inputs": ["x"],
  "outputs": ["y"],
  "parameters": [
    "value_weight [units, in]", "value_bias [units]", "gate_weight [units, in]", "gate_bias [units]"
  ],
  "examples": [
    {"attributes": {"units": 3}, "inputs": [{"shape": [4, 5]}]},
    {"attributes": {"units": 2, "weight_init": "he_normal"}, "inputs": [{"shape": [2, 3, 4]}]},
    {"attributes": {"units": 1}, "inputs": [{"shape": [3]}]}
  ]
});

/* The parameters in the order of `gated_infer`. */
enum { VALUE_WEIGHT, VALUE_BIAS, GATE_WEIGHT, GATE_BIAS };

/* A weight where there is an initializer, else a bias, which begins as 0. */
static void ask_for_parameter(const nngraph_inference *inference, const char *name, int64_t units,
                              int64_t width, const char *initializer) {
  const int64_t shape[2] = {units, width};
  const nngraph_parameter parameter = {
    .size = sizeof parameter, .name = name, .rank = initializer ? 2 : 1, .shape = shape,
    .initializer = initializer, .fan_in = width, .fan_out = units,
  };
  inference->host->parameter(inference->context, &parameter);
}

static int32_t gated_infer(void *data, const nngraph_inference *inference) {
  const nngraph_host *host = inference->host;
  nngraph_context *context = inference->context;
  const nngraph_type *x = inference->inputs[0];
  const int64_t units = host->attribute(context, "units")->integer;
  char last[24];
  const char **sizes;
  int32_t axis;
  (void)data;
  if (x->element != NNGRAPH_FLOAT32 && x->element != NNGRAPH_FLOAT64) {
    return host->refuse_input(context, 0, "needs float32 or float64");
  }
  if (x->rank < 1) return host->refuse_input(context, 0, "needs one axis or more, found a single number");
  if (x->numbers[x->rank - 1] < 1) {
    return host->refuse_input(context, 0, "the weights need a known size of the last axis");
  }
  if (units > INT64_MAX / 16 / x->numbers[x->rank - 1]) {
    return host->refuse_attribute(context, "units", "is too large: no memory holds a weight of [units, in]");
  }
  sizes = malloc((size_t)x->rank * sizeof *sizes);
  if (!sizes) return host->fail(context, NNGRAPH_OUT_OF_MEMORY, "no memory for the shape of the result");
  for (axis = 0; axis < x->rank - 1; axis++) sizes[axis] = x->sizes[axis];
  snprintf(last, sizeof last, "%lld", (long long)units);
  sizes[x->rank - 1] = last;
  host->output(context, x->element, x->rank, sizes);
  free((void *)sizes);
  ask_for_parameter(inference, "value_weight", units, x->numbers[x->rank - 1], "weight_init");
  ask_for_parameter(inference, "value_bias", units, x->numbers[x->rank - 1], NULL);
  ask_for_parameter(inference, "gate_weight", units, x->numbers[x->rank - 1], "weight_init");
  ask_for_parameter(inference, "gate_bias", units, x->numbers[x->rank - 1], NULL);
  return NNGRAPH_OK;
}

static int64_t last_size(const nngraph_tensor *tensor) { return tensor->shape[tensor->rank - 1]; }
static int64_t units_of(const nngraph_call *call) { return last_size(call->outputs[0]); }
static int64_t width_of(const nngraph_call *call) { return last_size(call->inputs[0]); }

/* v and s are kept for backward; where nothing is differentiated, v stands in y and s in scratch memory. */
static int32_t gated_workspace(void *data, const nngraph_call *call) {
  const nngraph_host *host = call->host;
  const int64_t count = call->outputs[0]->count;
  (void)data;
  if (call->is_differentiated) {
    host->buffer(call->context, NNGRAPH_SAVED, 0, count);
    host->buffer(call->context, NNGRAPH_SAVED, 0, count);
    host->buffer(call->context, NNGRAPH_BACKWARD_SCRATCH, 0, count);
  } else {
    host->buffer(call->context, NNGRAPH_FORWARD_SCRATCH, 0, count);
  }
  return NNGRAPH_OK;
}

static int64_t gated_operations(void *data, const nngraph_call *call) {
  const double count = (double)call->outputs[0]->count;
  const double operations = count * (4 * (double)width_of(call) + 6);
  (void)data;
  return operations < 9e18 ? (int64_t)operations : INT64_MAX;
}

static int32_t gated_reads(void *data, const nngraph_call *call, uint64_t *inputs, uint64_t *outputs) {
  (void)data, (void)call;
  *inputs = 1;
  *outputs = 0;
  return NNGRAPH_OK;
}

/* c = a b + beta c with a [m, k], b [k, n], c [m, n]; a flag says that a matrix is stored the other way. */
static int32_t multiply(const nngraph_call *call, bool transpose_a, bool transpose_b, int64_t m, int64_t n,
                        int64_t k, const void *a, const void *b, double beta, void *c) {
  const nngraph_product product = {
    .size = sizeof product, .element = call->element,
    .transpose_a = transpose_a, .transpose_b = transpose_b,
    .m = m, .n = n, .k = k, .alpha = 1, .a = a, .b = b, .beta = beta, .c = c,
  };
  return call->host->product(call->context, &product);
}

static gate_pass pass_of(const nngraph_call *call) {
  gate_pass pass = {0};
  pass.units = units_of(call);
  pass.rows = call->outputs[0]->count / pass.units;
  pass.value = call->saved_count ? call->saved[0] : call->outputs[0]->data;
  pass.gate = call->saved_count ? call->saved[1] : call->scratch[0];
  pass.y = call->outputs[0]->data;
  return pass;
}

static int32_t gated_forward(void *data, void *state, const nngraph_call *call) {
  const int64_t width = width_of(call);
  const void *x = call->inputs[0]->data;
  gate_pass pass = pass_of(call);
  int32_t code;
  (void)data, (void)state;
  pass.value_bias = call->parameters[VALUE_BIAS]->data;
  pass.gate_bias = call->parameters[GATE_BIAS]->data;
  code = multiply(call, false, true, pass.rows, pass.units, width, x, call->parameters[VALUE_WEIGHT]->data, 0,
                  pass.value);
  if (code != NNGRAPH_OK) return code;
  code = multiply(call, false, true, pass.rows, pass.units, width, x, call->parameters[GATE_WEIGHT]->data, 0,
                  pass.gate);
  if (code != NNGRAPH_OK) return code;
  call->host->parallel(call->context, pass.rows, 16 * pass.units,
                       call->element == NNGRAPH_FLOAT64 ? gate_rows_double : gate_rows_float, &pass);
  return NNGRAPH_OK;
}

/* The gradients of one weight and its bias from `gradient`, that of the sum which they make. */
static int32_t parameter_gradients(const nngraph_call *call, int32_t weight, int64_t rows,
                                   const void *gradient) {
  const int64_t units = units_of(call);
  const int64_t width = width_of(call);
  const nngraph_tensor *of_weight = call->parameter_gradients[weight];
  const nngraph_tensor *of_bias = call->parameter_gradients[weight + 1];
  if (of_bias) {
    column_sum sum = {.rows = rows, .columns = units, .x = gradient, .y = of_bias->data};
    call->host->parallel(call->context, units, rows,
                         call->element == NNGRAPH_FLOAT64 ? sum_columns_double : sum_columns_float, &sum);
  }
  if (!of_weight) return NNGRAPH_OK;
  return multiply(call, true, false, units, width, rows, gradient, call->inputs[0]->data, 0, of_weight->data);
}

static int32_t gated_backward(void *data, void *state, const nngraph_call *call) {
  const int64_t width = width_of(call);
  const nngraph_tensor *of_x = call->input_gradients[0];
  gate_pass pass = pass_of(call);
  int32_t code;
  (void)data, (void)state;
  pass.gradient = call->output_gradients[0]->data;
  pass.value_gradient = call->scratch[0];
  call->host->parallel(call->context, pass.rows, 4 * pass.units,
                       call->element == NNGRAPH_FLOAT64 ? gate_slopes_double : gate_slopes_float, &pass);
  code = parameter_gradients(call, VALUE_WEIGHT, pass.rows, pass.value_gradient);
  if (code != NNGRAPH_OK) return code;
  code = parameter_gradients(call, GATE_WEIGHT, pass.rows, pass.gradient);
  if (code != NNGRAPH_OK || !of_x) return code;
  code = multiply(call, false, false, pass.rows, width, pass.units, pass.value_gradient,
                  call->parameters[VALUE_WEIGHT]->data, 0, of_x->data);
  if (code != NNGRAPH_OK) return code;
  return multiply(call, false, false, pass.rows, width, pass.units, pass.gradient,
                  call->parameters[GATE_WEIGHT]->data, 1, of_x->data);
}

static const nngraph_layer gated_linear = {
  .size = sizeof(nngraph_layer),
  .schema = gated_schema,
  .infer = gated_infer,
  .workspace = gated_workspace,
  .forward = gated_forward,
  .backward = gated_backward,
  .backward_reads = gated_reads,
  .operations = gated_operations,
};

/* The activation; its state is the number alpha. */

static int32_t snake_create(void *data, const nngraph_creation *creation, void **state) {
  double *alpha = malloc(sizeof *alpha);
  (void)data;
  if (!alpha) return creation->host->fail(creation->context, NNGRAPH_OUT_OF_MEMORY, "no memory for a number");
  *alpha = creation->host->attribute(creation->context, "alpha")->number;
  *state = alpha;
  return NNGRAPH_OK;
}

static void free_state(void *data, void *state) {
  (void)data;
  free(state);
}

static void snake_apply(void *data, void *state, const nngraph_elements *elements) {
  (void)data;
  if (elements->element == NNGRAPH_FLOAT64) {
    snake_values_double(elements, *(const double *)state);
  } else {
    snake_values_float(elements, *(const double *)state);
  }
}

static void snake_gradient(void *data, void *state, const nngraph_elements *elements) {
  (void)data;
  if (elements->element == NNGRAPH_FLOAT64) {
    snake_slopes_double(elements, *(const double *)state);
  } else {
    snake_slopes_float(elements, *(const double *)state);
  }
}

static const nngraph_activation snake = {
  .size = sizeof(nngraph_activation),
  .schema = JSON({
    "name": "snake",
    "version": 1,
    "summary": "Adds a periodic ripple to what comes in, so that a network can carry on a period.",
    "formula": "y = x + sin(alpha x)^2 / alpha",
    "attributes": [
      {"name": "alpha", "kind": "number", "above": 0, "default": 1, "summary": "How fast the ripple is."}
    ]
  }),
  .create = snake_create,
  .destroy = free_state,
  .apply = snake_apply,
  .gradient = snake_gradient,
  .flags = NNGRAPH_GRADIENT_READS_X,
};

/* The optimizer; its one number besides its arrays is beta1^t. */

static int32_t adamax_create(void *data, const nngraph_creation *creation, void **state) {
  const nngraph_host *host = creation->host;
  adamax *made = malloc(sizeof *made);
  (void)data;
  if (!made) return host->fail(creation->context, NNGRAPH_OUT_OF_MEMORY, "no memory for three numbers");
  made->beta1 = host->attribute(creation->context, "beta1")->number;
  made->beta2 = host->attribute(creation->context, "beta2")->number;
  made->epsilon = host->attribute(creation->context, "epsilon")->number;
  *state = made;
  return NNGRAPH_OK;
}

static int32_t adamax_slots(void *data, void *state) {
  (void)data, (void)state;
  return 2;
}

static int32_t adamax_first_scalars(void *data, void *state, double *values) {
  (void)data, (void)state;
  if (values) values[0] = 1;
  return 1;
}

static void adamax_advance(void *data, void *state, double *scalars, int64_t step) {
  (void)data, (void)step;
  scalars[0] *= ((const adamax *)state)->beta1;
}

static void adamax_update(void *data, void *state, const nngraph_update *update) {
  (void)data;
  if (update->element == NNGRAPH_FLOAT64) {
    adamax_steps_double(update, state);
  } else {
    adamax_steps_float(update, state);
  }
}

static const nngraph_optimizer adamax_optimizer = {
  .size = sizeof(nngraph_optimizer),
  .schema = JSON({
    "name": "adamax",
    "version": 1,
    "summary": "Steps along the running mean of the gradient, divided by a fading maximum of its magnitude.",
    "formula":
      "m = beta1 m + (1 - beta1) g\nu = max(beta2 u, |g| + epsilon)\nw = w - rate m / (u (1 - beta1^t))",
    "attributes": [
      {"name": "learning_rate", "kind": "number", "above": 0, "default": 0.002,
       "summary": "The rate, before the schedule and the groups."},
      {"name": "beta1", "kind": "number", "minimum": 0, "below": 1, "default": 0.9,
       "summary": "How much of the mean gradient a step keeps."},
      {"name": "beta2", "kind": "number", "minimum": 0, "below": 1, "default": 0.999,
       "summary": "How much of the maximum a step keeps."},
      {"name": "epsilon", "kind": "number", "above": 0, "default": 1e-8,
       "summary": "Keeps the division away from 0."}
    ]
  }),
  .create = adamax_create,
  .destroy = free_state,
  .slot_count = adamax_slots,
  .first_scalars = adamax_first_scalars,
  .advance = adamax_advance,
  .update = adamax_update,
};

/* The plugin */

static const nngraph_layer *const layers[] = {&gated_linear};
static const nngraph_activation *const activations[] = {&snake};
static const nngraph_optimizer *const optimizers[] = {&adamax_optimizer};

static const nngraph_plugin plugin = {
  .size = sizeof(nngraph_plugin),
  .major = NNGRAPH_INTERFACE_MAJOR,
  .minor = NNGRAPH_INTERFACE_MINOR,
  .needs_minor = 0,
  .pointer_size = sizeof(void *),
  .name = "gated",
  .version = "1.0.0",
  .summary = "A gated linear layer, the activation snake and the optimizer adamax.",
  .layer_count = 1,
  .layers = layers,
  .activation_count = 1,
  .activations = activations,
  .optimizer_count = 1,
  .optimizers = optimizers,
};

const nngraph_plugin *nngraph_plugin_v1(void) { return &plugin; }
