// Loops over elements: the body is written once, and compiled for a full vector and for the rest.
#ifndef LOOPS_H
#define LOOPS_H

// In the body of a loop: the vector of `p` at place `i`, `fill` in lanes beyond the end; and its storing.
#define AT(p, fill) N(load_some)((p) + i, live, fill)
#define PUT(p, ...) N(store_some)((p) + i, live, __VA_ARGS__)

// Runs a body with `i` at 0, 16, 32, ...; `live` is the number of lanes that count.
#define EACH(COUNT, ...)                                                                             \
  do {                                                                                               \
    intptr_t i = 0;                                                                                  \
    for (; i + LANES <= (COUNT); i += LANES) {                                                       \
      const intptr_t live = LANES;                                                                   \
      __VA_ARGS__                                                                                    \
    }                                                                                                \
    if (i < (COUNT)) {                                                                               \
      const intptr_t live = (COUNT) - i;                                                             \
      __VA_ARGS__                                                                                    \
    }                                                                                                \
  } while (0)

// In the body of a row's loop: the numbers of `p` at place `i`, as many as the loop takes at once.
#define LANES_OF(p) (*(const taken *)((p) + i))

// Runs an expression over a row and stores what it gives in TO, which may be what it reads. The end of a row
// is computed first, with a vector that overlaps the one before it: no lane is idle, and none is masked.
#define EACH_OF_ROW(COLUMNS, TO, ...)                                                                \
  do {                                                                                               \
    const intptr_t columns_ = (COLUMNS);                                                             \
    SCALAR *const to_ = (TO);                                                                        \
    if (columns_ >= LANES) {                                                                         \
      OVERLAPPING(V_FULL, LANES, __VA_ARGS__)                                                        \
    } else if (columns_ >= 8) {                                                                      \
      OVERLAPPING(V_EIGHT, 8, __VA_ARGS__)                                                           \
    } else if (columns_ >= 4) {                                                                      \
      OVERLAPPING(V_FOUR, 4, __VA_ARGS__)                                                            \
    } else {                                                                                         \
      OVERLAPPING(SCALAR, 1, __VA_ARGS__)                                                            \
    }                                                                                                \
  } while (0)
#define OVERLAPPING(TYPE, WIDTH, ...)                                                                \
  typedef TYPE taken;                                                                                \
  intptr_t i = columns_ - WIDTH;                                                                     \
  if (i >= 0) {                                                                                      \
    const intptr_t last = i;                                                                         \
    const taken end = __VA_ARGS__;                                                                   \
    for (i = 0; i < last; i += WIDTH) *(taken *)(to_ + i) = __VA_ARGS__;                             \
    *(taken *)(to_ + last) = end;                                                                    \
  }

// Adds a term, which must be 0 in dead lanes, over a row into TOTAL, a double: by lanes in four sums over
// 1024 elements, in 64 bits beyond. The order depends on COUNT alone.
#define SUM_CHUNK 1024
#define ROW_SUM(TOTAL, COUNT, ...)                                                                   \
  do {                                                                                               \
    TOTAL = 0;                                                                                       \
    for (intptr_t i = 0; i < (COUNT);) {                                                             \
      const intptr_t end = least(i + SUM_CHUNK, (COUNT));                                            \
      V s0 = (V)C(0), s1 = (V)C(0), s2 = (V)C(0), s3 = (V)C(0);                                      \
      const intptr_t quads = i + (end - i) / (4 * LANES) * (4 * LANES);                              \
      while (i < quads) {                                                                            \
        const intptr_t live = LANES;                                                                 \
        s0 += __VA_ARGS__;                                                                           \
        i += LANES;                                                                                  \
        s1 += __VA_ARGS__;                                                                           \
        i += LANES;                                                                                  \
        s2 += __VA_ARGS__;                                                                           \
        i += LANES;                                                                                  \
        s3 += __VA_ARGS__;                                                                           \
        i += LANES;                                                                                  \
      }                                                                                              \
      for (; i < end; i += LANES) {                                                                  \
        const intptr_t live = end - i;                                                               \
        s0 += __VA_ARGS__;                                                                           \
      }                                                                                              \
      i = end;                                                                                       \
      TOTAL += (double)N(total)((s0 + s1) + (s2 + s3));                                              \
    }                                                                                                \
  } while (0)

#endif
