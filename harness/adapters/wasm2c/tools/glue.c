/* glue NAME=SHA256=HEADER…: writes guests.c to the standard output: a function for each import of wasm2c's code,
 * under the name that wasm2c gives it, and a table of the guests. NAME is what wasm2c was told to call the module,
 * HEADER the header that it made.
 *
 * The headers are included, so that an import whose signature is not the host's does not compile; one that no host
 * has does not link. */

#include "../../c/adapter/engine.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_BYTES (4 << 20)

static void fail(const char *why, const char *what)
{
    fprintf(stderr, "glue: %s: %s\n", why, what);
    exit(1);
}

/* As wasm2c writes a name: what is neither letter nor digit as 0x and two digits. */
static void write_name(const char *name)
{
    for (; *name != '\0'; name++) {
        if (*name == '_')
            fail("wasm2c has rules of its own for underscores", name);
        if (isalnum((unsigned char)*name))
            putchar(*name);
        else
            printf("0x%02X", (unsigned)(unsigned char)*name);
    }
}

/* `struct w2c_MODULE *` is what wasm2c hands to imports of a module; here it is the guest. */
static void write_import(const struct guest_import *import, size_t table, size_t place)
{
    size_t count = guest_import_parameters(import);
    bool has_result = guest_import_has_result(import);
    printf("%s w2c_", has_result ? "u32" : "void");
    write_name(import->module);
    putchar('_');
    write_name(import->name);
    printf("(struct w2c_");
    write_name(import->module);
    printf(" *guest");
    for (size_t n = 0; n < count; n++) {
        char letter = import->signature[1 + n];
        printf(", %s v%zu", letter == 'I' ? "u64" : letter == 'f' ? "f32" : "u32", n);
    }
    printf(")\n{\n    union guest_value v[%d] = {", GUEST_MOST_PARAMETERS);
    for (size_t n = 0; n < count; n++) {
        char letter = import->signature[1 + n];
        printf(" { .%s = v%zu },", letter == 'I' ? "i64" : letter == 'f' ? "f32" : "i32", n);
    }
    printf("%s };\n", count == 0 ? " { 0 }" : "");
    printf("    guests_call(&engine_imports[%zu]->all[%zu], (struct guest *)guest, v);\n", table, place);
    printf("%s}\n\n", has_result ? "    return v[0].i32;\n" : "");
}

/* How many modules a guest imports from: so many arguments its function `instantiate` has after the first. */
static size_t count_modules(const char *name, const char *header)
{
    static char text[MOST_BYTES];
    char wanted[200];
    FILE *file = fopen(header, "r");
    size_t length = file == NULL ? 0 : fread(text, 1, sizeof text - 1, file);
    text[length] = '\0';
    if (file != NULL)
        fclose(file);
    snprintf(wanted, sizeof wanted, "void wasm2c_%s_instantiate(", name);
    const char *at = strstr(text, wanted);
    if (at == NULL)
        fail("the header does not declare how the guest is instantiated", header);
    size_t commas = 0;
    for (; *at != ')' && *at != '\0'; at++)
        commas += *at == ',';
    return commas;
}

static void write_guest(const char *name, const char *header)
{
    size_t modules = count_modules(name, header);
    printf("static void instantiate_%s(void *instance, struct guest *guest)\n{\n", name);
    printf("    void *to = guest;\n    (void)to;\n    wasm2c_%s_instantiate(instance", name);
    for (size_t n = 0; n < modules; n++)
        printf(", to");
    printf(");\n}\n\n");
    printf("static void free_%s(void *instance)\n{\n    wasm2c_%s_free(instance);\n}\n\n", name, name);
    printf("static wasm_rt_memory_t *memory_%s(void *instance)\n{\n    return w2c_%s_memory(instance);\n}\n\n", name,
           name);
    printf(
        "static u32 run_%s(void *instance, u32 at, u32 length)\n{\n    return w2c_%s_run(instance, at, length);\n}\n\n",
        name, name);
    printf("static void post_run_%s(void *instance, u32 ret)\n{\n    w2c_%s_cabi_post_run(instance, ret);\n}\n\n", name,
           name);
    printf("static u32 realloc_%s(void *instance, u32 old, u32 old_bytes, u32 align, u32 bytes)\n{\n", name);
    printf("    return w2c_%s_cabi_realloc(instance, old, old_bytes, align, bytes);\n}\n\n", name);
}

int main(int count, char **arguments)
{
    if (count < 2)
        fail("no guests", "usage: glue NAME=SHA256=HEADER...");
    printf("/* Written by tools/glue.c. */\n\n#include \"guests.h\"\n#include \"adapter/engine.h\"\n\n");
    for (int n = 1; n < count; n++) {
        char *sha256 = strchr(arguments[n], '='), *header = sha256 == NULL ? NULL : strchr(sha256 + 1, '=');
        if (header == NULL)
            fail("not NAME=SHA256=HEADER", arguments[n]);
        printf("#include \"%s\"\n", header + 1);
        *sha256 = '\0';
        *header = '\0';
    }
    printf("\n");
    for (size_t table = 0; table < engine_imports_count; table++)
        for (size_t place = 0; place < engine_imports[table]->count; place++)
            write_import(&engine_imports[table]->all[place], table, place);
    for (int n = 1; n < count; n++)
        write_guest(arguments[n], strchr(strchr(arguments[n], '\0') + 1, '\0') + 1);
    printf("const struct engine_module guests[] = {\n");
    for (int n = 1; n < count; n++) {
        const char *name = arguments[n];
        printf(
            "    { \"%s\", \"%s\", sizeof(w2c_%s), instantiate_%s, free_%s, memory_%s, run_%s, post_run_%s, realloc_%s "
            "},\n",
            name, strchr(name, '\0') + 1, name, name, name, name, name, name, name);
    }
    printf("};\n\nconst size_t guests_count = sizeof guests / sizeof *guests;\n");
    return ferror(stdout) != 0;
}
