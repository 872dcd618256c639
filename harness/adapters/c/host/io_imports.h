/* What a guest imports of wasi:io@0.2.4, in the core form: the interface `poll`. `ret` is where the result goes. */

#ifndef WASI_HW_IO_IMPORTS_H
#define WASI_HW_IO_IMPORTS_H

#include "imports.h"

#define WASI_IO_POLL "wasi:io/poll@0.2.4"

void wasi_io_poll(struct guest *guest, uint32_t in_at, uint32_t in_count, uint32_t ret);
uint32_t wasi_io_pollable_ready(struct guest *guest, uint32_t self);
void wasi_io_pollable_block(struct guest *guest, uint32_t self);
void wasi_io_pollable_drop(struct guest *guest, uint32_t self);

/* ROW(function, module, name, signature, call) */
#define WASI_IO_IMPORTS(ROW) \
    ROW(wasi_io_poll, WASI_IO_POLL, "poll", "(iii)", wasi_io_poll(guest, v[0].i32, v[1].i32, v[2].i32)) \
    ROW(wasi_io_pollable_ready, WASI_IO_POLL, "[method]pollable.ready", "(i)i", \
        v[0].i32 = wasi_io_pollable_ready(guest, v[0].i32)) \
    ROW(wasi_io_pollable_block, WASI_IO_POLL, "[method]pollable.block", "(i)", \
        wasi_io_pollable_block(guest, v[0].i32)) \
    ROW(wasi_io_pollable_drop, WASI_IO_POLL, "[resource-drop]pollable", "(i)", wasi_io_pollable_drop(guest, v[0].i32))

extern const struct guest_imports wasi_io_imports;

#endif
