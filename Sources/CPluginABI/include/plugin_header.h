// The text of nngraph_plugin.h.
#ifndef PLUGIN_HEADER_H
#define PLUGIN_HEADER_H

const char *nngraph_plugin_header(void);

#endif
