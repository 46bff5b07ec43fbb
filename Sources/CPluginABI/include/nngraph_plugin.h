/* The contract between nngraph and a plugin that it loads while it runs.

   A plugin is a shared library that exports one function, `nngraph_plugin_v1`. It returns static data: tables of the
   layers, activations, losses, optimizers, schedules, initializers and metrics that it offers. Documentation/Plugins.md
   shows a layer in ten minutes.

   Rules of the whole interface
   - Every struct begins with its size, `sizeof` as its writer was compiled, and only grows at its end. What a shorter
     struct lacks reads as zero; a null function is a capability that is absent.
   - What is const is read alone. Pointers that a call hands over are valid during that call and no longer.
   - Each side frees what it has allocated.
   - A function that can fail returns NNGRAPH_OK or another code, and says why by one of the host's functions that
     begin with `fail` or `refuse`; the host adds node, operator, plugin and version. Nothing else crosses the border:
     no exception, no longjmp, no abort, no output to the terminal.
   - Functions may be called from several threads at once, for different nodes and states; `apply` and `gradient` of an
     activation, `errors` and `gradients` of a loss and `update` of an optimizer also for one and the same state.
     Whatever is random or parallel comes from the host, so results do not depend on threads.
   - Tensors are row-major without gaps. Floats come as float32 and, for proofs of gradients and networks that ask for
     it, as float64; every component computes in both. */
#ifndef NNGRAPH_PLUGIN_H
#define NNGRAPH_PLUGIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The version of this header. A host loads a plugin of its own major that needs no newer minor than the host has. */
#define NNGRAPH_INTERFACE_MAJOR 1
#define NNGRAPH_INTERFACE_MINOR 0

/* What a function returns. */
enum {
  NNGRAPH_OK = 0,
  /* What the graph or the data holds cannot be used. */
  NNGRAPH_REFUSED = 1,
  NNGRAPH_OUT_OF_MEMORY = 2,
  /* A fault of the plugin's own. */
  NNGRAPH_INTERNAL = 3
};

/* Types of elements. A bool is a byte, 0 or 1. */
enum { NNGRAPH_FLOAT32 = 1, NNGRAPH_FLOAT64 = 2, NNGRAPH_INT32 = 3, NNGRAPH_BOOL = 4 };

/* What the host keeps for the call that is running. */
typedef struct nngraph_context nngraph_context;
typedef struct nngraph_host nngraph_host;

/* The value of an attribute, checked against its schema. */
enum {
  NNGRAPH_VALUE_BOOLEAN = 1, /* truth */
  NNGRAPH_VALUE_INTEGER = 2, /* integer; number too */
  NNGRAPH_VALUE_NUMBER = 3,  /* number */
  NNGRAPH_VALUE_TEXT = 4,    /* text: a word, a text, an element type, or the name of a component */
  NNGRAPH_VALUE_INTEGERS = 5, /* count, integers */
  NNGRAPH_VALUE_NUMBERS = 6  /* count, numbers, and their shape: rank, shape */
};

typedef struct nngraph_value {
  size_t size;
  int32_t kind;
  bool truth;
  int64_t integer;
  double number;
  const char *text;
  int64_t count;
  const int64_t *integers;
  const double *numbers;
  int32_t rank;
  const int64_t *shape;
} nngraph_value;

/* What is known of a value before the graph runs. A size is a text in the notation of the graph's messages: "16",
   "batch", "time + 2", "ceil((width - 3)/2) + 1". Such a text may hold + - *, parentheses, and floor(a/b), ceil(a/b),
   min(a, b), max(a, b) with a number b. The host writes them in a normal form, in which equal sizes have equal texts,
   so that strcmp compares them; it reads them in any form. `numbers` holds the size where it is a number, and -1 where
   it is not. */
typedef struct nngraph_type {
  size_t size;
  int32_t element;
  int32_t rank;
  const char *const *sizes;
  const int64_t *numbers;
} nngraph_type;

/* A tensor in memory that the host owns. */
typedef struct nngraph_tensor {
  size_t size;
  /* Null where only the type is known. */
  void *data;
  int64_t bytes;
  int32_t element;
  int32_t rank;
  const int64_t *shape;
  /* In elements, one for each axis. */
  const int64_t *strides;
  /* The number of elements. */
  int64_t count;
  uint32_t flags;
} nngraph_tensor;

/* A flag of a tensor: it is read alone. */
enum { NNGRAPH_READ_ONLY = 1 };

/* A parameter or a state that a layer asks for; its element type is that of the first float input. */
typedef struct nngraph_parameter {
  size_t size;
  const char *name;
  int32_t rank;
  /* At least 1 each. How much memory that may take, the host's limits decide. */
  const int64_t *shape;
  /* The attribute that names its initializer; where null, all elements begin as `value`. */
  const char *initializer;
  double value;
  /* How many inputs one result depends on, and how many results one input reaches; 0 counts as 1, and a negative number
     is refused. */
  int64_t fan_in;
  int64_t fan_out;
  uint32_t flags;
} nngraph_parameter;

enum {
  /* A state: kept in the parameter file, written by `forward` in training, without a gradient. */
  NNGRAPH_STATE = 1,
  /* Its first values come from the layer's `first_values`. */
  NNGRAPH_OWN_VALUES = 2
};

/* Memory that a call of a layer asks for. */
enum {
  /* Kept from forward to backward. */
  NNGRAPH_SAVED = 1,
  NNGRAPH_FORWARD_SCRATCH = 2,
  NNGRAPH_BACKWARD_SCRATCH = 3
};

/* c = alpha op(a) op(b) + beta c with op(a) [m, k], op(b) [k, n], c [m, n]. */
typedef struct nngraph_product {
  size_t size;
  int32_t element;
  bool transpose_a;
  bool transpose_b;
  int64_t m;
  int64_t n;
  int64_t k;
  double alpha;
  const void *a;
  const void *b;
  double beta;
  void *c;
} nngraph_product;

/* Computes `count` items from `start` on. */
typedef void (*nngraph_body)(void *data, int64_t start, int64_t count);

/* What the host offers. `context` is that of the call that is running. */
struct nngraph_host {
  size_t size;
  uint32_t major;
  uint32_t minor;

  /* Says why a function fails, and returns `code`. */
  int32_t (*fail)(nngraph_context *context, int32_t code, const char *text);
  /* Says what is wrong with an attribute, an input, or one element of an input: what was found and what is accepted.
     Each returns NNGRAPH_REFUSED. The host says which row of the data the element is. */
  int32_t (*refuse_attribute)(nngraph_context *context, const char *attribute, const char *text);
  int32_t (*refuse_input)(nngraph_context *context, int32_t input, const char *text);
  int32_t (*refuse_element)(nngraph_context *context, int32_t input, int64_t element, const char *text);
  /* Tells the user something; shown on standard error where the user wants notes. */
  void (*log)(nngraph_context *context, const char *text);

  /* The value of an attribute; null where an optional one is absent or the schema has none of that name. */
  const nngraph_value *(*attribute)(nngraph_context *context, const char *name);

  /* In `infer`: the type of the next output. */
  void (*output)(nngraph_context *context, int32_t element, int32_t rank, const char *const *sizes);
  /* In `infer`: the next parameter or state. */
  void (*parameter)(nngraph_context *context, const nngraph_parameter *parameter);
  /* In `workspace`: the next buffer of `count` elements for that purpose; `element` 0 stands for the call's own float
     type. */
  void (*buffer)(nngraph_context *context, int32_t purpose, int32_t element, int64_t count);

  /* In `forward` and `backward`: calls `body` with pieces that cover 0 to `count`, on several threads where there are
     any; `cost` is the work of one item, in elements that a simple loop passes. The cut depends on `count` and `cost`
     alone. */
  void (*parallel)(nngraph_context *context, int64_t count, int64_t cost, nngraph_body body, void *data);
  /* In `forward` and `backward`: a matrix product. */
  int32_t (*product)(nngraph_context *context, const nngraph_product *product);
  /* In `forward` and `backward`: the key of the random numbers of this node, step and purpose. */
  uint64_t (*random_key)(nngraph_context *context, const char *purpose);
  /* Writes random numbers of a float type; number i depends on `key` and `start + i` alone. Activations, losses,
     optimizers, schedules and the sums of metrics have no host while they compute, and draw none. */
  void (*random_uniform)(uint64_t key, uint64_t start, int32_t element, void *values, int64_t count, double low,
                         double high);
  void (*random_normal)(uint64_t key, uint64_t start, int32_t element, void *values, int64_t count, double mean,
                        double deviation);
};

/* Layers */

/* What a layer sees of its inputs before the graph runs. */
typedef struct nngraph_inference {
  size_t size;
  const nngraph_host *host;
  nngraph_context *context;
  /* The attributes as canonical JSON, defaults included. */
  const char *attributes;
  /* The ports of the schema; with `least_inputs`, the inputs that there are. */
  int32_t input_count;
  /* An input that is optional and absent is null, at the end as elsewhere. */
  const nngraph_type *const *inputs;
} nngraph_inference;

/* One call of a layer. In `workspace`, `prepare`, `operations`, `backward_reads` and `first_values` the tensors have
   types and no data. */
typedef struct nngraph_call {
  size_t size;
  const nngraph_host *host;
  nngraph_context *context;
  const char *attributes;
  /* The full name of the node in `forward` and `backward`; "" in all others. */
  const char *node;
  /* The float type that this call computes in. */
  int32_t element;
  bool is_training;
  /* Whether backward follows forward. */
  bool is_differentiated;
  uint64_t seed;
  /* The number of the training step, from 0. */
  uint64_t step;
  /* The ports of the schema; with `least_inputs`, the inputs that there are. */
  int32_t input_count;
  int32_t output_count;
  int32_t parameter_count;
  int32_t saved_count;
  int32_t scratch_count;
  /* An input that is optional and absent is null, at the end as elsewhere. */
  const nngraph_tensor *const *inputs;
  const nngraph_tensor *const *outputs;
  /* Parameters and states in the order of `infer`. */
  const nngraph_tensor *const *parameters;
  /* In the order in which `workspace` asked for them. Where nothing is differentiated, nothing is saved: `saved_count`
     is 0 then. */
  void *const *saved;
  /* The scratch of the pass that is running, in the order in which `workspace` asked for that pass's. */
  void *const *scratch;
  /* In `backward`: the gradient of each float output, null for others. They may be overwritten. */
  const nngraph_tensor *const *output_gradients;
  /* In `backward`: where to write the gradients; null where none is asked for. What stands there before means nothing:
     every element is written, none is added to. */
  const nngraph_tensor *const *input_gradients;
  const nngraph_tensor *const *parameter_gradients;
} nngraph_call;

typedef struct nngraph_layer {
  size_t size;
  /* The schema as JSON: name, version, summary, attributes, inputs, outputs, parameters, examples. */
  const char *schema;
  /* The plugin's own, handed to every function; the host never looks at it. */
  void *data;
  /* Says the type of each output by `host->output` and asks for parameters by `host->parameter`. */
  int32_t (*infer)(void *data, const nngraph_inference *inference);
  /* Asks for memory by `host->buffer`. May be null: none. */
  int32_t (*workspace)(void *data, const nngraph_call *call);
  /* Makes what the calls of one plan need besides memory. May be null: nothing. */
  int32_t (*prepare)(void *data, const nngraph_call *call, void **state);
  /* Frees what `prepare` made. */
  void (*destroy)(void *data, void *state);
  /* Writes every output. */
  int32_t (*forward)(void *data, void *state, const nngraph_call *call);
  /* Writes every gradient that is asked for. May be null: the layer runs, but does not train. */
  int32_t (*backward)(void *data, void *state, const nngraph_call *call);
  /* Which inputs and outputs backward reads, bit i for number i; the host frees the rest early. May be null: all. */
  int32_t (*backward_reads)(void *data, const nngraph_call *call, uint64_t *inputs, uint64_t *outputs);
  /* The floating-point operations of a forward call. May be null: one for each element of the first output. */
  int64_t (*operations)(void *data, const nngraph_call *call);
  /* Writes the first values of a parameter that was asked for with NNGRAPH_OWN_VALUES; `key` keys its randomness.
     Parameters stand before the graph runs: in the sizes of inputs and outputs, a symbol counts as some number. */
  int32_t (*first_values)(void *data, const nngraph_call *call, int32_t parameter, uint64_t key, double *values);
  /* Bit i: no gradient reaches input i, although it is a float. */
  uint64_t inputs_without_gradient;
  uint32_t flags;
} nngraph_layer;

/* A flag of a layer: the first output may take the memory of the first input, and, where that is the only input, its
   gradient the memory of the output's gradient; element i is read before it is written. */
enum { NNGRAPH_IN_PLACE = 1 };

/* Components that a file configures once: `create` makes a state from the attributes, `destroy` frees it. Both may be
   null; the state is then null. */
typedef struct nngraph_creation {
  size_t size;
  const nngraph_host *host;
  nngraph_context *context;
  const char *attributes;
} nngraph_creation;

typedef int32_t (*nngraph_create)(void *data, const nngraph_creation *creation, void **state);
typedef void (*nngraph_destroy)(void *data, void *state);

/* Activations: a function of each element by itself. */
typedef struct nngraph_elements {
  size_t size;
  int32_t element;
  int64_t count;
  const void *x;
  /* `apply` writes it; it may be `x`. */
  void *y;
  const void *gy;
  /* `gradient` writes it; it may be `gy`. */
  void *gx;
} nngraph_elements;

typedef struct nngraph_activation {
  size_t size;
  const char *schema;
  void *data;
  nngraph_create create;
  nngraph_destroy destroy;
  /* y = f(x). */
  void (*apply)(void *data, void *state, const nngraph_elements *elements);
  /* gx = gy f'(x); `x` and `y` are null where the flags do not name them. */
  void (*gradient)(void *data, void *state, const nngraph_elements *elements);
  uint32_t flags;
} nngraph_activation;

enum { NNGRAPH_GRADIENT_READS_X = 1, NNGRAPH_GRADIENT_READS_Y = 2 };

/* Losses: one number e for each row of features. Rows are all axes of the prediction but the last, which is the
   features; a prediction with one axis has one feature a row. The host does what all losses share: sample weights, the
   sum or the mean, the range of classes. An attribute `ignore_index` names a class that takes no part. The inputs of an
   example in the schema are the prediction and the target. */
typedef struct nngraph_rows {
  size_t size;
  int32_t element;
  int64_t rows;
  int64_t features;
  /* [rows, features] */
  const void *prediction;
  /* [rows, features], or null where the target is a class. */
  const void *target;
  /* [rows], or null where the target is numbers. */
  const int32_t *classes;
  /* In `errors`: where e goes, [rows]. */
  void *errors;
  /* In `gradients`: what each row's gradient is multiplied by, [rows]. */
  const void *coefficients;
  /* In `gradients`: where the gradients go; null where none is asked for. */
  void *prediction_gradient;
  void *target_gradient;
} nngraph_rows;

typedef struct nngraph_loss {
  size_t size;
  const char *schema;
  void *data;
  nngraph_create create;
  nngraph_destroy destroy;
  void (*errors)(void *data, void *state, const nngraph_rows *rows);
  /* Writes the gradients of sum over rows of coefficient e. */
  void (*gradients)(void *data, void *state, const nngraph_rows *rows);
  /* The targets that it accepts. */
  uint32_t targets;
  /* Floating-point operations for one feature of one row. */
  int32_t operations;
} nngraph_loss;

enum {
  /* Floats of the prediction's shape. */
  NNGRAPH_TARGET_NUMBERS = 1,
  /* int32, of the prediction's shape without its last axis. */
  NNGRAPH_TARGET_CLASSES = 2
};

/* Optimizers. The schema has an attribute `learning_rate`; an attribute `weight_decay` is the decay. */
typedef struct nngraph_update {
  size_t size;
  int32_t element;
  int64_t count;
  void *parameters;
  const void *gradients;
  /* What the optimizer keeps for each parameter: `slot_count` arrays, `slot_stride` elements apart; zero at first. */
  void *slots;
  int64_t slot_stride;
  /* The learning rate and the decay of this step for these parameters. */
  double rate;
  double weight_decay;
  /* The number of the step, from 1. */
  int64_t step;
  /* The optimizer's own numbers after `advance`. */
  const double *scalars;
} nngraph_update;

typedef struct nngraph_optimizer {
  size_t size;
  const char *schema;
  void *data;
  nngraph_create create;
  nngraph_destroy destroy;
  /* How many arrays of the parameters' size it keeps, at most 64. May be null: none. */
  int32_t (*slot_count)(void *data, void *state);
  /* How many numbers it keeps besides, at most 64; writes their first values where `values` is not null. May be null:
     none. */
  int32_t (*first_scalars)(void *data, void *state, double *values);
  /* Brings its own numbers to step `step`, counted from 1. May be null. */
  void (*advance)(void *data, void *state, double *scalars, int64_t step);
  /* Changes the parameters, each element by itself. */
  void (*update)(void *data, void *state, const nngraph_update *update);
} nngraph_optimizer;

/* Schedules. An attribute `warmup` counts the steps over which the rate first rises from 0; the host does that. */
typedef struct nngraph_progress {
  size_t size;
  /* The step, counted from 0 after the warm-up, of `steps` in all. */
  int64_t step;
  int64_t steps;
  int64_t steps_per_epoch;
  /* The learning rate of the optimizer. */
  double rate;
} nngraph_progress;

typedef struct nngraph_schedule {
  size_t size;
  const char *schema;
  void *data;
  nngraph_create create;
  nngraph_destroy destroy;
  /* The factor on the learning rate. */
  double (*factor)(void *data, void *state, const nngraph_progress *progress);
} nngraph_schedule;

/* Initializers. */
typedef struct nngraph_filling {
  size_t size;
  const nngraph_host *host;
  double *values;
  int64_t count;
  int32_t rank;
  const int64_t *shape;
  int64_t fan_in;
  int64_t fan_out;
  /* The key of the random numbers of this parameter. */
  uint64_t key;
} nngraph_filling;

typedef struct nngraph_initializer {
  size_t size;
  const char *schema;
  void *data;
  nngraph_create create;
  nngraph_destroy destroy;
  void (*fill)(void *data, void *state, const nngraph_filling *filling);
} nngraph_initializer;

/* Metrics: sums over rows, and the number that they make. Rows are the first axis alone. */
typedef struct nngraph_comparison {
  size_t size;
  const nngraph_host *host;
  nngraph_context *context;
  const nngraph_type *prediction;
  const nngraph_type *target;
} nngraph_comparison;

typedef struct nngraph_answers {
  size_t size;
  /* int32 for integers, float64 for all else. */
  const nngraph_tensor *prediction;
  const nngraph_tensor *target;
  /* How many rows to add; the first axis is at least as long. */
  int64_t rows;
  double *sums;
} nngraph_answers;

typedef struct nngraph_metric {
  size_t size;
  const char *schema;
  void *data;
  nngraph_create create;
  nngraph_destroy destroy;
  /* Refuses what it cannot compare: input 0 is the prediction, 1 the target. May be null: it compares everything. */
  int32_t (*check)(void *data, void *state, const nngraph_comparison *comparison);
  void (*add)(void *data, void *state, const nngraph_answers *answers);
  double (*value)(void *data, void *state, const double *sums);
  /* How many sums it keeps, 1 to 64. */
  int32_t sum_count;
  uint32_t flags;
} nngraph_metric;

/* A flag of a metric. */
enum { NNGRAPH_LARGER_IS_BETTER = 1 };

/* What a plugin offers; static data, the same at every call. */
typedef struct nngraph_plugin {
  size_t size;
  /* NNGRAPH_INTERFACE_MAJOR and NNGRAPH_INTERFACE_MINOR as the plugin was compiled. */
  uint32_t major;
  uint32_t minor;
  /* The oldest minor of a host that will do: what the plugin uses, not what it was compiled with. */
  uint32_t needs_minor;
  /* sizeof(void *) */
  uint32_t pointer_size;
  /* [a-z][a-z0-9_]*, and three numbers: "1.0.0". */
  const char *name;
  const char *version;
  /* One sentence. */
  const char *summary;
  int32_t layer_count;
  const nngraph_layer *const *layers;
  int32_t activation_count;
  const nngraph_activation *const *activations;
  int32_t loss_count;
  const nngraph_loss *const *losses;
  int32_t optimizer_count;
  const nngraph_optimizer *const *optimizers;
  int32_t schedule_count;
  const nngraph_schedule *const *schedules;
  int32_t initializer_count;
  const nngraph_initializer *const *initializers;
  int32_t metric_count;
  const nngraph_metric *const *metrics;
} nngraph_plugin;

/* The one function that a plugin exports. */
#if defined(__GNUC__)
__attribute__((visibility("default")))
#endif
const nngraph_plugin *nngraph_plugin_v1(void);

#ifdef __cplusplus
}
#endif

#endif
