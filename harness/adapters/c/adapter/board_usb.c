/* The seam of USB, over the protocol's operations whose names begin with `usb-`. */

#include "board.h"

#include <stdlib.h>
#include <string.h>

/* --- Devices ------------------------------------------------------------------------------------------------ */

/* Bytes of an answer, decoded to `*to`, which moves on. */
static struct seam_usb_bytes bytes_of(struct board *board, struct json value, uint8_t **to)
{
    size_t length;
    if (!json_hex_length(value, &length))
        exchange_fail("bytes of an answer are not hexadecimal: %.200s", board->answer.line);
    json_hex(value, *to);
    struct seam_usb_bytes bytes = { *to, (uint32_t)length };
    *to += length;
    return bytes;
}

static enum seam_usb_speed speed_of(struct json word)
{
    static const char *const words[] = { "unknown", "low", "full", "high", "super", "super-plus", "super-plus-x2" };
    unsigned speed = sizeof words / sizeof *words;
    while (--speed > 0 && !json_is(word, words[speed]))
        ;
    return (enum seam_usb_speed)speed;
}

/* Shows one device of an answer. */
static void show(struct board *board, struct json object, bool arrived,
                 void (*each)(void *to, bool arrived, const struct seam_usb_device *device), void *to)
{
    struct json list = board_field(board, object, "configurations"), place = { 0 }, value;
    size_t count = json_count(list), made = 0;
    /* The digits are twice as long as what they say. */
    uint8_t *memory = malloc((size_t)(object.end - object.at));
    struct seam_usb_bytes *configurations = calloc(count + 1, sizeof *configurations);
    if (memory == NULL || configurations == NULL)
        exchange_fail("out of memory for a device of %zu characters", (size_t)(object.end - object.at));
    uint8_t *free_memory = memory;
    while (json_next(list, &place, NULL, &value))
        configurations[made++] = bytes_of(board, value, &free_memory);
    struct seam_usb_device device = {
        .number = board_number(board, object, "device", UINT32_MAX),
        .bus = (uint8_t)board_number(board, object, "bus", UINT8_MAX),
        .address = (uint8_t)board_number(board, object, "address", UINT8_MAX),
        .port = (uint8_t)board_number(board, object, "port", UINT8_MAX),
        .speed = speed_of(board_field(board, object, "speed")),
        .descriptor = bytes_of(board, board_field(board, object, "descriptor"), &free_memory),
        .configurations = configurations,
        .configuration_count = (uint32_t)count,
        .active = (uint8_t)board_number(board, object, "active", UINT8_MAX),
    };
    each(to, arrived, &device);
    free(configurations);
    free(memory);
}

/* A list's callback without the flag. */
struct listing {
    void (*each)(void *to, const struct seam_usb_device *device);
    void *to;
};

static void list_one(void *to, bool arrived, const struct seam_usb_device *device)
{
    struct listing *listing = to;
    (void)arrived;
    listing->each(listing->to, device);
}

static enum seam_code devices(void *to, void (*each)(void *, const struct seam_usb_device *), void *each_to)
{
    struct board *board = to;
    struct listing listing = { each, each_to };
    board_ask(board, "usb-devices");
    enum seam_code code = board_answer(board);
    if (code != SEAM_OK)
        return code;
    struct json list = board_field(board, board->ok, "devices"), place = { 0 }, object;
    while (json_next(list, &place, NULL, &object))
        show(board, object, false, list_one, &listing);
    return SEAM_OK;
}

static enum seam_code watch(void *to)
{
    board_ask(to, "usb-watch");
    return board_answer(to);
}

static enum seam_code events(void *to, void (*each)(void *, bool, const struct seam_usb_device *), void *each_to)
{
    struct board *board = to;
    board_ask(board, "usb-events");
    enum seam_code code = board_answer(board);
    if (code != SEAM_OK)
        return code;
    struct json list = board_field(board, board->ok, "events"), place = { 0 }, event, device;
    while (json_next(list, &place, NULL, &event)) {
        bool arrived = json_member(event, "arrived", &device);
        show(board, arrived ? device : board_field(board, event, "left"), arrived, each, each_to);
    }
    return SEAM_OK;
}

/* --- Open devices ------------------------------------------------------------------------------------------- */

static enum seam_code open_device(void *to, uint32_t device, uint32_t *handle)
{
    struct board *board = to;
    json_write(board_ask(board, "usb-open"), "\"device\":%u", (unsigned)device);
    enum seam_code code = board_answer(board);
    if (code == SEAM_OK)
        *handle = board_number(board, board->ok, "handle", UINT32_MAX);
    return code;
}

static void close_device(void *to, uint32_t handle)
{
    board_ask_handle(to, "usb-close", handle);
}

static enum seam_code configuration(void *to, uint32_t handle, uint8_t *value)
{
    struct board *board = to;
    enum seam_code code = board_ask_handle(board, "usb-configuration", handle);
    if (code == SEAM_OK)
        *value = (uint8_t)board_number(board, board->ok, "value", UINT8_MAX);
    return code;
}

static enum seam_code set_configuration(void *to, uint32_t handle, bool is_configured, uint8_t value)
{
    struct json_out *out = board_ask(to, "usb-set-configuration");
    json_write(out, "\"handle\":%u,\"value\":", (unsigned)handle);
    if (is_configured)
        json_write(out, "%u", value);
    else
        json_write(out, "null");
    return board_answer(to);
}

static enum seam_code ask_interface(void *to, const char *operation, uint32_t handle, uint8_t interface)
{
    json_write(board_ask(to, operation), "\"handle\":%u,\"interface\":%u", (unsigned)handle, interface);
    return board_answer(to);
}

static enum seam_code claim(void *to, uint32_t handle, uint8_t interface)
{
    return ask_interface(to, "usb-claim", handle, interface);
}

static enum seam_code release(void *to, uint32_t handle, uint8_t interface)
{
    return ask_interface(to, "usb-release", handle, interface);
}

static enum seam_code set_interface(void *to, uint32_t handle, uint8_t interface, uint8_t alternate)
{
    json_write(board_ask(to, "usb-set-interface"), "\"handle\":%u,\"interface\":%u,\"alternate\":%u", (unsigned)handle,
               interface, alternate);
    return board_answer(to);
}

static enum seam_code clear_halt(void *to, uint32_t handle, uint8_t endpoint)
{
    json_write(board_ask(to, "usb-clear-halt"), "\"handle\":%u,\"endpoint\":%u", (unsigned)handle, endpoint);
    return board_answer(to);
}

static enum seam_code reset(void *to, uint32_t handle)
{
    return board_ask_handle(to, "usb-reset", handle);
}

static enum seam_code alloc_streams(void *to, uint32_t handle, uint32_t count, const uint8_t *endpoints,
                                    uint32_t endpoint_count, uint32_t *granted)
{
    struct board *board = to;
    struct json_out *out = board_ask(board, "usb-alloc-streams");
    json_write(out, "\"handle\":%u,\"count\":%u,\"endpoints\":", (unsigned)handle, (unsigned)count);
    json_write_hex(out, endpoints, endpoint_count);
    enum seam_code code = board_answer(board);
    if (code == SEAM_OK)
        *granted = board_number(board, board->ok, "value", UINT32_MAX);
    return code;
}

static enum seam_code free_streams(void *to, uint32_t handle, const uint8_t *endpoints, uint32_t endpoint_count)
{
    struct json_out *out = board_ask(to, "usb-free-streams");
    json_write(out, "\"handle\":%u,\"endpoints\":", (unsigned)handle);
    json_write_hex(out, endpoints, endpoint_count);
    return board_answer(to);
}

static enum seam_code kernel_driver(void *to, uint32_t handle, uint8_t interface, bool *is_there)
{
    struct board *board = to;
    enum seam_code code = ask_interface(board, "usb-kernel-driver", handle, interface);
    if (code == SEAM_OK)
        *is_there = board_number(board, board->ok, "value", UINT32_MAX) == 1;
    return code;
}

static enum seam_code detach_kernel_driver(void *to, uint32_t handle, uint8_t interface)
{
    return ask_interface(to, "usb-detach-kernel-driver", handle, interface);
}

static enum seam_code attach_kernel_driver(void *to, uint32_t handle, uint8_t interface)
{
    return ask_interface(to, "usb-attach-kernel-driver", handle, interface);
}

/* --- Transfers ---------------------------------------------------------------------------------------------- */

static enum seam_code submit(void *to, uint32_t handle, struct seam_usb_transfer *transfer, uint32_t *number)
{
    static const char *const kinds[] = { "control", "bulk", "interrupt", "isochronous" };
    struct board *board = to;
    struct json_out *out = board_ask(board, "usb-submit");
    json_write(out, "\"handle\":%u,\"endpoint\":%u,\"kind\":\"%s\",\"stream\":%u", (unsigned)handle, transfer->endpoint,
               kinds[transfer->kind], (unsigned)transfer->stream);
    if (transfer->kind == SEAM_USB_CONTROL) {
        json_write(out, ",\"setup\":");
        json_write_hex(out, transfer->setup, sizeof transfer->setup);
    }
    if (transfer->is_in) {
        json_write(out, ",\"read\":%u", (unsigned)transfer->length);
    } else {
        json_write(out, ",\"write\":");
        json_write_hex(out, transfer->bytes, transfer->length);
    }
    if (transfer->packet_count > 0) {
        json_write(out, ",\"packets\":[");
        for (uint32_t n = 0; n < transfer->packet_count; n++)
            json_write(out, "%s%u", n == 0 ? "" : ",", (unsigned)transfer->packets[n].length);
        json_write(out, "]");
    }
    enum seam_code code = board_answer(board);
    if (code == SEAM_OK)
        *number = board_number(board, board->ok, "handle", UINT32_MAX);
    return code;
}

static enum seam_code cancel(void *to, uint32_t number)
{
    return board_ask_handle(to, "usb-cancel", number);
}

static enum seam_usb_status status_of(struct board *board, struct json object)
{
    static const char *const words[] = { "completed", "stall", "overflow", "error", "cancelled", "timed-out", "gone" };
    struct json word = board_field(board, object, "status");
    for (unsigned status = 0; status < sizeof words / sizeof *words; status++)
        if (json_is(word, words[status]))
            return (enum seam_usb_status)status;
    return SEAM_USB_ERROR;
}

static enum seam_code reap(void *to, uint32_t number, struct seam_usb_transfer *transfer, bool *is_over)
{
    struct board *board = to;
    struct json bytes, packets, place = { 0 }, packet;
    size_t length;
    enum seam_code code = board_ask_handle(board, "usb-reap", number);
    if (code != SEAM_OK)
        return code;
    struct json completion = board_field(board, board->ok, "completion");
    *is_over = !json_is_null(completion);
    if (!*is_over)
        return SEAM_OK;
    transfer->status = status_of(board, completion);
    transfer->moved = board_number(board, completion, "moved", UINT32_MAX);
    if (transfer->is_in && json_member(completion, "bytes", &bytes)) {
        if (!json_hex_length(bytes, &length) || length > transfer->length)
            exchange_fail("`bytes` has more than there is room for: %.200s", board->answer.line);
        json_hex(bytes, transfer->bytes);
        transfer->moved = (uint32_t)length;
    }
    for (uint32_t n = 0; n < transfer->packet_count; n++)
        transfer->packets[n].moved = 0;
    if (!json_member(completion, "packets", &packets))
        return SEAM_OK;
    for (uint32_t n = 0; n < transfer->packet_count && json_next(packets, &place, NULL, &packet); n++) {
        transfer->packets[n].status = status_of(board, packet);
        transfer->packets[n].moved = board_number(board, packet, "moved", UINT32_MAX);
    }
    return SEAM_OK;
}

const struct seam_usb board_usb = {
    .devices = devices,
    .open = open_device,
    .close = close_device,
    .configuration = configuration,
    .set_configuration = set_configuration,
    .claim = claim,
    .release = release,
    .set_interface = set_interface,
    .clear_halt = clear_halt,
    .reset = reset,
    .alloc_streams = alloc_streams,
    .free_streams = free_streams,
    .kernel_driver = kernel_driver,
    .detach_kernel_driver = detach_kernel_driver,
    .attach_kernel_driver = attach_kernel_driver,
    .submit = submit,
    .cancel = cancel,
    .reap = reap,
    .watch = watch,
    .events = events,
};
