/* wasi-hw:conformance@0.1.0 in the core form: what a guest imports of it, and how its types lie in memory. 
 * conformance/ABI.md says what must be checked. Written by `cargo hw wit headers --write`. */

#ifndef WASI_HW_CONFORMANCE_IN_THE_CORE_FORM_H
#define WASI_HW_CONFORMANCE_IN_THE_CORE_FORM_H

#include "wasi_hw_abi.h"

/* The modules of the imports. */
#define WASI_HW_CONFORMANCE_BOARD "wasi-hw:conformance/board@0.1.0"
#define WASI_HW_CONFORMANCE_BOARD_I2C "wasi-hw:conformance/board-i2c@0.1.0"
#define WASI_HW_CONFORMANCE_BOARD_GPIO "wasi-hw:conformance/board-gpio@0.1.0"

/* --- Types: positions of cases, sizes and alignments in memory, values. */

/* 0 ok, 1 err. */
#define WASI_HW_CONFORMANCE_RESULT_NOTHING_STRING_CASES 2
#define WASI_HW_CONFORMANCE_RESULT_NOTHING_STRING_SIZE 12
#define WASI_HW_CONFORMANCE_RESULT_NOTHING_STRING_ALIGN 4
struct wasi_hw_conformance_result_nothing_string {
    uint8_t tag;
    union {
        struct wasi_hw_list err;
    } value;
};

static inline bool wasi_hw_conformance_result_nothing_string_load(const uint8_t *at,
                                                                  struct wasi_hw_conformance_result_nothing_string *to)
{
    to->tag = (uint8_t)wasi_hw_load(at, 1);
    if (to->tag >= WASI_HW_CONFORMANCE_RESULT_NOTHING_STRING_CASES)
        return false;
    if (to->tag == 1) {
        to->value.err = wasi_hw_load_list(at + 4);
    }
    return true;
}

static inline void wasi_hw_conformance_result_nothing_string_store(uint8_t *at,
                                                                   const struct wasi_hw_conformance_result_nothing_string *from)
{
    wasi_hw_store(at, from->tag, 1);
    if (from->tag == 1) {
        wasi_hw_store_list(at + 4, from->value.err);
    }
}

/* 0 ok, 1 err. */
#define WASI_HW_CONFORMANCE_RESULT_HANDLE_STRING_CASES 2
#define WASI_HW_CONFORMANCE_RESULT_HANDLE_STRING_SIZE 12
#define WASI_HW_CONFORMANCE_RESULT_HANDLE_STRING_ALIGN 4
struct wasi_hw_conformance_result_handle_string {
    uint8_t tag;
    union {
        uint32_t ok;
        struct wasi_hw_list err;
    } value;
};

static inline bool wasi_hw_conformance_result_handle_string_load(const uint8_t *at,
                                                                 struct wasi_hw_conformance_result_handle_string *to)
{
    to->tag = (uint8_t)wasi_hw_load(at, 1);
    if (to->tag >= WASI_HW_CONFORMANCE_RESULT_HANDLE_STRING_CASES)
        return false;
    if (to->tag == 0) {
        to->value.ok = (uint32_t)wasi_hw_load(at + 4, 4);
    }
    if (to->tag == 1) {
        to->value.err = wasi_hw_load_list(at + 4);
    }
    return true;
}

static inline void wasi_hw_conformance_result_handle_string_store(uint8_t *at,
                                                                  const struct wasi_hw_conformance_result_handle_string *from)
{
    wasi_hw_store(at, from->tag, 1);
    if (from->tag == 0) {
        wasi_hw_store(at + 4, from->value.ok, 4);
    }
    if (from->tag == 1) {
        wasi_hw_store_list(at + 4, from->value.err);
    }
}

enum wasi_hw_conformance_gpio_error_case {
    WASI_HW_CONFORMANCE_GPIO_ERROR_HARDWARE_FAULT,
    WASI_HW_CONFORMANCE_GPIO_ERROR_ALREADY_IN_USE,
    WASI_HW_CONFORMANCE_GPIO_ERROR_PIN_NOT_ALLOWED,
    WASI_HW_CONFORMANCE_GPIO_ERROR_PIN_MODE_NOT_ALLOWED,
    WASI_HW_CONFORMANCE_GPIO_ERROR_UNDEFINED_PIN_LABEL,
    WASI_HW_CONFORMANCE_GPIO_ERROR_PIN_MODE_NOT_AVAILABLE,
    WASI_HW_CONFORMANCE_GPIO_ERROR_WOULD_BLOCK,
    WASI_HW_CONFORMANCE_GPIO_ERROR_OPERATION_NOT_SUPPORTED,
    WASI_HW_CONFORMANCE_GPIO_ERROR_OTHER,
};
#define WASI_HW_CONFORMANCE_GPIO_ERROR_CASES 9
#define WASI_HW_CONFORMANCE_GPIO_ERROR_SIZE 12
#define WASI_HW_CONFORMANCE_GPIO_ERROR_ALIGN 4
struct wasi_hw_conformance_gpio_error {
    uint8_t tag;
    union {
        struct wasi_hw_list other;
    } value;
};

static inline bool wasi_hw_conformance_gpio_error_load(const uint8_t *at, struct wasi_hw_conformance_gpio_error *to)
{
    to->tag = (uint8_t)wasi_hw_load(at, 1);
    if (to->tag >= WASI_HW_CONFORMANCE_GPIO_ERROR_CASES)
        return false;
    if (to->tag == WASI_HW_CONFORMANCE_GPIO_ERROR_OTHER) {
        to->value.other = wasi_hw_load_list(at + 4);
    }
    return true;
}

static inline void wasi_hw_conformance_gpio_error_store(uint8_t *at, const struct wasi_hw_conformance_gpio_error *from)
{
    wasi_hw_store(at, from->tag, 1);
    if (from->tag == WASI_HW_CONFORMANCE_GPIO_ERROR_OTHER) {
        wasi_hw_store_list(at + 4, from->value.other);
    }
}

/* 0 ok, 1 err. */
#define WASI_HW_CONFORMANCE_RESULT_HANDLE_GPIO_ERROR_CASES 2
#define WASI_HW_CONFORMANCE_RESULT_HANDLE_GPIO_ERROR_SIZE 16
#define WASI_HW_CONFORMANCE_RESULT_HANDLE_GPIO_ERROR_ALIGN 4
struct wasi_hw_conformance_result_handle_gpio_error {
    uint8_t tag;
    union {
        uint32_t ok;
        struct wasi_hw_conformance_gpio_error err;
    } value;
};

static inline bool wasi_hw_conformance_result_handle_gpio_error_load(const uint8_t *at,
                                                                     struct wasi_hw_conformance_result_handle_gpio_error *to)
{
    to->tag = (uint8_t)wasi_hw_load(at, 1);
    if (to->tag >= WASI_HW_CONFORMANCE_RESULT_HANDLE_GPIO_ERROR_CASES)
        return false;
    if (to->tag == 0) {
        to->value.ok = (uint32_t)wasi_hw_load(at + 4, 4);
    }
    if (to->tag == 1) {
        if (!wasi_hw_conformance_gpio_error_load(at + 4, &to->value.err))
            return false;
    }
    return true;
}

static inline void wasi_hw_conformance_result_handle_gpio_error_store(uint8_t *at,
                                                                      const struct wasi_hw_conformance_result_handle_gpio_error *from)
{
    wasi_hw_store(at, from->tag, 1);
    if (from->tag == 0) {
        wasi_hw_store(at + 4, from->value.ok, 4);
    }
    if (from->tag == 1) {
        wasi_hw_conformance_gpio_error_store(at + 4, &from->value.err);
    }
}

/* --- Functions. A number of 8 or 16 bits comes in 32, of which the upper ones do not count; 
 * `*_at` and `*_count` are address and number of elements of a list, `ret` is where the result goes. */

void wasi_hw_conformance_saw(struct guest *guest, uint32_t line_at, uint32_t line_count);
void wasi_hw_conformance_cue(struct guest *guest, uint32_t name_at, uint32_t name_count, uint32_t ret);
void wasi_hw_conformance_wait(struct guest *guest, uint64_t ns);
void wasi_hw_conformance_open_bus(struct guest *guest, uint32_t label_at, uint32_t label_count, uint32_t ret);
uint32_t wasi_hw_conformance_open_delay(struct guest *guest);
void wasi_hw_conformance_open_digital_out(struct guest *guest, uint32_t label_at, uint32_t label_count, uint32_t ret);
void wasi_hw_conformance_open_digital_in(struct guest *guest, uint32_t label_at, uint32_t label_count, uint32_t ret);
void wasi_hw_conformance_open_digital_in_out(struct guest *guest, uint32_t label_at, uint32_t label_count,
                                             uint32_t ret);
void wasi_hw_conformance_open_analog_out(struct guest *guest, uint32_t label_at, uint32_t label_count, uint32_t ret);
void wasi_hw_conformance_open_analog_in(struct guest *guest, uint32_t label_at, uint32_t label_count, uint32_t ret);
void wasi_hw_conformance_open_analog_in_out(struct guest *guest, uint32_t label_at, uint32_t label_count, uint32_t ret);

/* ROW(function, module, name, signature, call): `v` holds the arguments, and in v[0] the result. One table an interface,
 * and one of them all. */
#define WASI_HW_CONFORMANCE_BOARD_IMPORTS(ROW) \
    ROW(wasi_hw_conformance_saw, WASI_HW_CONFORMANCE_BOARD, "saw", "(ii)", \
        wasi_hw_conformance_saw(guest, v[0].i32, v[1].i32)) \
    ROW(wasi_hw_conformance_cue, WASI_HW_CONFORMANCE_BOARD, "cue", "(iii)", \
        wasi_hw_conformance_cue(guest, v[0].i32, v[1].i32, v[2].i32)) \
    ROW(wasi_hw_conformance_wait, WASI_HW_CONFORMANCE_BOARD, "wait", "(I)", \
        wasi_hw_conformance_wait(guest, v[0].i64))
#define WASI_HW_CONFORMANCE_BOARD_I2C_IMPORTS(ROW) \
    ROW(wasi_hw_conformance_open_bus, WASI_HW_CONFORMANCE_BOARD_I2C, "open-bus", "(iii)", \
        wasi_hw_conformance_open_bus(guest, v[0].i32, v[1].i32, v[2].i32)) \
    ROW(wasi_hw_conformance_open_delay, WASI_HW_CONFORMANCE_BOARD_I2C, "open-delay", "()i", \
        v[0].i32 = wasi_hw_conformance_open_delay(guest))
#define WASI_HW_CONFORMANCE_BOARD_GPIO_IMPORTS(ROW) \
    ROW(wasi_hw_conformance_open_digital_out, WASI_HW_CONFORMANCE_BOARD_GPIO, "open-digital-out", "(iii)", \
        wasi_hw_conformance_open_digital_out(guest, v[0].i32, v[1].i32, v[2].i32)) \
    ROW(wasi_hw_conformance_open_digital_in, WASI_HW_CONFORMANCE_BOARD_GPIO, "open-digital-in", "(iii)", \
        wasi_hw_conformance_open_digital_in(guest, v[0].i32, v[1].i32, v[2].i32)) \
    ROW(wasi_hw_conformance_open_digital_in_out, WASI_HW_CONFORMANCE_BOARD_GPIO, "open-digital-in-out", "(iii)", \
        wasi_hw_conformance_open_digital_in_out(guest, v[0].i32, v[1].i32, v[2].i32)) \
    ROW(wasi_hw_conformance_open_analog_out, WASI_HW_CONFORMANCE_BOARD_GPIO, "open-analog-out", "(iii)", \
        wasi_hw_conformance_open_analog_out(guest, v[0].i32, v[1].i32, v[2].i32)) \
    ROW(wasi_hw_conformance_open_analog_in, WASI_HW_CONFORMANCE_BOARD_GPIO, "open-analog-in", "(iii)", \
        wasi_hw_conformance_open_analog_in(guest, v[0].i32, v[1].i32, v[2].i32)) \
    ROW(wasi_hw_conformance_open_analog_in_out, WASI_HW_CONFORMANCE_BOARD_GPIO, "open-analog-in-out", "(iii)", \
        wasi_hw_conformance_open_analog_in_out(guest, v[0].i32, v[1].i32, v[2].i32))
#define WASI_HW_CONFORMANCE_IMPORTS(ROW) \
    WASI_HW_CONFORMANCE_BOARD_IMPORTS(ROW) \
    WASI_HW_CONFORMANCE_BOARD_I2C_IMPORTS(ROW) \
    WASI_HW_CONFORMANCE_BOARD_GPIO_IMPORTS(ROW)

#endif
