/* The `host` of a run, as settings of the hosts. */

#ifndef WASI_HW_ADAPTER_SETTINGS_H
#define WASI_HW_ADAPTER_SETTINGS_H

#include "../host/settings.h"
#include "json.h"

struct run_settings {
    struct host_settings host;
    /* What the settings point to, one piece of memory behind the other. */
    struct kept *kept;
};

/* False, with the reason: the harness says something that this adapter cannot read. A setting that is not known is
 * passed over: later versions of the protocol may add some. */
bool settings_read(struct run_settings *settings, struct json host, const char **why);

void settings_free(struct run_settings *settings);

#endif
