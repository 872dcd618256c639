/* The files of components, for an engine that loads what a run names. */

#ifndef WASI_HW_FILE_H
#define WASI_HW_FILE_H

#include "engine.h"

/* A component, for the life of the process. */
struct engine_file {
    struct engine_file *next;
    char *sha256;
    uint8_t *bytes;
    /* The core module in them. Nobody else reads it, so an engine may write to it. */
    uint8_t *core;
    uint32_t core_length;
    /* Why it cannot be run; no reason: it can. */
    struct engine_failure failure;
    /* What the engine has made of it. */
    struct engine_module *module;
};

/* The file of a component, read when it is first asked for. If there is a core module in it, `make` then sets `module`, or
 * `failure`. */
struct engine_file *engine_file(const struct engine_component *component, void (*make)(struct engine_file *file));

#endif
