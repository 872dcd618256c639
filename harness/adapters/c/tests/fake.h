/* A guest without an engine and a board without hardware, for the tests.
 *
 * The guest's memory moves with every allocation, so that a pointer which the host kept over one is a use after free,
 * and has no byte beyond its end, so that AddressSanitizer sees every access outside. The board checks what it is
 * asked: that every length is within the limits, and every pointer is there for all of it. */

#ifndef WASI_HW_FAKE_H
#define WASI_HW_FAKE_H

#include "../host/host.h"
#include "../host/imports.h"

/* What is wrong with the guest's `cabi_realloc`. */
enum fake_realloc {
    REALLOC_WELL,
    REALLOC_TRAPS,
    REALLOC_OUTSIDE,
    REALLOC_UNALIGNED,
    REALLOC_CALLS_OUT, /* it calls an import in the middle of one */
};

/* Where the guest's heap begins; below is the test's. */
#define FAKE_HEAP 0x2000
#define FAKE_MEMORY 0x6000

struct fake {
    struct guest guest;
    struct host host;
    struct host_settings settings;
    struct seam seam;
    uint8_t *memory;
    uint32_t heap;
    enum fake_realloc realloc;
    /* The board. Each open thing has a number. */
    uint32_t random;
    bool is_moody; /* refuses now and then, at random */
    uint32_t next;
    uint32_t open, in_flight;
    uint64_t now;
    bool is_dead; /* nothing that is waited for will ever be so */
    struct {
        uint32_t number, handle;
        struct seam_usb_transfer *transfer;
        bool is_over;
    } transfers[64];
    unsigned calls; /* of drivers */
    unsigned waits;
};

void fake_begin(struct fake *fake, uint32_t seed);

/* Ends the host; fails the test if it left anything open on the board. */
void fake_end(struct fake *fake);

/* Fills in the seam. */
void fake_board(struct fake *fake);

/* The next random number below a limit. */
uint32_t fake_random(struct fake *fake, uint32_t below);

/* Calls an import by its name. The arguments are those of the signature, as `uint32_t`, `uint64_t` or `double`. */
union guest_value fake_call(struct fake *fake, const char *module, const char *name, ...);

/* The guest's memory. */
void fake_put(struct fake *fake, uint32_t at, const void *bytes, size_t length);
void fake_put_32(struct fake *fake, uint32_t at, uint32_t value);
uint32_t fake_get_32(struct fake *fake, uint32_t at);
uint8_t fake_get_8(struct fake *fake, uint32_t at);

/* All imports of the hosts. */
extern const struct guest_imports *const fake_imports[];
extern const size_t fake_imports_count;

/* Fails the test, saying where. */
#define CHECK(what) ((what) ? (void)0 : fake_fail(__FILE__, __LINE__, #what))
void fake_fail(const char *file, int line, const char *what);

#endif
