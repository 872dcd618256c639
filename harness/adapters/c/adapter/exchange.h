/* The conversation with the harness: lines in, lines out. exchange.c has it over standard input and output; a board
 * without them has one of its own (../../stm32f4/exchange.c).
 *
 * What goes wrong here is a fault of the harness or of this adapter and never of a guest, so the process says it on
 * its standard error and ends; the harness then starts a fresh one. */

#ifndef WASI_HW_EXCHANGE_H
#define WASI_HW_EXCHANGE_H

#include "json.h"

/* The longest line of the protocol. */
#define EXCHANGE_MOST_BYTES (16 << 20)

/* A line and what stands in it. */
struct message {
    char *line;
    /* The one key of the message, and its value. */
    struct json kind, body;
};

void message_free(struct message *message);

/* Takes the standard output for the protocol alone: whatever a library prints there goes to the standard error. */
void exchange_begin(void);

/* The next message. False at the end of the input. */
bool exchange_read(struct message *message);

/* Sends a line, at once and in one piece, and frees it. A line that is too long for the protocol is not sent; false. */
bool exchange_send(struct json_out *line);

/* Says what went wrong, and ends the process. */
void exchange_fail(const char *format, ...)
#ifdef __GNUC__
    __attribute__((format(printf, 1, 2), noreturn))
#endif
    ;

#endif
