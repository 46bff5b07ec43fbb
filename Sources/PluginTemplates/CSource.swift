/// The C file of a new plugin.
struct CSource {
  let name: String
  let operatorName: String

  var text: String { [head, description, functions, tables, loops].joined(separator: "\n") }

  private var head: String {
    #"""
    /* The plugin `\#(name)`: an operator with one parameter.

       Loops over elements stand behind `#else` and are written once, for a type REAL; the file includes
       itself to make them for float and for double. */
    #ifndef REAL

    #include "nngraph_plugin.h"

    /* The text between the parentheses, as a string. */
    #define JSON(...) #__VA_ARGS__

    /* What the pieces of one pass share. */
    typedef struct scaling {
      int64_t rows;
      int64_t width;
      const void *x;
      const void *factor;
      const void *gradient;
      /* What the pass writes. */
      void *result;
    } scaling;

    #define REAL float
    #define NAMED(function) function##_float
    #include "\#(name).c"
    #undef REAL
    #undef NAMED

    #define REAL double
    #define NAMED(function) function##_double
    #include "\#(name).c"
    #undef REAL
    #undef NAMED

    """#
  }

  private var description: String {
    #"""
    /* What files, messages, documentation and checks know of the operator. The checks run the examples. */
    static const char schema[] = JSON({
      "name": "\#(operatorName)",
      "version": 1,
      "summary": "Multiplies each element of the last axis by a factor of its own.",
      "formula": "y = x factor",
      "attributes": [
        {"name": "factor_init", "kind": "initializer", "default": "ones", "summary": "The first factors."}
      ],
      "inputs": ["x"],
      "outputs": ["y"],
      "parameters": ["factor [width]"],
      "examples": [
        {"attributes": {}, "inputs": [{"shape": [4, 3]}]},
        {"attributes": {"factor_init": "he_normal"}, "inputs": [{"shape": [2, 3, 2]}]}
      ]
    });

    """#
  }

  private var functions: String {
    #"""
    /* Before the graph runs: the type of the result, and which parameters there are. Whatever cannot be
       computed is refused here, with what was found and what is accepted. */
    static int32_t infer(void *data, const nngraph_inference *inference) {
      const nngraph_host *host = inference->host;
      nngraph_context *context = inference->context;
      const nngraph_type *x = inference->inputs[0];
      nngraph_parameter factor = {.size = sizeof factor};
      (void)data;
      if (x->element != NNGRAPH_FLOAT32 && x->element != NNGRAPH_FLOAT64) {
        return host->refuse_input(context, 0, "needs float32 or float64");
      }
      if (x->rank < 1) return host->refuse_input(context, 0, "needs one axis or more, found a single number");
      if (x->numbers[x->rank - 1] < 1) {
        return host->refuse_input(context, 0, "the factors need a known size of the last axis");
      }
      factor.name = "factor";
      factor.rank = 1;
      factor.shape = &x->numbers[x->rank - 1];
      factor.initializer = "factor_init";
      factor.fan_in = 1;
      factor.fan_out = 1;
      host->parameter(context, &factor);
      host->output(context, x->element, x->rank, x->sizes);
      return NNGRAPH_OK;
    }

    /* The whole of a value as rows of the last axis. */
    static scaling scaling_of(const nngraph_call *call) {
      const nngraph_tensor *x = call->inputs[0];
      scaling pass = {0};
      pass.width = x->shape[x->rank - 1];
      pass.rows = pass.width ? x->count / pass.width : 0;
      pass.x = x->data;
      pass.factor = call->parameters[0]->data;
      return pass;
    }

    /* Writes every output. Memory comes from the call, threads from the host. */
    static int32_t forward(void *data, void *state, const nngraph_call *call) {
      scaling pass = scaling_of(call);
      (void)data;
      (void)state;
      pass.result = call->outputs[0]->data;
      call->host->parallel(call->context, pass.rows, pass.width,
                           call->element == NNGRAPH_FLOAT64 ? scale_double : scale_float, &pass);
      return NNGRAPH_OK;
    }

    /* Writes every gradient that is asked for, and adds to none:
       dx = gy factor, dfactor = sum over rows of gy x. */
    static int32_t backward(void *data, void *state, const nngraph_call *call) {
      const bool is_double = call->element == NNGRAPH_FLOAT64;
      scaling pass = scaling_of(call);
      (void)data;
      (void)state;
      pass.gradient = call->output_gradients[0]->data;
      if (call->parameter_gradients[0]) {
        pass.result = call->parameter_gradients[0]->data;
        call->host->parallel(call->context, pass.width, 2 * pass.rows, is_double ? sum_double : sum_float,
                             &pass);
      }
      if (call->input_gradients[0]) {
        pass.x = pass.gradient;
        pass.result = call->input_gradients[0]->data;
        call->host->parallel(call->context, pass.rows, pass.width, is_double ? scale_double : scale_float,
                             &pass);
      }
      return NNGRAPH_OK;
    }

    /* What `backward` reads: bit 0 of `inputs` is x. The host frees the rest early. */
    static int32_t backward_reads(void *data, const nngraph_call *call, uint64_t *inputs, uint64_t *outputs) {
      (void)data;
      (void)call;
      *inputs = 1;
      *outputs = 0;
      return NNGRAPH_OK;
    }

    """#
  }

  private var tables: String {
    #"""
    /* An operator is a table; a function that is left out is a capability that it lacks. */
    static const nngraph_layer scale = {
      .size = sizeof(nngraph_layer),
      .schema = schema,
      .infer = infer,
      .forward = forward,
      .backward = backward,
      .backward_reads = backward_reads,
    };

    static const nngraph_layer *const layers[] = {&scale};

    static const nngraph_plugin plugin = {
      .size = sizeof(nngraph_plugin),
      .major = NNGRAPH_INTERFACE_MAJOR,
      .minor = NNGRAPH_INTERFACE_MINOR,
      .needs_minor = 0,
      .pointer_size = sizeof(void *),
      .name = "\#(name)",
      .version = "0.1.0",
      .summary = "A factor for each element of the last axis.",
      .layer_count = 1,
      .layers = layers,
    };

    /* The one function that the library exports. */
    const nngraph_plugin *nngraph_plugin_v1(void) { return &plugin; }

    """#
  }

  private var loops: String {
    #"""
    #else

    /* result = x factor, for rows from `start` on. */
    static void NAMED(scale)(void *data, int64_t start, int64_t count) {
      const scaling *pass = data;
      const REAL *factor = pass->factor;
      int64_t row, i;
      for (row = start; row < start + count; row++) {
        const REAL *x = (const REAL *)pass->x + row * pass->width;
        REAL *result = (REAL *)pass->result + row * pass->width;
        for (i = 0; i < pass->width; i++) result[i] = x[i] * factor[i];
      }
    }

    /* result = sum over rows of gradient x, for factors from `start` on: each in the order of the rows, so
       that the bits do not depend on threads. */
    static void NAMED(sum)(void *data, int64_t start, int64_t count) {
      const scaling *pass = data;
      const REAL *x = pass->x;
      const REAL *gradient = pass->gradient;
      REAL *result = pass->result;
      int64_t row, i;
      for (i = start; i < start + count; i++) result[i] = 0;
      for (row = 0; row < pass->rows; row++) {
        for (i = start; i < start + count; i++) {
          result[i] += gradient[row * pass->width + i] * x[row * pass->width + i];
        }
      }
    }

    #endif

    """#
  }
}
