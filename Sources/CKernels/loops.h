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
