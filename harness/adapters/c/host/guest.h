/* A guest, as the host sees it: one instance of a core module, whose memory is read and written with checks.
 *
 * The core form is what a component's imports become when the canonical ABI has flattened them (Component Model,
 * design/mvp/CanonicalABI.md; conformance/ABI.md of this repository draws it). Between a guest and these functions
 * stands no engine that knows components, so every check that such an engine makes is made here: a pointer is
 * aligned and inside the memory, a text is UTF-8, an enumerator exists, a handle is there and of the right type.
 * What fails such a check is a trap: the guest ends, and the host goes on.
 *
 * How a trap travels: the function that notices calls guest_trap, which only notes it, and returns. Nothing jumps
 * over the frames of the host, so nothing leaks. The engine's glue looks at `trapped` when the host function is
 * back, and ends the guest then. After a trap every function below does nothing and says false. */

#ifndef WASI_HW_GUEST_H
#define WASI_HW_GUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct guest;
struct host;

/* A parameter or a result of a core function, as wasm has them. Which member it is stands in the signature. */
union guest_value {
    uint32_t i32;
    uint64_t i64;
    float f32;
    double f64;
};

/* The most parameters of a flattened function (CanonicalABI.md, MAX_FLAT_PARAMS), and one for the result's address. */
#define GUEST_MOST_PARAMETERS 17

/* What the host needs of an engine. */
struct guest_engine {
    /* The linear memory as it is now, and its size in bytes. It stays there until guest code runs again, which
     * may grow the memory and thereby move it: nobody keeps a pointer over a call of `allocate`. */
    uint8_t *(*memory)(struct guest *guest, uint64_t *bytes);
    /* Calls the guest's export `cabi_realloc` with (0, 0, align, bytes). False if the guest trapped in it, which
     * the engine notes with guest_trap. What comes back is whatever the guest says: it is checked here. */
    bool (*allocate)(struct guest *guest, uint32_t align, uint32_t bytes, uint32_t *address);
};

/* One instance. The embedder makes it, fills in the first three members and leaves the others 0. */
struct guest {
    const struct guest_engine *engine;
    void *instance;
    struct host *host;
    /* While the guest's `cabi_realloc` or `cabi_post_run` runs, it may not call out (CanonicalABI.md, `may_leave`).
     * Otherwise it could drop a resource in the middle of a call on it. */
    bool may_not_leave;
    bool trapped;
    /* Why, for people. */
    char why[160];
};

/* Text that another part owns. It is UTF-8 of any content: a NUL does not end it. */
struct text {
    const char *at;
    size_t length;
};

/* A text of a literal. */
#define TEXT(literal) ((struct text){ (literal), sizeof(literal) - 1 })

bool text_equals(struct text one, struct text other);

/* Whether bytes are well-formed UTF-8 (Unicode 15, table 3-7): no surrogates, nothing overlong, nothing beyond
 * U+10FFFF. */
bool text_is_utf8(const char *at, size_t length);

/* Ends the guest as soon as the host function is back. The first reason counts. `format` is printf's. */
void guest_trap(struct guest *guest, const char *format, ...)
#ifdef __GNUC__
    __attribute__((format(printf, 2, 3)))
#endif
    ;

/* --- What a guest passes. False: the guest has trapped. ------------------------------------------------------ */

/* `count` elements of `size` bytes each, aligned to `align`. `*at` stays valid until `allocate`. */
bool guest_read(struct guest *guest, uint32_t address, uint32_t count, uint32_t size, uint32_t align,
                const uint8_t **at);

/* A string. Stays valid until `allocate`. */
bool guest_read_text(struct guest *guest, uint32_t address, uint32_t length, struct text *text);

/* An enumerator or the case of a variant, of which there are `cases`. */
bool guest_read_case(struct guest *guest, uint32_t value, uint32_t cases, const char *type);

/* Numbers in memory are little-endian, and lists of records leave them at any alignment that the host's CPU may
 * not have. */
uint16_t load_16(const uint8_t *at);
uint32_t load_32(const uint8_t *at);
uint64_t load_64(const uint8_t *at);

/* --- What a guest gets. False: the guest has trapped. -------------------------------------------------------- */

/* Checks the place that a guest gives for a result, before anything is done. A memory never shrinks, so what is
 * checked here holds until the end of the call. */
bool guest_result(struct guest *guest, uint32_t address, uint32_t size, uint32_t align);

/* The same, of a type in a header of conformance/include. */
#define GUEST_RESULT(guest, address, TYPE) guest_result(guest, address, TYPE##_SIZE, TYPE##_ALIGN)

/* Writes a number of a result. */
bool guest_write_8(struct guest *guest, uint32_t address, uint8_t value);
bool guest_write_32(struct guest *guest, uint32_t address, uint32_t value);
bool guest_write_f32(struct guest *guest, uint32_t address, float value);

/* Has the guest allocate room for `count` elements of `size` bytes, and checks what it says. The room is the
 * guest's from then on. Also called for nothing at all, as the canonical ABI does. */
bool guest_allocate(struct guest *guest, uint32_t count, uint32_t size, uint32_t align, uint32_t *address);

/* Copies bytes to an address. */
bool guest_write(struct guest *guest, uint32_t address, const void *bytes, size_t length);

/* Allocates, copies, and writes address and length to `result`: a list of bytes or a string. */
bool guest_write_bytes(struct guest *guest, uint32_t result, const void *bytes, size_t length);

#endif
