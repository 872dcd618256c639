/* core IN OUT: writes the core module in a component to a file. */

#include "../../c/adapter/engine.h"

#include <stdio.h>
#include <stdlib.h>

/* More than any component of the suite has. */
#define MOST_BYTES (64 << 20)

int main(int count, char **arguments)
{
    static uint8_t file[MOST_BYTES];
    const uint8_t *core;
    size_t core_length;
    if (count != 3) {
        fprintf(stderr, "usage: core IN OUT\n");
        return 2;
    }
    FILE *in = fopen(arguments[1], "rb");
    size_t length = in == NULL ? 0 : fread(file, 1, sizeof file, in);
    if (in == NULL || ferror(in) || !engine_find_core(file, length, &core, &core_length)) {
        fprintf(stderr, "%s cannot be read, or has no core module in it\n", arguments[1]);
        return 1;
    }
    FILE *out = fopen(arguments[2], "wb");
    if (out == NULL || fwrite(core, 1, core_length, out) != core_length || fclose(out) != 0) {
        perror(arguments[2]);
        return 1;
    }
    fclose(in);
    return 0;
}
