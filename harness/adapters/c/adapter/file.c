#include "file.h"

#include "exchange.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

static void load(struct engine_file *file, const char *path, void (*make)(struct engine_file *file))
{
    const uint8_t *core;
    size_t length, core_length;
    file->bytes = read_file(path, &length);
    if (file->bytes == NULL) {
        snprintf(file->failure.why, sizeof file->failure.why, "%.150s cannot be read", path);
        return;
    }
    if (!engine_find_core(file->bytes, length, &core, &core_length) || core_length > UINT32_MAX) {
        snprintf(file->failure.why, sizeof file->failure.why, "%.150s has no core module in it", path);
        return;
    }
    file->core = file->bytes + (core - file->bytes);
    file->core_length = (uint32_t)core_length;
    make(file);
}

struct engine_file *engine_file(const struct engine_component *component, void (*make)(struct engine_file *file))
{
    static struct engine_file *files;
    struct engine_file *file = files;
    while (file != NULL && strcmp(file->sha256, component->sha256) != 0)
        file = file->next;
    if (file != NULL)
        return file;
    file = calloc(1, sizeof *file);
    if (file == NULL || (file->sha256 = strdup(component->sha256)) == NULL)
        exchange_fail("out of memory for a module");
    load(file, component->path, make);
    file->next = files;
    files = file;
    return file;
}
