// From here to the next of these headers, the texts of loops are about float.
#include "math_float.h"
#undef SCALAR
#undef V
#undef MASK
#undef V_FULL
#undef V_EIGHT
#undef V_FOUR
#define SCALAR float
#define V f32
#define V_FULL f32_anywhere
#define V_EIGHT f32_eight
#define V_FOUR f32_four
#define MASK i32
#undef SCALAR_TYPE
#define SCALAR_TYPE 0
