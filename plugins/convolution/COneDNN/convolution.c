#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "convolution.h"

#include <dlfcn.h>
#include <pthread.h>
#include <string.h>

#include "versions.h"

// The map stands first in the scratch of every step, so that two steps can share it.
enum role { role_map, role_image, role_weights, role_count };

// One tensor of a step: in the plain order, and in the order that oneDNN chose.
struct tensor {
  dnnl_memory_t plain, chosen;
  // NULL where the two orders are one.
  dnnl_primitive_t reorder;
  // Bytes in the chosen order, and where they stand in the scratch of a run.
  size_t size, place;
  int argument;
};

struct convolution_step {
  enum convolution_result result;
  dnnl_primitive_t primitive;
  dnnl_stream_t stream;
  dnnl_memory_t own;
  size_t own_size, scratch_size;
  struct tensor tensors[role_count];
};

// oneDNN's team of threads is a setting of each calling thread: one, because the pool is ours, and because
// oneDNN's cut of the work would change the bits. OpenMP is oneDNN's affair; there need not be any.
static void compute_alone(void) {
  static _Thread_local bool done = false;
  if (done) return;
  done = true;
  void (*set_threads)(int) = (void (*)(int))dlsym(RTLD_DEFAULT, "omp_set_num_threads");
  if (set_threads) set_threads(1);
}

static dnnl_engine_t shared_engine;
static pthread_once_t engine_once = PTHREAD_ONCE_INIT;

static void make_engine(void) {
  if (dnnl_engine_create(&shared_engine, dnnl_cpu, 0) != dnnl_success) shared_engine = NULL;
}

static size_t larger(size_t a, size_t b) { return a > b ? a : b; }

// What the threads write stays on lines of its own.
static size_t aligned(size_t size) { return (size + 63) / 64 * 64; }

static size_t own_size_of(const_dnnl_primitive_desc_t description) {
  layout own = dnnl_primitive_desc_query_md(description, dnnl_query_scratchpad_md, 0);
  return own ? dnnl_memory_desc_get_size(own) : 0;
}

// Whether oneDNN computes by reference loops, which are far slower than a matrix product over unrolled
// windows; or, for `given` orders, by that product, which is slower than loops for an order of its own.
static bool is_slow(const_dnnl_primitive_desc_t description, bool given) {
  const char *name = NULL;
  return dnnl_primitive_desc_query(description, dnnl_query_impl_info_str, 0, &name) == dnnl_success && name &&
         (strncmp(name, "ref", 3) == 0 || (given && strstr(name, "gemm")));
}

static bool is_result(const struct convolution_step *step, enum role role) {
  return (step->result == convolution_map && role == role_map) ||
         (step->result == convolution_image && role == role_image) ||
         (step->result == convolution_weights && role == role_weights);
}

// The sizes of a tensor and the tag of its plain order; returns the rank.
static int plain_sizes(const struct convolution_sizes *s, enum role role, dnnl_dims_t sizes,
                       dnnl_format_tag_t *tag) {
  if (role == role_weights) {
    const int64_t all[] = {s->groups, s->map_channels / s->groups, s->image_channels / s->groups,
                           s->kernel[0], s->kernel[1]};
    const int skipped = s->groups > 1 ? 0 : 1;
    for (int i = skipped; i < 5; ++i) sizes[i - skipped] = all[i];
    *tag = skipped ? dnnl_oihw : dnnl_goihw;
    return 5 - skipped;
  }
  const int64_t *area = role == role_image ? s->image : s->map;
  sizes[0] = s->images;
  sizes[1] = role == role_image ? s->image_channels : s->map_channels;
  sizes[2] = area[0];
  sizes[3] = area[1];
  // One channel is the same in both orders, and oneDNN has loops for it in the first.
  *tag = s->channels_last && sizes[1] > 1 ? dnnl_nhwc : dnnl_nchw;
  return 4;
}

// oneDNN's loops count in 32 bits.
static bool is_small(const struct convolution_sizes *s) {
  const int64_t limit = INT32_MAX / 4;
  int64_t image = s->images, map = s->images, weights = s->image_channels / s->groups;
  if (image > limit || weights > limit) return false;
  const int64_t factors[3][3] = {{s->image_channels, s->image[0], s->image[1]},
                                 {s->map_channels, s->map[0], s->map[1]},
                                 {s->map_channels, s->kernel[0], s->kernel[1]}};
  int64_t *products[] = {&image, &map, &weights};
  for (int i = 0; i < 3; ++i) {
    for (int j = 0; j < 3; ++j) {
      const int64_t factor = factors[i][j];
      // Both are below the limit, so that their product is exact.
      if (factor < 1 || factor > limit) return false;
      *products[i] *= factor;
      if (*products[i] < 1 || *products[i] > limit) return false;
    }
  }
  for (int axis = 0; axis < 2; ++axis) {
    if (s->stride[axis] > limit || s->dilation[axis] > limit || s->begin[axis] > limit) return false;
    if ((s->kernel[axis] - 1) * s->dilation[axis] > limit) return false;
    if ((s->map[axis] - 1) * s->stride[axis] > limit) return false;
  }
  return true;
}

static struct description describe_windows(const struct convolution_sizes *s) {
  struct description d;
  memset(&d, 0, sizeof d);
  for (int axis = 0; axis < 2; ++axis) {
    const int64_t extent = (s->kernel[axis] - 1) * s->dilation[axis] + 1;
    d.stride[axis] = s->stride[axis];
    d.dilation[axis] = s->dilation[axis] - 1;
    d.begin[axis] = s->begin[axis];
    // Where the windows do not reach the end of the image, this is negative.
    d.end[axis] = (s->map[axis] - 1) * s->stride[axis] + extent - s->image[axis] - s->begin[axis];
  }
  return d;
}

static dnnl_query_t query_of(enum convolution_result result, enum role role) {
  switch (role) {
    case role_image: return result == convolution_image ? dnnl_query_diff_src_md : dnnl_query_src_md;
    case role_map: return result == convolution_map ? dnnl_query_dst_md : dnnl_query_diff_dst_md;
    default: return result == convolution_weights ? dnnl_query_diff_weights_md : dnnl_query_weights_md;
  }
}

static int argument_of(enum convolution_result result, enum role role) {
  switch (role) {
    case role_image: return result == convolution_image ? DNNL_ARG_DIFF_SRC : DNNL_ARG_SRC;
    case role_map: return result == convolution_map ? DNNL_ARG_DST : DNNL_ARG_DIFF_DST;
    default: return result == convolution_weights ? DNNL_ARG_DIFF_WEIGHTS : DNNL_ARG_WEIGHTS;
  }
}

// Makes a memory object without memory.
static bool make_memory(dnnl_memory_t *made, layout order) {
  return dnnl_memory_create(made, order, shared_engine, DNNL_MEMORY_NONE) == dnnl_success;
}

// Makes the memory objects of a tensor, and the reorder between its two orders.
static bool make_tensor(struct convolution_step *step, enum role role, layout plain, layout chosen,
                        dnnl_primitive_attr_t attributes) {
  struct tensor *tensor = &step->tensors[role];
  tensor->argument = argument_of(step->result, role);
  if (!plain || !chosen) return false;
  if (!make_memory(&tensor->plain, plain)) return false;
  if (dnnl_memory_desc_equal(plain, chosen)) return true;
  if (!make_memory(&tensor->chosen, chosen)) return false;
  tensor->size = dnnl_memory_desc_get_size(chosen);
  const bool back = is_result(step, role);
  const layout from = back ? chosen : plain, to = back ? plain : chosen;
  dnnl_primitive_desc_t description = NULL;
  if (dnnl_reorder_primitive_desc_create(&description, from, shared_engine, to, shared_engine, attributes) !=
      dnnl_success) {
    return false;
  }
  step->own_size = larger(step->own_size, own_size_of(description));
  const bool made = dnnl_primitive_create(&tensor->reorder, description) == dnnl_success;
  dnnl_primitive_desc_destroy(description);
  return made;
}

// Fills a step with what oneDNN makes for the sizes; `plain` and `open` are layouts by role, `given` says that
// those of image and map are one.
static bool fill(struct convolution_step *step, const struct convolution_sizes *sizes, bool training,
                 const layout *plain, const layout *open, bool given, dnnl_primitive_attr_t attributes) {
  const struct description windows = describe_windows(sizes);
  dnnl_primitive_desc_t forward = NULL, description = NULL;
  const bool backward = step->result != convolution_map;
  bool made = true;
  if (backward) {
    made = describe(&forward, convolution_map, true, &windows, open[role_image], open[role_weights],
                    open[role_map], NULL, attributes, shared_engine) == dnnl_success;
  }
  made = made &&
         describe(&description, step->result, training, &windows, open[role_image], open[role_weights],
                  open[role_map], forward, attributes, shared_engine) == dnnl_success;
  made = made && !is_slow(description, given) &&
         dnnl_primitive_create(&step->primitive, description) == dnnl_success &&
         dnnl_stream_create(&step->stream, shared_engine, dnnl_stream_default_flags) == dnnl_success;
  if (made) step->own_size = own_size_of(description);
  for (int role = 0; made && role < role_count; ++role) {
    layout chosen = dnnl_primitive_desc_query_md(description, query_of(step->result, (enum role)role), 0);
    made = make_tensor(step, (enum role)role, plain[role], chosen, attributes);
    struct tensor *tensor = &step->tensors[role];
    if (!made || !tensor->reorder || (role == role_weights && !is_result(step, role_weights))) continue;
    tensor->place = step->scratch_size;
    step->scratch_size += aligned(tensor->size);
  }
  if (made) {
    // The own memory of the steps is made of bytes: reorders and the convolution share it.
    const dnnl_dims_t count = {(dnnl_dim_t)larger(1, (step->own_size + 3) / 4)};
    layout own = make_layout(1, count, dnnl_a);
    made = own && make_memory(&step->own, own);
    free_layout(own);
  }
  if (description) dnnl_primitive_desc_destroy(description);
  if (forward) dnnl_primitive_desc_destroy(forward);
  return made;
}

static void empty(struct convolution_step *step) {
  for (int role = 0; role < role_count; ++role) {
    struct tensor *tensor = &step->tensors[role];
    if (tensor->reorder) dnnl_primitive_destroy(tensor->reorder);
    if (tensor->plain) dnnl_memory_destroy(tensor->plain);
    if (tensor->chosen) dnnl_memory_destroy(tensor->chosen);
  }
  if (step->own) dnnl_memory_destroy(step->own);
  if (step->stream) dnnl_stream_destroy(step->stream);
  if (step->primitive) dnnl_primitive_destroy(step->primitive);
  memset(step, 0, sizeof *step);
}

// Fills a step that takes channels last as they are, or else one for the order that oneDNN likes best.
static bool fill_either(struct convolution_step *step, enum convolution_result result,
                        const struct convolution_sizes *sizes, bool training, const layout *plain,
                        const layout *open, dnnl_primitive_attr_t attributes) {
  step->result = result;
  if (sizes->channels_last) {
    const layout given[role_count] = {plain[role_map], plain[role_image], open[role_weights]};
    if (fill(step, sizes, training, plain, given, true, attributes)) return true;
    empty(step);
    step->result = result;
  }
  return fill(step, sizes, training, plain, open, false, attributes);
}

struct convolution_step *convolution_make(enum convolution_result result,
                                          const struct convolution_sizes *sizes, bool training) {
  if (!is_small(sizes)) return NULL;
  compute_alone();
  pthread_once(&engine_once, make_engine);
  if (!shared_engine) return NULL;
  struct convolution_step *step = calloc(1, sizeof *step);
  if (!step) return NULL;
  layout plain[role_count], open[role_count];
  for (int role = 0; role < role_count; ++role) {
    dnnl_dims_t dimensions;
    dnnl_format_tag_t tag;
    const int rank = plain_sizes(sizes, (enum role)role, dimensions, &tag);
    plain[role] = make_layout(rank, dimensions, tag);
    open[role] = make_layout(rank, dimensions, dnnl_format_tag_any);
  }
  dnnl_primitive_attr_t attributes = NULL;
  const bool made = dnnl_primitive_attr_create(&attributes) == dnnl_success &&
                    dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user) ==
                        dnnl_success &&
                    fill_either(step, result, sizes, training, plain, open, attributes);
  if (attributes) dnnl_primitive_attr_destroy(attributes);
  for (int role = 0; role < role_count; ++role) {
    free_layout(plain[role]);
    free_layout(open[role]);
  }
  if (made) return step;
  convolution_free(step);
  return NULL;
}

void convolution_free(struct convolution_step *step) {
  if (!step) return;
  empty(step);
  free(step);
}

size_t convolution_scratch_size(const struct convolution_step *step) { return step->scratch_size; }

size_t convolution_own_size(const struct convolution_step *step) { return step->own_size; }

size_t convolution_weight_size(const struct convolution_step *step) {
  const struct tensor *weights = &step->tensors[role_weights];
  return weights->reorder && !is_result(step, role_weights) ? weights->size : 0;
}

// The input of a step that is not the weights, or for the weights the map.
static enum role input_of(const struct convolution_step *step) {
  return step->result == convolution_map ? role_image : role_map;
}

bool convolution_shares(const struct convolution_step *first, const struct convolution_step *second) {
  const enum role role = input_of(second);
  const struct tensor *a = &first->tensors[role], *b = &second->tensors[role];
  layout x = NULL, y = NULL;
  return a->reorder && b->reorder && a->place == b->place && !is_result(first, role) &&
         dnnl_memory_get_memory_desc(a->chosen, &x) == dnnl_success &&
         dnnl_memory_get_memory_desc(b->chosen, &y) == dnnl_success && dnnl_memory_desc_equal(x, y);
}

// Points a memory object at memory. To set what is set already would fill the padding again.
static bool point(dnnl_memory_t memory, void *data) {
  void *now = NULL;
  return (dnnl_memory_get_data_handle(memory, &now) == dnnl_success && now == data) ||
         dnnl_memory_set_data_handle(memory, data) == dnnl_success;
}

static bool reorder(struct convolution_step *step, enum role role) {
  struct tensor *tensor = &step->tensors[role];
  const bool back = is_result(step, role);
  const dnnl_exec_arg_t arguments[] = {{DNNL_ARG_FROM, back ? tensor->chosen : tensor->plain},
                                       {DNNL_ARG_TO, back ? tensor->plain : tensor->chosen},
                                       {DNNL_ARG_SCRATCHPAD, step->own}};
  return dnnl_primitive_execute(tensor->reorder, step->stream, 3, arguments) == dnnl_success;
}

bool convolution_arrange(struct convolution_step *step, const float *weights, float *arranged, void *own) {
  compute_alone();
  struct tensor *tensor = &step->tensors[role_weights];
  return point(tensor->plain, (float *)weights) && point(tensor->chosen, arranged) && point(step->own, own) &&
         reorder(step, role_weights) && dnnl_stream_wait(step->stream) == dnnl_success;
}

bool convolution_run(struct convolution_step *step, float *image, float *map, float *weights, void *scratch,
                     void *own, bool shares) {
  compute_alone();
  float *data[role_count] = {map, image, weights};
  const bool is_arranged = convolution_weight_size(step) > 0;
  dnnl_exec_arg_t arguments[role_count + 1];
  bool good = point(step->own, own);
  for (int role = 0; role < role_count; ++role) {
    struct tensor *tensor = &step->tensors[role];
    const bool is_given = role == role_weights && is_arranged;
    const bool is_shared = shares && (enum role)role == input_of(step);
    if (!is_given) good = good && point(tensor->plain, data[role]);
    if (tensor->reorder) {
      good = good && point(tensor->chosen, is_given ? (char *)data[role] : (char *)scratch + tensor->place);
      if (!is_given && !is_shared && !is_result(step, (enum role)role)) {
        good = good && reorder(step, (enum role)role);
      }
    }
    arguments[role] =
        (dnnl_exec_arg_t){tensor->argument, tensor->reorder ? tensor->chosen : tensor->plain};
  }
  arguments[role_count] = (dnnl_exec_arg_t){DNNL_ARG_SCRATCHPAD, step->own};
  good = good &&
         dnnl_primitive_execute(step->primitive, step->stream, role_count + 1, arguments) == dnnl_success;
  for (int role = 0; role < role_count; ++role) {
    if (!is_result(step, (enum role)role) || !step->tensors[role].reorder) continue;
    good = good && reorder(step, (enum role)role);
  }
  return good && dnnl_stream_wait(step->stream) == dnnl_success;
}
