/* The components in flash. The build writes guests.c and guests.S (CMakeLists.txt). */

#ifndef WASI_HW_GUESTS_H
#define WASI_HW_GUESTS_H

#include <stdint.h>

struct guest_file {
    const char *name, *sha256;
    const uint8_t *begin, *end;
};

/* The last one has no name. */
extern const struct guest_file guest_files[];

#endif
