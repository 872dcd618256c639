/* Modules, read from files, on WAMR. */

#include "../c/adapter/exchange.h"
#include "wamr.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const engine_name = "wamr";

struct loaded {
    struct engine_module module;
    struct loaded *next;
    char *sha256;
    /* What the module was loaded from: it points into it. */
    uint8_t *file;
    /* The first import that no host has, where there is one. */
    struct engine_failure failure;
};

static uint8_t *read_file(const char *path, size_t *length)
{
    FILE *file = fopen(path, "rb");
    long end = -1;
    uint8_t *bytes = NULL;
    if (file != NULL && fseek(file, 0, SEEK_END) == 0)
        end = ftell(file);
    if (end >= 0 && fseek(file, 0, SEEK_SET) == 0)
        bytes = malloc((size_t)end + 1);
    if (bytes != NULL && fread(bytes, 1, (size_t)end, file) != (size_t)end) {
        free(bytes);
        bytes = NULL;
    }
    if (file != NULL)
        fclose(file);
    *length = bytes == NULL ? 0 : (size_t)end;
    return bytes;
}

/* Fills in the module, or its failure. */
static void load(struct loaded *made, const char *path)
{
    const uint8_t *core;
    size_t length, core_length;
    char why[WAMR_WHY] = "";
    made->file = read_file(path, &length);
    if (made->file == NULL) {
        snprintf(made->failure.why, sizeof made->failure.why, "%.150s cannot be read", path);
        return;
    }
    if (!engine_find_core(made->file, length, &core, &core_length) || core_length > UINT32_MAX) {
        snprintf(made->failure.why, sizeof made->failure.why, "%.150s has no core module in it", path);
        return;
    }
    /* WAMR writes to what it loads. */
    made->module.module = wasm_runtime_load(made->file + (core - made->file), (uint32_t)core_length, why, sizeof why);
    if (made->module.module == NULL)
        snprintf(made->failure.why, sizeof made->failure.why, "%s", why);
    else
        wamr_is_linked(made->module.module, &made->failure);
}

struct engine_module *engine_load(const struct engine_component *component, struct engine_failure *failure)
{
    static struct loaded *modules;
    struct loaded *module = modules;
    while (module != NULL && strcmp(module->sha256, component->sha256) != 0)
        module = module->next;
    if (module == NULL) {
        module = calloc(1, sizeof *module);
        if (module == NULL || (module->sha256 = strdup(component->sha256)) == NULL)
            exchange_fail("out of memory for a module");
        load(module, component->path);
        module->next = modules;
        modules = module;
    }
    *failure = module->failure;
    return failure->why[0] == '\0' ? &module->module : NULL;
}
