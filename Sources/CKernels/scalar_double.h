// From here to the next of these headers, the texts of loops are about double.
#include "math_double.h"
#undef SCALAR
#undef V
#undef MASK
#undef V_FULL
#undef V_EIGHT
#undef V_FOUR
#define SCALAR double
#define V f64
#define V_FULL f64_anywhere
#define V_EIGHT f64_eight
#define V_FOUR f64_four
#define MASK i64
#undef SCALAR_TYPE
#define SCALAR_TYPE 1
