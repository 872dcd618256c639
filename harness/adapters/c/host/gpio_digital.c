/* wasi:gpio/digital: pins with two states. Every state is logical, every level physical. */

#include "wasi_hw_gpio.h"
#include "gpio_pin.h"

#define ACTIVE WASI_GPIO_PIN_STATE_ACTIVE
#define INACTIVE WASI_GPIO_PIN_STATE_INACTIVE

/* The level that stands for a state. */
static uint32_t level(const struct gpio_pin *pin, enum wasi_gpio_pin_state state)
{
    return (state == ACTIVE) != pin->settings->is_active_low;
}

static void get_config(struct guest *guest, uint32_t self, const struct resource_type *type, uint32_t ret)
{
    struct gpio_pin *pin = (struct gpio_pin *)host_borrow(guest, self, type);
    /* digital-config: 12 bytes, aligned to 4; the label at 0 and 4, pin-mode at 8, active-level at 9, and at 10 and
     * 11 an option with the pull-resistor. */
    if (pin == NULL || !GUEST_RESULT(guest, ret, WASI_GPIO_DIGITAL_CONFIG) || !gpio_write_config(guest, pin, ret))
        return;
    guest_write_8(guest, ret + 9, pin->settings->is_active_low);
    guest_write_8(guest, ret + 10, pin->settings->pull != SEAM_NO_PULL);
    guest_write_8(guest, ret + 11, pin->settings->pull == SEAM_PULL_DOWN);
}

/* --- Driving ------------------------------------------------------------------------------------------------ */

static void drive(struct guest *guest, struct gpio_pin *pin, enum wasi_gpio_pin_state state, uint32_t ret)
{
    struct host *host = guest->host;
    bool is_high = level(pin, state);
    if (gpio_write(guest, ret, host->seam->gpio->set_level(host->seam->board, pin->line->handle, is_high)))
        pin->drives_active = state == ACTIVE;
}

static void set_state(struct guest *guest, uint32_t self, const struct resource_type *type, uint32_t state,
                      uint32_t ret)
{
    struct gpio_pin *pin = gpio_pin(guest, self, type, ret);
    if (pin != NULL && guest_read_case(guest, state, WASI_GPIO_PIN_STATE_CASES, "pin-state"))
        drive(guest, pin, (enum wasi_gpio_pin_state)state, ret);
}

/* The opposite of what was driven last, whatever level the line really has [GPIO-07]. */
static void toggle(struct guest *guest, uint32_t self, const struct resource_type *type, uint32_t ret)
{
    struct gpio_pin *pin = gpio_pin(guest, self, type, ret);
    if (pin != NULL)
        drive(guest, pin, pin->drives_active ? INACTIVE : ACTIVE, ret);
}

/* --- Reading ------------------------------------------------------------------------------------------------ */

/* Whether the line is active now: it is asked during the call [GPIO-09]. False: the result is an error. */
static bool read(struct guest *guest, uint32_t self, const struct resource_type *type, uint32_t ret, bool *is_active)
{
    struct host *host = guest->host;
    struct gpio_pin *pin = gpio_pin(guest, self, type, ret);
    uint32_t value;
    if (pin == NULL || !gpio_write(guest, ret, host->seam->gpio->get(host->seam->board, pin->line->handle, &value)))
        return false;
    *is_active = value == level(pin, ACTIVE);
    return true;
}

static void read_state(struct guest *guest, uint32_t self, const struct resource_type *type, uint32_t ret)
{
    bool is_active;
    if (read(guest, self, type, ret, &is_active))
        guest_write_8(guest, ret + 4, is_active ? ACTIVE : INACTIVE);
}

/* `is-active` and `is-inactive`. */
static void is_state(struct guest *guest, uint32_t self, const struct resource_type *type,
                     enum wasi_gpio_pin_state state, uint32_t ret)
{
    bool is_active;
    if (read(guest, self, type, ret, &is_active))
        guest_write_8(guest, ret + 4, is_active == (state == ACTIVE));
}

/* --- Waiting ------------------------------------------------------------------------------------------------ */

static void watch(struct guest *guest, uint32_t self, const struct resource_type *type, enum gpio_condition condition,
                  uint32_t state, uint32_t ret)
{
    struct gpio_pin *pin = gpio_pin(guest, self, type, ret);
    if (pin == NULL || !guest_read_case(guest, state, WASI_GPIO_PIN_STATE_CASES, "pin-state"))
        return;
    struct gpio_watch wanted = { .condition = condition, .level = level(pin, (enum wasi_gpio_pin_state)state) };
    gpio_write_watch(guest, pin, &wanted, ret);
}

/* --- The functions of each kind of pin ---------------------------------------------------------------------- */

#define PIN(kind) \
    void wasi_gpio_##kind##_pin_get_config(struct guest *guest, uint32_t self, uint32_t ret) \
    { \
        get_config(guest, self, &gpio_##kind, ret); \
    } \
    uint32_t wasi_gpio_##kind##_pin_watch_for_ready(struct guest *guest, uint32_t self) \
    { \
        return gpio_watch_for_ready(guest, self, &gpio_##kind); \
    } \
    void wasi_gpio_##kind##_pin_drop(struct guest *guest, uint32_t self) \
    { \
        host_drop(guest, self, &gpio_##kind); \
    }

#define DRIVES(kind) \
    void wasi_gpio_##kind##_pin_set_state(struct guest *guest, uint32_t self, uint32_t state, uint32_t ret) \
    { \
        set_state(guest, self, &gpio_##kind, state, ret); \
    } \
    void wasi_gpio_##kind##_pin_set_active(struct guest *guest, uint32_t self, uint32_t ret) \
    { \
        set_state(guest, self, &gpio_##kind, ACTIVE, ret); \
    } \
    void wasi_gpio_##kind##_pin_set_inactive(struct guest *guest, uint32_t self, uint32_t ret) \
    { \
        set_state(guest, self, &gpio_##kind, INACTIVE, ret); \
    } \
    void wasi_gpio_##kind##_pin_toggle(struct guest *guest, uint32_t self, uint32_t ret) \
    { \
        toggle(guest, self, &gpio_##kind, ret); \
    }

#define READS(kind) \
    void wasi_gpio_##kind##_pin_read(struct guest *guest, uint32_t self, uint32_t ret) \
    { \
        read_state(guest, self, &gpio_##kind, ret); \
    } \
    void wasi_gpio_##kind##_pin_is_active(struct guest *guest, uint32_t self, uint32_t ret) \
    { \
        is_state(guest, self, &gpio_##kind, ACTIVE, ret); \
    } \
    void wasi_gpio_##kind##_pin_is_inactive(struct guest *guest, uint32_t self, uint32_t ret) \
    { \
        is_state(guest, self, &gpio_##kind, INACTIVE, ret); \
    } \
    void wasi_gpio_##kind##_pin_watch_state(struct guest *guest, uint32_t self, uint32_t state, uint32_t ret) \
    { \
        watch(guest, self, &gpio_##kind, GPIO_LEVEL, state, ret); \
    } \
    void wasi_gpio_##kind##_pin_watch_active(struct guest *guest, uint32_t self, uint32_t ret) \
    { \
        watch(guest, self, &gpio_##kind, GPIO_LEVEL, ACTIVE, ret); \
    } \
    void wasi_gpio_##kind##_pin_watch_inactive(struct guest *guest, uint32_t self, uint32_t ret) \
    { \
        watch(guest, self, &gpio_##kind, GPIO_LEVEL, INACTIVE, ret); \
    } \
    void wasi_gpio_##kind##_pin_watch_falling_edge(struct guest *guest, uint32_t self, uint32_t ret) \
    { \
        watch(guest, self, &gpio_##kind, GPIO_EDGE, INACTIVE, ret); \
    } \
    void wasi_gpio_##kind##_pin_watch_rising_edge(struct guest *guest, uint32_t self, uint32_t ret) \
    { \
        watch(guest, self, &gpio_##kind, GPIO_EDGE, ACTIVE, ret); \
    }

PIN(digital_out)
DRIVES(digital_out)
PIN(digital_in)
READS(digital_in)
PIN(digital_in_out)
DRIVES(digital_in_out)
READS(digital_in_out)
