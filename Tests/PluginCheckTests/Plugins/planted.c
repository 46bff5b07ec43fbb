/* A plugin with a component of each family that passes every check, and fails the one whose fault is
   planted. */
#include "nngraph_plugin.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static double get(const void *values, int32_t element, int64_t index) {
  if (element == NNGRAPH_INT32) return ((const int32_t *)values)[index];
  return element == NNGRAPH_FLOAT32 ? ((const float *)values)[index] : ((const double *)values)[index];
}

static void set(void *values, int32_t element, int64_t index, double value) {
  if (element == NNGRAPH_FLOAT32) {
    ((float *)values)[index] = (float)value;
  } else {
    ((double *)values)[index] = value;
  }
}

#ifndef NO_LAYER
#include "layer.h"
static const nngraph_layer *const layers[] = {&scaled};
#endif
#ifdef ALL
#include "families.h"
static const nngraph_activation *const activations[] = {&bent};
static const nngraph_loss *const losses[] = {&quartic};
static const nngraph_optimizer *const optimizers[] = {&lazy};
static const nngraph_schedule *const schedules[] = {&sawtooth};
static const nngraph_initializer *const initializers[] = {&stripes};
static const nngraph_metric *const metrics[] = {&distance};
#endif

static const nngraph_plugin plugin = {
    .size = sizeof(nngraph_plugin),
    .major = NNGRAPH_INTERFACE_MAJOR,
    .minor = NNGRAPH_INTERFACE_MINOR,
    .pointer_size = sizeof(void *),
    .name = "planted",
    .version = "1.0.0",
    .summary = "A plugin for tests.",
#ifndef NO_LAYER
    .layer_count = 1,
    .layers = layers,
#endif
#ifdef ALL
    .activation_count = 1,
    .activations = activations,
    .loss_count = 1,
    .losses = losses,
    .optimizer_count = 1,
    .optimizers = optimizers,
    .schedule_count = 1,
    .schedules = schedules,
    .initializer_count = 1,
    .initializers = initializers,
    .metric_count = 1,
    .metrics = metrics,
#endif
};

const nngraph_plugin *nngraph_plugin_v1(void) { return &plugin; }
