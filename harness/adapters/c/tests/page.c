/* page FILE: the tables of conformance/ABI.md say what the headers say.
 *
 * Fails a page or a header of which one was changed without the other: a name, a signature, a function too many or too
 * few. */

#include "../adapter/engine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_BYTES (1 << 20)

static int wrong(const char *what, const char *module, const char *name)
{
    fprintf(stderr, "%s: %s %s\n", what, module, name);
    return 1;
}

/* Where the table of a module ends: at the next one, or the next heading. */
static const char *end_of(const char *table)
{
    const char *module = strstr(table + 1, "\nModule `"), *heading = strstr(table + 1, "\n## ");
    if (module == NULL || (heading != NULL && heading < module))
        module = heading;
    return module == NULL ? table + strlen(table) : module;
}

int main(int count, char **arguments)
{
    static char page[MOST_BYTES];
    char wanted[300];
    FILE *file = count == 2 ? fopen(arguments[1], "r") : NULL;
    if (file == NULL)
        return wrong("cannot be read", count == 2 ? arguments[1] : "usage: page FILE", "");
    page[fread(page, 1, sizeof page - 1, file)] = '\0';
    fclose(file);
    size_t rows = 0, imports = 0;
    for (size_t table = 0; table < engine_imports_count; table++) {
        for (size_t n = 0; n < engine_imports[table]->count; n++, imports++) {
            const struct guest_import *import = &engine_imports[table]->all[n];
            snprintf(wanted, sizeof wanted, "\nModule `%s`:", import->module);
            const char *from = strstr(page, wanted);
            if (from == NULL)
                return wrong("no table of this module", import->module, "");
            snprintf(wanted, sizeof wanted, "\n| `%s` | `%s` |", import->name, import->signature);
            const char *row = strstr(from, wanted);
            if (row == NULL || row > end_of(from))
                return wrong("no row with this signature", import->module, wanted + 1);
        }
    }
    for (const char *at = strstr(page, "\nModule `"); at != NULL; at = strstr(at + 1, "\nModule `"))
        for (const char *row = strstr(at, "\n| `"); row != NULL && row < end_of(at); row = strstr(row + 1, "\n| `"))
            rows++;
    if (rows == imports)
        return 0;
    fprintf(stderr, "the page has %zu rows, and the headers have %zu\n", rows, imports);
    return 1;
}
