// Convolutions by windows of 3 x 3 at every place, of images [images, height, width, channels], with a quarter
// of the multiplications: A. Lavin, S. Gray, Fast Algorithms for Convolutional Neural Networks, 2015, F(4x4, 3x3).
//
// The result is cut into tiles of 4 x 4, each made from 6 x 6 places. A tile is transformed, channel by
// channel, to 36 numbers; those of all tiles of a block are multiplied, each with its own matrix of weights
// [channels, filters], and the products are transformed back.
#include "vectors.h"

#define SIDE 6
#define POINTS (SIDE * SIDE)
#define STEP 4
// The rows of a matrix product that stay in registers.
#define ROWS 6
#define SUMS 4

// B^T x, for six numbers.
#define TO_POINTS(y, step, x0, x1, x2, x3, x4, x5)                                                   \
  do {                                                                                               \
    const f32 a = (x4) - 4.0f * (x2), b = (x3) - 4.0f * (x1), c = (x4) - (x2), d = 2.0f * ((x3) - (x1)); \
    (y)[0] = 4.0f * (x0) - 5.0f * (x2) + (x4);                                                       \
    (y)[1 * (step)] = a + b;                                                                         \
    (y)[2 * (step)] = a - b;                                                                         \
    (y)[3 * (step)] = c + d;                                                                         \
    (y)[4 * (step)] = c - d;                                                                         \
    (y)[5 * (step)] = 4.0f * (x1) - 5.0f * (x3) + (x5);                                              \
  } while (0)

// A^T x: four numbers from six.
#define FROM_POINTS(y, step, x0, x1, x2, x3, x4, x5)                                                 \
  do {                                                                                               \
    const f32 a = (x1) + (x2), b = (x1) - (x2), c = (x3) + (x4), d = (x3) - (x4);                    \
    (y)[0] = (x0) + a + c;                                                                           \
    (y)[1 * (step)] = b + 2.0f * d;                                                                  \
    (y)[2 * (step)] = a + 4.0f * c;                                                                  \
    (y)[3 * (step)] = b + 8.0f * d + (x5);                                                           \
  } while (0)

// A x: six numbers from four.
#define SPREAD(y, step, x0, x1, x2, x3)                                                              \
  do {                                                                                               \
    const f32 a = (x0) + (x2), b = (x1) + (x3), c = (x0) + 4.0f * (x2), d = 2.0f * (x1) + 8.0f * (x3); \
    (y)[0] = (x0);                                                                                   \
    (y)[1 * (step)] = a + b;                                                                         \
    (y)[2 * (step)] = a - b;                                                                         \
    (y)[3 * (step)] = c + d;                                                                         \
    (y)[4 * (step)] = c - d;                                                                         \
    (y)[5 * (step)] = (x3);                                                                          \
  } while (0)

// G x: six numbers from three.
#define WEIGHT_POINTS(y, step, x0, x1, x2)                                                           \
  do {                                                                                               \
    const f32 a = (-1.0f / 6) * ((x0) + (x2)), b = (1.0f / 6) * (x1);                                \
    const f32 c = (1.0f / 24) * (x0) + (1.0f / 6) * (x2), d = (1.0f / 12) * (x1);                    \
    (y)[0] = 0.25f * (x0);                                                                           \
    (y)[1 * (step)] = a - b;                                                                         \
    (y)[2 * (step)] = a + b;                                                                         \
    (y)[3 * (step)] = c + d;                                                                         \
    (y)[4 * (step)] = c - d;                                                                         \
    (y)[5 * (step)] = (x2);                                                                          \
  } while (0)

// G^T x: three numbers from six.
#define FROM_WEIGHT_POINTS(y, step, x0, x1, x2, x3, x4, x5)                                          \
  do {                                                                                               \
    const f32 a = (x1) + (x2), b = (x2) - (x1), c = (x3) + (x4), d = (x3) - (x4);                    \
    (y)[0] = 0.25f * (x0) - (1.0f / 6) * a + (1.0f / 24) * c;                                        \
    (y)[1 * (step)] = (1.0f / 6) * b + (1.0f / 12) * d;                                              \
    (y)[2 * (step)] = (1.0f / 6) * (c - a) + (x5);                                                   \
  } while (0)

static intptr_t tiles_of_block(intptr_t channels, intptr_t filters) {
  // Both sides of the products of a block stay in the second cache.
  const intptr_t tiles = 2048 / (channels + filters) / ROWS * ROWS;
  return tiles < 3 * ROWS ? 3 * ROWS : tiles > 8 * ROWS ? 8 * ROWS : tiles;
}

// The distance of the numbers of two points; a line more than a whole number of pages would be, so that the 36
// do not drive each other out of the cache.
INLINE intptr_t spaced(intptr_t rows, intptr_t columns) { return rows * columns + LANES; }

// Which places of an image a tile begins at.
struct corner {
  intptr_t image, row, column;
};

INLINE struct corner corner_of(intptr_t tile, intptr_t down, intptr_t across) {
  return (struct corner){tile / (down * across), tile / across % down * STEP, tile % across * STEP};
}

// Transforms 6 x 6 places of a tile; those beside the image are 0.
INLINE void tile_to_points(const float *image, intptr_t height, intptr_t width, intptr_t channels,
                           intptr_t row, intptr_t column, float *points, intptr_t point_step) {
  const bool is_inside = row >= 0 && column >= 0 && row + SIDE <= height && column + SIDE <= width;
  for (intptr_t c = 0; c < channels; c += LANES) {
    f32 half[POINTS], whole[SIDE];
    for (int i = 0; i < SIDE; i++) {
      f32 x[SIDE];
      const intptr_t r = row + i;
      const float *line = image + (r * width + column) * channels + c;
      if (is_inside) {
        for (int j = 0; j < SIDE; j++) x[j] = load_float(line + j * channels);
      } else {
        for (int j = 0; j < SIDE; j++)
          x[j] = r >= 0 && r < height && column + j >= 0 && column + j < width
                     ? load_float(line + j * channels)
                     : (f32)0.0f;
      }
      TO_POINTS(half + i * SIDE, 1, x[0], x[1], x[2], x[3], x[4], x[5]);
    }
    for (int j = 0; j < SIDE; j++) {
      TO_POINTS(whole, 1, half[j], half[SIDE + j], half[2 * SIDE + j], half[3 * SIDE + j],
                half[4 * SIDE + j], half[5 * SIDE + j]);
      for (int i = 0; i < SIDE; i++) store_float(points + (i * SIDE + j) * point_step + c, whole[i]);
    }
  }
}

// Transforms back to 4 x 4 places of a tile, as far as they lie in the image.
INLINE void points_to_tile(const float *points, intptr_t point_step, float *image, intptr_t height,
                           intptr_t width, intptr_t channels, intptr_t row, intptr_t column) {
  for (intptr_t c = 0; c < channels; c += LANES) {
    f32 half[STEP * SIDE], whole[STEP];
    for (int j = 0; j < SIDE; j++) {
      f32 x[SIDE];
      for (int i = 0; i < SIDE; i++) x[i] = load_float(points + (i * SIDE + j) * point_step + c);
      FROM_POINTS(half + j, SIDE, x[0], x[1], x[2], x[3], x[4], x[5]);
    }
    for (int i = 0; i < STEP && row + i < height; i++) {
      const f32 *x = half + i * SIDE;
      FROM_POINTS(whole, 1, x[0], x[1], x[2], x[3], x[4], x[5]);
      float *line = image + ((row + i) * width + column) * channels + c;
      for (int j = 0; j < STEP && column + j < width; j++) store_float(line + j * channels, whole[j]);
    }
  }
}

// Spreads the gradient of 4 x 4 places of a tile to points; places beside the image are 0.
INLINE void gradient_to_points(const float *image, intptr_t height, intptr_t width, intptr_t channels,
                               intptr_t row, intptr_t column, float *points, intptr_t point_step) {
  for (intptr_t c = 0; c < channels; c += LANES) {
    f32 half[STEP * SIDE], whole[SIDE];
    for (int i = 0; i < STEP; i++) {
      f32 x[STEP];
      for (int j = 0; j < STEP; j++)
        x[j] = row + i < height && column + j < width
                   ? load_float(image + ((row + i) * width + column + j) * channels + c)
                   : (f32)0.0f;
      SPREAD(half + i * SIDE, 1, x[0], x[1], x[2], x[3]);
    }
    for (int j = 0; j < SIDE; j++) {
      SPREAD(whole, 1, half[j], half[SIDE + j], half[2 * SIDE + j], half[3 * SIDE + j]);
      for (int i = 0; i < SIDE; i++) store_float(points + (i * SIDE + j) * point_step + c, whole[i]);
    }
  }
}

// y [rows, filters] = x [rows, channels] u [channels, filters]; the rows are a multiple of ROWS.
INLINE void multiply(const float *x, const float *u, float *y, intptr_t rows, intptr_t channels,
                     intptr_t filters) {
  for (intptr_t f = 0; f < filters; f += LANES)
    for (intptr_t r = 0; r < rows; r += ROWS) {
      f32 sum[ROWS];
      for (int i = 0; i < ROWS; i++) sum[i] = (f32)0.0f;
      const float *from = x + r * channels;
      for (intptr_t c = 0; c < channels; c++) {
        const f32 weight = load_float(u + c * filters + f);
        for (int i = 0; i < ROWS; i++) sum[i] += from[i * channels + c] * weight;
      }
      for (int i = 0; i < ROWS; i++) store_float(y + (r + i) * filters + f, sum[i]);
    }
}

// u [channels, filters] += x [rows, channels]^T y [rows, filters].
INLINE void add_products(const float *x, const float *y, float *u, intptr_t rows, intptr_t channels,
                         intptr_t filters) {
  for (intptr_t f = 0; f < filters; f += LANES)
    for (intptr_t c = 0; c < channels; c += SUMS) {
      f32 sum[SUMS];
      for (int i = 0; i < SUMS; i++) sum[i] = load_float(u + (c + i) * filters + f);
      for (intptr_t r = 0; r < rows; r++) {
        const f32 factor = load_float(y + r * filters + f);
        for (int i = 0; i < SUMS; i++) sum[i] += x[r * channels + c + i] * factor;
      }
      for (int i = 0; i < SUMS; i++) store_float(u + (c + i) * filters + f, sum[i]);
    }
}

CLONED void weights_to_points(const float *weights, float *points, intptr_t channels, intptr_t filters,
                              intptr_t filter_step, intptr_t channel_step, bool turned, intptr_t first,
                              intptr_t count) {
  const intptr_t step = spaced(channels, filters);
  for (intptr_t c = first; c < first + count; c++)
    for (intptr_t f = 0; f < filters; f += LANES) {
      const float *from = weights + c * channel_step + f * filter_step;
      f32 x[9], half[3 * SIDE], whole[SIDE];
      for (int tap = 0; tap < 9; tap++) {
        float lanes[LANES];
        for (int i = 0; i < LANES; i++) lanes[i] = from[i * filter_step + (turned ? 8 - tap : tap)];
        x[tap] = load_float(lanes);
      }
      for (int i = 0; i < 3; i++) WEIGHT_POINTS(half + i * SIDE, 1, x[3 * i], x[3 * i + 1], x[3 * i + 2]);
      for (int j = 0; j < SIDE; j++) {
        WEIGHT_POINTS(whole, 1, half[j], half[SIDE + j], half[2 * SIDE + j]);
        for (int i = 0; i < SIDE; i++)
          store_float(points + (i * SIDE + j) * step + c * filters + f, whole[i]);
      }
    }
}

CLONED void convolve(const struct kernel_tiles *s, const float *x, const float *points, float *y,
                     intptr_t images, float *scratch) {
  const intptr_t down = (s->rows + STEP - 1) / STEP, across = (s->columns + STEP - 1) / STEP;
  const intptr_t block = tiles_of_block(s->channels, s->filters), tiles = images * down * across;
  const intptr_t from_step = spaced(block, s->channels), to_step = spaced(block, s->filters);
  const intptr_t matrix = spaced(s->channels, s->filters);
  float *products = scratch + POINTS * from_step;
  for (intptr_t first = 0; first < tiles; first += block) {
    const intptr_t n = least(block, tiles - first), rows = (n + ROWS - 1) / ROWS * ROWS;
    for (intptr_t t = 0; t < n; t++) {
      const struct corner at = corner_of(first + t, down, across);
      tile_to_points(x + at.image * s->height * s->width * s->channels, s->height, s->width, s->channels,
                     at.row - s->begin_height, at.column - s->begin_width, scratch + t * s->channels,
                     from_step);
    }
    for (intptr_t point = 0; point < POINTS; point++) {
      float *from = scratch + point * from_step;
      memset(from + n * s->channels, 0, (size_t)((rows - n) * s->channels) * sizeof(float));
      multiply(from, points + point * matrix, products + point * to_step, rows, s->channels, s->filters);
    }
    for (intptr_t t = 0; t < n; t++) {
      const struct corner at = corner_of(first + t, down, across);
      points_to_tile(products + t * s->filters, to_step,
                     y + at.image * s->rows * s->columns * s->filters, s->rows, s->columns, s->filters, at.row,
                     at.column);
    }
  }
}

CLONED void weight_gradient(const struct kernel_tiles *s, const float *x, const float *gy, float *gradient,
                            intptr_t images, float *scratch) {
  const intptr_t down = (s->rows + STEP - 1) / STEP, across = (s->columns + STEP - 1) / STEP;
  const intptr_t block = tiles_of_block(s->channels, s->filters), tiles = images * down * across;
  const intptr_t from_step = spaced(block, s->channels), to_step = spaced(block, s->filters);
  const intptr_t matrix = spaced(s->channels, s->filters);
  float *factors = scratch + POINTS * from_step, *sums = factors + POINTS * to_step;
  memset(sums, 0, (size_t)(POINTS * matrix) * sizeof(float));
  for (intptr_t first = 0; first < tiles; first += block) {
    const intptr_t n = least(block, tiles - first);
    for (intptr_t t = 0; t < n; t++) {
      const struct corner at = corner_of(first + t, down, across);
      tile_to_points(x + at.image * s->height * s->width * s->channels, s->height, s->width, s->channels,
                     at.row - s->begin_height, at.column - s->begin_width, scratch + t * s->channels,
                     from_step);
      gradient_to_points(gy + at.image * s->rows * s->columns * s->filters, s->rows, s->columns, s->filters,
                         at.row, at.column, factors + t * s->filters, to_step);
    }
    for (intptr_t point = 0; point < POINTS; point++)
      add_products(scratch + point * from_step, factors + point * to_step, sums + point * matrix, n,
                   s->channels, s->filters);
  }
  for (intptr_t f = 0; f < s->filters; f += LANES)
    for (intptr_t c = 0; c < s->channels; c++) {
      f32 half[3 * SIDE], whole[9];
      for (int j = 0; j < SIDE; j++) {
        f32 x_[SIDE];
        for (int i = 0; i < SIDE; i++)
          x_[i] = load_float(sums + (i * SIDE + j) * matrix + c * s->filters + f);
        FROM_WEIGHT_POINTS(half + j, SIDE, x_[0], x_[1], x_[2], x_[3], x_[4], x_[5]);
      }
      for (int i = 0; i < 3; i++) {
        const f32 *h = half + i * SIDE;
        FROM_WEIGHT_POINTS(whole + 3 * i, 1, h[0], h[1], h[2], h[3], h[4], h[5]);
      }
      float lanes[9][LANES];
      for (int tap = 0; tap < 9; tap++) store_float(lanes[tap], whole[tap]);
      for (int i = 0; i < LANES; i++) {
        float *to = gradient + ((f + i) * s->channels + c) * 9;
        for (int tap = 0; tap < 9; tap++) to[tap] = lanes[tap][i];
      }
    }
}

intptr_t kernel_winograd_points(intptr_t channels, intptr_t filters) {
  return POINTS * spaced(channels, filters);
}

intptr_t kernel_winograd_scratch(intptr_t channels, intptr_t filters, bool gradient) {
  const intptr_t block = tiles_of_block(channels, filters);
  return POINTS * (spaced(block, channels) + spaced(block, filters) +
                   (gradient ? spaced(channels, filters) : 0));
}

void kernel_winograd_weights(const float *weights, float *points, intptr_t channels, intptr_t filters,
                             bool turned, intptr_t first, intptr_t count) {
  weights_to_points(weights, points, channels, filters, turned ? 9 : 9 * channels, turned ? 9 * filters : 9,
                    turned, first, count);
}

void kernel_winograd(const struct kernel_tiles *sizes, const float *x, const float *points, float *y,
                     intptr_t images, float *scratch) {
  convolve(sizes, x, points, y, images, scratch);
}

void kernel_winograd_gradient(const struct kernel_tiles *sizes, const float *x, const float *gy,
                              float *gradient, intptr_t images, float *scratch) {
  weight_gradient(sizes, x, gy, gradient, images, scratch);
}
