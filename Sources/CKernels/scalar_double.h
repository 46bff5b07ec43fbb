// From here to the next of these headers, the texts of loops are about double.
#include "math_double.h"
#undef SCALAR
#undef V
#undef MASK
#define SCALAR double
#define V f64
#define MASK i64
#undef SCALAR_TYPE
#define SCALAR_TYPE 1
