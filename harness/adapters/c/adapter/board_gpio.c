/* The seam of GPIO, over `gpio-request`, `gpio-get`, `gpio-set`, `gpio-event` and `gpio-release`. */

#include "board.h"

static enum seam_code request(void *to, struct text line, const struct seam_gpio_request *request, uint32_t *handle,
                              uint32_t *greatest)
{
    static const char *const directions[] = { [SEAM_IN] = "in", [SEAM_OUT] = "out", [SEAM_IN_OUT] = "in-out" };
    struct board *board = to;
    struct json_out *out = board_ask(board, "gpio-request");
    json_write(out, "\"line\":");
    json_write_string(out, line);
    json_write(out, ",\"request\":{\"direction\":\"%s\",\"analog\":%s,\"open-drain\":%s,\"edges\":\"%s\"",
               directions[request->direction], request->is_analog ? "true" : "false",
               request->open_drain ? "true" : "false", request->wants_edges ? "both" : "none");
    if (request->pull != SEAM_NO_PULL)
        json_write(out, ",\"pull\":\"%s\"", request->pull == SEAM_PULL_UP ? "up" : "down");
    if (request->drives)
        json_write(out, ",\"drive\":{\"level\":\"%s\"}", request->drives_high ? "high" : "low");
    json_write(out, "}");
    enum seam_code code = board_answer(board);
    if (code == SEAM_OK) {
        *handle = board_number(board, board->ok, "handle", UINT32_MAX);
        *greatest = board_number(board, board->ok, "greatest", UINT32_MAX);
    }
    return code;
}

/* `{"level":"high"}` or `{"value":2048}`. */
static uint32_t sample(struct board *board, struct json value)
{
    struct json level;
    if (json_member(value, "level", &level))
        return json_is(level, "high");
    return board_number(board, value, "value", UINT32_MAX);
}

static enum seam_code get(void *to, uint32_t handle, uint32_t *value)
{
    struct board *board = to;
    enum seam_code code = board_ask_handle(board, "gpio-get", handle);
    if (code == SEAM_OK)
        *value = sample(board, board_field(board, board->ok, "sample"));
    return code;
}

static enum seam_code set_level(void *to, uint32_t handle, bool is_high)
{
    struct board *board = to;
    json_write(board_ask(board, "gpio-set"), "\"handle\":%u,\"to\":{\"level\":\"%s\"}", (unsigned)handle,
               is_high ? "high" : "low");
    return board_answer(board);
}

static enum seam_code set_value(void *to, uint32_t handle, uint32_t value)
{
    struct board *board = to;
    json_write(board_ask(board, "gpio-set"), "\"handle\":%u,\"to\":{\"value\":%u}", (unsigned)handle, (unsigned)value);
    return board_answer(board);
}

static enum seam_code event(void *to, uint32_t handle, bool *is_there, uint32_t *now)
{
    struct board *board = to;
    enum seam_code code = board_ask_handle(board, "gpio-event", handle);
    if (code != SEAM_OK)
        return code;
    struct json happened = board_field(board, board->ok, "event");
    *is_there = !json_is_null(happened);
    *now = *is_there ? sample(board, board_field(board, happened, "now")) : 0;
    return SEAM_OK;
}

static void release(void *to, uint32_t handle)
{
    board_ask_handle(to, "gpio-release", handle);
}

const struct seam_gpio board_gpio = { request, get, set_level, set_value, event, release };
