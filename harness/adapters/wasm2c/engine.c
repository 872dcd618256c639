/* No engine: guests as C that wasm2c has made of them, compiled into the adapter. */

#include "../c/adapter/engine.h"
#include "../c/adapter/exchange.h"
#include "guests.h"
#include "wasm-rt-impl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAGE 65536

const char *const engine_name = "wasm2c";
const char *const engine_version = "wabt." WABT_VERSION;

void engine_begin(void)
{
    wasm_rt_init();
}

void guests_call(const struct guest_import *import, struct guest *guest, union guest_value *values)
{
    guest_import_invoke(import, guest, values);
    /* The host's frames are gone: only those of the guest are jumped over. */
    if (guest->trapped)
        wasm_rt_trap(WASM_RT_TRAP_UNREACHABLE);
}

struct engine_module *engine_load(const struct engine_component *component, struct engine_failure *failure)
{
    const char *name = strrchr(component->path, '/');
    name = name == NULL ? component->path : name + 1;
    for (size_t n = 0; n < guests_count; n++)
        if (strcmp(guests[n].sha256, component->sha256) == 0)
            return (struct engine_module *)(uintptr_t)&guests[n];
    snprintf(failure->why, sizeof failure->why,
             "%.100s is not one of the components that were compiled in; build the adapter again", name);
    return NULL;
}

/* A call into the guest. */
struct call {
    const struct engine_module *module;
    void *instance;
    enum { INSTANTIATE, RUN, POST_RUN, REALLOC } function;
    uint32_t values[4];
    uint32_t result;
};

/* One instance. */
struct instance {
    const struct engine_module *module;
    void *instance;
};

static void make(struct guest *guest, struct call *call)
{
    const struct engine_module *module = call->module;
    const uint32_t *values = call->values;
    switch (call->function) {
    case INSTANTIATE:
        module->instantiate(call->instance, guest);
        break;
    case RUN:
        call->result = module->run(call->instance, values[0], values[1]);
        break;
    case POST_RUN:
        module->post_run(call->instance, values[0]);
        break;
    case REALLOC:
        call->result = module->realloc(call->instance, values[0], values[1], values[2], values[3]);
        break;
    }
}

/* Makes a call, and gets back what a trap jumps over. Calls nest, because an import calls `cabi_realloc`: where the
 * outer one's traps go to is kept meanwhile. */
static bool enter(struct guest *guest, struct call *call)
{
    wasm_rt_jmp_buf outer = g_wasm_rt_jmp_buf;
    uint32_t depth = wasm_rt_saved_call_stack_depth;
    wasm_rt_trap_t trap = (wasm_rt_trap_t)wasm_rt_impl_try();
    if (trap == WASM_RT_TRAP_NONE)
        make(guest, call);
    g_wasm_rt_jmp_buf = outer;
    wasm_rt_saved_call_stack_depth = depth;
    if (trap != WASM_RT_TRAP_NONE)
        guest_trap(guest, "%s", wasm_rt_strerror(trap));
    return trap == WASM_RT_TRAP_NONE;
}

static uint8_t *memory(struct guest *guest, uint64_t *bytes)
{
    struct instance *made = guest->instance;
    wasm_rt_memory_t *memory = made->module->memory(made->instance);
    *bytes = memory->size;
    return memory->data;
}

static bool allocate(struct guest *guest, uint32_t align, uint32_t bytes, uint32_t *address)
{
    struct instance *made = guest->instance;
    struct call call = { made->module, made->instance, REALLOC, { 0, 0, align, bytes }, 0 };
    bool is_done = enter(guest, &call);
    *address = call.result;
    return is_done;
}

static const struct guest_engine engine = { memory, allocate };

bool engine_instantiate(struct engine_module *module, const struct engine_limits *limits, struct guest *guest,
                        struct engine_failure *failure)
{
    struct instance *made = calloc(1, sizeof *made);
    void *instance = calloc(1, module->size);
    if (made == NULL || instance == NULL)
        exchange_fail("out of memory for an instance");
    *made = (struct instance){ module, instance };
    guest->instance = made;
    guest->engine = &engine;
    wasm_rt_init_thread();
    struct call call = { .module = module, .instance = instance, .function = INSTANTIATE };
    if (!enter(guest, &call)) {
        snprintf(failure->why, sizeof failure->why, "%s", guest->why);
        engine_drop(guest);
        return false;
    }
    /* Nobody counts instructions: a guest that loops ends with its process, by the harness's watchdog. */
    wasm_rt_memory_t *memory = module->memory(instance);
    uint64_t most = limits->memory / PAGE;
    if (memory->max_pages > most)
        memory->max_pages = most > memory->pages ? most : memory->pages;
    return true;
}

enum engine_end engine_run(struct guest *guest, uint32_t at, uint32_t length, uint32_t *ret)
{
    struct instance *made = guest->instance;
    struct call call = { made->module, made->instance, RUN, { at, length }, 0 };
    bool is_done = enter(guest, &call);
    *ret = call.result;
    return is_done ? ENGINE_RETURNED : ENGINE_TRAPPED;
}

enum engine_end engine_post_run(struct guest *guest, uint32_t ret)
{
    struct instance *made = guest->instance;
    struct call call = { made->module, made->instance, POST_RUN, { ret }, 0 };
    return enter(guest, &call) ? ENGINE_RETURNED : ENGINE_TRAPPED;
}

void engine_drop(struct guest *guest)
{
    struct instance *made = guest->instance;
    made->module->free(made->instance);
    free(made->instance);
    free(made);
    guest->instance = NULL;
    wasm_rt_free_thread();
}
