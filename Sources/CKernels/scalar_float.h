// From here to the next of these headers, the texts of loops are about float.
#include "math_float.h"
#undef SCALAR
#undef V
#undef MASK
#define SCALAR float
#define V f32
#define MASK i32
#undef SCALAR_TYPE
#define SCALAR_TYPE 0
