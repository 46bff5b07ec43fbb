// Functions of two numbers, and the small loops over whole arrays.
#include "codes.h"
#include "vectors.h"
#include "loops.h"

#include "scalar_float.h"
#include "functions.h"
#include "binary_loops.h"

#include "scalar_double.h"
#include "functions.h"
#include "binary_loops.h"

void kernel_binary(int32_t type, int32_t f, const void *a, intptr_t a_stride, const void *b,
                   intptr_t b_stride, void *y, intptr_t count) {
  if (type == 0)
    binary_float(f, a, a_stride, b, b_stride, y, count);
  else
    binary_double(f, a, a_stride, b, b_stride, y, count);
}

void kernel_binary_gradient(int32_t type, int32_t f, int32_t side, const void *a, intptr_t a_stride,
                            const void *b, intptr_t b_stride, const void *y, const void *gy, void *out,
                            intptr_t count) {
  if (type == 0)
    binary_gradient_float(f, side, a, a_stride, b, b_stride, y, gy, out, count);
  else
    binary_gradient_double(f, side, a, a_stride, b, b_stride, y, gy, out, count);
}

void kernel_add_scaled(int32_t type, double alpha, const void *x, void *y, intptr_t count) {
  if (type == 0)
    add_scaled_float(alpha, x, y, count);
  else
    add_scaled_double(alpha, x, y, count);
}

void kernel_multiply_add(int32_t type, const void *a, const void *b, void *y, intptr_t count) {
  if (type == 0)
    multiply_add_float(a, b, y, count);
  else
    multiply_add_double(a, b, y, count);
}

void kernel_fill(int32_t type, double value, void *y, intptr_t count) {
  if (type == 0)
    fill_float(value, y, count);
  else
    fill_double(value, y, count);
}

bool kernel_all_finite(int32_t type, const void *x, intptr_t count) {
  return type == 0 ? all_finite_float(x, count) : all_finite_double(x, count);
}
