#include "board.h"

#include <string.h>

/* The protocol's words for what drivers refuse. Those that are not here have no meaning for a host. */
static const struct {
    const char *word;
    enum seam_code code;
} codes[] = {
    { "missing", SEAM_MISSING },
    { "busy", SEAM_BUSY },
    { "gone", SEAM_GONE },
    { "denied", SEAM_DENIED },
    { "unsupported", SEAM_UNSUPPORTED },
    { "invalid", SEAM_INVALID },
    { "too-much", SEAM_TOO_MUCH },
    { "too-long", SEAM_TOO_LONG },
    { "timeout", SEAM_TIMEOUT },
    { "not-ready", SEAM_NOT_READY },
    { "io", SEAM_IO },
    { "not-found", SEAM_NOT_FOUND },
    { "bus-error", SEAM_BUS_ERROR },
    { "arbitration-lost", SEAM_ARBITRATION_LOST },
    { "address-nack", SEAM_ADDRESS_NACK },
    { "data-nack", SEAM_DATA_NACK },
    { "overrun", SEAM_OVERRUN },
    { "mode-fault", SEAM_MODE_FAULT },
    { "frame-format", SEAM_FRAME_FORMAT },
    { "chip-select", SEAM_CHIP_SELECT },
};

static enum seam_code wait_for(void *to, const struct seam_wait *wait, struct seam_woken *woken);

static struct text why(void *to)
{
    struct board *board = to;
    return (struct text){ board->why, board->why_length };
}

void board_begin(struct board *board, uint32_t guest, struct thread *thread)
{
    *board = (struct board){ .seam = board_seam, .guest = guest, .thread = thread };
    board->seam.board = board;
    board->seam.wait = wait_for;
    board->seam.why = why;
}

void board_end(struct board *board)
{
    message_free(&board->answer);
}

struct json_out *board_ask(struct board *board, const char *operation)
{
    json_write(&board->ask, "{\"ask\":{\"guest\":%u,\"op\":{\"%s\":{", (unsigned)board->guest, operation);
    return &board->ask;
}

struct json board_field(struct board *board, struct json object, const char *name)
{
    struct json value;
    if (!json_member(object, name, &value))
        exchange_fail("an answer has no `%s`: %.200s", name, board->answer.line);
    return value;
}

uint32_t board_number(struct board *board, struct json object, const char *name, uint32_t most)
{
    uint64_t number;
    if (!json_number(board_field(board, object, name), most, &number))
        exchange_fail("`%s` of an answer is no number from 0 to %u: %.200s", name, (unsigned)most, board->answer.line);
    return (uint32_t)number;
}

/* Keeps why something was refused: as much of it as there is room for, in whole characters. */
static void keep_why(struct board *board, struct json refused)
{
    struct json value = board_field(board, refused, "why");
    size_t room = (size_t)(value.end - value.at);
    board->why_length = 0;
    if (room > sizeof board->why || !json_string(value, board->why, &board->why_length))
        board->why_length = 0;
}

enum seam_code board_answer(struct board *board)
{
    struct json refused, dead;
    message_free(&board->answer);
    json_write(&board->ask, "}}}}");
    if (!exchange_send(&board->ask)) {
        board->why_length = 0;
        return SEAM_TOO_MUCH;
    }
    board->answer = thread_take(board->thread, "answer");
    if (json_member(board->answer.body, "ok", &board->ok))
        return SEAM_OK;
    if (json_member(board->answer.body, "refused", &refused)) {
        keep_why(board, refused);
        struct json code = board_field(board, refused, "code");
        for (size_t n = 0; n < sizeof codes / sizeof *codes; n++)
            if (json_is(code, codes[n].word))
                return codes[n].code;
        return SEAM_IO;
    }
    if (!json_member(board->answer.body, "dead", &dead))
        exchange_fail("an answer of no known kind: %.200s", board->answer.line);
    board->is_dead = true;
    return SEAM_DEAD;
}

enum seam_code board_ask_handle(struct board *board, const char *operation, uint32_t handle)
{
    json_write(board_ask(board, operation), "\"handle\":%u", (unsigned)handle);
    return board_answer(board);
}

/* Adds to the list `on` what these handles are waited for. */
static void write_awaited(struct json_out *out, const char **comma, const char *until, const uint32_t *handles,
                          uint32_t count)
{
    for (uint32_t n = 0; n < count; n++) {
        json_write(out, "%s{\"handle\":%u,\"for\":\"%s\"}", *comma, (unsigned)handles[n], until);
        *comma = ",";
    }
}

/* Whether some handle is as it was waited for. */
static bool is_awaited(struct json answer, const char *until)
{
    struct json on, place = {0}, awaited, its;
    if (!json_member(answer, "on", &on))
        return false;
    while (json_next(on, &place, NULL, &awaited))
        if (json_member(awaited, "for", &its) && json_is(its, until))
            return true;
    return false;
}

static enum seam_code wait_for(void *to, const struct seam_wait *wait, struct seam_woken *woken)
{
    struct board *board = to;
    struct json_out *out = board_ask(board, "wait");
    /* `hotplug` is there so that whatever else follows has a comma; nobody waits for it. */
    json_write(out, "\"hotplug\":false");
    if (wait->is_timed)
        json_write(out, ",\"ns\":%llu", (unsigned long long)wait->ns);
    const char *comma = "";
    json_write(out, ",\"on\":[");
    write_awaited(out, &comma, "event", wait->lines, wait->line_count);
    write_awaited(out, &comma, "settled", wait->settled, wait->settled_count);
    write_awaited(out, &comma, "over", wait->transfers, wait->transfer_count);
    json_write(out, "]");
    enum seam_code code = board_answer(board);
    if (code != SEAM_OK)
        return code;
    struct json time;
    uint64_t now;
    if (!json_number(board_field(board, board->ok, "now"), UINT64_MAX, &now))
        exchange_fail("`now` is no number: %.200s", board->answer.line);
    *woken = (struct seam_woken){
        .now = now,
        .time = json_member(board->ok, "time", &time) && json_is_true(time),
        .lines = is_awaited(board->ok, "event"),
        .settled = is_awaited(board->ok, "settled"),
        .transfers = is_awaited(board->ok, "over"),
    };
    return SEAM_OK;
}
