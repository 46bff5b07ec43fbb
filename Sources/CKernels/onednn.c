// The one file that calls oneDNN; `dnnl_sgemm` is the same in 2.x and 3.x.
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <dlfcn.h>
#include <dnnl.h>

#include "internal.h"

// oneDNN's team of threads is a setting of each calling thread: one, because the pool is ours, and because
// its own cut of a product would change the bits. OpenMP is oneDNN's affair; there need not be any.
static void compute_alone(void) {
  static _Thread_local bool done = false;
  if (done) return;
  done = true;
  void (*set_threads)(int) = (void (*)(int))dlsym(RTLD_DEFAULT, "omp_set_num_threads");
  if (set_threads) set_threads(1);
}

bool onednn_product(bool transpose_a, bool transpose_b, intptr_t m, intptr_t n, intptr_t k, float alpha,
                    const float *a, intptr_t leading_a, const float *b, intptr_t leading_b, float beta,
                    float *c, intptr_t leading_c) {
  compute_alone();
  return dnnl_sgemm(transpose_a ? 'T' : 'N', transpose_b ? 'T' : 'N', m, n, k, alpha, a, leading_a, b,
                    leading_b, beta, c, leading_c) == dnnl_success;
}
