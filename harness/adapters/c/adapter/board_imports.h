/* What a conformance guest imports beside the package under test, in the core form: wasi-hw:conformance@0.1.0. `ret`
 * is where the result goes. */

#ifndef WASI_HW_BOARD_IMPORTS_H
#define WASI_HW_BOARD_IMPORTS_H

#include "../host/imports.h"

#define WASI_HW_BOARD "wasi-hw:conformance/board@0.1.0"
#define WASI_HW_BOARD_I2C "wasi-hw:conformance/board-i2c@0.1.0"
#define WASI_HW_BOARD_GPIO "wasi-hw:conformance/board-gpio@0.1.0"

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

/* ROW(function, module, name, signature, call) */
#define WASI_HW_CONFORMANCE_IMPORTS(ROW) \
    ROW(wasi_hw_conformance_saw, WASI_HW_BOARD, "saw", "(ii)", wasi_hw_conformance_saw(guest, v[0].i32, v[1].i32)) \
    ROW(wasi_hw_conformance_cue, WASI_HW_BOARD, "cue", "(iii)", \
        wasi_hw_conformance_cue(guest, v[0].i32, v[1].i32, v[2].i32)) \
    ROW(wasi_hw_conformance_wait, WASI_HW_BOARD, "wait", "(I)", wasi_hw_conformance_wait(guest, v[0].i64)) \
    ROW(wasi_hw_conformance_open_bus, WASI_HW_BOARD_I2C, "open-bus", "(iii)", \
        wasi_hw_conformance_open_bus(guest, v[0].i32, v[1].i32, v[2].i32)) \
    ROW(wasi_hw_conformance_open_delay, WASI_HW_BOARD_I2C, "open-delay", "()i", \
        v[0].i32 = wasi_hw_conformance_open_delay(guest)) \
    ROW(wasi_hw_conformance_open_digital_out, WASI_HW_BOARD_GPIO, "open-digital-out", "(iii)", \
        wasi_hw_conformance_open_digital_out(guest, v[0].i32, v[1].i32, v[2].i32)) \
    ROW(wasi_hw_conformance_open_digital_in, WASI_HW_BOARD_GPIO, "open-digital-in", "(iii)", \
        wasi_hw_conformance_open_digital_in(guest, v[0].i32, v[1].i32, v[2].i32)) \
    ROW(wasi_hw_conformance_open_digital_in_out, WASI_HW_BOARD_GPIO, "open-digital-in-out", "(iii)", \
        wasi_hw_conformance_open_digital_in_out(guest, v[0].i32, v[1].i32, v[2].i32)) \
    ROW(wasi_hw_conformance_open_analog_out, WASI_HW_BOARD_GPIO, "open-analog-out", "(iii)", \
        wasi_hw_conformance_open_analog_out(guest, v[0].i32, v[1].i32, v[2].i32)) \
    ROW(wasi_hw_conformance_open_analog_in, WASI_HW_BOARD_GPIO, "open-analog-in", "(iii)", \
        wasi_hw_conformance_open_analog_in(guest, v[0].i32, v[1].i32, v[2].i32)) \
    ROW(wasi_hw_conformance_open_analog_in_out, WASI_HW_BOARD_GPIO, "open-analog-in-out", "(iii)", \
        wasi_hw_conformance_open_analog_in_out(guest, v[0].i32, v[1].i32, v[2].i32))

extern const struct guest_imports wasi_hw_conformance_imports;

#endif
