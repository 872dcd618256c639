/* wasi:spi@0.2.0-draft in the core form: what a guest imports of it, and how its types lie in memory. 
 * conformance/ABI.md says what must be checked. Written by `cargo hw wit headers --write`. */

#ifndef WASI_SPI_IN_THE_CORE_FORM_H
#define WASI_SPI_IN_THE_CORE_FORM_H

#include "wasi_hw_abi.h"

/* The modules of the imports. */
#define WASI_SPI_SPI "wasi:spi/spi@0.2.0-draft"

/* --- Types: positions of cases, sizes and alignments in memory, values. */

enum wasi_spi_error_case {
    WASI_SPI_ERROR_OVERRUN,
    WASI_SPI_ERROR_MODE_FAULT,
    WASI_SPI_ERROR_FRAME_FORMAT,
    WASI_SPI_ERROR_CHIP_SELECT_FAULT,
    WASI_SPI_ERROR_OTHER,
};
#define WASI_SPI_ERROR_CASES 5
#define WASI_SPI_ERROR_SIZE 12
#define WASI_SPI_ERROR_ALIGN 4
struct wasi_spi_error {
    uint8_t tag;
    union {
        struct wasi_hw_list other;
    } value;
};

static inline bool wasi_spi_error_load(const uint8_t *at, struct wasi_spi_error *to)
{
    to->tag = (uint8_t)wasi_hw_load(at, 1);
    if (to->tag >= WASI_SPI_ERROR_CASES)
        return false;
    if (to->tag == WASI_SPI_ERROR_OTHER) {
        to->value.other = wasi_hw_load_list(at + 4);
    }
    return true;
}

static inline void wasi_spi_error_store(uint8_t *at, const struct wasi_spi_error *from)
{
    wasi_hw_store(at, from->tag, 1);
    if (from->tag == WASI_SPI_ERROR_OTHER) {
        wasi_hw_store_list(at + 4, from->value.other);
    }
}

enum wasi_spi_operation_case {
    WASI_SPI_OPERATION_READ,
    WASI_SPI_OPERATION_WRITE,
    WASI_SPI_OPERATION_TRANSFER,
    WASI_SPI_OPERATION_DELAY_NS,
};
#define WASI_SPI_OPERATION_CASES 4
#define WASI_SPI_OPERATION_SIZE 16
#define WASI_SPI_OPERATION_ALIGN 8
struct wasi_spi_operation {
    uint8_t tag;
    union {
        uint64_t read;
        struct wasi_hw_list write;
        struct wasi_hw_list transfer;
        uint32_t delay_ns;
    } value;
};

static inline bool wasi_spi_operation_load(const uint8_t *at, struct wasi_spi_operation *to)
{
    to->tag = (uint8_t)wasi_hw_load(at, 1);
    if (to->tag >= WASI_SPI_OPERATION_CASES)
        return false;
    if (to->tag == WASI_SPI_OPERATION_READ) {
        to->value.read = (uint64_t)wasi_hw_load(at + 8, 8);
    }
    if (to->tag == WASI_SPI_OPERATION_WRITE) {
        to->value.write = wasi_hw_load_list(at + 8);
    }
    if (to->tag == WASI_SPI_OPERATION_TRANSFER) {
        to->value.transfer = wasi_hw_load_list(at + 8);
    }
    if (to->tag == WASI_SPI_OPERATION_DELAY_NS) {
        to->value.delay_ns = (uint32_t)wasi_hw_load(at + 8, 4);
    }
    return true;
}

static inline void wasi_spi_operation_store(uint8_t *at, const struct wasi_spi_operation *from)
{
    wasi_hw_store(at, from->tag, 1);
    if (from->tag == WASI_SPI_OPERATION_READ) {
        wasi_hw_store(at + 8, from->value.read, 8);
    }
    if (from->tag == WASI_SPI_OPERATION_WRITE) {
        wasi_hw_store_list(at + 8, from->value.write);
    }
    if (from->tag == WASI_SPI_OPERATION_TRANSFER) {
        wasi_hw_store_list(at + 8, from->value.transfer);
    }
    if (from->tag == WASI_SPI_OPERATION_DELAY_NS) {
        wasi_hw_store(at + 8, from->value.delay_ns, 4);
    }
}

enum wasi_spi_operation_result_case {
    WASI_SPI_OPERATION_RESULT_READ,
    WASI_SPI_OPERATION_RESULT_WRITE,
    WASI_SPI_OPERATION_RESULT_TRANSFER,
    WASI_SPI_OPERATION_RESULT_DELAY,
};
#define WASI_SPI_OPERATION_RESULT_CASES 4
#define WASI_SPI_OPERATION_RESULT_SIZE 12
#define WASI_SPI_OPERATION_RESULT_ALIGN 4
struct wasi_spi_operation_result {
    uint8_t tag;
    union {
        struct wasi_hw_list read;
        struct wasi_hw_list transfer;
    } value;
};

static inline bool wasi_spi_operation_result_load(const uint8_t *at, struct wasi_spi_operation_result *to)
{
    to->tag = (uint8_t)wasi_hw_load(at, 1);
    if (to->tag >= WASI_SPI_OPERATION_RESULT_CASES)
        return false;
    if (to->tag == WASI_SPI_OPERATION_RESULT_READ) {
        to->value.read = wasi_hw_load_list(at + 4);
    }
    if (to->tag == WASI_SPI_OPERATION_RESULT_TRANSFER) {
        to->value.transfer = wasi_hw_load_list(at + 4);
    }
    return true;
}

static inline void wasi_spi_operation_result_store(uint8_t *at, const struct wasi_spi_operation_result *from)
{
    wasi_hw_store(at, from->tag, 1);
    if (from->tag == WASI_SPI_OPERATION_RESULT_READ) {
        wasi_hw_store_list(at + 4, from->value.read);
    }
    if (from->tag == WASI_SPI_OPERATION_RESULT_TRANSFER) {
        wasi_hw_store_list(at + 4, from->value.transfer);
    }
}

/* 0 ok, 1 err. */
#define WASI_SPI_RESULT_LIST_ERROR_CASES 2
#define WASI_SPI_RESULT_LIST_ERROR_SIZE 16
#define WASI_SPI_RESULT_LIST_ERROR_ALIGN 4
struct wasi_spi_result_list_error {
    uint8_t tag;
    union {
        struct wasi_hw_list ok;
        struct wasi_spi_error err;
    } value;
};

static inline bool wasi_spi_result_list_error_load(const uint8_t *at, struct wasi_spi_result_list_error *to)
{
    to->tag = (uint8_t)wasi_hw_load(at, 1);
    if (to->tag >= WASI_SPI_RESULT_LIST_ERROR_CASES)
        return false;
    if (to->tag == 0) {
        to->value.ok = wasi_hw_load_list(at + 4);
    }
    if (to->tag == 1) {
        if (!wasi_spi_error_load(at + 4, &to->value.err))
            return false;
    }
    return true;
}

static inline void wasi_spi_result_list_error_store(uint8_t *at, const struct wasi_spi_result_list_error *from)
{
    wasi_hw_store(at, from->tag, 1);
    if (from->tag == 0) {
        wasi_hw_store_list(at + 4, from->value.ok);
    }
    if (from->tag == 1) {
        wasi_spi_error_store(at + 4, &from->value.err);
    }
}

/* 0 ok, 1 err. */
#define WASI_SPI_RESULT_NOTHING_ERROR_CASES 2
#define WASI_SPI_RESULT_NOTHING_ERROR_SIZE 16
#define WASI_SPI_RESULT_NOTHING_ERROR_ALIGN 4
struct wasi_spi_result_nothing_error {
    uint8_t tag;
    union {
        struct wasi_spi_error err;
    } value;
};

static inline bool wasi_spi_result_nothing_error_load(const uint8_t *at, struct wasi_spi_result_nothing_error *to)
{
    to->tag = (uint8_t)wasi_hw_load(at, 1);
    if (to->tag >= WASI_SPI_RESULT_NOTHING_ERROR_CASES)
        return false;
    if (to->tag == 1) {
        if (!wasi_spi_error_load(at + 4, &to->value.err))
            return false;
    }
    return true;
}

static inline void wasi_spi_result_nothing_error_store(uint8_t *at, const struct wasi_spi_result_nothing_error *from)
{
    wasi_hw_store(at, from->tag, 1);
    if (from->tag == 1) {
        wasi_spi_error_store(at + 4, &from->value.err);
    }
}

/* 0 ok, 1 err. */
#define WASI_SPI_RESULT_HANDLE_ERROR_CASES 2
#define WASI_SPI_RESULT_HANDLE_ERROR_SIZE 16
#define WASI_SPI_RESULT_HANDLE_ERROR_ALIGN 4
struct wasi_spi_result_handle_error {
    uint8_t tag;
    union {
        uint32_t ok;
        struct wasi_spi_error err;
    } value;
};

static inline bool wasi_spi_result_handle_error_load(const uint8_t *at, struct wasi_spi_result_handle_error *to)
{
    to->tag = (uint8_t)wasi_hw_load(at, 1);
    if (to->tag >= WASI_SPI_RESULT_HANDLE_ERROR_CASES)
        return false;
    if (to->tag == 0) {
        to->value.ok = (uint32_t)wasi_hw_load(at + 4, 4);
    }
    if (to->tag == 1) {
        if (!wasi_spi_error_load(at + 4, &to->value.err))
            return false;
    }
    return true;
}

static inline void wasi_spi_result_handle_error_store(uint8_t *at, const struct wasi_spi_result_handle_error *from)
{
    wasi_hw_store(at, from->tag, 1);
    if (from->tag == 0) {
        wasi_hw_store(at + 4, from->value.ok, 4);
    }
    if (from->tag == 1) {
        wasi_spi_error_store(at + 4, &from->value.err);
    }
}

/* --- Functions. A number of 8 or 16 bits comes in 32, of which the upper ones do not count; 
 * `*_at` and `*_count` are address and number of elements of a list, `ret` is where the result goes. */

void wasi_spi_spi_device_read(struct guest *guest, uint32_t self, uint64_t len, uint32_t ret);
void wasi_spi_spi_device_write(struct guest *guest, uint32_t self, uint32_t data_at, uint32_t data_count, uint32_t ret);
void wasi_spi_spi_device_transfer(struct guest *guest, uint32_t self, uint32_t data_at, uint32_t data_count,
                                  uint32_t ret);
void wasi_spi_spi_device_transaction(struct guest *guest, uint32_t self, uint32_t operations_at,
                                     uint32_t operations_count, uint32_t ret);
void wasi_spi_spi_device_drop(struct guest *guest, uint32_t self);
void wasi_spi_open(struct guest *guest, uint32_t name_at, uint32_t name_count, uint32_t ret);

/* ROW(function, module, name, signature, call): `v` holds the arguments, and in v[0] the result. One table an interface,
 * and one of them all. */
#define WASI_SPI_SPI_IMPORTS(ROW) \
    ROW(wasi_spi_spi_device_read, WASI_SPI_SPI, "[method]spi-device.read", "(iIi)", \
        wasi_spi_spi_device_read(guest, v[0].i32, v[1].i64, v[2].i32)) \
    ROW(wasi_spi_spi_device_write, WASI_SPI_SPI, "[method]spi-device.write", "(iiii)", \
        wasi_spi_spi_device_write(guest, v[0].i32, v[1].i32, v[2].i32, v[3].i32)) \
    ROW(wasi_spi_spi_device_transfer, WASI_SPI_SPI, "[method]spi-device.transfer", "(iiii)", \
        wasi_spi_spi_device_transfer(guest, v[0].i32, v[1].i32, v[2].i32, v[3].i32)) \
    ROW(wasi_spi_spi_device_transaction, WASI_SPI_SPI, "[method]spi-device.transaction", "(iiii)", \
        wasi_spi_spi_device_transaction(guest, v[0].i32, v[1].i32, v[2].i32, v[3].i32)) \
    ROW(wasi_spi_spi_device_drop, WASI_SPI_SPI, "[resource-drop]spi-device", "(i)", \
        wasi_spi_spi_device_drop(guest, v[0].i32)) \
    ROW(wasi_spi_open, WASI_SPI_SPI, "open", "(iii)", \
        wasi_spi_open(guest, v[0].i32, v[1].i32, v[2].i32))
#define WASI_SPI_IMPORTS(ROW) \
    WASI_SPI_SPI_IMPORTS(ROW)

#endif
