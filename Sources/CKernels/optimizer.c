// The updates of the optimizers. No operation is fused: they wait for memory anyway, and so every instruction
// set gives the same bits.
#pragma STDC FP_CONTRACT OFF
#include "codes.h"
#include "vectors.h"
#include "loops.h"

#include "scalar_float.h"
#include "optimizer_loops.h"

#include "scalar_double.h"
#include "optimizer_loops.h"

void kernel_descend(int32_t type, void *w, const void *g, intptr_t count, double rate) {
  if (type == 0)
    descend_float(w, g, count, (float)rate);
  else
    descend_double(w, g, count, rate);
}

void kernel_momentum(int32_t type, void *w, const void *g, void *velocity, intptr_t count, double rate,
                     double momentum, bool ahead) {
  if (type == 0)
    momentum_float(w, g, velocity, count, (float)rate, (float)momentum, ahead);
  else
    momentum_double(w, g, velocity, count, rate, momentum, ahead);
}

void kernel_adam(int32_t type, void *w, const void *g, void *means, void *squares, intptr_t count,
                 struct kernel_moments moments, double keep, double rate, double root) {
  const struct kernel_moments m = moments;
  if (type == 0)
    adam_float(w, g, means, squares, count, (float)keep, (float)rate, (float)root, (float)m.epsilon,
               (float)m.taken_mean, (float)m.kept_square, (float)m.taken_square);
  else
    adam_double(w, g, means, squares, count, keep, rate, root, m.epsilon, m.taken_mean, m.kept_square,
                m.taken_square);
}

void kernel_nadam(int32_t type, void *w, const void *g, void *means, void *squares, intptr_t count,
                  struct kernel_moments moments, double gradient_rate, double mean_rate, double correction) {
  const struct kernel_moments m = moments;
  if (type == 0)
    nadam_float(w, g, means, squares, count, (float)gradient_rate, (float)mean_rate, (float)correction,
                (float)m.epsilon, (float)m.taken_mean, (float)m.kept_square, (float)m.taken_square);
  else
    nadam_double(w, g, means, squares, count, gradient_rate, mean_rate, correction, m.epsilon, m.taken_mean,
                 m.kept_square, m.taken_square);
}

void kernel_root_mean_square(int32_t type, void *w, const void *g, void *squares, intptr_t count, double rate,
                             double kept, double taken, double epsilon) {
  if (type == 0)
    root_mean_square_float(w, g, squares, count, (float)rate, (float)kept, (float)taken, (float)epsilon);
  else
    root_mean_square_double(w, g, squares, count, rate, kept, taken, epsilon);
}

void kernel_adadelta(int32_t type, void *w, const void *g, void *squares, void *steps, intptr_t count,
                     double rate, double kept, double taken, double epsilon) {
  if (type == 0)
    adadelta_float(w, g, squares, steps, count, (float)rate, (float)kept, (float)taken, (float)epsilon);
  else
    adadelta_double(w, g, squares, steps, count, rate, kept, taken, epsilon);
}

void kernel_lion(int32_t type, void *w, const void *g, void *means, intptr_t count, double rate, double decay,
                 double kept1, double taken1, double kept2, double taken2) {
  if (type == 0)
    lion_float(w, g, means, count, (float)rate, (float)decay, (float)kept1, (float)taken1, (float)kept2,
               (float)taken2);
  else
    lion_double(w, g, means, count, rate, decay, kept1, taken1, kept2, taken2);
}
