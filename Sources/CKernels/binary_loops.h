// Functions of two numbers for the scalar of the moment; a stride is 0 or 1.

// The operands at place i. A stride of 0 reads its one number before anything is written.
#define LEFT (a_stride ? AT(a, C(1)) : a_all)
#define RIGHT (b_stride ? AT(b, C(1)) : b_all)

#define BINARY(FUNCTION, ...)                                                                        \
  case FUNCTION:                                                                                     \
    EACH(count, V l = LEFT; V r = RIGHT; PUT(y, __VA_ARGS__););                                      \
    break;

CLONED void N(binary)(int32_t f, const SCALAR *a, intptr_t a_stride, const SCALAR *b, intptr_t b_stride,
                      SCALAR *y, intptr_t count) {
  if (count <= 0) return;
  const V a_all = (V)a[0], b_all = (V)b[0];
  switch ((enum binary_function)f) {
    BINARY(BINARY_ADD, l + r)
    BINARY(BINARY_SUBTRACT, l - r)
    BINARY(BINARY_MULTIPLY, l * r)
    BINARY(BINARY_DIVIDE, l / r)
    BINARY(BINARY_MAXIMUM, N(larger)(l, r))
    BINARY(BINARY_MINIMUM, N(smaller)(l, r))
  case BINARY_POWER:
    // The exponents that people write are products; each is what `pow` gives, up to its rounding.
    if (!b_stride && b[0] == C(2)) {
      EACH(count, V l = LEFT; PUT(y, l * l););
    } else if (!b_stride && b[0] == C(1)) {
      EACH(count, V l = LEFT; PUT(y, l););
    } else if (!b_stride && b[0] == C(-1)) {
      EACH(count, V l = LEFT; PUT(y, C(1) / l););
    } else {
      EACH(count, V l = LEFT; V r = RIGHT; PUT(y, N(pow)(l, r)););
    }
    break;
  }
}

// `l`, `r` the operands, `g` from behind.
#define GRADIENT(...)                                                                                \
  EACH(count, V l = LEFT; V r = RIGHT; V g = AT(gy, C(0)); (void)l; (void)r; PUT(out, __VA_ARGS__);)
// The same, with `x`, the output.
#define GRADIENT_Y(...)                                                                              \
  EACH(count, V l = LEFT; V r = RIGHT; V g = AT(gy, C(0)); V x = AT(y, C(1)); (void)l; (void)r;      \
       PUT(out, __VA_ARGS__);)

CLONED void N(binary_gradient)(int32_t f, int32_t side, const SCALAR *a, intptr_t a_stride, const SCALAR *b,
                               intptr_t b_stride, const SCALAR *y, const SCALAR *gy, SCALAR *out,
                               intptr_t count) {
  if (count <= 0) return;
  const V a_all = (V)a[0], b_all = (V)b[0];
  switch ((enum binary_function)f) {
  case BINARY_ADD:
    if (out != gy) memmove(out, gy, (size_t)count * sizeof(SCALAR));
    break;
  case BINARY_SUBTRACT:
    if (side == 1)
      EACH(count, V g = AT(gy, C(0)); PUT(out, -g););
    else if (out != gy)
      memmove(out, gy, (size_t)count * sizeof(SCALAR));
    break;
  case BINARY_MULTIPLY:
    if (side == 0)
      GRADIENT(g * r);
    else
      GRADIENT(g * l);
    break;
  case BINARY_DIVIDE:
    if (side == 0)
      GRADIENT(g / r);
    else
      GRADIENT_Y(-g * (x / r));
    break;
  case BINARY_MAXIMUM:
    if (side == 0)
      GRADIENT(N(share)(l > r, l == r, g));
    else
      GRADIENT(N(share)(r > l, l == r, g));
    break;
  case BINARY_MINIMUM:
    if (side == 0)
      GRADIENT(N(share)(l < r, l == r, g));
    else
      GRADIENT(N(share)(r < l, l == r, g));
    break;
  case BINARY_POWER:
    if (side == 0 && !b_stride && b[0] == C(2))
      GRADIENT(g * (C(2) * l));
    else if (side == 0)
      GRADIENT(N(select)(r == C(0), (V)C(0), g * (r * N(pow)(l, r - C(1)))));
    else
      GRADIENT_Y(N(select)((l == C(0)) & (r >= C(0)), (V)C(0), g * (x * N(log)(l))));
    break;
  }
}

#undef BINARY
#undef GRADIENT
#undef GRADIENT_Y

CLONED void N(add_scaled)(double alpha_, const SCALAR *x, SCALAR *y, intptr_t count) {
  const SCALAR alpha = (SCALAR)alpha_;
  EACH(count, PUT(y, AT(y, C(0)) + alpha * AT(x, C(0))););
}

CLONED void N(multiply_add)(const SCALAR *a, const SCALAR *b, SCALAR *y, intptr_t count) {
  EACH(count, PUT(y, AT(y, C(0)) + AT(a, C(0)) * AT(b, C(0))););
}

CLONED void N(fill)(double value, SCALAR *y, intptr_t count) {
  const V v = (V)(SCALAR)value;
  EACH(count, PUT(y, v););
}

// 0 times what is not finite is not 0.
CLONED bool N(all_finite)(const SCALAR *x, intptr_t count) {
  V s = (V)C(0);
  EACH(count, s += AT(x, C(0)) * C(0););
  return N(total)(s) == C(0);
}

#undef LEFT
#undef RIGHT
