// Convolutions in 32 bits by oneDNN: steps on the calling thread alone, on memory that the caller owns.
//
// A convolution relates an image [images, image_channels, height, width] and a map [images, map_channels,
// height, width] by weights [map_channels, image_channels / groups, height, width]. A step computes one of
// the three from the other two; so it serves the transposed convolution, too.
#ifndef CONVOLUTION_H
#define CONVOLUTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct convolution_sizes {
  int64_t images, image_channels, map_channels, groups;
  // Of every pair the first is of the height, the second of the width.
  int64_t image[2], map[2], kernel[2], stride[2], dilation[2];
  // The padding before the image; what stands behind it follows from the sizes.
  int64_t begin[2];
  // Whether image and map are [images, height, width, channels].
  bool channels_last;
};

enum convolution_result {
  convolution_map,      // the map from image and weights
  convolution_image,    // the image from map and weights: a gradient, or a transposed convolution
  convolution_weights,  // the gradient of the weights from image and map
};

struct convolution_step;

// Makes a step; NULL where oneDNN has none of its own for such sizes, or there is no memory.
struct convolution_step *convolution_make(enum convolution_result result,
                                          const struct convolution_sizes *sizes, bool training);
void convolution_free(struct convolution_step *step);

// The memory that each run needs, in bytes: for tensors in oneDNN's own order, and for itself.
size_t convolution_scratch_size(const struct convolution_step *step);
size_t convolution_own_size(const struct convolution_step *step);

// The memory of the weights in oneDNN's own order; 0 where that is the plain order, or they are the result.
size_t convolution_weight_size(const struct convolution_step *step);

// Writes plain weights in the order of this step, and of every other that was made for the same sizes.
bool convolution_arrange(struct convolution_step *step, const float *weights, float *arranged, void *own);

// Computes the result, which is written; `weights` are arranged where `convolution_weight_size` is not 0.
// With `shares`, the input of `convolution_shares` stands in the scratch as the first step left it.
// Steps may run at the same time; one step may not.
bool convolution_run(struct convolution_step *step, float *image, float *map, float *weights, void *scratch,
                     void *own, bool shares);

// Whether the second step finds its input that is not the weights, in its own order, in the scratch of a step
// for the weights that ran before it on the same tensors.
bool convolution_shares(const struct convolution_step *first, const struct convolution_step *second);

#endif
