/* y = 2 x as an operator, and the same as an activation. */
#include "nngraph_plugin.h"

#ifndef VERSION
#define VERSION "1.0.0"
#endif
#ifndef ACTIVATION
#define ACTIVATION "double"
#endif

static void multiply(int32_t element, int64_t count, const void *from, void *to) {
  for (int64_t i = 0; i < count; i++) {
    if (element == NNGRAPH_FLOAT32) {
      ((float *)to)[i] = 2 * ((const float *)from)[i];
    } else {
      ((double *)to)[i] = 2 * ((const double *)from)[i];
    }
  }
}

static int32_t infer(void *data, const nngraph_inference *inference) {
  const nngraph_type *x = inference->inputs[0];
  inference->host->output(inference->context, x->element, x->rank, x->sizes);
  return NNGRAPH_OK;
}

static int32_t forward(void *data, void *state, const nngraph_call *call) {
  multiply(call->element, call->inputs[0]->count, call->inputs[0]->data, call->outputs[0]->data);
  return NNGRAPH_OK;
}

#ifndef NO_BACKWARD
static int32_t backward(void *data, void *state, const nngraph_call *call) {
  const nngraph_tensor *gx = call->input_gradients[0];
  if (gx) multiply(call->element, gx->count, call->output_gradients[0]->data, gx->data);
  return NNGRAPH_OK;
}
#endif

static const nngraph_layer layer = {
    .size = sizeof(nngraph_layer),
    .schema = "{\"name\": \"twice\", \"summary\": \"Its input, twice.\","
              " \"examples\": [{\"inputs\": [{\"shape\": [2, 3]}]}]}",
    .infer = infer,
    .forward = forward,
#ifndef NO_BACKWARD
    .backward = backward,
#endif
};
static const nngraph_layer *const layers[] = {&layer};

static void apply(void *data, void *state, const nngraph_elements *elements) {
  multiply(elements->element, elements->count, elements->x, elements->y);
}

static void gradient(void *data, void *state, const nngraph_elements *elements) {
  multiply(elements->element, elements->count, elements->gy, elements->gx);
}

static const nngraph_activation activation = {
    .size = sizeof(nngraph_activation),
    .schema = "{\"name\": \"" ACTIVATION "\", \"summary\": \"Its input, twice.\"}",
    .apply = apply,
    .gradient = gradient,
};
static const nngraph_activation *const activations[] = {&activation};

static const nngraph_plugin plugin = {
    .size = sizeof(nngraph_plugin),
    .major = NNGRAPH_INTERFACE_MAJOR,
    .minor = NNGRAPH_INTERFACE_MINOR,
    .needs_minor = 0,
    .pointer_size = sizeof(void *),
    .name = "twice",
    .version = VERSION,
    .summary = "Doubles.",
    .layer_count = 1,
    .layers = layers,
    .activation_count = 1,
    .activations = activations,
};

const nngraph_plugin *nngraph_plugin_v1(void) { return &plugin; }
