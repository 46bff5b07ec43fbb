// `map` and `map_gradient` for the scalar of the moment.

#define MAP(FUNCTION, ...)                                                                           \
  case FUNCTION:                                                                                     \
    EACH(count, V x = AT(in, C(1)); PUT(out, __VA_ARGS__););                                         \
    break;

CLONED void N(map)(int32_t f, const SCALAR *in, SCALAR *out, intptr_t count, double a_, double b_) {
  const SCALAR a = (SCALAR)a_, b = (SCALAR)b_;
  if (count <= 0) return;
  switch ((enum map_function)f) {
  case MAP_COPY:
    if (in != out) memmove(out, in, (size_t)count * sizeof(SCALAR));
    break;
    MAP(MAP_LINEAR, a * x + b)
    MAP(MAP_NEGATE, -x)
    MAP(MAP_ABS, N(magnitude)(x))
    MAP(MAP_SIGN, N(sign)(x))
    MAP(MAP_EXP, N(exp)(x))
    MAP(MAP_LOG, N(log)(x))
    MAP(MAP_SQRT, N(root)(x))
    MAP(MAP_SQUARE, x * x)
    MAP(MAP_RECIPROCAL, C(1) / x)
    MAP(MAP_SIN, N(sin)(x))
    MAP(MAP_COS, N(cos)(x))
    MAP(MAP_CLIP, N(at_most)(N(at_least)(x, (V)a), (V)b))
    MAP(MAP_STEP, N(select)(x >= C(0), (V)C(1), (V)C(0)))
    MAP(MAP_RELU, N(positive)(x))
    MAP(MAP_RELU6, N(at_most)(N(positive)(x), (V)C(6)))
    MAP(MAP_LEAKY_RELU, N(select)(x > C(0), x, a * x))
    MAP(MAP_ELU, N(elu)(x, a))
    MAP(MAP_SELU, N(selu)(x))
    MAP(MAP_CELU, N(celu)(x, a))
    MAP(MAP_GELU, N(gelu)(x))
    MAP(MAP_GELU_TANH, N(gelu_tanh)(x))
    MAP(MAP_SILU, N(silu)(x))
    MAP(MAP_MISH, N(mish)(x))
    MAP(MAP_SIGMOID, N(sigmoid)(x))
    MAP(MAP_HARD_SIGMOID, N(hard_sigmoid)(x))
    MAP(MAP_HARD_SWISH, x * N(hard_sigmoid)(x))
    MAP(MAP_TANH, N(tanh)(x))
    MAP(MAP_SOFTPLUS, N(softplus)(x))
    MAP(MAP_SOFTSIGN, x / (C(1) + N(magnitude)(x)))
  }
}

// `x` is the input or the output, FROM, as `gradientReads` says in Swift; `g` comes from behind.
#define GRADIENT(FUNCTION, FROM, ...)                                                                \
  case FUNCTION:                                                                                     \
    EACH(count, V x = AT(FROM, C(1)); V g = AT(gy, C(0)); PUT(gx, __VA_ARGS__););                    \
    break;
#define SCALED(FUNCTION, ...)                                                                        \
  case FUNCTION:                                                                                     \
    EACH(count, V g = AT(gy, C(0)); PUT(gx, __VA_ARGS__););                                          \
    break;
#define WHERE(MASK_, VALUE) N(select)(MASK_, VALUE, (V)C(0))

CLONED void N(map_gradient)(int32_t f, const SCALAR *in, const SCALAR *out, const SCALAR *gy, SCALAR *gx,
                            intptr_t count, double a_, double b_) {
  const SCALAR a = (SCALAR)a_, b = (SCALAR)b_;
  if (count <= 0) return;
  switch ((enum map_function)f) {
  case MAP_COPY:
    if (gx != gy) memmove(gx, gy, (size_t)count * sizeof(SCALAR));
    break;
  case MAP_SIGN:
  case MAP_STEP:
    memset(gx, 0, (size_t)count * sizeof(SCALAR));
    break;
    SCALED(MAP_LINEAR, a * g)
    SCALED(MAP_NEGATE, -g)
    GRADIENT(MAP_ABS, in, g * N(sign)(x))
    GRADIENT(MAP_EXP, out, g * x)
    GRADIENT(MAP_LOG, in, g / x)
    GRADIENT(MAP_SQRT, out, g / (C(2) * x))
    GRADIENT(MAP_SQUARE, in, g * (C(2) * x))
    GRADIENT(MAP_RECIPROCAL, out, -g * (x * x))
    GRADIENT(MAP_SIN, in, g * N(cos)(x))
    GRADIENT(MAP_COS, in, -g * N(sin)(x))
    GRADIENT(MAP_CLIP, in, WHERE((x > a) & (x < b), g))
    GRADIENT(MAP_RELU, out, WHERE(x > C(0), g))
    GRADIENT(MAP_RELU6, out, WHERE((x > C(0)) & (x < C(6)), g))
    GRADIENT(MAP_LEAKY_RELU, in, N(select)(x > C(0), g, a * g))
    GRADIENT(MAP_ELU, in, g * N(select)(x > C(0), (V)C(1), a * N(exp)(x)))
    GRADIENT(MAP_SELU, out, g * N(select)(x > C(0), (V)SELU_SCALE, x + SELU_SCALE * SELU_ALPHA))
    GRADIENT(MAP_CELU, in, g * N(select)(x > C(0), (V)C(1), N(exp)(x / a)))
    GRADIENT(MAP_GELU, in, g * N(gelu_gradient)(x))
    GRADIENT(MAP_GELU_TANH, in, g * N(gelu_tanh_gradient)(x))
    GRADIENT(MAP_SILU, in, g * N(silu_gradient)(x))
    GRADIENT(MAP_MISH, in, g * N(mish_gradient)(x))
    GRADIENT(MAP_SIGMOID, out, g * (x * (C(1) - x)))
    GRADIENT(MAP_HARD_SIGMOID, in, WHERE((x > C(-3)) & (x < C(3)), g * C(1.0 / 6.0)))
    GRADIENT(MAP_HARD_SWISH, in, g * N(hard_swish_gradient)(x))
    GRADIENT(MAP_TANH, out, g * (C(1) - x * x))
    GRADIENT(MAP_SOFTPLUS, in, g * N(sigmoid)(x))
    GRADIENT(MAP_SOFTSIGN, in, g * N(softsign_gradient)(x))
  }
}

#undef MAP
#undef GRADIENT
#undef SCALED
#undef WHERE
