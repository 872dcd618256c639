/* What a guest imports of wasi:gpio@0.2.0, in the core form. `state` is the position of a pin-state, `ret` is where
 * the result goes. conformance/ABI.md has the layouts. The interface `general` has types only. */

#ifndef WASI_HW_GPIO_IMPORTS_H
#define WASI_HW_GPIO_IMPORTS_H

#include "imports.h"

#define WASI_GPIO_DIGITAL "wasi:gpio/digital@0.2.0"
#define WASI_GPIO_ANALOG "wasi:gpio/analog@0.2.0"
#define WASI_GPIO_DELAY "wasi:gpio/delay@0.2.0"

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

/* ROW(function, module, name, signature, call) */
#define WASI_GPIO_IMPORTS(ROW) \
    ROW(wasi_gpio_digital_out_pin_get_config, WASI_GPIO_DIGITAL, "[method]digital-out-pin.get-config", "(ii)", \
        wasi_gpio_digital_out_pin_get_config(guest, v[0].i32, v[1].i32)) \
    ROW(wasi_gpio_digital_out_pin_watch_for_ready, WASI_GPIO_DIGITAL, "[method]digital-out-pin.watch-for-ready", \
        "(i)i", v[0].i32 = wasi_gpio_digital_out_pin_watch_for_ready(guest, v[0].i32)) \
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
    ROW(wasi_gpio_digital_in_pin_watch_falling_edge, WASI_GPIO_DIGITAL, "[method]digital-in-pin.watch-falling-edge", \
        "(ii)", wasi_gpio_digital_in_pin_watch_falling_edge(guest, v[0].i32, v[1].i32)) \
    ROW(wasi_gpio_digital_in_pin_watch_rising_edge, WASI_GPIO_DIGITAL, "[method]digital-in-pin.watch-rising-edge", \
        "(ii)", wasi_gpio_digital_in_pin_watch_rising_edge(guest, v[0].i32, v[1].i32)) \
    ROW(wasi_gpio_digital_in_pin_drop, WASI_GPIO_DIGITAL, "[resource-drop]digital-in-pin", "(i)", \
        wasi_gpio_digital_in_pin_drop(guest, v[0].i32)) \
    ROW(wasi_gpio_digital_in_out_pin_get_config, WASI_GPIO_DIGITAL, "[method]digital-in-out-pin.get-config", "(ii)", \
        wasi_gpio_digital_in_out_pin_get_config(guest, v[0].i32, v[1].i32)) \
    ROW(wasi_gpio_digital_in_out_pin_watch_for_ready, WASI_GPIO_DIGITAL, "[method]digital-in-out-pin.watch-for-ready", \
        "(i)i", v[0].i32 = wasi_gpio_digital_in_out_pin_watch_for_ready(guest, v[0].i32)) \
    ROW(wasi_gpio_digital_in_out_pin_set_state, WASI_GPIO_DIGITAL, "[method]digital-in-out-pin.set-state", "(iii)", \
        wasi_gpio_digital_in_out_pin_set_state(guest, v[0].i32, v[1].i32, v[2].i32)) \
    ROW(wasi_gpio_digital_in_out_pin_set_active, WASI_GPIO_DIGITAL, "[method]digital-in-out-pin.set-active", "(ii)", \
        wasi_gpio_digital_in_out_pin_set_active(guest, v[0].i32, v[1].i32)) \
    ROW(wasi_gpio_digital_in_out_pin_set_inactive, WASI_GPIO_DIGITAL, "[method]digital-in-out-pin.set-inactive", \
        "(ii)", wasi_gpio_digital_in_out_pin_set_inactive(guest, v[0].i32, v[1].i32)) \
    ROW(wasi_gpio_digital_in_out_pin_toggle, WASI_GPIO_DIGITAL, "[method]digital-in-out-pin.toggle", "(ii)", \
        wasi_gpio_digital_in_out_pin_toggle(guest, v[0].i32, v[1].i32)) \
    ROW(wasi_gpio_digital_in_out_pin_read, WASI_GPIO_DIGITAL, "[method]digital-in-out-pin.read", "(ii)", \
        wasi_gpio_digital_in_out_pin_read(guest, v[0].i32, v[1].i32)) \
    ROW(wasi_gpio_digital_in_out_pin_is_active, WASI_GPIO_DIGITAL, "[method]digital-in-out-pin.is-active", "(ii)", \
        wasi_gpio_digital_in_out_pin_is_active(guest, v[0].i32, v[1].i32)) \
    ROW(wasi_gpio_digital_in_out_pin_is_inactive, WASI_GPIO_DIGITAL, "[method]digital-in-out-pin.is-inactive", "(ii)", \
        wasi_gpio_digital_in_out_pin_is_inactive(guest, v[0].i32, v[1].i32)) \
    ROW(wasi_gpio_digital_in_out_pin_watch_state, WASI_GPIO_DIGITAL, "[method]digital-in-out-pin.watch-state", \
        "(iii)", wasi_gpio_digital_in_out_pin_watch_state(guest, v[0].i32, v[1].i32, v[2].i32)) \
    ROW(wasi_gpio_digital_in_out_pin_watch_active, WASI_GPIO_DIGITAL, "[method]digital-in-out-pin.watch-active", \
        "(ii)", wasi_gpio_digital_in_out_pin_watch_active(guest, v[0].i32, v[1].i32)) \
    ROW(wasi_gpio_digital_in_out_pin_watch_inactive, WASI_GPIO_DIGITAL, "[method]digital-in-out-pin.watch-inactive", \
        "(ii)", wasi_gpio_digital_in_out_pin_watch_inactive(guest, v[0].i32, v[1].i32)) \
    ROW(wasi_gpio_digital_in_out_pin_watch_falling_edge, WASI_GPIO_DIGITAL, \
        "[method]digital-in-out-pin.watch-falling-edge", "(ii)", \
        wasi_gpio_digital_in_out_pin_watch_falling_edge(guest, v[0].i32, v[1].i32)) \
    ROW(wasi_gpio_digital_in_out_pin_watch_rising_edge, WASI_GPIO_DIGITAL, \
        "[method]digital-in-out-pin.watch-rising-edge", "(ii)", \
        wasi_gpio_digital_in_out_pin_watch_rising_edge(guest, v[0].i32, v[1].i32)) \
    ROW(wasi_gpio_digital_in_out_pin_drop, WASI_GPIO_DIGITAL, "[resource-drop]digital-in-out-pin", "(i)", \
        wasi_gpio_digital_in_out_pin_drop(guest, v[0].i32)) \
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
    ROW(wasi_gpio_analog_in_out_pin_watch_for_ready, WASI_GPIO_ANALOG, "[method]analog-in-out-pin.watch-for-ready", \
        "(i)i", v[0].i32 = wasi_gpio_analog_in_out_pin_watch_for_ready(guest, v[0].i32)) \
    ROW(wasi_gpio_analog_in_out_pin_set_value_raw, WASI_GPIO_ANALOG, "[method]analog-in-out-pin.set-value-raw", \
        "(iii)", wasi_gpio_analog_in_out_pin_set_value_raw(guest, v[0].i32, v[1].i32, v[2].i32)) \
    ROW(wasi_gpio_analog_in_out_pin_set_value, WASI_GPIO_ANALOG, "[method]analog-in-out-pin.set-value", "(ifi)", \
        wasi_gpio_analog_in_out_pin_set_value(guest, v[0].i32, v[1].f32, v[2].i32)) \
    ROW(wasi_gpio_analog_in_out_pin_read_raw, WASI_GPIO_ANALOG, "[method]analog-in-out-pin.read-raw", "(ii)", \
        wasi_gpio_analog_in_out_pin_read_raw(guest, v[0].i32, v[1].i32)) \
    ROW(wasi_gpio_analog_in_out_pin_read, WASI_GPIO_ANALOG, "[method]analog-in-out-pin.read", "(ii)", \
        wasi_gpio_analog_in_out_pin_read(guest, v[0].i32, v[1].i32)) \
    ROW(wasi_gpio_analog_in_out_pin_watch_above_raw, WASI_GPIO_ANALOG, "[method]analog-in-out-pin.watch-above-raw", \
        "(iii)", wasi_gpio_analog_in_out_pin_watch_above_raw(guest, v[0].i32, v[1].i32, v[2].i32)) \
    ROW(wasi_gpio_analog_in_out_pin_watch_above, WASI_GPIO_ANALOG, "[method]analog-in-out-pin.watch-above", "(ifi)", \
        wasi_gpio_analog_in_out_pin_watch_above(guest, v[0].i32, v[1].f32, v[2].i32)) \
    ROW(wasi_gpio_analog_in_out_pin_watch_below_raw, WASI_GPIO_ANALOG, "[method]analog-in-out-pin.watch-below-raw", \
        "(iii)", wasi_gpio_analog_in_out_pin_watch_below_raw(guest, v[0].i32, v[1].i32, v[2].i32)) \
    ROW(wasi_gpio_analog_in_out_pin_watch_below, WASI_GPIO_ANALOG, "[method]analog-in-out-pin.watch-below", "(ifi)", \
        wasi_gpio_analog_in_out_pin_watch_below(guest, v[0].i32, v[1].f32, v[2].i32)) \
    ROW(wasi_gpio_analog_in_out_pin_drop, WASI_GPIO_ANALOG, "[resource-drop]analog-in-out-pin", "(i)", \
        wasi_gpio_analog_in_out_pin_drop(guest, v[0].i32)) \
    ROW(wasi_gpio_delay_ns, WASI_GPIO_DELAY, "delay-ns", "(i)", wasi_gpio_delay_ns(guest, v[0].i32)) \
    ROW(wasi_gpio_delay_us, WASI_GPIO_DELAY, "delay-us", "(i)", wasi_gpio_delay_us(guest, v[0].i32)) \
    ROW(wasi_gpio_delay_ms, WASI_GPIO_DELAY, "delay-ms", "(i)", wasi_gpio_delay_ms(guest, v[0].i32))

extern const struct guest_imports wasi_gpio_imports;

#endif
