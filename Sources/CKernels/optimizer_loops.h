// The optimizers' updates for the scalar of the moment: `w` the parameters, `g` the gradients, then what the
// optimizer keeps. Every element is computed by itself.

// Runs a body over `count` elements, with the gradient at hand.
#define STEP(...) EACH(count, const V slope = AT(g, C(0)); __VA_ARGS__)

CLONED void N(descend)(SCALAR *w, const SCALAR *g, intptr_t count, SCALAR rate) {
  STEP(PUT(w, AT(w, C(0)) - rate * slope););
}

CLONED void N(momentum)(SCALAR *w, const SCALAR *g, SCALAR *velocity, intptr_t count, SCALAR rate,
                        SCALAR momentum, bool ahead) {
  if (ahead)
    STEP(const V next = momentum * AT(velocity, C(0)) + slope; PUT(velocity, next);
         PUT(w, AT(w, C(0)) - rate * (slope + momentum * next)););
  else
    STEP(const V next = momentum * AT(velocity, C(0)) + slope; PUT(velocity, next);
         PUT(w, AT(w, C(0)) - rate * next););
}

// The running means of the gradient and of its square, after the step.
#define MOMENTS                                                                                      \
  const V mean = AT(means, C(0)) + taken_mean * (slope - AT(means, C(0)));                           \
  const V square = kept_square * AT(squares, C(0)) + taken_square * (slope * slope);                 \
  PUT(means, mean);                                                                                  \
  PUT(squares, square);

CLONED void N(adam)(SCALAR *w, const SCALAR *g, SCALAR *means, SCALAR *squares, intptr_t count, SCALAR keep,
                    SCALAR rate, SCALAR root, SCALAR epsilon, SCALAR taken_mean, SCALAR kept_square,
                    SCALAR taken_square) {
  STEP(MOMENTS PUT(w, keep * AT(w, C(0)) - rate * (mean / (N(root)(square) / root + epsilon))););
}

CLONED void N(nadam)(SCALAR *w, const SCALAR *g, SCALAR *means, SCALAR *squares, intptr_t count,
                     SCALAR gradient_rate, SCALAR mean_rate, SCALAR correction, SCALAR epsilon,
                     SCALAR taken_mean, SCALAR kept_square, SCALAR taken_square) {
  STEP(MOMENTS const V divisor = N(root)(square / correction) + epsilon;
       PUT(w, AT(w, C(0)) - gradient_rate * (slope / divisor) - mean_rate * (mean / divisor)););
}

#undef MOMENTS

// With `kept` and `taken` 1 the squares are summed up.
CLONED void N(root_mean_square)(SCALAR *w, const SCALAR *g, SCALAR *squares, intptr_t count, SCALAR rate,
                                SCALAR kept, SCALAR taken, SCALAR epsilon) {
  STEP(const V next = kept * AT(squares, C(0)) + taken * (slope * slope); PUT(squares, next);
       PUT(w, AT(w, C(0)) - rate * (slope / (N(root)(next) + epsilon))););
}

CLONED void N(adadelta)(SCALAR *w, const SCALAR *g, SCALAR *squares, SCALAR *steps, intptr_t count,
                        SCALAR rate, SCALAR kept, SCALAR taken, SCALAR epsilon) {
  STEP(const V square = kept * AT(squares, C(0)) + taken * (slope * slope);
       const V step = N(root)(AT(steps, C(0)) + epsilon) / N(root)(square + epsilon) * slope;
       PUT(squares, square); PUT(steps, kept * AT(steps, C(0)) + taken * (step * step));
       PUT(w, AT(w, C(0)) - rate * step););
}

CLONED void N(lion)(SCALAR *w, const SCALAR *g, SCALAR *means, intptr_t count, SCALAR rate, SCALAR decay,
                    SCALAR kept1, SCALAR taken1, SCALAR kept2, SCALAR taken2) {
  STEP(const V direction = kept1 * AT(means, C(0)) + taken1 * slope;
       const V sign = N(select)(direction > C(0), (V)C(1), N(select)(direction < C(0), (V)C(-1), (V)C(0)));
       PUT(w, AT(w, C(0)) - rate * (sign + decay * AT(w, C(0))));
       PUT(means, kept2 * AT(means, C(0)) + taken2 * slope););
}

#undef STEP
