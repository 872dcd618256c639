/* WAMR as an engine of the adapter: what those share that load modules (modules.c) and that run them (engine.c). */

#ifndef WASI_HW_WAMR_H
#define WASI_HW_WAMR_H

#include "../c/adapter/engine.h"
#include "wasm_export.h"

/* Bytes of what an error of WAMR's says. */
#define WAMR_WHY 128

struct engine_module {
    wasm_module_t module;
};

/* Whether a host has every import of a module; otherwise the first that none has. */
bool wamr_is_linked(wasm_module_t module, struct engine_failure *failure);

#endif
