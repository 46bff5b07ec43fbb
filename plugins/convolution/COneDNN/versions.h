// What differs between oneDNN 2.x and 3.x: how a layout is made, and how a convolution is described.
#ifndef VERSIONS_H
#define VERSIONS_H

#include <dnnl.h>
#include <stdbool.h>
#include <stdlib.h>

#include "convolution.h"

// The numbers of one convolution as oneDNN takes them.
struct description {
  dnnl_dims_t stride, dilation, begin, end;
};

#if DNNL_VERSION_MAJOR >= 3

typedef const_dnnl_memory_desc_t layout;

static inline layout make_layout(int rank, const dnnl_dims_t sizes, dnnl_format_tag_t tag) {
  dnnl_memory_desc_t made = NULL;
  return dnnl_memory_desc_create_with_tag(&made, rank, sizes, dnnl_f32, tag) == dnnl_success ? made : NULL;
}

static inline void free_layout(layout made) {
  if (made) dnnl_memory_desc_destroy((dnnl_memory_desc_t)made);
}

static inline dnnl_status_t describe(dnnl_primitive_desc_t *made, enum convolution_result result,
                                     bool training, const struct description *d, layout image,
                                     layout weights, layout map, const_dnnl_primitive_desc_t forward,
                                     dnnl_primitive_attr_t attributes, dnnl_engine_t engine) {
  const dnnl_alg_kind_t direct = dnnl_convolution_direct;
  switch (result) {
    case convolution_map:
      return dnnl_convolution_forward_primitive_desc_create(
          made, engine, training ? dnnl_forward_training : dnnl_forward_inference, direct, image, weights,
          NULL, map, d->stride, d->dilation, d->begin, d->end, attributes);
    case convolution_image:
      return dnnl_convolution_backward_data_primitive_desc_create(made, engine, direct, image, weights, map,
                                                                  d->stride, d->dilation, d->begin, d->end,
                                                                  forward, attributes);
    case convolution_weights:
      return dnnl_convolution_backward_weights_primitive_desc_create(
          made, engine, direct, image, weights, NULL, map, d->stride, d->dilation, d->begin, d->end, forward,
          attributes);
  }
  return dnnl_invalid_arguments;
}

#else

typedef const dnnl_memory_desc_t *layout;

static inline layout make_layout(int rank, const dnnl_dims_t sizes, dnnl_format_tag_t tag) {
  dnnl_memory_desc_t *made = malloc(sizeof *made);
  if (made && dnnl_memory_desc_init_by_tag(made, rank, sizes, dnnl_f32, tag) != dnnl_success) {
    free(made);
    return NULL;
  }
  return made;
}

static inline void free_layout(layout made) { free((void *)made); }

static inline dnnl_status_t describe(dnnl_primitive_desc_t *made, enum convolution_result result,
                                     bool training, const struct description *d, layout image,
                                     layout weights, layout map, const_dnnl_primitive_desc_t forward,
                                     dnnl_primitive_attr_t attributes, dnnl_engine_t engine) {
  const dnnl_alg_kind_t direct = dnnl_convolution_direct;
  dnnl_convolution_desc_t operation;
  dnnl_status_t status = dnnl_invalid_arguments;
  switch (result) {
    case convolution_map:
      status = dnnl_dilated_convolution_forward_desc_init(
          &operation, training ? dnnl_forward_training : dnnl_forward_inference, direct, image, weights, NULL,
          map, d->stride, d->dilation, d->begin, d->end);
      break;
    case convolution_image:
      status = dnnl_dilated_convolution_backward_data_desc_init(
          &operation, direct, image, weights, map, d->stride, d->dilation, d->begin, d->end);
      break;
    case convolution_weights:
      status = dnnl_dilated_convolution_backward_weights_desc_init(
          &operation, direct, image, weights, NULL, map, d->stride, d->dilation, d->begin, d->end);
      break;
  }
  if (status != dnnl_success) return status;
  return dnnl_primitive_desc_create(made, &operation, attributes, engine, forward);
}

#endif
#endif
