/* What the pins of wasi:gpio have in common, digital and analog ones. */

#ifndef WASI_HW_GPIO_PIN_H
#define WASI_HW_GPIO_PIN_H

#include "gpio.h"
#include "gpio_line.h"

struct gpio_pin {
    struct resource resource;
    const struct gpio_pin_settings *settings;
    struct gpio_line *line;
    enum seam_direction direction;
    bool reports_edges;
    /* What a digital pin drove last, whatever the line really had. */
    bool drives_active;
};

/* The types of the six kinds. */
extern const struct resource_type gpio_digital_out, gpio_digital_in, gpio_digital_in_out;
extern const struct resource_type gpio_analog_out, gpio_analog_in, gpio_analog_in_out;

/* The pin that a guest means, and its place for the result checked: every result<T, gpio-error> is laid out alike,
 * because the error has a string. NULL: the guest has trapped. */
struct gpio_pin *gpio_pin(struct guest *guest, uint32_t self, const struct resource_type *type, uint32_t ret);

void gpio_write_other(struct guest *guest, uint32_t ret, struct text why);

/* Writes what a driver's refusal of a call is for the guest, or ok where it was none. What belongs to ok is written
 * by the caller; true then. */
bool gpio_write(struct guest *guest, uint32_t ret, enum seam_code code);

/* Makes a pollable of what is wanted, and writes a result<own<pollable>, gpio-error>. */
void gpio_write_watch(struct guest *guest, struct gpio_pin *pin, const struct gpio_watch *wanted, uint32_t ret);

/* `watch-for-ready`: a pollable, without an error to give. */
uint32_t gpio_watch_for_ready(struct guest *guest, uint32_t self, const struct resource_type *type);

/* The part of `get-config` that all pins have: label and direction. False: the guest has trapped. */
bool gpio_write_config(struct guest *guest, struct gpio_pin *pin, uint32_t ret);

#endif
