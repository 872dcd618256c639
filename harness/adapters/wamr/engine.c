/* WAMR as the adapter's engine: instances, and the natives that call the hosts. */

#include "wamr.h"

#include "../c/adapter/exchange.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const engine_version = "wamr." WAMR_VERSION "." WAMR_INTERPRETER;

/* Bytes of the stack of a guest's calls. */
#ifndef WAMR_STACK
#define WAMR_STACK (256 * 1024)
#endif

#define PAGE 65536

/* One instance. */
struct instance {
    wasm_module_inst_t instance;
    wasm_exec_env_t env;
    wasm_function_inst_t run, post_run, realloc;
};

/* --- The hosts as natives ----------------------------------------------------------------------------------- */

/* Every import of every host comes here: WAMR hands over the arguments, a place of 64 bits each, and what was
 * attached to the native tells which it is. */
static void call_host(wasm_exec_env_t env, uint64_t *places)
{
    const struct guest_import *import = wasm_runtime_get_function_attachment(env);
    struct guest *guest = wasm_runtime_get_user_data(env);
    size_t count = guest_import_parameters(import);
    union guest_value values[GUEST_MOST_PARAMETERS];
    memcpy(values, places, count * sizeof *values);
    guest_import_invoke(import, guest, values);
    if (guest->trapped)
        wasm_runtime_set_exception(wasm_runtime_get_module_inst(env), guest->why);
    else if (guest_import_has_result(import))
        memcpy(places, values, sizeof *values);
}

/* Registers all imports. WAMR keeps the arrays, one for each name of a module. */
static void register_hosts(const struct guest_imports *imports)
{
    for (size_t from = 0, to; from < imports->count; from = to) {
        const char *module = imports->all[from].module;
        for (to = from; to < imports->count && strcmp(imports->all[to].module, module) == 0;)
            to++;
        NativeSymbol *natives = calloc(to - from, sizeof *natives);
        if (natives == NULL)
            exchange_fail("out of memory for the natives of %s", module);
        for (size_t n = from; n < to; n++) {
            const struct guest_import *import = &imports->all[n];
            natives[n - from] = (NativeSymbol){
                .symbol = import->name,
                .func_ptr = (void *)(uintptr_t)call_host,
                .signature = import->signature,
                .attachment = (void *)(uintptr_t)import,
            };
        }
        if (!wasm_runtime_register_natives_raw(module, natives, (uint32_t)(to - from)))
            exchange_fail("the natives of %s cannot be registered", module);
    }
}

void engine_begin(void)
{
    RuntimeInitArgs arguments = { .mem_alloc_type = Alloc_With_System_Allocator };
    if (!wasm_runtime_full_init(&arguments))
        exchange_fail("WAMR does not start");
    wasm_runtime_set_log_level(WASM_LOG_LEVEL_FATAL);
    for (size_t n = 0; n < engine_imports_count; n++)
        register_hosts(engine_imports[n]);
}

/* --- Modules ------------------------------------------------------------------------------------------------ */

/* A missing import is a warning to WAMR, and traps when it is called. Here it is what the guest does not link for. */
bool wamr_is_linked(wasm_module_t module, struct engine_failure *failure)
{
    int32_t count = wasm_runtime_get_import_count(module);
    for (int32_t n = 0; n < count; n++) {
        wasm_import_t import;
        wasm_runtime_get_import_type(module, n, &import);
        if (import.kind == WASM_IMPORT_EXPORT_KIND_FUNC && import.linked)
            continue;
        snprintf(failure->item, sizeof failure->item, "%s#%s", import.module_name, import.name);
        snprintf(failure->why, sizeof failure->why, "the host does not have it, or with another signature");
        return false;
    }
    return true;
}

/* --- Instances ---------------------------------------------------------------------------------------------- */

static uint8_t *memory(struct guest *guest, uint64_t *bytes)
{
    struct instance *made = guest->instance;
    wasm_memory_inst_t memory = wasm_runtime_get_default_memory(made->instance);
    *bytes = 0;
    if (memory == NULL)
        return NULL;
    *bytes = wasm_memory_get_cur_page_count(memory) * wasm_memory_get_bytes_per_page(memory);
    return wasm_memory_get_base_address(memory);
}

/* Calls a function of the guest. */
static bool call(struct guest *guest, wasm_function_inst_t function, uint32_t count, uint32_t *values)
{
    struct instance *made = guest->instance;
    if (wasm_runtime_call_wasm(made->env, function, count, values))
        return true;
    const char *why = wasm_runtime_get_exception(made->instance);
    guest_trap(guest, "%s", why == NULL ? "the guest trapped" : why);
    return false;
}

static bool allocate(struct guest *guest, uint32_t align, uint32_t bytes, uint32_t *address)
{
    struct instance *made = guest->instance;
    uint32_t values[4] = { 0, 0, align, bytes };
    if (!call(guest, made->realloc, 4, values))
        return false;
    *address = values[0];
    return true;
}

static const struct guest_engine engine = { memory, allocate };

/* An export of this type: parameters and results of i32. */
static wasm_function_inst_t find(struct instance *made, const char *name, uint32_t parameters, uint32_t results,
                                 struct engine_failure *failure)
{
    wasm_function_inst_t function = wasm_runtime_lookup_function(made->instance, name);
    wasm_valkind_t kinds[4] = { 0 };
    bool fits = function != NULL && wasm_func_get_param_count(function, made->instance) == parameters &&
                wasm_func_get_result_count(function, made->instance) == results;
    if (fits) {
        wasm_func_get_param_types(function, made->instance, kinds);
        for (uint32_t n = 0; n < parameters; n++)
            fits = fits && kinds[n] == WASM_I32;
    }
    if (fits)
        return function;
    snprintf(failure->item, sizeof failure->item, "%s", name);
    snprintf(failure->why, sizeof failure->why, "the guest does not export it, or with another signature");
    return NULL;
}

bool engine_instantiate(struct engine_module *module, const struct engine_limits *limits, struct guest *guest,
                        struct engine_failure *failure)
{
    char why[WAMR_WHY] = "";
    struct instance *made = calloc(1, sizeof *made);
    if (made == NULL || !wasm_runtime_init_thread_env())
        exchange_fail("out of memory for an instance");
    guest->instance = made;
    guest->engine = &engine;
    uint64_t pages = limits->memory / PAGE;
    InstantiationArgs arguments = {
        .default_stack_size = WAMR_STACK,
        .max_memory_pages = pages < UINT16_MAX ? (uint32_t)pages : UINT16_MAX,
    };
    made->instance = wasm_runtime_instantiate_ex(module->module, &arguments, why, sizeof why);
    if (made->instance != NULL)
        made->env = wasm_runtime_create_exec_env(made->instance, WAMR_STACK);
    if (made->env != NULL) {
        wasm_runtime_set_user_data(made->env, guest);
        /* WAMR counts in an int, and anew for each call from outside. */
        wasm_runtime_set_instruction_count_limit(made->env, limits->fuel < INT32_MAX ? (int)limits->fuel : INT32_MAX);
        made->run = find(made, "run", 2, 1, failure);
        made->post_run = find(made, "cabi_post_run", 1, 0, failure);
        made->realloc = find(made, "cabi_realloc", 4, 1, failure);
        if (made->run != NULL && made->post_run != NULL && made->realloc != NULL)
            return true;
    } else {
        snprintf(failure->why, sizeof failure->why, "%s", why[0] == '\0' ? "out of memory" : why);
    }
    engine_drop(guest);
    return false;
}

/* A call from outside, and what it ended with. */
static enum engine_end enter(struct guest *guest, wasm_function_inst_t function, uint32_t count, uint32_t *values)
{
    if (call(guest, function, count, values))
        return ENGINE_RETURNED;
    /* The only way in which WAMR tells this. */
    return strstr(guest->why, "instruction limit exceeded") != NULL ? ENGINE_OUT_OF_FUEL : ENGINE_TRAPPED;
}

enum engine_end engine_run(struct guest *guest, uint32_t at, uint32_t length, uint32_t *ret)
{
    struct instance *made = guest->instance;
    uint32_t values[2] = { at, length };
    enum engine_end end = enter(guest, made->run, 2, values);
    *ret = values[0];
    return end;
}

enum engine_end engine_post_run(struct guest *guest, uint32_t ret)
{
    struct instance *made = guest->instance;
    return enter(guest, made->post_run, 1, &ret);
}

void engine_drop(struct guest *guest)
{
    struct instance *made = guest->instance;
    if (made->env != NULL)
        wasm_runtime_destroy_exec_env(made->env);
    if (made->instance != NULL)
        wasm_runtime_deinstantiate(made->instance);
    free(made);
    guest->instance = NULL;
    wasm_runtime_destroy_thread_env();
}
