/* What a guest imports of wasi:spi@0.2.0-draft, in the core form. `*_at` and `*_count` are address and number of
 * elements of a list or string, `ret` is where the result goes. conformance/ABI.md has the layouts. */

#ifndef WASI_HW_SPI_IMPORTS_H
#define WASI_HW_SPI_IMPORTS_H

#include "imports.h"

#define WASI_SPI_SPI "wasi:spi/spi@0.2.0-draft"

void wasi_spi_open(struct guest *guest, uint32_t name_at, uint32_t name_count, uint32_t ret);
void wasi_spi_spi_device_read(struct guest *guest, uint32_t self, uint64_t len, uint32_t ret);
void wasi_spi_spi_device_write(struct guest *guest, uint32_t self, uint32_t data_at, uint32_t data_count, uint32_t ret);
void wasi_spi_spi_device_transfer(struct guest *guest, uint32_t self, uint32_t data_at, uint32_t data_count,
                                  uint32_t ret);
void wasi_spi_spi_device_transaction(struct guest *guest, uint32_t self, uint32_t operations_at,
                                     uint32_t operations_count, uint32_t ret);
void wasi_spi_spi_device_drop(struct guest *guest, uint32_t self);

/* ROW(function, module, name, signature, call) */
#define WASI_SPI_IMPORTS(ROW) \
    ROW(wasi_spi_open, WASI_SPI_SPI, "open", "(iii)", wasi_spi_open(guest, v[0].i32, v[1].i32, v[2].i32)) \
    ROW(wasi_spi_spi_device_read, WASI_SPI_SPI, "[method]spi-device.read", "(iIi)", \
        wasi_spi_spi_device_read(guest, v[0].i32, v[1].i64, v[2].i32)) \
    ROW(wasi_spi_spi_device_write, WASI_SPI_SPI, "[method]spi-device.write", "(iiii)", \
        wasi_spi_spi_device_write(guest, v[0].i32, v[1].i32, v[2].i32, v[3].i32)) \
    ROW(wasi_spi_spi_device_transfer, WASI_SPI_SPI, "[method]spi-device.transfer", "(iiii)", \
        wasi_spi_spi_device_transfer(guest, v[0].i32, v[1].i32, v[2].i32, v[3].i32)) \
    ROW(wasi_spi_spi_device_transaction, WASI_SPI_SPI, "[method]spi-device.transaction", "(iiii)", \
        wasi_spi_spi_device_transaction(guest, v[0].i32, v[1].i32, v[2].i32, v[3].i32)) \
    ROW(wasi_spi_spi_device_drop, WASI_SPI_SPI, "[resource-drop]spi-device", "(i)", \
        wasi_spi_spi_device_drop(guest, v[0].i32))

extern const struct guest_imports wasi_spi_imports;

#endif
