/* What a guest imports of wasi:i2c@0.2.0-draft, in the core form. `address` has the 16 bits of a u16; `*_at` and
 * `*_count` are address and number of elements of a list, `ret` is where the result goes. conformance/ABI.md has the
 * layouts. */

#ifndef WASI_HW_I2C_IMPORTS_H
#define WASI_HW_I2C_IMPORTS_H

#include "imports.h"

#define WASI_I2C_I2C "wasi:i2c/i2c@0.2.0-draft"
#define WASI_I2C_DELAY "wasi:i2c/delay@0.2.0-draft"

void wasi_i2c_i2c_transaction(struct guest *guest, uint32_t self, uint32_t address, uint32_t operations_at,
                              uint32_t operations_count, uint32_t ret);
void wasi_i2c_i2c_read(struct guest *guest, uint32_t self, uint32_t address, uint64_t len, uint32_t ret);
void wasi_i2c_i2c_write(struct guest *guest, uint32_t self, uint32_t address, uint32_t data_at, uint32_t data_count,
                        uint32_t ret);
void wasi_i2c_i2c_write_read(struct guest *guest, uint32_t self, uint32_t address, uint32_t write_at,
                             uint32_t write_count, uint64_t read_len, uint32_t ret);
void wasi_i2c_i2c_drop(struct guest *guest, uint32_t self);
void wasi_i2c_delay_delay_ns(struct guest *guest, uint32_t self, uint32_t ns);
void wasi_i2c_delay_drop(struct guest *guest, uint32_t self);

/* ROW(function, module, name, signature, call) */
#define WASI_I2C_IMPORTS(ROW) \
    ROW(wasi_i2c_i2c_transaction, WASI_I2C_I2C, "[method]i2c.transaction", "(iiiii)", \
        wasi_i2c_i2c_transaction(guest, v[0].i32, v[1].i32, v[2].i32, v[3].i32, v[4].i32)) \
    ROW(wasi_i2c_i2c_read, WASI_I2C_I2C, "[method]i2c.read", "(iiIi)", \
        wasi_i2c_i2c_read(guest, v[0].i32, v[1].i32, v[2].i64, v[3].i32)) \
    ROW(wasi_i2c_i2c_write, WASI_I2C_I2C, "[method]i2c.write", "(iiiii)", \
        wasi_i2c_i2c_write(guest, v[0].i32, v[1].i32, v[2].i32, v[3].i32, v[4].i32)) \
    ROW(wasi_i2c_i2c_write_read, WASI_I2C_I2C, "[method]i2c.write-read", "(iiiiIi)", \
        wasi_i2c_i2c_write_read(guest, v[0].i32, v[1].i32, v[2].i32, v[3].i32, v[4].i64, v[5].i32)) \
    ROW(wasi_i2c_i2c_drop, WASI_I2C_I2C, "[resource-drop]i2c", "(i)", wasi_i2c_i2c_drop(guest, v[0].i32)) \
    ROW(wasi_i2c_delay_delay_ns, WASI_I2C_DELAY, "[method]delay.delay-ns", "(ii)", \
        wasi_i2c_delay_delay_ns(guest, v[0].i32, v[1].i32)) \
    ROW(wasi_i2c_delay_drop, WASI_I2C_DELAY, "[resource-drop]delay", "(i)", wasi_i2c_delay_drop(guest, v[0].i32))

extern const struct guest_imports wasi_i2c_imports;

#endif
