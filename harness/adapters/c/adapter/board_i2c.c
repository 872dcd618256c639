/* The seam of I2C, over `i2c-open`, `i2c-transfer` and `i2c-close`. */

#include "board.h"

static enum seam_code open_bus(void *to, struct text bus, uint32_t *handle)
{
    struct board *board = to;
    struct json_out *out = board_ask(board, "i2c-open");
    json_write(out, "\"bus\":");
    json_write_string(out, bus);
    enum seam_code code = board_answer(board);
    if (code == SEAM_OK)
        *handle = board_number(board, board->ok, "handle", UINT32_MAX);
    return code;
}

static enum seam_code transfer(void *to, uint32_t handle, const struct seam_i2c_message *messages, uint32_t count)
{
    struct board *board = to;
    struct json_out *out = board_ask(board, "i2c-transfer");
    json_write(out, "\"handle\":%u,\"messages\":[", (unsigned)handle);
    for (uint32_t n = 0; n < count; n++) {
        const struct seam_i2c_message *message = &messages[n];
        json_write(out, "%s{\"%s\":{\"address\":%u,\"flags\":%u,", n == 0 ? "" : ",",
                   message->is_read ? "read" : "write", message->address, message->flags);
        if (message->is_read) {
            json_write(out, "\"len\":%u}}", (unsigned)message->length);
        } else {
            json_write(out, "\"bytes\":");
            json_write_hex(out, message->bytes.out, message->length);
            json_write(out, "}}");
        }
    }
    json_write(out, "]");
    enum seam_code code = board_answer(board);
    if (code != SEAM_OK)
        return code;
    /* One entry for each message that reads, in their order. */
    struct json reads = board_field(board, board->ok, "reads"), place = { 0 }, bytes;
    for (uint32_t n = 0; n < count; n++) {
        size_t length;
        if (!messages[n].is_read)
            continue;
        if (!json_next(reads, &place, NULL, &bytes) || !json_hex_length(bytes, &length) || length != messages[n].length)
            exchange_fail("`reads` does not have what was asked for: %.200s", board->answer.line);
        json_hex(bytes, messages[n].bytes.in);
    }
    return SEAM_OK;
}

static void close_bus(void *to, uint32_t handle)
{
    board_ask_handle(to, "i2c-close", handle);
}

const struct seam_i2c board_i2c = { open_bus, transfer, close_bus };
