/* The seam of SPI, over `spi-open`, `spi-configure`, `spi-message` and `spi-close`. */

#include "board.h"

static enum seam_code open_device(void *to, struct text device, uint32_t *handle)
{
    struct board *board = to;
    struct json_out *out = board_ask(board, "spi-open");
    json_write(out, "\"device\":");
    json_write_string(out, device);
    enum seam_code code = board_answer(board);
    if (code == SEAM_OK)
        *handle = board_number(board, board->ok, "handle", UINT32_MAX);
    return code;
}

static enum seam_code configure(void *to, uint32_t handle, const struct seam_spi_clock *clock)
{
    struct board *board = to;
    json_write(board_ask(board, "spi-configure"), "\"handle\":%u,\"mode\":%u,\"hz\":%u,\"bits\":%u,\"lsb-first\":%s",
               (unsigned)handle, clock->mode, (unsigned)clock->hz, clock->bits, clock->lsb_first ? "true" : "false");
    return board_answer(board);
}

static enum seam_code message(void *to, uint32_t handle, const struct seam_spi_transfer *transfers, uint32_t count)
{
    struct board *board = to;
    struct json_out *out = board_ask(board, "spi-message");
    json_write(out, "\"handle\":%u,\"transfers\":[", (unsigned)handle);
    for (uint32_t n = 0; n < count; n++) {
        const char *comma = "";
        json_write(out, "%s{", n == 0 ? "" : ",");
        if (transfers[n].out != NULL) {
            json_write(out, "\"write\":");
            json_write_hex(out, transfers[n].out, transfers[n].length);
            comma = ",";
        }
        if (transfers[n].in != NULL) {
            json_write(out, "%s\"read\":%u", comma, (unsigned)transfers[n].length);
            comma = ",";
        }
        if (transfers[n].delay_us != 0)
            json_write(out, "%s\"delay-us\":%u", comma, transfers[n].delay_us);
        json_write(out, "}");
    }
    json_write(out, "]");
    enum seam_code code = board_answer(board);
    if (code != SEAM_OK)
        return code;
    /* One entry for each transfer that reads, in their order. */
    struct json reads = board_field(board, board->ok, "reads"), place = { 0 }, bytes;
    for (uint32_t n = 0; n < count; n++) {
        size_t length;
        if (transfers[n].in == NULL)
            continue;
        if (!json_next(reads, &place, NULL, &bytes) || !json_hex_length(bytes, &length) ||
            length != transfers[n].length)
            exchange_fail("`reads` does not have what was asked for: %.200s", board->answer.line);
        json_hex(bytes, transfers[n].in);
    }
    return SEAM_OK;
}

static void close_device(void *to, uint32_t handle)
{
    board_ask_handle(to, "spi-close", handle);
}

const struct seam_spi board_spi = { open_device, configure, message, close_device };
