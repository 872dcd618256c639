/* What a conformance guest imports beside the package under test: wasi-hw:conformance@0.1.0 (wit/conformance/0.1.0).
 * The interface `board` is the harness's; the other two hand out what the embedder configured. */

#include "../host/gpio.h"
#include "../host/i2c.h"
#include "board.h"
#include "wasi_hw_conformance.h"

/* The longest line that a guest may write down. */
#define MOST_LINE (4u << 20)

static struct board *board_of(struct guest *guest)
{
    return guest->host->seam->board;
}

/* What cannot be told to the guest ends it. */
static void check(struct guest *guest, enum seam_code code)
{
    struct text why = host_why(guest->host);
    if (code == SEAM_DEAD)
        guest_trap(guest, "nothing can happen any more");
    else if (code != SEAM_OK)
        guest_trap(guest, "the board refused: %.*s", (int)why.length, why.at);
}

static bool read_name(struct guest *guest, uint32_t at, uint32_t count, struct text *name)
{
    if (count > MOST_LINE) {
        guest_trap(guest, "a text of %u bytes", (unsigned)count);
        return false;
    }
    return guest_read_text(guest, at, count, name);
}

void wasi_hw_conformance_saw(struct guest *guest, uint32_t line_at, uint32_t line_count)
{
    struct text line;
    if (!read_name(guest, line_at, line_count, &line))
        return;
    struct json_out *out = board_ask(board_of(guest), "saw");
    json_write(out, "\"line\":");
    json_write_string(out, line);
    check(guest, board_answer(board_of(guest)));
}

void wasi_hw_conformance_cue(struct guest *guest, uint32_t name_at, uint32_t name_count, uint32_t ret)
{
    struct text name;
    if (!GUEST_RESULT(guest, ret, WASI_HW_CONFORMANCE_RESULT_NOTHING_STRING) ||
        !read_name(guest, name_at, name_count, &name))
        return;
    struct json_out *out = board_ask(board_of(guest), "cue");
    json_write(out, "\"name\":");
    json_write_string(out, name);
    enum seam_code code = board_answer(board_of(guest));
    if (code == SEAM_DEAD) {
        check(guest, code);
    } else if (code == SEAM_OK) {
        guest_write_8(guest, ret, 0);
    } else {
        struct text why = host_why(guest->host);
        guest_write_8(guest, ret, 1);
        guest_write_bytes(guest, ret + 4, why.at, why.length);
    }
}

void wasi_hw_conformance_wait(struct guest *guest, uint64_t ns)
{
    struct seam_wait wait = { .is_timed = true, .ns = ns };
    struct seam_woken woken;
    host_is_alive(guest, host_wait(guest->host, &wait, &woken));
}

void wasi_hw_conformance_open_bus(struct guest *guest, uint32_t label_at, uint32_t label_count, uint32_t ret)
{
    struct text label, why;
    if (!GUEST_RESULT(guest, ret, WASI_HW_CONFORMANCE_RESULT_HANDLE_STRING) ||
        !read_name(guest, label_at, label_count, &label))
        return;
    uint32_t bus = wasi_i2c_give_bus(guest->host, label, &why);
    guest_write_8(guest, ret, bus == 0);
    if (bus != 0)
        guest_write_32(guest, ret + 4, bus);
    else
        guest_write_bytes(guest, ret + 4, why.at, why.length);
}

uint32_t wasi_hw_conformance_open_delay(struct guest *guest)
{
    uint32_t delay = wasi_i2c_give_delay(guest->host);
    if (delay == 0)
        guest_trap(guest, "the guest holds too many handles");
    return delay;
}

/* The six functions that open a pin. */
static void open_pin(struct guest *guest, enum gpio_mode mode, uint32_t label_at, uint32_t label_count, uint32_t ret)
{
    struct text label;
    if (read_name(guest, label_at, label_count, &label))
        wasi_gpio_give_pin(guest, label, mode, ret);
}

#define OPEN(name, mode) \
    void wasi_hw_conformance_open_##name(struct guest *guest, uint32_t label_at, uint32_t label_count, uint32_t ret) \
    { \
        open_pin(guest, mode, label_at, label_count, ret); \
    }

OPEN(digital_out, GPIO_DIGITAL_OUT)
OPEN(digital_in, GPIO_DIGITAL_IN)
OPEN(digital_in_out, GPIO_DIGITAL_IN_OUT)
OPEN(analog_out, GPIO_ANALOG_OUT)
OPEN(analog_in, GPIO_ANALOG_IN)
OPEN(analog_in_out, GPIO_ANALOG_IN_OUT)

GUEST_IMPORT_TABLE(wasi_hw_conformance_imports, WASI_HW_CONFORMANCE_IMPORTS);
