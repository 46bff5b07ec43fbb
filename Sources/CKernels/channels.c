// Tensors whose channels stand on the last axis: norms over all other axes, and pools.
#include "vectors.h"
#include "loops.h"

typedef uint8_t u8 __attribute__((ext_vector_type(LANES)));
typedef uint8_t u8_anywhere __attribute__((ext_vector_type(LANES), aligned(1), may_alias));

// Small whole numbers, one a lane, as bytes.
#define TAP_ACCESS(MASK, NAME)                                                                       \
  INLINE void store_taps_##NAME(uint8_t *y, intptr_t live, MASK v) {                                 \
    const u8 taps = __builtin_convertvector(v, u8);                                                  \
    if (live >= LANES)                                                                               \
      *(u8_anywhere *)y = taps;                                                                      \
    else                                                                                             \
      memcpy(y, &taps, (size_t)live);                                                                \
  }                                                                                                  \
  INLINE MASK load_taps_##NAME(const uint8_t *x, intptr_t live) {                                    \
    u8 taps = (u8)(uint8_t)0;                                                                        \
    if (live >= LANES)                                                                               \
      taps = *(const u8_anywhere *)x;                                                                \
    else                                                                                             \
      memcpy(&taps, x, (size_t)live);                                                                \
    return __builtin_convertvector(taps, MASK);                                                      \
  }

TAP_ACCESS(i32, float)
TAP_ACCESS(i64, double)

#include "scalar_float.h"
#include "channels_loops.h"

#include "scalar_double.h"
#include "channels_loops.h"

#define BOTH(FUNCTION, ...)                                                                          \
  do {                                                                                               \
    if (type == 0)                                                                                   \
      FUNCTION##_float(__VA_ARGS__);                                                                 \
    else                                                                                             \
      FUNCTION##_double(__VA_ARGS__);                                                                \
  } while (0)

void kernel_channel_moments(int32_t type, const void *x, intptr_t rows, intptr_t channels, void *mean,
                            void *squares) {
  BOTH(channel_moments, x, rows, channels, mean, squares);
}

void kernel_channel_normalize(int32_t type, const void *x, const void *other, const void *mean,
                              const void *factor, const void *shift, void *y, intptr_t rows,
                              intptr_t channels, bool rectifies) {
  BOTH(channel_normalize, x, other, mean, factor, shift, y, rows, channels, rectifies);
}

void kernel_channel_gradient_sums(int32_t type, const void *x, const void *y, const void *gy, void *gz,
                                  const void *mean, void *sums, void *moments, intptr_t rows,
                                  intptr_t channels) {
  BOTH(channel_gradient_sums, x, y, gy, gz, mean, sums, moments, rows, channels);
}

void kernel_channel_gradient(int32_t type, const void *x, const void *gy, const void *mean,
                             const void *factor, const void *level, const void *slope, void *gx,
                             intptr_t rows, intptr_t channels) {
  BOTH(channel_gradient, x, gy, mean, factor, level, slope, gx, rows, channels);
}

void kernel_channel_max_pool(int32_t type, const struct kernel_window *window, const void *x, void *y,
                             uint8_t *taps, intptr_t first, intptr_t rows, bool rectifies) {
  BOTH(channel_max_pool, window, x, y, taps, first, rows, rectifies);
}

void kernel_channel_max_pool_gradient(int32_t type, const struct kernel_window *window, const void *y,
                                      const void *gy, const uint8_t *taps, void *gx, intptr_t first,
                                      intptr_t images) {
  BOTH(channel_max_pool_gradient, window, y, gy, taps, gx, first, images);
}

void kernel_channel_average_pool(int32_t type, const struct kernel_window *window, const void *x, void *y,
                                 intptr_t first, intptr_t rows) {
  BOTH(channel_average_pool, window, x, y, first, rows);
}

void kernel_channel_average_pool_gradient(int32_t type, const struct kernel_window *window, const void *gy,
                                          void *gx, intptr_t first, intptr_t images) {
  BOTH(channel_average_pool_gradient, window, gy, gx, first, images);
}
