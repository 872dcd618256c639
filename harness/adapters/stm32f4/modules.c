/* Modules on WAMR, from flash. All stay there but the code of the one that is loaded: WAMR's classic interpreter writes
 * to it, for instance to note which `drop` is of 64 bits. */

#include "../c/adapter/exchange.h"
#include "../wamr/wamr.h"
#include "guests.h"

#include <stdio.h>
#include <string.h>

const char *const engine_name = "stm32f4";

/* Room for the code section of the largest guest. */
__attribute__((section(".code"), aligned(8))) static uint8_t code[GUEST_CODE_ROOM];

/* The sections of a core module by their number, in the order in which they stand there. */
#define SECTION_CODE 10
#define MOST_SECTIONS 16

/* The guest that is loaded. What WAMR has made of it points into `code`, and into flash. */
static struct {
    const struct guest_file *file;
    struct engine_module module;
    struct engine_failure failure;
    struct wasm_section_t sections[MOST_SECTIONS];
} loaded;

static uint32_t read_leb(const uint8_t **at)
{
    uint32_t number = 0;
    uint8_t byte = 0x80;
    for (unsigned shift = 0; shift < 35 && byte >= 0x80; shift += 7) {
        byte = *(*at)++;
        number |= (uint32_t)(byte & 0x7f) << shift;
    }
    return number;
}

/* The list of the sections that WAMR reads. The module is part of this firmware, so that its lengths are right. */
static bool split(const uint8_t *core, size_t length)
{
    const uint8_t *at = core + 8, *end = core + length;
    size_t count = 0;
    while (at < end) {
        int type = *at++;
        uint32_t size = read_leb(&at);
        const uint8_t *body = at;
        at += size;
        if (type == 0)
            continue; /* names and the like */
        if (count == MOST_SECTIONS || (type == SECTION_CODE && size > sizeof code))
            return false;
        if (type == SECTION_CODE)
            body = memcpy(code, body, size);
        loaded.sections[count] = (struct wasm_section_t){
            .section_type = type,
            .section_body = (uint8_t *)(uintptr_t)body,
            .section_body_size = size,
        };
        if (count > 0)
            loaded.sections[count - 1].next = &loaded.sections[count];
        count++;
    }
    return count > 0;
}

/* Fills in the module, or its failure. */
static void load(const struct guest_file *file)
{
    const uint8_t *core;
    size_t length;
    char why[WAMR_WHY] = "";
    struct engine_failure *failure = &loaded.failure;
    if (!engine_find_core(file->begin, (size_t)(file->end - file->begin), &core, &length) || !split(core, length)) {
        snprintf(failure->why, sizeof failure->why, "%s has no core module that fits", file->name);
        return;
    }
    loaded.module.module = wasm_runtime_load_from_sections(loaded.sections, false, why, sizeof why);
    if (loaded.module.module == NULL)
        snprintf(failure->why, sizeof failure->why, "%s", why);
    else
        wamr_is_linked(loaded.module.module, failure);
}

struct engine_module *engine_load(const struct engine_component *component, struct engine_failure *failure)
{
    const struct guest_file *file = guest_files;
    while (file->name != NULL && strcmp(file->sha256, component->sha256) != 0)
        file++;
    if (file->name == NULL) {
        snprintf(failure->why, sizeof failure->why, "%.120s is not in flash; `cargo hw setup stm32f4` puts it there",
                 component->path);
        return NULL;
    }
    if (loaded.file != file) {
        if (loaded.module.module != NULL)
            wasm_runtime_unload(loaded.module.module);
        memset(&loaded, 0, sizeof loaded);
        loaded.file = file;
        load(file);
    }
    *failure = loaded.failure;
    return failure->why[0] == '\0' ? &loaded.module : NULL;
}
