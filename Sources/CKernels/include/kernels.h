// The loops over numbers, for the room Kernels, whose Swift declarations say what each computes.
// `type` is the scalar: 0 float, 1 double. `f` is the raw value of the Swift enumeration. Every function
// computes on the calling thread and allocates nothing.
#ifndef KERNELS_H
#define KERNELS_H

#include <stdbool.h>
#include <stdint.h>

// Elementwise.
void kernel_map(int32_t type, int32_t f, const void *x, void *y, intptr_t count, double a, double b);
void kernel_map_gradient(int32_t type, int32_t f, const void *x, const void *y, const void *gy, void *gx,
                         intptr_t count, double a, double b);
void kernel_binary(int32_t type, int32_t f, const void *a, intptr_t a_stride, const void *b,
                   intptr_t b_stride, void *y, intptr_t count);
void kernel_binary_gradient(int32_t type, int32_t f, int32_t side, const void *a, intptr_t a_stride,
                            const void *b, intptr_t b_stride, const void *y, const void *gy, void *out,
                            intptr_t count);
void kernel_add_scaled(int32_t type, double alpha, const void *x, void *y, intptr_t count);
void kernel_multiply_add(int32_t type, const void *a, const void *b, void *y, intptr_t count);
void kernel_fill(int32_t type, double value, void *y, intptr_t count);
bool kernel_all_finite(int32_t type, const void *x, intptr_t count);

// Reductions of x [outer, count, inner] over the middle axis.
void kernel_reduce(int32_t type, int32_t f, const void *x, intptr_t outer, intptr_t count, intptr_t inner,
                   void *y, bool accumulate);
double kernel_dot(int32_t type, const void *x, const void *y, intptr_t count);
void kernel_argmax(int32_t type, const void *x, intptr_t outer, intptr_t count, intptr_t inner, int32_t *y);
void kernel_cumulative_sum(int32_t type, const void *x, intptr_t outer, intptr_t count, intptr_t inner,
                           void *y, bool reverse);

// Softmax over the middle axis, and its relatives.
void kernel_softmax(int32_t type, const void *x, void *y, intptr_t outer, intptr_t count, intptr_t inner);
void kernel_log_softmax(int32_t type, const void *x, void *y, intptr_t outer, intptr_t count,
                        intptr_t inner);
void kernel_softmax_gradient(int32_t type, const void *y, const void *gy, void *gx, intptr_t outer,
                             intptr_t count, intptr_t inner);
void kernel_log_softmax_gradient(int32_t type, const void *y, const void *gy, void *gx, intptr_t outer,
                                 intptr_t count, intptr_t inner);

// Rows. A pointer that may be null is one that the Swift side declares as optional.
void kernel_bias_map(int32_t type, int32_t f, const void *x, const void *bias, void *z, void *y,
                     intptr_t rows, intptr_t columns, double a, double b);
void kernel_bias_map_gradient(int32_t type, int32_t f, const void *z, const void *y, const void *gy,
                              void *gz, void *gbias, intptr_t rows, intptr_t columns, double a, double b);
void kernel_layer_norm(int32_t type, const void *x, const void *scale, const void *shift, void *y,
                       void *mean, void *reciprocal_deviation, intptr_t rows, intptr_t columns,
                       double epsilon, bool centred);
void kernel_layer_norm_gradient(int32_t type, const void *x, const void *scale, const void *mean,
                                const void *reciprocal_deviation, const void *gy, void *gx, void *gscale,
                                void *gshift, intptr_t rows, intptr_t columns, bool centred);

// Losses. `ignore` is a class to leave out, or a number beyond 32 bits for none.
void kernel_softmax_cross_entropy(int32_t type, const void *logits, const int32_t *classes,
                                  const void *distribution, double smoothing, void *loss, void *delta,
                                  intptr_t rows, intptr_t columns, int64_t ignore);
void kernel_sigmoid_cross_entropy(int32_t type, const void *logits, const void *target, void *loss,
                                  void *delta, intptr_t count);

// The matrix product C [m, n] = alpha op(A) op(B) + beta C, row-major.
void kernel_product(int32_t type, bool transpose_a, bool transpose_b, intptr_t m, intptr_t n, intptr_t k,
                    double alpha, const void *a, intptr_t leading_a, const void *b, intptr_t leading_b,
                    double beta, void *c, intptr_t leading_c);

// Random numbers from a counter (Philox4x32-10).
void kernel_random_uniform(int32_t type, uint64_t key, uint64_t start, void *y, intptr_t count, double low,
                           double high);
void kernel_random_normal(int32_t type, uint64_t key, uint64_t start, void *y, intptr_t count, double mean,
                          double deviation);

// Layout and type. Types of elements: 0 float, 1 double, 2 int32, 3 bool.
void kernel_copy_strided(intptr_t element_size, intptr_t rank, const intptr_t *dimensions,
                         const void *source, const intptr_t *source_strides, void *destination,
                         const intptr_t *destination_strides);
void kernel_cast(const void *source, int32_t source_type, void *destination, int32_t destination_type,
                 intptr_t count);

#endif
