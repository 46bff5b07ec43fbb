// What the comparison asks of the machine itself, and of the system.
#ifndef BENCHMARKS_H
#define BENCHMARKS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// Runs independent fused multiply-adds that stay in registers, `rounds` times; returns how many floating-point
/// operations those were. Uses the widest vectors that the processor has and that this loop knows.
double benchmarks_multiply_add(int64_t rounds);

/// The name of the vectors that `benchmarks_multiply_add` uses.
const char *benchmarks_vectors(void);

/// y = x + factor z: reads two blocks and writes one.
void benchmarks_triad(float *y, const float *x, const float *z, float factor, size_t count);

/// Keeps the process, and those that it starts later, to the first `count` of the cores that it may use.
void benchmarks_keep_to_cores(int count);

/// Starts a program (`arguments[0]` is looked up in PATH, the list ends with NULL) whose standard input and output
/// are pipes and whose standard error is a file. Returns 0, or the number of the system's error.
int benchmarks_start(char *const arguments[], const char *errors, pid_t *process, int *input, int *output);

/// The version of the oneDNN library that the program runs with; false where there is none.
int benchmarks_onednn_version(int numbers[3]);

#endif
