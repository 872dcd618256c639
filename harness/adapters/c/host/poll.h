/* wasi:io/poll@0.2.4: things that are waited for. The functions that guests call are in wasi_hw_io.h. */

#ifndef WASI_HW_POLL_H
#define WASI_HW_POLL_H

#include "host.h"

struct pollable;

/* What a pollable has to wait for on the seam before it can become ready. */
enum pollable_wants { POLLABLE_LINE_EVENT, POLLABLE_LINE_SETTLED };

/* What stands behind a pollable. */
struct pollable_source {
    /* Whether it has happened. Never blocks. An error to come counts as ready. */
    bool (*is_ready)(struct host *host, struct pollable *pollable);
    /* Only asked of one that is not ready. `*handle` is of the seam. */
    enum pollable_wants (*wants)(const struct pollable *pollable, uint32_t *handle);
    /* The guest does not want to know any more. Frees the pollable. */
    void (*drop)(struct host *host, struct pollable *pollable);
};

/* The first member of everything that is a pollable. */
struct pollable {
    struct resource resource;
    const struct pollable_source *source;
};

extern const struct resource_type pollable_type;

#endif
