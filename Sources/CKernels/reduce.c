// Many numbers become one.
#include "codes.h"
#include "vectors.h"
#include "loops.h"

#include "scalar_float.h"
#include "folds.h"
#include "reduce_loops.h"

#include "scalar_double.h"
#include "folds.h"
#include "reduce_loops.h"

void kernel_reduce(int32_t type, int32_t f, const void *x, intptr_t outer, intptr_t count, intptr_t inner,
                   void *y, bool accumulate) {
  if (type == 0)
    reduce_float(f, x, outer, count, inner, y, accumulate);
  else
    reduce_double(f, x, outer, count, inner, y, accumulate);
}

double kernel_dot(int32_t type, const void *x, const void *y, intptr_t count) {
  return type == 0 ? dot_float(x, y, count) : dot_double(x, y, count);
}

void kernel_argmax(int32_t type, const void *x, intptr_t outer, intptr_t count, intptr_t inner, int32_t *y) {
  if (type == 0)
    argmax_float(x, outer, count, inner, y);
  else
    argmax_double(x, outer, count, inner, y);
}

void kernel_cumulative_sum(int32_t type, const void *x, intptr_t outer, intptr_t count, intptr_t inner,
                           void *y, bool reverse) {
  if (type == 0)
    cumulative_sum_float(x, outer, count, inner, y, reverse);
  else
    cumulative_sum_double(x, outer, count, inner, y, reverse);
}
