// Functions of one number.
#include "codes.h"
#include "vectors.h"
#include "loops.h"

#include "scalar_float.h"
#include "functions.h"
#include "map_loops.h"

#include "scalar_double.h"
#include "functions.h"
#include "map_loops.h"

void kernel_map(int32_t type, int32_t f, const void *x, void *y, intptr_t count, double a, double b) {
  if (type == 0)
    map_float(f, x, y, count, a, b);
  else
    map_double(f, x, y, count, a, b);
}

void kernel_map_gradient(int32_t type, int32_t f, const void *x, const void *y, const void *gy, void *gx,
                         intptr_t count, double a, double b) {
  if (type == 0)
    map_gradient_float(f, x, y, gy, gx, count, a, b);
  else
    map_gradient_double(f, x, y, gy, gx, count, a, b);
}
