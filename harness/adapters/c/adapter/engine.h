/* What the adapter needs of an engine. One engine is linked into each adapter: ../../wamr/engine.c,
 * ../../wasm2c/engine.c. */

#ifndef WASI_HW_ENGINE_H
#define WASI_HW_ENGINE_H

#include "../host/imports.h"
#include "../host/settings.h"

/* What the adapter calls itself, and the version of the engine. */
extern const char *const engine_name;
extern const char *const engine_version;

/* Everything that a guest can import; `engine_imports_count` tables. */
extern const struct guest_imports *const engine_imports[];
extern const size_t engine_imports_count;

/* What limits the hosts have, where a run does not say otherwise. */
extern const struct host_limits host_limits;

/* The packages and features of `started`, and what is lacking, as members of its object; at most 190 characters. */
extern const char *const engine_offers;

/* Called once, before anything else. Ends the process if the engine does not start. */
void engine_begin(void);

/* A guest's code, which any number of instances share. */
struct engine_module;

/* Where something went wrong before the guest ran: the import that the host lacks, where it is known, and why. */
struct engine_failure {
    char item[200];
    char why[200];
};

/* What a run says of the component. */
struct engine_component {
    const char *path;
    const char *sha256;
};

/* The module of a component, made when it is first asked for and kept for the life of the process. NULL: it cannot be
 * had, or imports what the host does not have. Called by the main thread only. */
struct engine_module *engine_load(const struct engine_component *component, struct engine_failure *failure);

struct engine_limits {
    uint64_t fuel;   /* instructions, roughly */
    uint64_t memory; /* bytes */
};

/* Makes an instance for `guest`, in the thread that will run it; sets guest->engine and guest->instance. False: it
 * cannot be made. */
bool engine_instantiate(struct engine_module *module, const struct engine_limits *limits, struct guest *guest,
                        struct engine_failure *failure);

/* How a call ended. The reason of a trap is in guest->why. */
enum engine_end { ENGINE_RETURNED, ENGINE_TRAPPED, ENGINE_OUT_OF_FUEL };

/* Calls the export `run` with the address and length of a string; `*ret` is the address of its result. */
enum engine_end engine_run(struct guest *guest, uint32_t at, uint32_t length, uint32_t *ret);

/* Calls the export `cabi_post_run`, with which the guest frees the result. */
enum engine_end engine_post_run(struct guest *guest, uint32_t ret);

/* Ends an instance. */
void engine_drop(struct guest *guest);

/* The core module in a file that is one, or is a component with one in it. */
bool engine_find_core(const uint8_t *file, size_t length, const uint8_t **core, size_t *core_length);

#endif
