/* wasi:gpio@0.2.0 in the core form: what a guest imports of it, and how its types lie in memory. 
 * conformance/ABI.md says what must be checked. Written by `cargo hw wit headers --write`. */

#ifndef WASI_GPIO_IN_THE_CORE_FORM_H
#define WASI_GPIO_IN_THE_CORE_FORM_H

#include "wasi_hw_abi.h"

/* The modules of the imports. */
#define WASI_GPIO_DIGITAL "wasi:gpio/digital@0.2.0"
#define WASI_GPIO_ANALOG "wasi:gpio/analog@0.2.0"
#define WASI_GPIO_DELAY "wasi:gpio/delay@0.2.0"

/* --- Types: positions of cases, sizes and alignments in memory, values. */

enum wasi_gpio_gpio_error_case {
    WASI_GPIO_GPIO_ERROR_HARDWARE_FAULT,
    WASI_GPIO_GPIO_ERROR_ALREADY_IN_USE,
    WASI_GPIO_GPIO_ERROR_PIN_NOT_ALLOWED,
    WASI_GPIO_GPIO_ERROR_PIN_MODE_NOT_ALLOWED,
    WASI_GPIO_GPIO_ERROR_UNDEFINED_PIN_LABEL,
    WASI_GPIO_GPIO_ERROR_PIN_MODE_NOT_AVAILABLE,
    WASI_GPIO_GPIO_ERROR_WOULD_BLOCK,
    WASI_GPIO_GPIO_ERROR_OPERATION_NOT_SUPPORTED,
    WASI_GPIO_GPIO_ERROR_OTHER,
};
#define WASI_GPIO_GPIO_ERROR_CASES 9
#define WASI_GPIO_GPIO_ERROR_SIZE 12
#define WASI_GPIO_GPIO_ERROR_ALIGN 4
struct wasi_gpio_gpio_error {
    uint8_t tag;
    union {
        struct wasi_hw_list other;
    } value;
};

static inline bool wasi_gpio_gpio_error_load(const uint8_t *at, struct wasi_gpio_gpio_error *to)
{
    to->tag = (uint8_t)wasi_hw_load(at, 1);
    if (to->tag >= WASI_GPIO_GPIO_ERROR_CASES)
        return false;
    if (to->tag == WASI_GPIO_GPIO_ERROR_OTHER) {
        to->value.other = wasi_hw_load_list(at + 4);
    }
    return true;
}

static inline void wasi_gpio_gpio_error_store(uint8_t *at, const struct wasi_gpio_gpio_error *from)
{
    wasi_hw_store(at, from->tag, 1);
    if (from->tag == WASI_GPIO_GPIO_ERROR_OTHER) {
        wasi_hw_store_list(at + 4, from->value.other);
    }
}

enum wasi_gpio_active_level {
    WASI_GPIO_ACTIVE_LEVEL_ACTIVE_HIGH,
    WASI_GPIO_ACTIVE_LEVEL_ACTIVE_LOW,
};
#define WASI_GPIO_ACTIVE_LEVEL_CASES 2

enum wasi_gpio_pin_mode {
    WASI_GPIO_PIN_MODE_IN,
    WASI_GPIO_PIN_MODE_OUT,
    WASI_GPIO_PIN_MODE_IN_OUT,
};
#define WASI_GPIO_PIN_MODE_CASES 3

enum wasi_gpio_pull_resistor {
    WASI_GPIO_PULL_RESISTOR_PULL_UP,
    WASI_GPIO_PULL_RESISTOR_PULL_DOWN,
};
#define WASI_GPIO_PULL_RESISTOR_CASES 2

enum wasi_gpio_pin_state {
    WASI_GPIO_PIN_STATE_ACTIVE,
    WASI_GPIO_PIN_STATE_INACTIVE,
};
#define WASI_GPIO_PIN_STATE_CASES 2

/* 0 none, 1 some. */
#define WASI_GPIO_OPTION_PULL_RESISTOR_CASES 2
#define WASI_GPIO_OPTION_PULL_RESISTOR_SIZE 2
#define WASI_GPIO_OPTION_PULL_RESISTOR_ALIGN 1
struct wasi_gpio_option_pull_resistor {
    uint8_t tag;
    union {
        uint8_t some;
    } value;
};

static inline bool wasi_gpio_option_pull_resistor_load(const uint8_t *at, struct wasi_gpio_option_pull_resistor *to)
{
    to->tag = (uint8_t)wasi_hw_load(at, 1);
    if (to->tag >= WASI_GPIO_OPTION_PULL_RESISTOR_CASES)
        return false;
    if (to->tag == 1) {
        to->value.some = (uint8_t)wasi_hw_load(at + 1, 1);
        if (to->value.some >= WASI_GPIO_PULL_RESISTOR_CASES)
            return false;
    }
    return true;
}

static inline void wasi_gpio_option_pull_resistor_store(uint8_t *at, const struct wasi_gpio_option_pull_resistor *from)
{
    wasi_hw_store(at, from->tag, 1);
    if (from->tag == 1) {
        wasi_hw_store(at + 1, from->value.some, 1);
    }
}

#define WASI_GPIO_DIGITAL_CONFIG_SIZE 12
#define WASI_GPIO_DIGITAL_CONFIG_ALIGN 4
struct wasi_gpio_digital_config {
    struct wasi_hw_list label;
    uint8_t pin_mode;
    uint8_t active_level;
    struct wasi_gpio_option_pull_resistor pull_resistor;
};

static inline bool wasi_gpio_digital_config_load(const uint8_t *at, struct wasi_gpio_digital_config *to)
{
    to->label = wasi_hw_load_list(at);
    to->pin_mode = (uint8_t)wasi_hw_load(at + 8, 1);
    if (to->pin_mode >= WASI_GPIO_PIN_MODE_CASES)
        return false;
    to->active_level = (uint8_t)wasi_hw_load(at + 9, 1);
    if (to->active_level >= WASI_GPIO_ACTIVE_LEVEL_CASES)
        return false;
    if (!wasi_gpio_option_pull_resistor_load(at + 10, &to->pull_resistor))
        return false;
    return true;
}

static inline void wasi_gpio_digital_config_store(uint8_t *at, const struct wasi_gpio_digital_config *from)
{
    wasi_hw_store_list(at, from->label);
    wasi_hw_store(at + 8, from->pin_mode, 1);
    wasi_hw_store(at + 9, from->active_level, 1);
    wasi_gpio_option_pull_resistor_store(at + 10, &from->pull_resistor);
}

/* 0 ok, 1 err. */
#define WASI_GPIO_RESULT_NOTHING_GPIO_ERROR_CASES 2
#define WASI_GPIO_RESULT_NOTHING_GPIO_ERROR_SIZE 16
#define WASI_GPIO_RESULT_NOTHING_GPIO_ERROR_ALIGN 4
struct wasi_gpio_result_nothing_gpio_error {
    uint8_t tag;
    union {
        struct wasi_gpio_gpio_error err;
    } value;
};

static inline bool wasi_gpio_result_nothing_gpio_error_load(const uint8_t *at,
                                                            struct wasi_gpio_result_nothing_gpio_error *to)
{
    to->tag = (uint8_t)wasi_hw_load(at, 1);
    if (to->tag >= WASI_GPIO_RESULT_NOTHING_GPIO_ERROR_CASES)
        return false;
    if (to->tag == 1) {
        if (!wasi_gpio_gpio_error_load(at + 4, &to->value.err))
            return false;
    }
    return true;
}

static inline void wasi_gpio_result_nothing_gpio_error_store(uint8_t *at,
                                                             const struct wasi_gpio_result_nothing_gpio_error *from)
{
    wasi_hw_store(at, from->tag, 1);
    if (from->tag == 1) {
        wasi_gpio_gpio_error_store(at + 4, &from->value.err);
    }
}

/* 0 ok, 1 err. */
#define WASI_GPIO_RESULT_PIN_STATE_GPIO_ERROR_CASES 2
#define WASI_GPIO_RESULT_PIN_STATE_GPIO_ERROR_SIZE 16
#define WASI_GPIO_RESULT_PIN_STATE_GPIO_ERROR_ALIGN 4
struct wasi_gpio_result_pin_state_gpio_error {
    uint8_t tag;
    union {
        uint8_t ok;
        struct wasi_gpio_gpio_error err;
    } value;
};

static inline bool wasi_gpio_result_pin_state_gpio_error_load(const uint8_t *at,
                                                              struct wasi_gpio_result_pin_state_gpio_error *to)
{
    to->tag = (uint8_t)wasi_hw_load(at, 1);
    if (to->tag >= WASI_GPIO_RESULT_PIN_STATE_GPIO_ERROR_CASES)
        return false;
    if (to->tag == 0) {
        to->value.ok = (uint8_t)wasi_hw_load(at + 4, 1);
        if (to->value.ok >= WASI_GPIO_PIN_STATE_CASES)
            return false;
    }
    if (to->tag == 1) {
        if (!wasi_gpio_gpio_error_load(at + 4, &to->value.err))
            return false;
    }
    return true;
}

static inline void wasi_gpio_result_pin_state_gpio_error_store(uint8_t *at,
                                                               const struct wasi_gpio_result_pin_state_gpio_error *from)
{
    wasi_hw_store(at, from->tag, 1);
    if (from->tag == 0) {
        wasi_hw_store(at + 4, from->value.ok, 1);
    }
    if (from->tag == 1) {
        wasi_gpio_gpio_error_store(at + 4, &from->value.err);
    }
}

/* 0 ok, 1 err. */
#define WASI_GPIO_RESULT_BOOL_GPIO_ERROR_CASES 2
#define WASI_GPIO_RESULT_BOOL_GPIO_ERROR_SIZE 16
#define WASI_GPIO_RESULT_BOOL_GPIO_ERROR_ALIGN 4
struct wasi_gpio_result_bool_gpio_error {
    uint8_t tag;
    union {
        bool ok;
        struct wasi_gpio_gpio_error err;
    } value;
};

static inline bool wasi_gpio_result_bool_gpio_error_load(const uint8_t *at, struct wasi_gpio_result_bool_gpio_error *to)
{
    to->tag = (uint8_t)wasi_hw_load(at, 1);
    if (to->tag >= WASI_GPIO_RESULT_BOOL_GPIO_ERROR_CASES)
        return false;
    if (to->tag == 0) {
        to->value.ok = at[4] != 0;
    }
    if (to->tag == 1) {
        if (!wasi_gpio_gpio_error_load(at + 4, &to->value.err))
            return false;
    }
    return true;
}

static inline void wasi_gpio_result_bool_gpio_error_store(uint8_t *at,
                                                          const struct wasi_gpio_result_bool_gpio_error *from)
{
    wasi_hw_store(at, from->tag, 1);
    if (from->tag == 0) {
        at[4] = from->value.ok ? 1 : 0;
    }
    if (from->tag == 1) {
        wasi_gpio_gpio_error_store(at + 4, &from->value.err);
    }
}

/* 0 ok, 1 err. */
#define WASI_GPIO_RESULT_HANDLE_GPIO_ERROR_CASES 2
#define WASI_GPIO_RESULT_HANDLE_GPIO_ERROR_SIZE 16
#define WASI_GPIO_RESULT_HANDLE_GPIO_ERROR_ALIGN 4
struct wasi_gpio_result_handle_gpio_error {
    uint8_t tag;
    union {
        uint32_t ok;
        struct wasi_gpio_gpio_error err;
    } value;
};

static inline bool wasi_gpio_result_handle_gpio_error_load(const uint8_t *at,
                                                           struct wasi_gpio_result_handle_gpio_error *to)
{
    to->tag = (uint8_t)wasi_hw_load(at, 1);
    if (to->tag >= WASI_GPIO_RESULT_HANDLE_GPIO_ERROR_CASES)
        return false;
    if (to->tag == 0) {
        to->value.ok = (uint32_t)wasi_hw_load(at + 4, 4);
    }
    if (to->tag == 1) {
        if (!wasi_gpio_gpio_error_load(at + 4, &to->value.err))
            return false;
    }
    return true;
}

static inline void wasi_gpio_result_handle_gpio_error_store(uint8_t *at,
                                                            const struct wasi_gpio_result_handle_gpio_error *from)
{
    wasi_hw_store(at, from->tag, 1);
    if (from->tag == 0) {
        wasi_hw_store(at + 4, from->value.ok, 4);
    }
    if (from->tag == 1) {
        wasi_gpio_gpio_error_store(at + 4, &from->value.err);
    }
}

#define WASI_GPIO_ANALOG_CONFIG_SIZE 12
#define WASI_GPIO_ANALOG_CONFIG_ALIGN 4
struct wasi_gpio_analog_config {
    struct wasi_hw_list label;
    uint8_t pin_mode;
};

static inline bool wasi_gpio_analog_config_load(const uint8_t *at, struct wasi_gpio_analog_config *to)
{
    to->label = wasi_hw_load_list(at);
    to->pin_mode = (uint8_t)wasi_hw_load(at + 8, 1);
    if (to->pin_mode >= WASI_GPIO_PIN_MODE_CASES)
        return false;
    return true;
}

static inline void wasi_gpio_analog_config_store(uint8_t *at, const struct wasi_gpio_analog_config *from)
{
    wasi_hw_store_list(at, from->label);
    wasi_hw_store(at + 8, from->pin_mode, 1);
}

/* 0 ok, 1 err. */
#define WASI_GPIO_RESULT_U32_GPIO_ERROR_CASES 2
#define WASI_GPIO_RESULT_U32_GPIO_ERROR_SIZE 16
#define WASI_GPIO_RESULT_U32_GPIO_ERROR_ALIGN 4
struct wasi_gpio_result_u32_gpio_error {
    uint8_t tag;
    union {
        uint32_t ok;
        struct wasi_gpio_gpio_error err;
    } value;
};

static inline bool wasi_gpio_result_u32_gpio_error_load(const uint8_t *at, struct wasi_gpio_result_u32_gpio_error *to)
{
    to->tag = (uint8_t)wasi_hw_load(at, 1);
    if (to->tag >= WASI_GPIO_RESULT_U32_GPIO_ERROR_CASES)
        return false;
    if (to->tag == 0) {
        to->value.ok = (uint32_t)wasi_hw_load(at + 4, 4);
    }
    if (to->tag == 1) {
        if (!wasi_gpio_gpio_error_load(at + 4, &to->value.err))
            return false;
    }
    return true;
}

static inline void wasi_gpio_result_u32_gpio_error_store(uint8_t *at,
                                                         const struct wasi_gpio_result_u32_gpio_error *from)
{
    wasi_hw_store(at, from->tag, 1);
    if (from->tag == 0) {
        wasi_hw_store(at + 4, from->value.ok, 4);
    }
    if (from->tag == 1) {
        wasi_gpio_gpio_error_store(at + 4, &from->value.err);
    }
}

/* 0 ok, 1 err. */
#define WASI_GPIO_RESULT_F32_GPIO_ERROR_CASES 2
#define WASI_GPIO_RESULT_F32_GPIO_ERROR_SIZE 16
#define WASI_GPIO_RESULT_F32_GPIO_ERROR_ALIGN 4
struct wasi_gpio_result_f32_gpio_error {
    uint8_t tag;
    union {
        float ok;
        struct wasi_gpio_gpio_error err;
    } value;
};

static inline bool wasi_gpio_result_f32_gpio_error_load(const uint8_t *at, struct wasi_gpio_result_f32_gpio_error *to)
{
    to->tag = (uint8_t)wasi_hw_load(at, 1);
    if (to->tag >= WASI_GPIO_RESULT_F32_GPIO_ERROR_CASES)
        return false;
    if (to->tag == 0) {
        to->value.ok = wasi_hw_load_f32(at + 4);
    }
    if (to->tag == 1) {
        if (!wasi_gpio_gpio_error_load(at + 4, &to->value.err))
            return false;
    }
    return true;
}

static inline void wasi_gpio_result_f32_gpio_error_store(uint8_t *at,
                                                         const struct wasi_gpio_result_f32_gpio_error *from)
{
    wasi_hw_store(at, from->tag, 1);
    if (from->tag == 0) {
        wasi_hw_store_f32(at + 4, from->value.ok);
    }
    if (from->tag == 1) {
        wasi_gpio_gpio_error_store(at + 4, &from->value.err);
    }
}

/* --- Functions. A number of 8 or 16 bits comes in 32, of which the upper ones do not count; 
 * `*_at` and `*_count` are address and number of elements of a list, `ret` is where the result goes. */

void wasi_gpio_digital_out_pin_get_config(struct guest *guest, uint32_t self, uint32_t ret);
uint32_t wasi_gpio_digital_out_pin_watch_for_ready(struct guest *guest, uint32_t self);
void wasi_gpio_digital_out_pin_set_state(struct guest *guest, uint32_t self, uint32_t state, uint32_t ret);
void wasi_gpio_digital_out_pin_set_active(struct guest *guest, uint32_t self, uint32_t ret);
void wasi_gpio_digital_out_pin_set_inactive(struct guest *guest, uint32_t self, uint32_t ret);
void wasi_gpio_digital_out_pin_toggle(struct guest *guest, uint32_t self, uint32_t ret);
void wasi_gpio_digital_out_pin_drop(struct guest *guest, uint32_t self);
void wasi_gpio_digital_in_pin_get_config(struct guest *guest, uint32_t self, uint32_t ret);
uint32_t wasi_gpio_digital_in_pin_watch_for_ready(struct guest *guest, uint32_t self);
void wasi_gpio_digital_in_pin_read(struct guest *guest, uint32_t self, uint32_t ret);
void wasi_gpio_digital_in_pin_is_active(struct guest *guest, uint32_t self, uint32_t ret);
void wasi_gpio_digital_in_pin_is_inactive(struct guest *guest, uint32_t self, uint32_t ret);
void wasi_gpio_digital_in_pin_watch_state(struct guest *guest, uint32_t self, uint32_t state, uint32_t ret);
void wasi_gpio_digital_in_pin_watch_active(struct guest *guest, uint32_t self, uint32_t ret);
void wasi_gpio_digital_in_pin_watch_inactive(struct guest *guest, uint32_t self, uint32_t ret);
void wasi_gpio_digital_in_pin_watch_falling_edge(struct guest *guest, uint32_t self, uint32_t ret);
void wasi_gpio_digital_in_pin_watch_rising_edge(struct guest *guest, uint32_t self, uint32_t ret);
void wasi_gpio_digital_in_pin_drop(struct guest *guest, uint32_t self);
void wasi_gpio_digital_in_out_pin_get_config(struct guest *guest, uint32_t self, uint32_t ret);
uint32_t wasi_gpio_digital_in_out_pin_watch_for_ready(struct guest *guest, uint32_t self);
void wasi_gpio_digital_in_out_pin_set_state(struct guest *guest, uint32_t self, uint32_t state, uint32_t ret);
void wasi_gpio_digital_in_out_pin_set_active(struct guest *guest, uint32_t self, uint32_t ret);
void wasi_gpio_digital_in_out_pin_set_inactive(struct guest *guest, uint32_t self, uint32_t ret);
void wasi_gpio_digital_in_out_pin_toggle(struct guest *guest, uint32_t self, uint32_t ret);
void wasi_gpio_digital_in_out_pin_read(struct guest *guest, uint32_t self, uint32_t ret);
void wasi_gpio_digital_in_out_pin_is_active(struct guest *guest, uint32_t self, uint32_t ret);
void wasi_gpio_digital_in_out_pin_is_inactive(struct guest *guest, uint32_t self, uint32_t ret);
void wasi_gpio_digital_in_out_pin_watch_state(struct guest *guest, uint32_t self, uint32_t state, uint32_t ret);
void wasi_gpio_digital_in_out_pin_watch_active(struct guest *guest, uint32_t self, uint32_t ret);
void wasi_gpio_digital_in_out_pin_watch_inactive(struct guest *guest, uint32_t self, uint32_t ret);
void wasi_gpio_digital_in_out_pin_watch_falling_edge(struct guest *guest, uint32_t self, uint32_t ret);
void wasi_gpio_digital_in_out_pin_watch_rising_edge(struct guest *guest, uint32_t self, uint32_t ret);
void wasi_gpio_digital_in_out_pin_drop(struct guest *guest, uint32_t self);
void wasi_gpio_analog_out_pin_get_config(struct guest *guest, uint32_t self, uint32_t ret);
uint32_t wasi_gpio_analog_out_pin_watch_for_ready(struct guest *guest, uint32_t self);
void wasi_gpio_analog_out_pin_set_value_raw(struct guest *guest, uint32_t self, uint32_t value, uint32_t ret);
void wasi_gpio_analog_out_pin_set_value(struct guest *guest, uint32_t self, float value, uint32_t ret);
void wasi_gpio_analog_out_pin_drop(struct guest *guest, uint32_t self);
void wasi_gpio_analog_in_pin_get_config(struct guest *guest, uint32_t self, uint32_t ret);
uint32_t wasi_gpio_analog_in_pin_watch_for_ready(struct guest *guest, uint32_t self);
void wasi_gpio_analog_in_pin_read_raw(struct guest *guest, uint32_t self, uint32_t ret);
void wasi_gpio_analog_in_pin_read(struct guest *guest, uint32_t self, uint32_t ret);
void wasi_gpio_analog_in_pin_watch_above_raw(struct guest *guest, uint32_t self, uint32_t value, uint32_t ret);
void wasi_gpio_analog_in_pin_watch_above(struct guest *guest, uint32_t self, float value, uint32_t ret);
void wasi_gpio_analog_in_pin_watch_below_raw(struct guest *guest, uint32_t self, uint32_t value, uint32_t ret);
void wasi_gpio_analog_in_pin_watch_below(struct guest *guest, uint32_t self, float value, uint32_t ret);
void wasi_gpio_analog_in_pin_drop(struct guest *guest, uint32_t self);
void wasi_gpio_analog_in_out_pin_get_config(struct guest *guest, uint32_t self, uint32_t ret);
uint32_t wasi_gpio_analog_in_out_pin_watch_for_ready(struct guest *guest, uint32_t self);
void wasi_gpio_analog_in_out_pin_set_value_raw(struct guest *guest, uint32_t self, uint32_t value, uint32_t ret);
void wasi_gpio_analog_in_out_pin_set_value(struct guest *guest, uint32_t self, float value, uint32_t ret);
void wasi_gpio_analog_in_out_pin_read_raw(struct guest *guest, uint32_t self, uint32_t ret);
void wasi_gpio_analog_in_out_pin_read(struct guest *guest, uint32_t self, uint32_t ret);
void wasi_gpio_analog_in_out_pin_watch_above_raw(struct guest *guest, uint32_t self, uint32_t value, uint32_t ret);
void wasi_gpio_analog_in_out_pin_watch_above(struct guest *guest, uint32_t self, float value, uint32_t ret);
void wasi_gpio_analog_in_out_pin_watch_below_raw(struct guest *guest, uint32_t self, uint32_t value, uint32_t ret);
void wasi_gpio_analog_in_out_pin_watch_below(struct guest *guest, uint32_t self, float value, uint32_t ret);
void wasi_gpio_analog_in_out_pin_drop(struct guest *guest, uint32_t self);
void wasi_gpio_delay_ns(struct guest *guest, uint32_t ns);
void wasi_gpio_delay_us(struct guest *guest, uint32_t us);
void wasi_gpio_delay_ms(struct guest *guest, uint32_t ms);

/* ROW(function, module, name, signature, call): `v` holds the arguments, and in v[0] the result. One table an interface,
 * and one of them all. */
#define WASI_GPIO_DIGITAL_IMPORTS(ROW) \
    ROW(wasi_gpio_digital_out_pin_get_config, WASI_GPIO_DIGITAL, "[method]digital-out-pin.get-config", "(ii)", \
        wasi_gpio_digital_out_pin_get_config(guest, v[0].i32, v[1].i32)) \
    ROW(wasi_gpio_digital_out_pin_watch_for_ready, WASI_GPIO_DIGITAL, "[method]digital-out-pin.watch-for-ready", "(i)i", \
        v[0].i32 = wasi_gpio_digital_out_pin_watch_for_ready(guest, v[0].i32)) \
    ROW(wasi_gpio_digital_out_pin_set_state, WASI_GPIO_DIGITAL, "[method]digital-out-pin.set-state", "(iii)", \
        wasi_gpio_digital_out_pin_set_state(guest, v[0].i32, v[1].i32, v[2].i32)) \
    ROW(wasi_gpio_digital_out_pin_set_active, WASI_GPIO_DIGITAL, "[method]digital-out-pin.set-active", "(ii)", \
        wasi_gpio_digital_out_pin_set_active(guest, v[0].i32, v[1].i32)) \
    ROW(wasi_gpio_digital_out_pin_set_inactive, WASI_GPIO_DIGITAL, "[method]digital-out-pin.set-inactive", "(ii)", \
        wasi_gpio_digital_out_pin_set_inactive(guest, v[0].i32, v[1].i32)) \
    ROW(wasi_gpio_digital_out_pin_toggle, WASI_GPIO_DIGITAL, "[method]digital-out-pin.toggle", "(ii)", \
        wasi_gpio_digital_out_pin_toggle(guest, v[0].i32, v[1].i32)) \
    ROW(wasi_gpio_digital_out_pin_drop, WASI_GPIO_DIGITAL, "[resource-drop]digital-out-pin", "(i)", \
        wasi_gpio_digital_out_pin_drop(guest, v[0].i32)) \
    ROW(wasi_gpio_digital_in_pin_get_config, WASI_GPIO_DIGITAL, "[method]digital-in-pin.get-config", "(ii)", \
        wasi_gpio_digital_in_pin_get_config(guest, v[0].i32, v[1].i32)) \
    ROW(wasi_gpio_digital_in_pin_watch_for_ready, WASI_GPIO_DIGITAL, "[method]digital-in-pin.watch-for-ready", "(i)i", \
        v[0].i32 = wasi_gpio_digital_in_pin_watch_for_ready(guest, v[0].i32)) \
    ROW(wasi_gpio_digital_in_pin_read, WASI_GPIO_DIGITAL, "[method]digital-in-pin.read", "(ii)", \
        wasi_gpio_digital_in_pin_read(guest, v[0].i32, v[1].i32)) \
    ROW(wasi_gpio_digital_in_pin_is_active, WASI_GPIO_DIGITAL, "[method]digital-in-pin.is-active", "(ii)", \
        wasi_gpio_digital_in_pin_is_active(guest, v[0].i32, v[1].i32)) \
    ROW(wasi_gpio_digital_in_pin_is_inactive, WASI_GPIO_DIGITAL, "[method]digital-in-pin.is-inactive", "(ii)", \
        wasi_gpio_digital_in_pin_is_inactive(guest, v[0].i32, v[1].i32)) \
    ROW(wasi_gpio_digital_in_pin_watch_state, WASI_GPIO_DIGITAL, "[method]digital-in-pin.watch-state", "(iii)", \
        wasi_gpio_digital_in_pin_watch_state(guest, v[0].i32, v[1].i32, v[2].i32)) \
    ROW(wasi_gpio_digital_in_pin_watch_active, WASI_GPIO_DIGITAL, "[method]digital-in-pin.watch-active", "(ii)", \
        wasi_gpio_digital_in_pin_watch_active(guest, v[0].i32, v[1].i32)) \
    ROW(wasi_gpio_digital_in_pin_watch_inactive, WASI_GPIO_DIGITAL, "[method]digital-in-pin.watch-inactive", "(ii)", \
        wasi_gpio_digital_in_pin_watch_inactive(guest, v[0].i32, v[1].i32)) \
    ROW(wasi_gpio_digital_in_pin_watch_falling_edge, WASI_GPIO_DIGITAL, "[method]digital-in-pin.watch-falling-edge", "(ii)", \
        wasi_gpio_digital_in_pin_watch_falling_edge(guest, v[0].i32, v[1].i32)) \
    ROW(wasi_gpio_digital_in_pin_watch_rising_edge, WASI_GPIO_DIGITAL, "[method]digital-in-pin.watch-rising-edge", "(ii)", \
        wasi_gpio_digital_in_pin_watch_rising_edge(guest, v[0].i32, v[1].i32)) \
    ROW(wasi_gpio_digital_in_pin_drop, WASI_GPIO_DIGITAL, "[resource-drop]digital-in-pin", "(i)", \
        wasi_gpio_digital_in_pin_drop(guest, v[0].i32)) \
    ROW(wasi_gpio_digital_in_out_pin_get_config, WASI_GPIO_DIGITAL, "[method]digital-in-out-pin.get-config", "(ii)", \
        wasi_gpio_digital_in_out_pin_get_config(guest, v[0].i32, v[1].i32)) \
    ROW(wasi_gpio_digital_in_out_pin_watch_for_ready, WASI_GPIO_DIGITAL, "[method]digital-in-out-pin.watch-for-ready", "(i)i", \
        v[0].i32 = wasi_gpio_digital_in_out_pin_watch_for_ready(guest, v[0].i32)) \
    ROW(wasi_gpio_digital_in_out_pin_set_state, WASI_GPIO_DIGITAL, "[method]digital-in-out-pin.set-state", "(iii)", \
        wasi_gpio_digital_in_out_pin_set_state(guest, v[0].i32, v[1].i32, v[2].i32)) \
    ROW(wasi_gpio_digital_in_out_pin_set_active, WASI_GPIO_DIGITAL, "[method]digital-in-out-pin.set-active", "(ii)", \
        wasi_gpio_digital_in_out_pin_set_active(guest, v[0].i32, v[1].i32)) \
    ROW(wasi_gpio_digital_in_out_pin_set_inactive, WASI_GPIO_DIGITAL, "[method]digital-in-out-pin.set-inactive", "(ii)", \
        wasi_gpio_digital_in_out_pin_set_inactive(guest, v[0].i32, v[1].i32)) \
    ROW(wasi_gpio_digital_in_out_pin_toggle, WASI_GPIO_DIGITAL, "[method]digital-in-out-pin.toggle", "(ii)", \
        wasi_gpio_digital_in_out_pin_toggle(guest, v[0].i32, v[1].i32)) \
    ROW(wasi_gpio_digital_in_out_pin_read, WASI_GPIO_DIGITAL, "[method]digital-in-out-pin.read", "(ii)", \
        wasi_gpio_digital_in_out_pin_read(guest, v[0].i32, v[1].i32)) \
    ROW(wasi_gpio_digital_in_out_pin_is_active, WASI_GPIO_DIGITAL, "[method]digital-in-out-pin.is-active", "(ii)", \
        wasi_gpio_digital_in_out_pin_is_active(guest, v[0].i32, v[1].i32)) \
    ROW(wasi_gpio_digital_in_out_pin_is_inactive, WASI_GPIO_DIGITAL, "[method]digital-in-out-pin.is-inactive", "(ii)", \
        wasi_gpio_digital_in_out_pin_is_inactive(guest, v[0].i32, v[1].i32)) \
    ROW(wasi_gpio_digital_in_out_pin_watch_state, WASI_GPIO_DIGITAL, "[method]digital-in-out-pin.watch-state", "(iii)", \
        wasi_gpio_digital_in_out_pin_watch_state(guest, v[0].i32, v[1].i32, v[2].i32)) \
    ROW(wasi_gpio_digital_in_out_pin_watch_active, WASI_GPIO_DIGITAL, "[method]digital-in-out-pin.watch-active", "(ii)", \
        wasi_gpio_digital_in_out_pin_watch_active(guest, v[0].i32, v[1].i32)) \
    ROW(wasi_gpio_digital_in_out_pin_watch_inactive, WASI_GPIO_DIGITAL, "[method]digital-in-out-pin.watch-inactive", "(ii)", \
        wasi_gpio_digital_in_out_pin_watch_inactive(guest, v[0].i32, v[1].i32)) \
    ROW(wasi_gpio_digital_in_out_pin_watch_falling_edge, WASI_GPIO_DIGITAL, "[method]digital-in-out-pin.watch-falling-edge", "(ii)", \
        wasi_gpio_digital_in_out_pin_watch_falling_edge(guest, v[0].i32, v[1].i32)) \
    ROW(wasi_gpio_digital_in_out_pin_watch_rising_edge, WASI_GPIO_DIGITAL, "[method]digital-in-out-pin.watch-rising-edge", "(ii)", \
        wasi_gpio_digital_in_out_pin_watch_rising_edge(guest, v[0].i32, v[1].i32)) \
    ROW(wasi_gpio_digital_in_out_pin_drop, WASI_GPIO_DIGITAL, "[resource-drop]digital-in-out-pin", "(i)", \
        wasi_gpio_digital_in_out_pin_drop(guest, v[0].i32))
#define WASI_GPIO_ANALOG_IMPORTS(ROW) \
    ROW(wasi_gpio_analog_out_pin_get_config, WASI_GPIO_ANALOG, "[method]analog-out-pin.get-config", "(ii)", \
        wasi_gpio_analog_out_pin_get_config(guest, v[0].i32, v[1].i32)) \
    ROW(wasi_gpio_analog_out_pin_watch_for_ready, WASI_GPIO_ANALOG, "[method]analog-out-pin.watch-for-ready", "(i)i", \
        v[0].i32 = wasi_gpio_analog_out_pin_watch_for_ready(guest, v[0].i32)) \
    ROW(wasi_gpio_analog_out_pin_set_value_raw, WASI_GPIO_ANALOG, "[method]analog-out-pin.set-value-raw", "(iii)", \
        wasi_gpio_analog_out_pin_set_value_raw(guest, v[0].i32, v[1].i32, v[2].i32)) \
    ROW(wasi_gpio_analog_out_pin_set_value, WASI_GPIO_ANALOG, "[method]analog-out-pin.set-value", "(ifi)", \
        wasi_gpio_analog_out_pin_set_value(guest, v[0].i32, v[1].f32, v[2].i32)) \
    ROW(wasi_gpio_analog_out_pin_drop, WASI_GPIO_ANALOG, "[resource-drop]analog-out-pin", "(i)", \
        wasi_gpio_analog_out_pin_drop(guest, v[0].i32)) \
    ROW(wasi_gpio_analog_in_pin_get_config, WASI_GPIO_ANALOG, "[method]analog-in-pin.get-config", "(ii)", \
        wasi_gpio_analog_in_pin_get_config(guest, v[0].i32, v[1].i32)) \
    ROW(wasi_gpio_analog_in_pin_watch_for_ready, WASI_GPIO_ANALOG, "[method]analog-in-pin.watch-for-ready", "(i)i", \
        v[0].i32 = wasi_gpio_analog_in_pin_watch_for_ready(guest, v[0].i32)) \
    ROW(wasi_gpio_analog_in_pin_read_raw, WASI_GPIO_ANALOG, "[method]analog-in-pin.read-raw", "(ii)", \
        wasi_gpio_analog_in_pin_read_raw(guest, v[0].i32, v[1].i32)) \
    ROW(wasi_gpio_analog_in_pin_read, WASI_GPIO_ANALOG, "[method]analog-in-pin.read", "(ii)", \
        wasi_gpio_analog_in_pin_read(guest, v[0].i32, v[1].i32)) \
    ROW(wasi_gpio_analog_in_pin_watch_above_raw, WASI_GPIO_ANALOG, "[method]analog-in-pin.watch-above-raw", "(iii)", \
        wasi_gpio_analog_in_pin_watch_above_raw(guest, v[0].i32, v[1].i32, v[2].i32)) \
    ROW(wasi_gpio_analog_in_pin_watch_above, WASI_GPIO_ANALOG, "[method]analog-in-pin.watch-above", "(ifi)", \
        wasi_gpio_analog_in_pin_watch_above(guest, v[0].i32, v[1].f32, v[2].i32)) \
    ROW(wasi_gpio_analog_in_pin_watch_below_raw, WASI_GPIO_ANALOG, "[method]analog-in-pin.watch-below-raw", "(iii)", \
        wasi_gpio_analog_in_pin_watch_below_raw(guest, v[0].i32, v[1].i32, v[2].i32)) \
    ROW(wasi_gpio_analog_in_pin_watch_below, WASI_GPIO_ANALOG, "[method]analog-in-pin.watch-below", "(ifi)", \
        wasi_gpio_analog_in_pin_watch_below(guest, v[0].i32, v[1].f32, v[2].i32)) \
    ROW(wasi_gpio_analog_in_pin_drop, WASI_GPIO_ANALOG, "[resource-drop]analog-in-pin", "(i)", \
        wasi_gpio_analog_in_pin_drop(guest, v[0].i32)) \
    ROW(wasi_gpio_analog_in_out_pin_get_config, WASI_GPIO_ANALOG, "[method]analog-in-out-pin.get-config", "(ii)", \
        wasi_gpio_analog_in_out_pin_get_config(guest, v[0].i32, v[1].i32)) \
    ROW(wasi_gpio_analog_in_out_pin_watch_for_ready, WASI_GPIO_ANALOG, "[method]analog-in-out-pin.watch-for-ready", "(i)i", \
        v[0].i32 = wasi_gpio_analog_in_out_pin_watch_for_ready(guest, v[0].i32)) \
    ROW(wasi_gpio_analog_in_out_pin_set_value_raw, WASI_GPIO_ANALOG, "[method]analog-in-out-pin.set-value-raw", "(iii)", \
        wasi_gpio_analog_in_out_pin_set_value_raw(guest, v[0].i32, v[1].i32, v[2].i32)) \
    ROW(wasi_gpio_analog_in_out_pin_set_value, WASI_GPIO_ANALOG, "[method]analog-in-out-pin.set-value", "(ifi)", \
        wasi_gpio_analog_in_out_pin_set_value(guest, v[0].i32, v[1].f32, v[2].i32)) \
    ROW(wasi_gpio_analog_in_out_pin_read_raw, WASI_GPIO_ANALOG, "[method]analog-in-out-pin.read-raw", "(ii)", \
        wasi_gpio_analog_in_out_pin_read_raw(guest, v[0].i32, v[1].i32)) \
    ROW(wasi_gpio_analog_in_out_pin_read, WASI_GPIO_ANALOG, "[method]analog-in-out-pin.read", "(ii)", \
        wasi_gpio_analog_in_out_pin_read(guest, v[0].i32, v[1].i32)) \
    ROW(wasi_gpio_analog_in_out_pin_watch_above_raw, WASI_GPIO_ANALOG, "[method]analog-in-out-pin.watch-above-raw", "(iii)", \
        wasi_gpio_analog_in_out_pin_watch_above_raw(guest, v[0].i32, v[1].i32, v[2].i32)) \
    ROW(wasi_gpio_analog_in_out_pin_watch_above, WASI_GPIO_ANALOG, "[method]analog-in-out-pin.watch-above", "(ifi)", \
        wasi_gpio_analog_in_out_pin_watch_above(guest, v[0].i32, v[1].f32, v[2].i32)) \
    ROW(wasi_gpio_analog_in_out_pin_watch_below_raw, WASI_GPIO_ANALOG, "[method]analog-in-out-pin.watch-below-raw", "(iii)", \
        wasi_gpio_analog_in_out_pin_watch_below_raw(guest, v[0].i32, v[1].i32, v[2].i32)) \
    ROW(wasi_gpio_analog_in_out_pin_watch_below, WASI_GPIO_ANALOG, "[method]analog-in-out-pin.watch-below", "(ifi)", \
        wasi_gpio_analog_in_out_pin_watch_below(guest, v[0].i32, v[1].f32, v[2].i32)) \
    ROW(wasi_gpio_analog_in_out_pin_drop, WASI_GPIO_ANALOG, "[resource-drop]analog-in-out-pin", "(i)", \
        wasi_gpio_analog_in_out_pin_drop(guest, v[0].i32))
#define WASI_GPIO_DELAY_IMPORTS(ROW) \
    ROW(wasi_gpio_delay_ns, WASI_GPIO_DELAY, "delay-ns", "(i)", \
        wasi_gpio_delay_ns(guest, v[0].i32)) \
    ROW(wasi_gpio_delay_us, WASI_GPIO_DELAY, "delay-us", "(i)", \
        wasi_gpio_delay_us(guest, v[0].i32)) \
    ROW(wasi_gpio_delay_ms, WASI_GPIO_DELAY, "delay-ms", "(i)", \
        wasi_gpio_delay_ms(guest, v[0].i32))
#define WASI_GPIO_IMPORTS(ROW) \
    WASI_GPIO_DIGITAL_IMPORTS(ROW) \
    WASI_GPIO_ANALOG_IMPORTS(ROW) \
    WASI_GPIO_DELAY_IMPORTS(ROW)

#endif
