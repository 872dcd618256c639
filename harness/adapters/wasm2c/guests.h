/* The guests that are compiled in: wasm2c has made C of each, and guests.c, which tools/glue.c writes, the table. */

#ifndef WASI_HW_WASM2C_GUESTS_H
#define WASI_HW_WASM2C_GUESTS_H

#include "../c/host/imports.h"
#include "wasm-rt.h"

struct engine_module {
    const char *name;
    /* Of the component's file, when it was compiled. */
    const char *sha256;
    /* The size of what wasm2c calls an instance. */
    size_t size;
    /* The functions that wasm2c has made for it. `guest` is handed to each import. */
    void (*instantiate)(void *instance, struct guest *guest);
    void (*free)(void *instance);
    wasm_rt_memory_t *(*memory)(void *instance);
    uint32_t (*run)(void *instance, uint32_t at, uint32_t length);
    void (*post_run)(void *instance, uint32_t ret);
    uint32_t (*realloc)(void *instance, uint32_t old, uint32_t old_bytes, uint32_t align, uint32_t bytes);
};

extern const struct engine_module guests[];
extern const size_t guests_count;

/* What each import of the guests does: calls the host, and ends the guest if that was a trap. */
void guests_call(const struct guest_import *import, struct guest *guest, union guest_value *values);

#endif
