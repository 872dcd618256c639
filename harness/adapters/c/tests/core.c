/* The core module in a component.
 *
 * Fails a reader that believes a length, or takes something else for a module. */

#include "../adapter/engine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MODULE "\0asm\1\0\0\0"
#define COMPONENT "\0asm\x0d\0\1\0"

/* What a file is for: NULL, nothing; otherwise the bytes of its module. */
static const struct {
    const char *what, *file;
    size_t length;
    const char *core;
    size_t core_length;
} files[] = {
    { "nothing", "", 0, NULL, 0 },
    { "half a head", "\0asm\1\0\0", 7, NULL, 0 },
    { "another layer", "\0asm\1\0\2\0", 8, NULL, 0 },
    { "a module", MODULE "\5\1\0", 11, MODULE "\5\1\0", 11 },
    { "a component without one", COMPONENT "\0\1x", 11, NULL, 0 },
    { "a component with one", COMPONENT "\1\10" MODULE, 18, MODULE, 8 },
    { "behind another section", COMPONENT "\0\2xy\1\10" MODULE, 22, MODULE, 8 },
    { "the first of two", COMPONENT "\1\11" MODULE "x\1\10" MODULE, 29, MODULE "x", 9 },
    { "longer than the file", COMPONENT "\1\11" MODULE, 18, NULL, 0 },
    { "as long as 32 bits say", COMPONENT "\1\xff\xff\xff\xff\x0f" MODULE, 22, NULL, 0 },
    { "a length of more than 32 bits", COMPONENT "\1\xff\xff\xff\xff\x1f" MODULE, 22, NULL, 0 },
    { "a length without end", COMPONENT "\1\x88\x80\x80\x80\x80\x80" MODULE, 23, NULL, 0 },
    { "a length in five bytes", COMPONENT "\1\x88\x80\x80\x80\0" MODULE, 22, MODULE, 8 },
    { "a length that is cut off", COMPONENT "\1\x88", 10, NULL, 0 },
    { "a section that is no module", COMPONENT "\1\10" COMPONENT, 18, NULL, 0 },
    { "a module of four bytes", COMPONENT "\1\4\0asm", 14, NULL, 0 },
};

int main(void)
{
    for (size_t n = 0; n < sizeof files / sizeof *files; n++) {
        /* Without a byte behind it, so that a sanitizer sees what is read beyond its end. */
        uint8_t *file = malloc(files[n].length == 0 ? 1 : files[n].length);
        const uint8_t *core = NULL;
        size_t length = 0;
        if (file == NULL)
            return 1;
        memcpy(file, files[n].file, files[n].length);
        bool is_found = engine_find_core(file, files[n].length, &core, &length);
        bool is_right = is_found == (files[n].core != NULL);
        if (is_right && is_found)
            is_right = length == files[n].core_length && memcmp(core, files[n].core, length) == 0;
        free(file);
        if (!is_right) {
            fprintf(stderr, "core.c: wrong: %s\n", files[n].what);
            return 1;
        }
    }
    return 0;
}
