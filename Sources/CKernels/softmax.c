// Softmax, and the losses that are taken from logits.
#include "codes.h"
#include "vectors.h"
#include "loops.h"

#include "scalar_float.h"
#include "folds.h"
#include "functions.h"
#include "softmax_rows.h"
#include "softmax_loops.h"

#include "scalar_double.h"
#include "folds.h"
#include "functions.h"
#include "softmax_rows.h"
#include "softmax_loops.h"

void kernel_softmax(int32_t type, const void *x, void *y, intptr_t outer, intptr_t count, intptr_t inner) {
  if (type == 0)
    softmax_float(x, y, outer, count, inner);
  else
    softmax_double(x, y, outer, count, inner);
}

void kernel_log_softmax(int32_t type, const void *x, void *y, intptr_t outer, intptr_t count,
                        intptr_t inner) {
  if (type == 0)
    log_softmax_float(x, y, outer, count, inner);
  else
    log_softmax_double(x, y, outer, count, inner);
}

void kernel_softmax_gradient(int32_t type, const void *y, const void *gy, void *gx, intptr_t outer,
                             intptr_t count, intptr_t inner) {
  if (type == 0)
    softmax_gradient_float(y, gy, gx, outer, count, inner);
  else
    softmax_gradient_double(y, gy, gx, outer, count, inner);
}

void kernel_log_softmax_gradient(int32_t type, const void *y, const void *gy, void *gx, intptr_t outer,
                                 intptr_t count, intptr_t inner) {
  if (type == 0)
    log_softmax_gradient_float(y, gy, gx, outer, count, inner);
  else
    log_softmax_gradient_double(y, gy, gx, outer, count, inner);
}

void kernel_softmax_cross_entropy(int32_t type, const void *logits, const int32_t *classes,
                                  const void *distribution, double smoothing, void *loss, void *delta,
                                  intptr_t rows, intptr_t columns, int64_t ignore) {
  if (type == 0)
    softmax_cross_entropy_float(logits, classes, distribution, smoothing, loss, delta, rows, columns,
                                ignore);
  else
    softmax_cross_entropy_double(logits, classes, distribution, smoothing, loss, delta, rows, columns,
                                 ignore);
}

void kernel_sigmoid_cross_entropy(int32_t type, const void *logits, const void *target, void *loss,
                                  void *delta, intptr_t count) {
  if (type == 0)
    sigmoid_cross_entropy_float(logits, target, loss, delta, count);
  else
    sigmoid_cross_entropy_double(logits, target, loss, delta, count);
}
