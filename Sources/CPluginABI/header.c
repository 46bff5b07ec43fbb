// The header itself as text, so that the program can hand it to whoever begins a plugin.
#include "plugin_header.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const char text[] = {
#embed "include/nngraph_plugin.h"
    , 0};

const char *nngraph_plugin_header(void) { return text; }
