/* Finds the core module in a component: Component Model, design/mvp/Binary.md. */

#include "engine.h"

#include <string.h>

/* The eight bytes before the sections: \0asm, then version and layer. */
static const uint8_t core_head[8] = { 0, 'a', 's', 'm', 1, 0, 0, 0 };
static const uint8_t component_head[8] = { 0, 'a', 's', 'm', 0x0d, 0, 1, 0 };

/* The section that holds a whole core module. */
#define CORE_MODULE 1

/* A number of up to 32 bits as LEB128. */
static bool read_leb(const uint8_t **at, const uint8_t *end, uint32_t *number)
{
    *number = 0;
    for (unsigned shift = 0; shift < 35 && *at < end; shift += 7) {
        uint8_t byte = *(*at)++;
        if (shift == 28 && byte > 0x0f)
            return false;
        *number |= (uint32_t)(byte & 0x7f) << shift;
        if (byte < 0x80)
            return true;
    }
    return false;
}

bool engine_find_core(const uint8_t *file, size_t length, const uint8_t **core, size_t *core_length)
{
    const uint8_t *at = file, *end = file + length;
    if (length < 8)
        return false;
    if (memcmp(at, core_head, 8) == 0) {
        *core = file;
        *core_length = length;
        return true;
    }
    if (memcmp(at, component_head, 8) != 0)
        return false;
    for (at += 8; at < end;) {
        uint8_t section = *at++;
        uint32_t bytes;
        if (!read_leb(&at, end, &bytes) || bytes > (size_t)(end - at))
            return false;
        /* The guest's module is the first; those after it are the adaptors that join it to the component. */
        if (section == CORE_MODULE) {
            *core = at;
            *core_length = bytes;
            return bytes >= 8 && memcmp(at, core_head, 8) == 0;
        }
        at += bytes;
    }
    return false;
}
