// Compares the functions of floats in libraries of kernels with the C library's in double.
//
//   accuracy STRIDE THREADS FUNCTION LIBRARY...
//
// Every STRIDE-th of the 2^32 floats is tried; of `power`, whose operands are pairs, against some exponents.
// Printed for each library: the largest error in units in the last place of the result, the float at which it
// occurs, and how many results differ in bits from the first library's.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <math.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../Sources/CKernels/codes.h"

#define BLOCK 4096
#define MOST_LIBRARIES 8
#define MOST_THREADS 64

typedef void map_kernel(int32_t, int32_t, const void *, void *, intptr_t, double, double);
typedef void binary_kernel(int32_t, int32_t, const void *, intptr_t, const void *, intptr_t, void *,
                           intptr_t);

static double sigmoid(double x) { return x >= 0 ? 1 / (1 + exp(-x)) : exp(x) / (1 + exp(x)); }
static double softplus(double x) { return fmax(x, 0) + log1p(exp(-fabs(x))) + (x != x ? x : 0); }
static double elu(double x) { return x > 0 ? x : expm1(x); }
static double selu(double x) {
  return 1.0507009873554804934193349852946 * (x > 0 ? x : 1.6732632423543772848170429916717 * expm1(x));
}
// Infinity times 0 is meant as the limit.
static double times(double x, double share) { return share == 0 ? -0.0 : x * share; }
static double gelu(double x) { return times(x, 0.5 * erfc(x * -0.70710678118654752440)); }
static double gelu_tanh(double x) {
  return times(x, sigmoid(1.5957691216057307117597842397375 * (x + 0.044715 * x * x * x)));
}
static double silu(double x) { return times(x, sigmoid(x)); }
static double mish(double x) {
  const double e = exp(fmin(x, 40)), n = e * (e + 2);
  return x != x ? x : times(x, n / (n + 2));
}

struct function {
  const char *name;
  int32_t code;
  double (*expected)(double);
  // Whether the negative floats show nothing new.
  bool is_symmetric;
};

static const struct function functions[] = {
    {"exp", MAP_EXP, exp, false},
    {"elu", MAP_ELU, elu, false},
    {"selu", MAP_SELU, selu, false},
    {"log", MAP_LOG, log, false},
    {"sin", MAP_SIN, sin, true},
    {"cos", MAP_COS, cos, true},
    {"tanh", MAP_TANH, tanh, true},
    {"sigmoid", MAP_SIGMOID, sigmoid, false},
    {"softplus", MAP_SOFTPLUS, softplus, false},
    {"silu", MAP_SILU, silu, false},
    {"mish", MAP_MISH, mish, false},
    {"gelu", MAP_GELU, gelu, false},
    {"gelu_tanh", MAP_GELU_TANH, gelu_tanh, false},
    {"power", -1, NULL, false},
};

static const float exponents[] = {0.5f, -0.5f, 0.33333334f, 1.5f,  3,      -3,        0.1f,     10,
                                  -2,   0.99f, 1.0000001f,  24.5f, 100.3f, 16777215, 1.25e-3f, -7.7f};
#define EXPONENTS (sizeof exponents / sizeof exponents[0])

struct library {
  const char *path;
  map_kernel *map;
  binary_kernel *binary;
};

struct worst {
  double error, expected;
  float x, exponent, found;
  uint64_t differing;
};

struct job {
  const struct function *function;
  uint64_t first, last, stride;
  int library_count;
  const struct library *libraries;
  struct worst worst[MOST_LIBRARIES];
};

static uint64_t bits_of(double x) {
  uint64_t bits;
  memcpy(&bits, &x, sizeof bits);
  return bits;
}

// The error in units of the distance of floats at the expected number; overflow counts as 2^128.
static double units(float found, double expected) {
  if (isnan(found) || isnan(expected)) return isnan(found) && isnan(expected) ? 0 : INFINITY;
  if (found == 0 && (bool)signbit(found) != (bool)signbit(expected)) return INFINITY;
  const double wanted = fmax(fmin(expected, 0x1p128), -0x1p128);
  const double value = fmax(fmin((double)found, 0x1p128), -0x1p128);
  int64_t exponent = (int64_t)(bits_of(wanted) >> 52 & 0x7ff) - 1023;
  if (exponent < -126) exponent = -126;
  const uint64_t scale = (uint64_t)(1023 + 23 - exponent) << 52;
  double factor;
  memcpy(&factor, &scale, sizeof factor);
  return fabs(value - wanted) * factor;
}

static void try_block(struct job *job, const float *x, float exponent, int count) {
  static _Thread_local float found[BLOCK], first[BLOCK];
  static _Thread_local double expected[BLOCK];
  const bool is_power = !job->function->expected;
  for (int i = 0; i < count; i++)
    expected[i] = is_power ? pow(x[i], exponent) : job->function->expected(x[i]);
  for (int l = 0; l < job->library_count; l++) {
    struct worst *worst = &job->worst[l];
    if (is_power)
      job->libraries[l].binary(0, BINARY_POWER, x, 1, &exponent, 0, found, count);
    else
      job->libraries[l].map(0, job->function->code, x, found, count, 1, 0);
    if (l == 0) memcpy(first, found, sizeof found);
    for (int i = 0; i < count; i++) {
      worst->differing += memcmp(&found[i], &first[i], sizeof found[i]) != 0;
      const double error = units(found[i], expected[i]);
      if (error <= worst->error) continue;
      *worst = (struct worst){error, expected[i], x[i], exponent, found[i], worst->differing};
    }
  }
}

static void *run(void *argument) {
  struct job *job = argument;
  static _Thread_local float x[BLOCK];
  for (uint64_t bits = job->first; bits < job->last;) {
    int count = 0;
    for (; count < BLOCK && bits < job->last; bits += job->stride) {
      const uint32_t pattern = (uint32_t)bits;
      memcpy(&x[count], &pattern, sizeof pattern);
      if (!isnan(x[count])) count++;
    }
    if (job->function->expected) {
      try_block(job, x, 0, count);
    } else {
      for (size_t e = 0; e < EXPONENTS; e++) try_block(job, x, exponents[e], count);
    }
  }
  return NULL;
}

static int measure(const struct function *function, uint64_t stride, int threads,
                   const struct library *libraries, int library_count) {
  static struct job jobs[MOST_THREADS];
  pthread_t running[MOST_THREADS];
  const uint64_t end = function->is_symmetric ? 1ull << 31 : 1ull << 32;
  for (int t = 0; t < threads; t++) {
    // Cut at multiples of the stride, so that every number of threads tries the same floats.
    const uint64_t steps = end / stride;
    jobs[t] = (struct job){.function = function,
                           .first = steps * (uint64_t)t / (uint64_t)threads * stride,
                           .last = steps * (uint64_t)(t + 1) / (uint64_t)threads * stride,
                           .stride = stride,
                           .library_count = library_count,
                           .libraries = libraries};
    if (t == threads - 1) jobs[t].last = end;
    if (pthread_create(&running[t], NULL, run, &jobs[t]) != 0) {
      fprintf(stderr, "accuracy: no thread\n");
      return 71;
    }
  }
  for (int t = 0; t < threads; t++) pthread_join(running[t], NULL);
  for (int l = 0; l < library_count; l++) {
    struct worst all = jobs[0].worst[l];
    for (int t = 1; t < threads; t++) {
      const uint64_t differing = all.differing + jobs[t].worst[l].differing;
      if (jobs[t].worst[l].error > all.error) all = jobs[t].worst[l];
      all.differing = differing;
    }
    const char *name = strrchr(libraries[l].path, '/');
    printf("%-10s %-14s %8.3f units at %.9g (%a)", function->name, name ? name + 1 : libraries[l].path,
           all.error, all.x, all.x);
    if (!function->expected) printf(" ^ %.9g", all.exponent);
    printf(": %.9g for %.12g; %llu differ\n", all.found, all.expected, (unsigned long long)all.differing);
  }
  fflush(stdout);
  return 0;
}

int main(int argc, char **argv) {
  if (argc < 5 || argc > 4 + MOST_LIBRARIES) {
    fprintf(stderr, "usage: accuracy STRIDE THREADS FUNCTION LIBRARY...\n");
    return 64;
  }
  const long long stride = atoll(argv[1]);
  const int threads = atoi(argv[2]), library_count = argc - 4;
  if (stride < 1 || stride > 1ll << 24 || threads < 1 || threads > MOST_THREADS) {
    fprintf(stderr, "accuracy: a stride from 1 to 2^24 and 1 to %d threads\n", MOST_THREADS);
    return 64;
  }
  struct library libraries[MOST_LIBRARIES];
  for (int l = 0; l < library_count; l++) {
    void *handle = dlopen(argv[4 + l], RTLD_NOW | RTLD_LOCAL);
    libraries[l].path = argv[4 + l];
    libraries[l].map = handle ? (map_kernel *)dlsym(handle, "kernel_map") : NULL;
    libraries[l].binary = handle ? (binary_kernel *)dlsym(handle, "kernel_binary") : NULL;
    if (!libraries[l].map || !libraries[l].binary) {
      fprintf(stderr, "accuracy: %s\n", dlerror());
      return 66;
    }
  }
  for (size_t f = 0; f < sizeof functions / sizeof functions[0]; f++)
    if (strcmp(argv[3], functions[f].name) == 0)
      return measure(&functions[f], (uint64_t)stride, threads, libraries, library_count);
  fprintf(stderr, "accuracy: no function \"%s\"\n", argv[3]);
  return 64;
}
