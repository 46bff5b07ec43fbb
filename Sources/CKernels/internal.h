// What one file of loops calls in another.
#ifndef INTERNAL_H
#define INTERNAL_H

#include <stdbool.h>
#include <stdint.h>

#define HIDDEN __attribute__((visibility("hidden")))

// oneDNN's product of floats, row-major, on the calling thread; false where oneDNN refuses.
HIDDEN bool onednn_product(bool transpose_a, bool transpose_b, intptr_t m, intptr_t n, intptr_t k,
                           float alpha, const float *a, intptr_t leading_a, const float *b,
                           intptr_t leading_b, float beta, float *c, intptr_t leading_c);

#endif
