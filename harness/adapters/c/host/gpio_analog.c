/* wasi:gpio/analog: pins with a scale between inactive and active. Raw values count the steps of the hardware. */

#include "wasi_hw_gpio.h"
#include "gpio_pin.h"

static void get_config(struct guest *guest, uint32_t self, const struct resource_type *type, uint32_t ret)
{
    struct gpio_pin *pin = (struct gpio_pin *)host_borrow(guest, self, type);
    /* analog-config: 12 bytes, aligned to 4; the label at 0 and 4, pin-mode at 8. */
    if (pin != NULL && GUEST_RESULT(guest, ret, WASI_GPIO_ANALOG_CONFIG))
        gpio_write_config(guest, pin, ret);
}

static bool is_nan(float value)
{
    return value != value;
}

/* --- Driving ------------------------------------------------------------------------------------------------ */

/* A value above the greatest drives the line fully active [GPIO-33]. */
static void drive(struct guest *guest, struct gpio_pin *pin, uint32_t steps, uint32_t ret)
{
    struct host *host = guest->host;
    uint32_t value = gpio_line_turned(pin->line, steps);
    gpio_write(guest, ret, host->seam->gpio->set_value(host->seam->board, pin->line->handle, value));
}

static void set_value_raw(struct guest *guest, uint32_t self, const struct resource_type *type, uint32_t value,
                          uint32_t ret)
{
    struct gpio_pin *pin = gpio_pin(guest, self, type, ret);
    if (pin != NULL)
        drive(guest, pin, value, ret);
}

static void set_value(struct guest *guest, uint32_t self, const struct resource_type *type, float value, uint32_t ret)
{
    struct gpio_pin *pin = gpio_pin(guest, self, type, ret);
    if (pin == NULL)
        return;
    if (is_nan(value)) {
        gpio_write_other(guest, ret, TEXT("a NaN is no value"));
        return;
    }
    /* Outside the scale is its nearer end [GPIO-34b]. A double holds every step and its half. */
    double fraction = value < 0 ? 0 : value > 1 ? 1 : value;
    drive(guest, pin, (uint32_t)(fraction * pin->line->greatest + 0.5), ret);
}

/* --- Reading ------------------------------------------------------------------------------------------------ */

/* Steps from fully inactive. False: the result is an error. */
static bool read_steps(struct guest *guest, uint32_t self, const struct resource_type *type, uint32_t ret,
                       uint32_t *steps, uint32_t *greatest)
{
    struct host *host = guest->host;
    struct gpio_pin *pin = gpio_pin(guest, self, type, ret);
    uint32_t value;
    if (pin == NULL || !gpio_write(guest, ret, host->seam->gpio->get(host->seam->board, pin->line->handle, &value)))
        return false;
    *steps = gpio_line_turned(pin->line, value);
    *greatest = pin->line->greatest;
    return true;
}

static void read_raw(struct guest *guest, uint32_t self, const struct resource_type *type, uint32_t ret)
{
    uint32_t steps, greatest;
    if (read_steps(guest, self, type, ret, &steps, &greatest))
        guest_write_32(guest, ret + 4, steps);
}

static void read(struct guest *guest, uint32_t self, const struct resource_type *type, uint32_t ret)
{
    uint32_t steps, greatest;
    if (read_steps(guest, self, type, ret, &steps, &greatest))
        guest_write_f32(guest, ret + 4, (float)((double)steps / greatest));
}

/* --- Waiting ------------------------------------------------------------------------------------------------ */

static void watch_raw(struct guest *guest, uint32_t self, const struct resource_type *type,
                      enum gpio_condition condition, uint32_t value, uint32_t ret)
{
    struct gpio_pin *pin = gpio_pin(guest, self, type, ret);
    struct gpio_watch wanted = { .condition = condition, .threshold = value };
    if (pin != NULL)
        gpio_write_watch(guest, pin, &wanted, ret);
}

static void watch(struct guest *guest, uint32_t self, const struct resource_type *type, enum gpio_condition condition,
                  float value, uint32_t ret)
{
    struct gpio_pin *pin = gpio_pin(guest, self, type, ret);
    struct gpio_watch wanted = { .condition = condition };
    if (pin == NULL)
        return;
    if (is_nan(value) || value < 0 || value > 1) {
        gpio_write_other(guest, ret, TEXT("a threshold lies from 0 to 1"));
        return;
    }
    wanted.threshold = (double)value * pin->line->greatest;
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
    void wasi_gpio_##kind##_pin_set_value_raw(struct guest *guest, uint32_t self, uint32_t value, uint32_t ret) \
    { \
        set_value_raw(guest, self, &gpio_##kind, value, ret); \
    } \
    void wasi_gpio_##kind##_pin_set_value(struct guest *guest, uint32_t self, float value, uint32_t ret) \
    { \
        set_value(guest, self, &gpio_##kind, value, ret); \
    }

#define READS(kind) \
    void wasi_gpio_##kind##_pin_read_raw(struct guest *guest, uint32_t self, uint32_t ret) \
    { \
        read_raw(guest, self, &gpio_##kind, ret); \
    } \
    void wasi_gpio_##kind##_pin_read(struct guest *guest, uint32_t self, uint32_t ret) \
    { \
        read(guest, self, &gpio_##kind, ret); \
    } \
    void wasi_gpio_##kind##_pin_watch_above_raw(struct guest *guest, uint32_t self, uint32_t value, uint32_t ret) \
    { \
        watch_raw(guest, self, &gpio_##kind, GPIO_ABOVE, value, ret); \
    } \
    void wasi_gpio_##kind##_pin_watch_above(struct guest *guest, uint32_t self, float value, uint32_t ret) \
    { \
        watch(guest, self, &gpio_##kind, GPIO_ABOVE, value, ret); \
    } \
    void wasi_gpio_##kind##_pin_watch_below_raw(struct guest *guest, uint32_t self, uint32_t value, uint32_t ret) \
    { \
        watch_raw(guest, self, &gpio_##kind, GPIO_BELOW, value, ret); \
    } \
    void wasi_gpio_##kind##_pin_watch_below(struct guest *guest, uint32_t self, float value, uint32_t ret) \
    { \
        watch(guest, self, &gpio_##kind, GPIO_BELOW, value, ret); \
    }

PIN(analog_out)
DRIVES(analog_out)
PIN(analog_in)
READS(analog_in)
PIN(analog_in_out)
DRIVES(analog_in_out)
READS(analog_in_out)
