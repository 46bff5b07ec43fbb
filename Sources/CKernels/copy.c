// Layout and type of elements.
#include "vectors.h"

#define MAXIMUM_RANK 8
#define TILE 16

// One axis of a copy: its size, and the distance of neighbours on both sides.
struct axis {
  intptr_t size, from, to;
};

// A block of two axes, in tiles so that neither side's cache lines are fetched twice.
#define COPY_BLOCK(NAME, ELEMENT)                                                                    \
  CLONED void NAME(struct axis p, struct axis q, const ELEMENT *from, ELEMENT *to) {                 \
    if (q.from == 0 && q.to == 1) {                                                                  \
      for (intptr_t i = 0; i < p.size; i++) {                                                        \
        const ELEMENT value = from[i * p.from];                                                      \
        ELEMENT *row = to + i * p.to;                                                                \
        for (intptr_t j = 0; j < q.size; j++) row[j] = value;                                        \
      }                                                                                              \
      return;                                                                                        \
    }                                                                                                \
    for (intptr_t i0 = 0; i0 < p.size; i0 += TILE)                                                   \
      for (intptr_t j0 = 0; j0 < q.size; j0 += TILE) {                                               \
        const intptr_t i1 = least(i0 + TILE, p.size), j1 = least(j0 + TILE, q.size);                 \
        for (intptr_t i = i0; i < i1; i++)                                                           \
          for (intptr_t j = j0; j < j1; j++) to[i * p.to + j * q.to] = from[i * p.from + j * q.from]; \
      }                                                                                              \
  }

COPY_BLOCK(copy_block_8, uint8_t)
COPY_BLOCK(copy_block_32, uint32_t)
COPY_BLOCK(copy_block_64, uint64_t)

static void copy_block(intptr_t element_size, struct axis p, struct axis q, const char *from, char *to) {
  if (q.from == 1 && q.to == 1) {
    for (intptr_t i = 0; i < p.size; i++)
      memcpy(to + i * p.to * element_size, from + i * p.from * element_size,
             (size_t)(q.size * element_size));
  } else if (element_size == 1) {
    copy_block_8(p, q, (const uint8_t *)from, (uint8_t *)to);
  } else if (element_size == 4) {
    copy_block_32(p, q, (const uint32_t *)from, (uint32_t *)to);
  } else {
    copy_block_64(p, q, (const uint64_t *)from, (uint64_t *)to);
  }
}

void kernel_copy_strided(intptr_t element_size, intptr_t rank, const intptr_t *dimensions,
                         const void *source, const intptr_t *source_strides, void *destination,
                         const intptr_t *destination_strides) {
  struct axis axes[MAXIMUM_RANK + 2];
  intptr_t count = 0;
  for (intptr_t d = 0; d < least(rank, MAXIMUM_RANK); d++) {
    if (dimensions[d] <= 0) return;
    if (dimensions[d] == 1) continue;
    const struct axis axis = {dimensions[d], source_strides[d], destination_strides[d]};
    // Two axes that lie behind each other on both sides are one.
    struct axis *last = count ? &axes[count - 1] : NULL;
    if (last && last->from == axis.size * axis.from && last->to == axis.size * axis.to)
      *last = (struct axis){last->size * axis.size, axis.from, axis.to};
    else
      axes[count++] = axis;
  }
  const struct axis one = {1, 1, 1};
  struct axis inner = count ? axes[--count] : one, next = one;
  // Beside the innermost axis the block takes the one along which the source is contiguous, if there is one.
  intptr_t chosen = count - 1;
  for (intptr_t d = 0; d < count && inner.from != 1; d++)
    if (axes[d].from == 1) chosen = d;
  if (count) {
    next = axes[chosen];
    for (intptr_t d = chosen; d + 1 < count; d++) axes[d] = axes[d + 1];
    count--;
  }
  intptr_t place[MAXIMUM_RANK] = {0};
  const char *from = source;
  char *to = destination;
  for (;;) {
    copy_block(element_size, next, inner, from, to);
    intptr_t d = count - 1;
    for (; d >= 0; d--) {
      from += axes[d].from * element_size;
      to += axes[d].to * element_size;
      if (++place[d] < axes[d].size) break;
      from -= axes[d].size * axes[d].from * element_size;
      to -= axes[d].size * axes[d].to * element_size;
      place[d] = 0;
    }
    if (d < 0) return;
  }
}

// Towards zero, held within the range of int32; what is not a number becomes 0.
INLINE int32_t integer_of_float(float x) {
  float held = x < -0x1p31f ? -0x1p31f : x;
  held = held < 0x1p31f ? held : 0.0f;
  return x >= 0x1p31f ? INT32_MAX : (int32_t)held;
}

INLINE int32_t integer_of_double(double x) {
  double held = x < -0x1p31 ? -0x1p31 : x;
  held = held < 0x1p31 ? held : 0.0;
  return x >= 0x1p31 ? INT32_MAX : (int32_t)held;
}

#define CAST(FROM, FROM_TYPE, TO, TO_TYPE, EXPRESSION)                                               \
  case FROM * 4 + TO: {                                                                              \
    const FROM_TYPE *from = source;                                                                  \
    TO_TYPE *to = destination;                                                                       \
    for (intptr_t i = 0; i < count; i++) {                                                           \
      const FROM_TYPE x = from[i];                                                                   \
      to[i] = (TO_TYPE)(EXPRESSION);                                                                 \
    }                                                                                                \
    break;                                                                                           \
  }

CLONED void cast(const void *source, void *destination, int32_t pair, intptr_t count) {
  switch (pair) {
    CAST(0, float, 1, double, x)
    CAST(0, float, 2, int32_t, integer_of_float(x))
    CAST(0, float, 3, uint8_t, x != 0.0f)
    CAST(1, double, 0, float, x)
    CAST(1, double, 2, int32_t, integer_of_double(x))
    CAST(1, double, 3, uint8_t, x != 0.0)
    CAST(2, int32_t, 0, float, x)
    CAST(2, int32_t, 1, double, x)
    CAST(2, int32_t, 3, uint8_t, x != 0)
    CAST(3, uint8_t, 0, float, x != 0)
    CAST(3, uint8_t, 1, double, x != 0)
    CAST(3, uint8_t, 2, int32_t, x != 0)
  }
}

void kernel_cast(const void *source, int32_t source_type, void *destination, int32_t destination_type,
                 intptr_t count) {
  static const size_t sizes[4] = {4, 8, 4, 1};
  if (count <= 0 || source_type < 0 || source_type > 3) return;
  if (source_type != destination_type)
    cast(source, destination, source_type * 4 + destination_type, count);
  else
    memmove(destination, source, (size_t)count * sizes[source_type]);
}
