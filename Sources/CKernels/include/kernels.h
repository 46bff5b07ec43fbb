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

// Rows of channels, x [rows, channels], and images of them, [images, height, width, channels].
struct kernel_window {
  intptr_t channels, height, width;
  // The places of the window.
  intptr_t rows, columns;
  intptr_t kernel_height, kernel_width, stride_height, stride_width, begin_height, begin_width;
};
void kernel_channel_moments(int32_t type, const void *x, intptr_t rows, intptr_t channels, void *mean,
                            void *squares);
void kernel_channel_normalize(int32_t type, const void *x, const void *other, const void *mean,
                              const void *factor, const void *shift, void *y, intptr_t rows,
                              intptr_t channels, bool rectifies);
void kernel_channel_gradient_sums(int32_t type, const void *x, const void *y, const void *gy, void *gz,
                                  const void *mean, void *sums, void *moments, intptr_t rows,
                                  intptr_t channels);
void kernel_channel_gradient(int32_t type, const void *x, const void *gy, const void *mean,
                             const void *factor, const void *level, const void *slope, void *gx,
                             intptr_t rows, intptr_t channels);
void kernel_channel_max_pool(int32_t type, const struct kernel_window *window, const void *x, void *y,
                             uint8_t *taps, intptr_t first, intptr_t rows, bool rectifies);
void kernel_channel_max_pool_gradient(int32_t type, const struct kernel_window *window, const void *y,
                                      const void *gy, const uint8_t *taps, void *gx, intptr_t first,
                                      intptr_t images);
void kernel_channel_average_pool(int32_t type, const struct kernel_window *window, const void *x, void *y,
                                 intptr_t first, intptr_t rows);
void kernel_channel_average_pool_gradient(int32_t type, const struct kernel_window *window, const void *gy,
                                          void *gx, intptr_t first, intptr_t images);

// Convolutions by windows of 3 x 3 at every place of images [images, height, width, channels], to maps
// [images, rows, columns, filters]; channels and filters are multiples of 16, and all numbers float.
struct kernel_tiles {
  intptr_t height, width, channels, rows, columns, filters;
  // The padding before the image.
  intptr_t begin_height, begin_width;
};
// The floats that a call needs as scratch, and those of the transformed weights.
intptr_t kernel_winograd_scratch(intptr_t channels, intptr_t filters, bool gradient);
intptr_t kernel_winograd_points(intptr_t channels, intptr_t filters);
// Transforms weights [filters, channels, 3, 3] for channels `first` up to `first + count`; or, turned, weights
// [channels, filters, 3, 3] to those with which the gradient of the map gives that of the image.
void kernel_winograd_weights(const float *weights, float *points, intptr_t channels, intptr_t filters,
                             bool turned, intptr_t first, intptr_t count);
void kernel_winograd(const struct kernel_tiles *sizes, const float *x, const float *points, float *y,
                     intptr_t images, float *scratch);
void kernel_winograd_gradient(const struct kernel_tiles *sizes, const float *x, const float *gy,
                              float *gradient, intptr_t images, float *scratch);

// Losses. `ignore` is a class to leave out, or a number beyond 32 bits for none.
void kernel_softmax_cross_entropy(int32_t type, const void *logits, const int32_t *classes,
                                  const void *distribution, double smoothing, void *loss, void *delta,
                                  intptr_t rows, intptr_t columns, int64_t ignore);
void kernel_sigmoid_cross_entropy(int32_t type, const void *logits, const void *target, void *loss,
                                  void *delta, intptr_t count);

// y = x times the coefficient of its row and `factor`; `y` may be `x`.
void kernel_scale_rows(int32_t type, const void *x, const void *coefficients, double factor, void *y,
                       intptr_t rows, intptr_t columns);

// The matrix product C [m, n] = alpha op(A) op(B) + beta C + bias, row-major; `bias` holds n numbers or is null;
// clamped, what is below 0 becomes 0.
void kernel_product(int32_t type, bool transpose_a, bool transpose_b, intptr_t m, intptr_t n, intptr_t k,
                    double alpha, const void *a, intptr_t leading_a, const void *b, intptr_t leading_b,
                    double beta, const void *bias, bool is_clamped, void *c, intptr_t leading_c);

// The updates of the optimizers: parameters `w`, gradients `g`, and what the optimizer keeps. No operation
// is fused, so every machine does the same.
struct kernel_moments {
  double epsilon, taken_mean, kept_square, taken_square;
};

void kernel_descend(int32_t type, void *w, const void *g, intptr_t count, double rate);
void kernel_momentum(int32_t type, void *w, const void *g, void *velocity, intptr_t count, double rate,
                     double momentum, bool ahead);
void kernel_adam(int32_t type, void *w, const void *g, void *means, void *squares, intptr_t count,
                 struct kernel_moments moments, double keep, double rate, double root);
void kernel_nadam(int32_t type, void *w, const void *g, void *means, void *squares, intptr_t count,
                  struct kernel_moments moments, double gradient_rate, double mean_rate, double correction);
void kernel_root_mean_square(int32_t type, void *w, const void *g, void *squares, intptr_t count, double rate,
                             double kept, double taken, double epsilon);
void kernel_adadelta(int32_t type, void *w, const void *g, void *squares, void *steps, intptr_t count,
                     double rate, double kept, double taken, double epsilon);
void kernel_lion(int32_t type, void *w, const void *g, void *means, intptr_t count, double rate, double decay,
                 double kept1, double taken1, double kept2, double taken2);

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
