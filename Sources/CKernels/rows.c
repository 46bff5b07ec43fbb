// Rows: bias and activation, normalisation.
#include "codes.h"
#include "vectors.h"
#include "loops.h"

#include "scalar_float.h"
#include "folds.h"
#include "rows_loops.h"

#include "scalar_double.h"
#include "folds.h"
#include "rows_loops.h"

void kernel_bias_map(int32_t type, int32_t f, const void *x, const void *bias, void *z, void *y,
                     intptr_t rows, intptr_t columns, double a, double b) {
  if (type == 0)
    bias_map_float(f, x, bias, z, y, rows, columns, a, b);
  else
    bias_map_double(f, x, bias, z, y, rows, columns, a, b);
}

void kernel_bias_map_gradient(int32_t type, int32_t f, const void *z, const void *y, const void *gy,
                              void *gz, void *gbias, intptr_t rows, intptr_t columns, double a, double b) {
  if (type == 0)
    bias_map_gradient_float(f, z, y, gy, gz, gbias, rows, columns, a, b);
  else
    bias_map_gradient_double(f, z, y, gy, gz, gbias, rows, columns, a, b);
}

void kernel_layer_norm(int32_t type, const void *x, const void *scale, const void *shift, void *y,
                       void *mean, void *reciprocal_deviation, intptr_t rows, intptr_t columns,
                       double epsilon, bool centred) {
  if (type == 0)
    layer_norm_float(x, scale, shift, y, mean, reciprocal_deviation, rows, columns, epsilon, centred);
  else
    layer_norm_double(x, scale, shift, y, mean, reciprocal_deviation, rows, columns, epsilon, centred);
}

void kernel_layer_norm_gradient(int32_t type, const void *x, const void *scale, const void *mean,
                                const void *reciprocal_deviation, const void *gy, void *gx, void *gscale,
                                void *gshift, intptr_t rows, intptr_t columns, bool centred) {
  if (type == 0)
    layer_norm_gradient_float(x, scale, mean, reciprocal_deviation, gy, gx, gscale, gshift, rows, columns,
                              centred);
  else
    layer_norm_gradient_double(x, scale, mean, reciprocal_deviation, gy, gx, gscale, gshift, rows, columns,
                               centred);
}

void kernel_scale_rows(int32_t type, const void *x, const void *coefficients, double factor, void *y,
                       intptr_t rows, intptr_t columns) {
  if (type == 0)
    scale_rows_float(x, coefficients, factor, y, rows, columns);
  else
    scale_rows_double(x, coefficients, factor, y, rows, columns);
}
