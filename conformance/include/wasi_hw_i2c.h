/* wasi:i2c@0.2.0-draft in the core form: what a guest imports of it, and how its types lie in memory. 
 * conformance/ABI.md says what must be checked. Written by `cargo hw wit headers --write`. */

#ifndef WASI_I2C_IN_THE_CORE_FORM_H
#define WASI_I2C_IN_THE_CORE_FORM_H

#include "wasi_hw_abi.h"

/* The modules of the imports. */
#define WASI_I2C_I2C "wasi:i2c/i2c@0.2.0-draft"
#define WASI_I2C_DELAY "wasi:i2c/delay@0.2.0-draft"

/* --- Types: positions of cases, sizes and alignments in memory, values. */

enum wasi_i2c_no_acknowledge_source {
    WASI_I2C_NO_ACKNOWLEDGE_SOURCE_ADDRESS,
    WASI_I2C_NO_ACKNOWLEDGE_SOURCE_DATA,
    WASI_I2C_NO_ACKNOWLEDGE_SOURCE_UNKNOWN,
};
#define WASI_I2C_NO_ACKNOWLEDGE_SOURCE_CASES 3

enum wasi_i2c_error_code_case {
    WASI_I2C_ERROR_CODE_BUS,
    WASI_I2C_ERROR_CODE_ARBITRATION_LOSS,
    WASI_I2C_ERROR_CODE_NO_ACKNOWLEDGE,
    WASI_I2C_ERROR_CODE_OVERRUN,
    WASI_I2C_ERROR_CODE_OTHER,
};
#define WASI_I2C_ERROR_CODE_CASES 5
#define WASI_I2C_ERROR_CODE_SIZE 2
#define WASI_I2C_ERROR_CODE_ALIGN 1
struct wasi_i2c_error_code {
    uint8_t tag;
    union {
        uint8_t no_acknowledge;
    } value;
};

static inline bool wasi_i2c_error_code_load(const uint8_t *at, struct wasi_i2c_error_code *to)
{
    to->tag = (uint8_t)wasi_hw_load(at, 1);
    if (to->tag >= WASI_I2C_ERROR_CODE_CASES)
        return false;
    if (to->tag == WASI_I2C_ERROR_CODE_NO_ACKNOWLEDGE) {
        to->value.no_acknowledge = (uint8_t)wasi_hw_load(at + 1, 1);
        if (to->value.no_acknowledge >= WASI_I2C_NO_ACKNOWLEDGE_SOURCE_CASES)
            return false;
    }
    return true;
}

static inline void wasi_i2c_error_code_store(uint8_t *at, const struct wasi_i2c_error_code *from)
{
    wasi_hw_store(at, from->tag, 1);
    if (from->tag == WASI_I2C_ERROR_CODE_NO_ACKNOWLEDGE) {
        wasi_hw_store(at + 1, from->value.no_acknowledge, 1);
    }
}

enum wasi_i2c_operation_case {
    WASI_I2C_OPERATION_READ,
    WASI_I2C_OPERATION_WRITE,
};
#define WASI_I2C_OPERATION_CASES 2
#define WASI_I2C_OPERATION_SIZE 16
#define WASI_I2C_OPERATION_ALIGN 8
struct wasi_i2c_operation {
    uint8_t tag;
    union {
        uint64_t read;
        struct wasi_hw_list write;
    } value;
};

static inline bool wasi_i2c_operation_load(const uint8_t *at, struct wasi_i2c_operation *to)
{
    to->tag = (uint8_t)wasi_hw_load(at, 1);
    if (to->tag >= WASI_I2C_OPERATION_CASES)
        return false;
    if (to->tag == WASI_I2C_OPERATION_READ) {
        to->value.read = (uint64_t)wasi_hw_load(at + 8, 8);
    }
    if (to->tag == WASI_I2C_OPERATION_WRITE) {
        to->value.write = wasi_hw_load_list(at + 8);
    }
    return true;
}

static inline void wasi_i2c_operation_store(uint8_t *at, const struct wasi_i2c_operation *from)
{
    wasi_hw_store(at, from->tag, 1);
    if (from->tag == WASI_I2C_OPERATION_READ) {
        wasi_hw_store(at + 8, from->value.read, 8);
    }
    if (from->tag == WASI_I2C_OPERATION_WRITE) {
        wasi_hw_store_list(at + 8, from->value.write);
    }
}

/* 0 ok, 1 err. */
#define WASI_I2C_RESULT_LIST_ERROR_CODE_CASES 2
#define WASI_I2C_RESULT_LIST_ERROR_CODE_SIZE 12
#define WASI_I2C_RESULT_LIST_ERROR_CODE_ALIGN 4
struct wasi_i2c_result_list_error_code {
    uint8_t tag;
    union {
        struct wasi_hw_list ok;
        struct wasi_i2c_error_code err;
    } value;
};

static inline bool wasi_i2c_result_list_error_code_load(const uint8_t *at, struct wasi_i2c_result_list_error_code *to)
{
    to->tag = (uint8_t)wasi_hw_load(at, 1);
    if (to->tag >= WASI_I2C_RESULT_LIST_ERROR_CODE_CASES)
        return false;
    if (to->tag == 0) {
        to->value.ok = wasi_hw_load_list(at + 4);
    }
    if (to->tag == 1) {
        if (!wasi_i2c_error_code_load(at + 4, &to->value.err))
            return false;
    }
    return true;
}

static inline void wasi_i2c_result_list_error_code_store(uint8_t *at,
                                                         const struct wasi_i2c_result_list_error_code *from)
{
    wasi_hw_store(at, from->tag, 1);
    if (from->tag == 0) {
        wasi_hw_store_list(at + 4, from->value.ok);
    }
    if (from->tag == 1) {
        wasi_i2c_error_code_store(at + 4, &from->value.err);
    }
}

/* 0 ok, 1 err. */
#define WASI_I2C_RESULT_NOTHING_ERROR_CODE_CASES 2
#define WASI_I2C_RESULT_NOTHING_ERROR_CODE_SIZE 3
#define WASI_I2C_RESULT_NOTHING_ERROR_CODE_ALIGN 1
struct wasi_i2c_result_nothing_error_code {
    uint8_t tag;
    union {
        struct wasi_i2c_error_code err;
    } value;
};

static inline bool wasi_i2c_result_nothing_error_code_load(const uint8_t *at,
                                                           struct wasi_i2c_result_nothing_error_code *to)
{
    to->tag = (uint8_t)wasi_hw_load(at, 1);
    if (to->tag >= WASI_I2C_RESULT_NOTHING_ERROR_CODE_CASES)
        return false;
    if (to->tag == 1) {
        if (!wasi_i2c_error_code_load(at + 1, &to->value.err))
            return false;
    }
    return true;
}

static inline void wasi_i2c_result_nothing_error_code_store(uint8_t *at,
                                                            const struct wasi_i2c_result_nothing_error_code *from)
{
    wasi_hw_store(at, from->tag, 1);
    if (from->tag == 1) {
        wasi_i2c_error_code_store(at + 1, &from->value.err);
    }
}

/* --- Functions. A number of 8 or 16 bits comes in 32, of which the upper ones do not count; 
 * `*_at` and `*_count` are address and number of elements of a list, `ret` is where the result goes. */

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

/* ROW(function, module, name, signature, call): `v` holds the arguments, and in v[0] the result. One table an interface,
 * and one of them all. */
#define WASI_I2C_I2C_IMPORTS(ROW) \
    ROW(wasi_i2c_i2c_transaction, WASI_I2C_I2C, "[method]i2c.transaction", "(iiiii)", \
        wasi_i2c_i2c_transaction(guest, v[0].i32, v[1].i32, v[2].i32, v[3].i32, v[4].i32)) \
    ROW(wasi_i2c_i2c_read, WASI_I2C_I2C, "[method]i2c.read", "(iiIi)", \
        wasi_i2c_i2c_read(guest, v[0].i32, v[1].i32, v[2].i64, v[3].i32)) \
    ROW(wasi_i2c_i2c_write, WASI_I2C_I2C, "[method]i2c.write", "(iiiii)", \
        wasi_i2c_i2c_write(guest, v[0].i32, v[1].i32, v[2].i32, v[3].i32, v[4].i32)) \
    ROW(wasi_i2c_i2c_write_read, WASI_I2C_I2C, "[method]i2c.write-read", "(iiiiIi)", \
        wasi_i2c_i2c_write_read(guest, v[0].i32, v[1].i32, v[2].i32, v[3].i32, v[4].i64, v[5].i32)) \
    ROW(wasi_i2c_i2c_drop, WASI_I2C_I2C, "[resource-drop]i2c", "(i)", \
        wasi_i2c_i2c_drop(guest, v[0].i32))
#define WASI_I2C_DELAY_IMPORTS(ROW) \
    ROW(wasi_i2c_delay_delay_ns, WASI_I2C_DELAY, "[method]delay.delay-ns", "(ii)", \
        wasi_i2c_delay_delay_ns(guest, v[0].i32, v[1].i32)) \
    ROW(wasi_i2c_delay_drop, WASI_I2C_DELAY, "[resource-drop]delay", "(i)", \
        wasi_i2c_delay_drop(guest, v[0].i32))
#define WASI_I2C_IMPORTS(ROW) \
    WASI_I2C_I2C_IMPORTS(ROW) \
    WASI_I2C_DELAY_IMPORTS(ROW)

#endif
