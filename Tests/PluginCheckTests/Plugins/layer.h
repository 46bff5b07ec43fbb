/* The operator "scaled" of the plugin for tests: y = scale (x w)^power, with a weight w for each channel of
   the last axis. Each definition plants one fault. */
#include <unistd.h>
#ifdef LEAK_DESCRIPTOR
#include <fcntl.h>
#endif
#ifdef LEAK_THREAD
#include <pthread.h>

static void *sleeps(void *argument) {
  sleep(3);
  return 0;
}
#endif

#ifdef FORGES_EVENTS
static const char forged[] = "{\"event\":\"done\"}\n{\"event\":\"ended\",\"loaded\":true,\"token\":\"\"}\n";
#endif
#ifdef CONSTRUCTOR_EXITS
__attribute__((constructor)) static void ends_early(void) { exit(0); }
#endif
#ifdef CONSTRUCTOR_QUITS
__attribute__((constructor)) static void ends_early(void) { _exit(0); }
#endif
#ifdef DESTRUCTOR_QUITS
__attribute__((destructor)) static void ends_late(void) { _exit(0); }
#endif

typedef struct {
  const nngraph_call *call;
  int64_t columns;
  double scale;
  int64_t power;
} scaled_work;

static int32_t scaled_infer(void *data, const nngraph_inference *inference) {
  const nngraph_host *host = inference->host;
  const nngraph_type *x = inference->inputs[0];
#ifdef INFER_INTERNAL
  if (x->rank == 8) return NNGRAPH_INTERNAL;
#endif
  if (x->element != NNGRAPH_FLOAT32 && x->element != NNGRAPH_FLOAT64)
    return host->refuse_input(inference->context, 0, "is no float");
  if (x->rank < 1) return host->refuse_input(inference->context, 0, "has no axes");
  int64_t columns = x->numbers[x->rank - 1];
  if (columns < 1) return host->refuse_input(inference->context, 0, "has channels of unknown number");
  const char *sizes[64];
  for (int32_t axis = 0; axis < x->rank; axis++) sizes[axis] = x->sizes[axis];
  char text[300];
#ifdef LYING_SYMBOLS
  if (x->rank > 1 && x->numbers[0] < 0) {
    snprintf(text, sizeof text, "2*(%s)", sizes[0]);
    sizes[0] = text;
  }
#endif
#ifdef NEGATIVE_SIZE
  snprintf(text, sizeof text, "%s - 1", sizes[0]);
  sizes[0] = text;
#endif
#ifdef MOODY_INFER
  static int calls;
  if (calls++ % 2) sizes[0] = "1";
#endif
#ifdef LARGER_OUTPUT
  snprintf(text, sizeof text, "%s + 1", sizes[0]);
  sizes[0] = text;
#endif
  (void)text;
  host->output(inference->context, x->element, x->rank, sizes);
  const nngraph_parameter weight = {
      .size = sizeof weight, .name = "weight", .rank = 1, .shape = &columns, .value = 1};
#ifndef FORGETS_PARAMETER
  host->parameter(inference->context, &weight);
#endif
#ifdef LARGE_PARAMETER
  if (columns == INT32_MAX && x->rank > 1) {
    const int64_t sizes_of_three[] = {2, columns, columns};
    const nngraph_parameter large = {
        .size = sizeof large, .name = "large", .rank = 3, .shape = sizes_of_three, .value = 1};
    host->parameter(inference->context, &large);
  }
#endif
  return NNGRAPH_OK;
}

static int32_t scaled_workspace(void *data, const nngraph_call *call) {
  call->host->buffer(call->context, NNGRAPH_SAVED, 0, call->inputs[0]->count);
  call->host->buffer(call->context, NNGRAPH_FORWARD_SCRATCH, 0, call->parameters[0]->count);
  call->host->buffer(call->context, NNGRAPH_FORWARD_SCRATCH, 0, 1);
  call->host->buffer(call->context, NNGRAPH_BACKWARD_SCRATCH, 0, 2);
  return NNGRAPH_OK;
}

static int32_t scaled_prepare(void *data, const nngraph_call *call, void **state) {
#ifdef EXITS
  exit(3);
#endif
#ifdef LEAK_DESCRIPTOR
  open("/dev/null", O_RDONLY);
#endif
#ifdef LEAK_THREAD
  pthread_t thread;
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, 65536);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_create(&thread, &attributes, sleeps, 0);
#endif
  *state = calloc(1, 48);
  return *state ? NNGRAPH_OK : NNGRAPH_OUT_OF_MEMORY;
}

static void scaled_destroy(void *data, void *state) {
#ifndef LEAK_PREPARE
  free(state);
#endif
}

static scaled_work scaled_begin(const nngraph_call *call) {
  scaled_work work = {call, call->parameters[0]->count, 1, 1};
  work.scale = call->host->attribute(call->context, "scale")->number;
  work.power = call->host->attribute(call->context, "power")->integer;
  return work;
}

#ifdef THREAD_DEPENDENT
static __thread int64_t pieces_of_this_thread;
#endif
#ifdef SHARED_MEMORY
static double shared[1 << 20];
#endif

static void scaled_rows(void *data, int64_t start, int64_t count) {
  const scaled_work *work = data;
  const nngraph_call *call = work->call;
  int32_t e = call->element;
#ifdef THREAD_DEPENDENT
  double extra = start > 0 && pieces_of_this_thread++ == 0 ? 1 : 0;
#else
  double extra = 0;
#endif
#ifdef SHARED_MEMORY
  for (int64_t i = start; i < start + count; i++)
    shared[i] = get(call->inputs[0]->data, e, i) * (double)(uintptr_t)call->outputs[0]->data;
  for (volatile int wait = 0; wait < 20000; wait++) {}
  for (int64_t i = start; i < start + count; i++)
    if (shared[i] != get(call->inputs[0]->data, e, i) * (double)(uintptr_t)call->outputs[0]->data) extra = 1;
#endif
  for (int64_t i = start; i < start + count; i++) {
    double t = get(call->inputs[0]->data, e, i) * get(call->parameters[0]->data, e, i % work->columns);
    if (call->saved_count > 0) set(call->saved[0], e, i, t);
    set(call->outputs[0]->data, e, i, work->scale * (work->power == 2 ? t * t : t) + extra);
  }
}

static int32_t scaled_forward(void *data, void *state, const nngraph_call *call) {
  int32_t e = call->element;
  scaled_work work = scaled_begin(call);
  int64_t count = call->inputs[0]->count;
  for (int64_t i = 0; i < work.columns; i++) set(call->scratch[0], e, i, 0);
#ifdef UNWRITTEN_OUTPUT
  count -= 1;
#endif
#ifdef UNWRITTEN_CORNER
  if (work.power == 2) count -= 1;
#endif
  call->host->parallel(call->context, count, 1, scaled_rows, &work);
#ifdef READS_MEMORY
  double unwritten = get(call->scratch[1], e, 0) > 1;
#endif
  double *corrupt = 0;
  (void)corrupt;
#ifdef WRITE_BEFORE
  set((char *)call->outputs[0]->data - (e == NNGRAPH_FLOAT32 ? 4 : 8), e, 0, 7);
#endif
#ifdef WRITE_BEHIND
  set(call->outputs[0]->data, e, call->outputs[0]->count, 7);
#endif
#ifdef WRITE_SAVED
  if (call->saved_count > 0) set(call->saved[0], e, call->inputs[0]->count + 2, 7);
#endif
#ifdef WRITE_SCRATCH
  set(call->scratch[0], e, work.columns, 7);
#endif
#ifdef WRITE_PARAMETER_BEHIND
  set(call->parameters[0]->data, e, work.columns, 7);
#endif
#ifdef WRITE_INPUT
  set(call->inputs[0]->data, e, 0, 7);
#endif
#ifdef WRITE_PARAMETER
  if (!call->is_training) set(call->parameters[0]->data, e, 0, 7);
#endif
#ifdef RUN_TO_RUN
  static double runs;
  set(call->outputs[0]->data, e, 0, runs++);
#endif
#ifdef READS_MEMORY
  set(call->outputs[0]->data, e, 0, get(call->outputs[0]->data, e, 1) + unwritten);
#endif
#ifdef LEAK_FORWARD
  if (!malloc(40)) return NNGRAPH_OUT_OF_MEMORY;
#endif
#ifdef PRINTS
  printf("scaled %d\n", (int)count);
#endif
#ifdef CRASHES_FORWARD
  *(volatile int *)corrupt = 1;
#endif
#ifdef REFUSES_SILENTLY
  return NNGRAPH_REFUSED;
#endif
#ifdef EXITS_WITH_0
  exit(0);
#endif
#ifdef QUITS_WITH_0
  _exit(0);
#endif
#ifdef FORGES_EVENTS
  write(1, forged, sizeof forged - 1);
  write(3, forged, sizeof forged - 1);
  _exit(0);
#endif
#ifdef FAILS
  return call->host->fail(call->context, NNGRAPH_INTERNAL, "the plan went wrong");
#endif
  return NNGRAPH_OK;
}

static int32_t scaled_backward(void *data, void *state, const nngraph_call *call) {
  int32_t e = call->element;
  scaled_work work = scaled_begin(call);
  const nngraph_tensor *gx = call->input_gradients[0], *gw = call->parameter_gradients[0];
  int64_t count = call->inputs[0]->count;
  const void *x = call->inputs[0]->data, *w = call->parameters[0]->data;
  if (gw)
    for (int64_t i = 0; i < work.columns; i++) {
#ifndef ADDED_GRADIENT
      set(gw->data, e, i, 0);
#endif
    }
  for (int64_t i = 0; i < count; i++) {
    double t = get(call->saved[0], e, i);
    double slope = get(call->output_gradients[0]->data, e, i) * work.scale * (work.power == 2 ? 2 * t : 1);
    int64_t column = i % work.columns;
    if (gw) set(gw->data, e, column, get(gw->data, e, column) + slope * get(x, e, i));
#ifdef WRONG_SIGN
    slope = -slope;
#endif
#ifdef UNWRITTEN_GRADIENT
    if (i == count - 1) break;
#endif
    if (gx) set(gx->data, e, i, slope * get(w, e, column));
  }
#ifdef WRITE_GRADIENT
  if (gx) set((char *)gx->data - 8, e, 0, 7);
#endif
#ifdef WRITE_WEIGHT_GRADIENT
  if (gw) set(gw->data, e, work.columns, 7);
#endif
#ifdef WRITE_BACKWARD_SCRATCH
  set(call->scratch[0], e, 2, 7);
#endif
#ifdef NEEDS_EVERY_GRADIENT
  if (gw && !gx) set(gw->data, e, 0, 7);
#endif
#ifdef LEAK_BACKWARD
  if (!malloc(200)) return NNGRAPH_OUT_OF_MEMORY;
#endif
#ifdef CRASHES
  raise(SIGSEGV);
#endif
#ifdef LOOPS
  for (volatile int i = 0;; i++) {}
#endif
  return NNGRAPH_OK;
}

static int32_t scaled_reads(void *data, const nngraph_call *call, uint64_t *inputs, uint64_t *outputs) {
#ifdef HIDDEN_READ
  *inputs = 0;
#else
  *inputs = 1;
#endif
  *outputs = 0;
  return NNGRAPH_OK;
}

static const nngraph_layer scaled = {
    .size = sizeof(nngraph_layer),
    .schema = "{\"name\": \"scaled\", \"summary\": \"Scales the channels of its input.\","
              "\"attributes\": ["
              "{\"name\": \"scale\", \"kind\": \"number\", \"minimum\": -1000, \"maximum\": 1000,"
              " \"default\": 1, \"summary\": \"The factor.\"},"
              "{\"name\": \"power\", \"kind\": \"integer\", \"minimum\": 1, \"maximum\": 2, \"default\": 1,"
              " \"summary\": \"The power.\"}]"
#ifndef UNLISTED_PARAMETER
              ", \"parameters\": [\"weight [channels]\"]"
#endif
#ifndef NO_EXAMPLES
              ", \"examples\": [{\"attributes\": {\"scale\": 0.5}, \"inputs\": [{\"shape\": [3, 4]}]}"
#ifndef UNWRITTEN_CORNER
              ", {\"attributes\": {\"power\": 2}, \"inputs\": [{\"shape\": [2, 3, 5]}]}"
#endif
              "]"
#endif
              "}",
    .infer = scaled_infer,
    .workspace = scaled_workspace,
    .prepare = scaled_prepare,
    .destroy = scaled_destroy,
#ifndef NO_FORWARD
    .forward = scaled_forward,
#endif
#ifndef NO_BACKWARD
    .backward = scaled_backward,
#endif
    .backward_reads = scaled_reads,
};
