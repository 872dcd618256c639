/* wasm3 as the adapter's engine. A module belongs to its instance there, so each instance parses it again. */

#include "../c/adapter/exchange.h"
#include "../c/adapter/file.h"
#include "m3_env.h"
#include "wasm3.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const engine_name = "wasm3";
const char *const engine_version = "wasm3." M3_VERSION;

/* Bytes of the stack of a guest's calls. */
#define STACK (256 * 1024)

struct engine_module {
    const struct engine_file *file;
};

/* One instance. */
struct instance {
    IM3Environment environment;
    IM3Runtime runtime;
    IM3Function run, post_run, realloc;
};

void engine_begin(void)
{
}

/* --- The hosts as raw functions ------------------------------------------------------------------------------ */

/* Every import of every host comes here. wasm3 hands over places of 64 bits: one for the result, if there is one, and
 * then the arguments. What was linked with the function tells which it is. */
static const void *call_host(IM3Runtime runtime, IM3ImportContext context, uint64_t *places, void *memory)
{
    const struct guest_import *import = context->userdata;
    struct guest *guest = m3_GetUserData(runtime);
    size_t count = guest_import_parameters(import);
    union guest_value values[GUEST_MOST_PARAMETERS];
    (void)memory;
    memcpy(values, places + guest_import_has_result(import), count * sizeof *values);
    guest_import_invoke(import, guest, values);
    if (guest->trapped)
        return m3Err_trapAbort; /* why stands in the guest */
    if (guest_import_has_result(import))
        memcpy(places, values, sizeof *values);
    return m3Err_none;
}

/* `i(iI)`: wasm3 has the result first. */
static void signature(const struct guest_import *import, char *to, size_t room)
{
    size_t count = guest_import_parameters(import);
    const char *result = import->signature + count + 2;
    snprintf(to, room, "%s(%.*s)", *result == '\0' ? "v" : result, (int)count, import->signature + 1);
}

/* Links all that the module imports; false: the first that no host has. */
static bool link_hosts(IM3Module module, struct engine_failure *failure)
{
    for (size_t table = 0; table < engine_imports_count; table++) {
        for (size_t n = 0; n < engine_imports[table]->count; n++) {
            const struct guest_import *import = &engine_imports[table]->all[n];
            char types[GUEST_MOST_PARAMETERS + 4];
            signature(import, types, sizeof types);
            /* An error is that the guest does not import it, or with other types: then it stays without code. */
            m3_LinkRawFunctionEx(module, import->module, import->name, types, call_host, import);
        }
    }
    for (u32 n = 0; n < module->numFunctions; n++) {
        const struct M3Function *function = &module->functions[n];
        if (function->import.moduleUtf8 == NULL || function->compiled != NULL)
            continue;
        snprintf(failure->item, sizeof failure->item, "%s#%s", function->import.moduleUtf8,
                 function->import.fieldUtf8);
        snprintf(failure->why, sizeof failure->why, "the host does not have it, or with another signature");
        return false;
    }
    return true;
}

/* --- Modules and instances ------------------------------------------------------------------------------------ */

static void end(struct instance *made)
{
    if (made->runtime != NULL)
        m3_FreeRuntime(made->runtime);
    if (made->environment != NULL)
        m3_FreeEnvironment(made->environment);
    free(made);
}

/* An export of this type: parameters and results of i32. */
static IM3Function find(IM3Runtime runtime, const char *name, uint32_t parameters, uint32_t results,
                        struct engine_failure *failure)
{
    IM3Function function;
    bool fits = m3_FindFunction(&function, runtime, name) == m3Err_none &&
                m3_GetArgCount(function) == parameters && m3_GetRetCount(function) == results;
    for (uint32_t n = 0; fits && n < parameters; n++)
        fits = m3_GetArgType(function, n) == c_m3Type_i32;
    if (fits && (results == 0 || m3_GetRetType(function, 0) == c_m3Type_i32))
        return function;
    snprintf(failure->item, sizeof failure->item, "%s", name);
    snprintf(failure->why, sizeof failure->why, "the guest does not export it, or with another signature");
    return NULL;
}

/* NULL: it cannot be made. */
static struct instance *make(const struct engine_file *file, struct guest *guest, struct engine_failure *failure)
{
    struct instance *made = calloc(1, sizeof *made);
    IM3Module module = NULL;
    if (made == NULL || (made->environment = m3_NewEnvironment()) == NULL ||
        (made->runtime = m3_NewRuntime(made->environment, STACK, guest)) == NULL)
        exchange_fail("out of memory for an instance");
    M3Result error = m3_ParseModule(made->environment, &module, file->core, file->core_length);
    if (error == m3Err_none && (error = m3_LoadModule(made->runtime, module)) != m3Err_none)
        m3_FreeModule(module);
    if (error != m3Err_none) {
        snprintf(failure->why, sizeof failure->why, "%s", error);
    } else if (link_hosts(module, failure) &&
               (made->run = find(made->runtime, "run", 2, 1, failure)) != NULL &&
               (made->post_run = find(made->runtime, "cabi_post_run", 1, 0, failure)) != NULL &&
               (made->realloc = find(made->runtime, "cabi_realloc", 4, 1, failure)) != NULL) {
        return made;
    }
    end(made);
    return NULL;
}

/* Whether an instance can be made is tried once. */
static void try_file(struct engine_file *file)
{
    struct instance *made = make(file, NULL, &file->failure);
    if (made == NULL)
        return;
    end(made);
    file->module = calloc(1, sizeof *file->module);
    if (file->module == NULL)
        exchange_fail("out of memory for a module");
    file->module->file = file;
}

struct engine_module *engine_load(const struct engine_component *component, struct engine_failure *failure)
{
    struct engine_file *file = engine_file(component, try_file);
    *failure = file->failure;
    return file->module;
}

static uint8_t *memory(struct guest *guest, uint64_t *bytes)
{
    struct instance *made = guest->instance;
    uint32_t size = 0;
    uint8_t *at = m3_GetMemory(made->runtime, &size, 0);
    *bytes = size;
    return at;
}

/* Calls a function of the guest. */
static bool call(struct guest *guest, IM3Function function, uint32_t count, const uint32_t *values, uint32_t *result)
{
    const void *places[4];
    for (uint32_t n = 0; n < count; n++)
        places[n] = &values[n];
    M3Result error = m3_Call(function, count, places);
    if (error == m3Err_none && result != NULL) {
        const void *place = result;
        error = m3_GetResults(function, 1, &place);
    }
    if (error != m3Err_none)
        guest_trap(guest, "%s", error);
    return error == m3Err_none;
}

static bool allocate(struct guest *guest, uint32_t align, uint32_t bytes, uint32_t *address)
{
    struct instance *made = guest->instance;
    return call(guest, made->realloc, 4, (const uint32_t[]){ 0, 0, align, bytes }, address);
}

static const struct guest_engine engine = { memory, allocate };

bool engine_instantiate(struct engine_module *module, const struct engine_limits *limits, struct guest *guest,
                        struct engine_failure *failure)
{
    struct instance *made = make(module->file, guest, failure);
    if (made == NULL)
        return false;
    /* Nobody counts instructions: a guest that loops ends with its process, by the harness's watchdog. */
    M3Memory *memory = &made->runtime->memory;
    uint64_t most = limits->memory / d_m3MemPageSize;
    if (memory->maxPages > most)
        memory->maxPages = most > memory->numPages ? (u32)most : memory->numPages;
    guest->instance = made;
    guest->engine = &engine;
    return true;
}

enum engine_end engine_run(struct guest *guest, uint32_t at, uint32_t length, uint32_t *ret)
{
    struct instance *made = guest->instance;
    bool is_done = call(guest, made->run, 2, (const uint32_t[]){ at, length }, ret);
    return is_done ? ENGINE_RETURNED : ENGINE_TRAPPED;
}

enum engine_end engine_post_run(struct guest *guest, uint32_t ret)
{
    struct instance *made = guest->instance;
    return call(guest, made->post_run, 1, &ret, NULL) ? ENGINE_RETURNED : ENGINE_TRAPPED;
}

void engine_drop(struct guest *guest)
{
    end(guest->instance);
    guest->instance = NULL;
}
