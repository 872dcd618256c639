/* Modules, read from files, on WAMR. */

#include "../c/adapter/exchange.h"
#include "../c/adapter/file.h"
#include "wamr.h"

#include <stdio.h>
#include <stdlib.h>

const char *const engine_name = "wamr";

static void make(struct engine_file *file)
{
    char why[WAMR_WHY] = "";
    file->module = calloc(1, sizeof *file->module);
    if (file->module == NULL)
        exchange_fail("out of memory for a module");
    /* WAMR writes to what it loads. */
    file->module->module = wasm_runtime_load(file->core, file->core_length, why, sizeof why);
    if (file->module->module == NULL)
        snprintf(file->failure.why, sizeof file->failure.why, "%s", why);
    else
        wamr_is_linked(file->module->module, &file->failure);
}

struct engine_module *engine_load(const struct engine_component *component, struct engine_failure *failure)
{
    struct engine_file *file = engine_file(component, make);
    *failure = file->failure;
    return failure->why[0] == '\0' ? file->module : NULL;
}
