/* wasi:io@0.2.4 in the core form: what a guest imports of it, and how its types lie in memory. 
 * conformance/ABI.md says what must be checked. Written by `cargo hw wit headers --write`. */

#ifndef WASI_IO_IN_THE_CORE_FORM_H
#define WASI_IO_IN_THE_CORE_FORM_H

#include "wasi_hw_abi.h"

/* The modules of the imports. */
#define WASI_IO_POLL "wasi:io/poll@0.2.4"

/* --- Types: positions of cases, sizes and alignments in memory, values. */

/* --- Functions. A number of 8 or 16 bits comes in 32, of which the upper ones do not count; 
 * `*_at` and `*_count` are address and number of elements of a list, `ret` is where the result goes. */

uint32_t wasi_io_pollable_ready(struct guest *guest, uint32_t self);
void wasi_io_pollable_block(struct guest *guest, uint32_t self);
void wasi_io_pollable_drop(struct guest *guest, uint32_t self);
void wasi_io_poll(struct guest *guest, uint32_t in_at, uint32_t in_count, uint32_t ret);

/* ROW(function, module, name, signature, call): `v` holds the arguments, and in v[0] the result. One table an interface,
 * and one of them all. */
#define WASI_IO_POLL_IMPORTS(ROW) \
    ROW(wasi_io_pollable_ready, WASI_IO_POLL, "[method]pollable.ready", "(i)i", \
        v[0].i32 = wasi_io_pollable_ready(guest, v[0].i32)) \
    ROW(wasi_io_pollable_block, WASI_IO_POLL, "[method]pollable.block", "(i)", \
        wasi_io_pollable_block(guest, v[0].i32)) \
    ROW(wasi_io_pollable_drop, WASI_IO_POLL, "[resource-drop]pollable", "(i)", \
        wasi_io_pollable_drop(guest, v[0].i32)) \
    ROW(wasi_io_poll, WASI_IO_POLL, "poll", "(iii)", \
        wasi_io_poll(guest, v[0].i32, v[1].i32, v[2].i32))
#define WASI_IO_IMPORTS(ROW) \
    WASI_IO_POLL_IMPORTS(ROW)

#endif
