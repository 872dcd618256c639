/* Tables of what the hosts offer to guests, for an engine to link.
 *
 * Each package has a header in conformance/include with one row a function, `ROW(function, module, name, signature,
 * call)`: the C function, the two names under which a core module imports it, its flat signature in WAMR's letters
 * (i: i32, I: i64, f: f32, then the result), and the call with its arguments taken from `v`. All that an engine needs
 * is in the table. */

#ifndef WASI_HW_IMPORTS_H
#define WASI_HW_IMPORTS_H

#include "guest.h"

struct guest_import {
    const char *module, *name;
    const char *signature;
    /* Calls the function. `v` holds the arguments; a result is in v[0] afterwards. */
    void (*call)(struct guest *guest, union guest_value *v);
};

struct guest_imports {
    const struct guest_import *all;
    size_t count;
};

extern const struct guest_imports wasi_i2c_imports, wasi_spi_imports, wasi_io_imports, wasi_gpio_imports,
    wasi_usb_imports;

/* What an engine does when a guest calls an import: `v` holds the arguments, and then the result. Afterwards it looks
 * at guest->trapped, and ends the guest if that is set. */
static inline void guest_import_invoke(const struct guest_import *import, struct guest *guest, union guest_value *v)
{
    if (guest->may_not_leave)
        guest_trap(guest, "%s was called from cabi_realloc or cabi_post_run", import->name);
    if (!guest->trapped)
        import->call(guest, v);
}

/* How many parameters a signature has. */
static inline size_t guest_import_parameters(const struct guest_import *import)
{
    size_t n = 0;
    while (import->signature[1 + n] != ')')
        n++;
    return n;
}

static inline bool guest_import_has_result(const struct guest_import *import)
{
    return import->signature[guest_import_parameters(import) + 2] != '\0';
}

#define GUEST_IMPORT_CALL(function, module, name, signature, ...) \
    static void call_##function(struct guest *guest, union guest_value *v) \
    { \
        (void)v; \
        __VA_ARGS__; \
    }

#define GUEST_IMPORT_ENTRY(function, module, name, signature, ...) { module, name, signature, call_##function },

/* Makes `table` of a list of rows, in the one file that says so. */
#define GUEST_IMPORT_TABLE(table, ROWS) \
    ROWS(GUEST_IMPORT_CALL) \
    static const struct guest_import all_of_##table[] = { ROWS(GUEST_IMPORT_ENTRY) }; \
    const struct guest_imports table = { all_of_##table, sizeof all_of_##table / sizeof *all_of_##table }

#endif
