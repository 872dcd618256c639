/* The conversation with the harness: lines in, lines out, and mail for the threads of the guests.
 *
 * One thread reads (main.c), and never waits for a guest. Each guest has a thread of its own, which blocks in the
 * middle of a call until its answer is there. What goes wrong here is a fault of the harness or of this adapter and
 * never of a guest, so the process says it on its standard error and ends; the harness then starts a fresh one. */

#ifndef WASI_HW_EXCHANGE_H
#define WASI_HW_EXCHANGE_H

#include "json.h"

#include <pthread.h>

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

/* Where a thread gets its messages, one at a time. */
struct mailbox {
    pthread_mutex_t lock;
    pthread_cond_t came;
    bool is_full;
    struct message mail;
};

void mailbox_begin(struct mailbox *mailbox);
void mailbox_end(struct mailbox *mailbox);

/* Hands over a message. The harness sends none before the last one was answered. */
void mailbox_put(struct mailbox *mailbox, struct message *message);

/* Waits for a message of this kind. */
struct message mailbox_take(struct mailbox *mailbox, const char *kind);

#endif
