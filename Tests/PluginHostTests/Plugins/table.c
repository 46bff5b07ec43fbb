/* A plugin whose table can be made wrong in each of the ways that a host has to notice. */
#include "nngraph_plugin.h"

#ifndef MAJOR
#define MAJOR NNGRAPH_INTERFACE_MAJOR
#endif
#ifndef MINOR
#define MINOR NNGRAPH_INTERFACE_MINOR
#endif
#ifndef NEEDS
#define NEEDS 0
#endif
#ifndef POINTER
#define POINTER sizeof(void *)
#endif
#ifndef NAME
#define NAME "table"
#endif
#ifndef VERSION
#define VERSION "1.0.0"
#endif
#ifndef SUMMARY
#define SUMMARY "A plugin for tests."
#endif
#ifndef SIZE
#define SIZE sizeof(nngraph_plugin)
#endif
#ifndef FUNCTION
#define FUNCTION nngraph_plugin_v1
#endif

/* What stands behind the table belongs to a newer interface. */
static const struct {
  nngraph_plugin table;
  uint64_t newer[4];
} answer = {
    .table =
        {
            .size = SIZE,
            .major = MAJOR,
            .minor = MINOR,
            .needs_minor = NEEDS,
            .pointer_size = POINTER,
            .name = NAME,
            .version = VERSION,
            .summary = SUMMARY,
#ifdef TAIL
            .metric_count = 1000,
            .metrics = (const nngraph_metric *const *)8,
#endif
        },
    .newer = {~(uint64_t)0, ~(uint64_t)0, ~(uint64_t)0, ~(uint64_t)0},
};

__attribute__((visibility("default"))) const nngraph_plugin *FUNCTION(void) {
  const nngraph_plugin *table = &answer.table;
#ifdef NO_TABLE
  table = 0;
#endif
  return table;
}

/* Tells the copies of this library apart. */
#ifndef LETTER
#define LETTER 'a'
#endif
__attribute__((visibility("default"))) char letter(void);
char letter(void) { return LETTER; }
