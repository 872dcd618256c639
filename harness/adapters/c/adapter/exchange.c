#include "exchange.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void exchange_fail(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    /* Not exit: other threads are still at it, and what they use must not be taken from under them. */
    _exit(1);
}

void message_free(struct message *message)
{
    free(message->line);
    message->line = NULL;
}

/* What was read and is no line yet. Only the main thread reads. */
static struct {
    char *at;
    size_t length, room, searched;
} input;

/* Reads more of the input. False at its end. */
static bool read_more(void)
{
    if (input.room - input.length < 4096) {
        size_t room = input.room == 0 ? 65536 : 2 * input.room;
        char *grown = realloc(input.at, room);
        if (grown == NULL)
            exchange_fail("out of memory for a line of %zu bytes", input.length);
        input.at = grown;
        input.room = room;
    }
    for (;;) {
        ssize_t came = read(STDIN_FILENO, input.at + input.length, input.room - input.length);
        if (came > 0) {
            input.length += (size_t)came;
            return true;
        }
        if (came == 0)
            return false;
        if (errno != EINTR)
            exchange_fail("standard input: %s", strerror(errno));
    }
}

bool exchange_read(struct message *message)
{
    char *end;
    while ((end = input.length == input.searched
                      ? NULL
                      : memchr(input.at + input.searched, '\n', input.length - input.searched)) == NULL) {
        input.searched = input.length;
        if (input.length > EXCHANGE_MOST_BYTES)
            exchange_fail("the harness sent a line of more than %d bytes", EXCHANGE_MOST_BYTES);
        if (!read_more())
            return false;
    }
    size_t length = (size_t)(end - input.at);
    message->line = malloc(length + 1);
    if (message->line == NULL)
        exchange_fail("out of memory for a line of %zu bytes", length);
    memcpy(message->line, input.at, length);
    message->line[length] = '\0';
    input.length -= length + 1;
    memmove(input.at, end + 1, input.length);
    input.searched = 0;
    struct json whole, place = { 0 };
    if (!json_parse(message->line, length, &whole) || *whole.at != '{' ||
        !json_next(whole, &place, &message->kind, &message->body))
        exchange_fail("the harness sent what is no message: %.200s", message->line);
    return true;
}

static pthread_mutex_t output = PTHREAD_MUTEX_INITIALIZER;
static int output_file = STDOUT_FILENO;

void exchange_begin(void)
{
    output_file = dup(STDOUT_FILENO);
    if (output_file < 0 || dup2(STDERR_FILENO, STDOUT_FILENO) < 0)
        exchange_fail("standard output: %s", strerror(errno));
}

bool exchange_send(struct json_out *line)
{
    json_write(line, "\n");
    bool fits = !line->failed && line->length <= EXCHANGE_MOST_BYTES;
    size_t sent = 0;
    pthread_mutex_lock(&output);
    while (fits && sent < line->length) {
        ssize_t went = write(output_file, line->at + sent, line->length - sent);
        if (went >= 0)
            sent += (size_t)went;
        else if (errno != EINTR)
            exchange_fail("standard output: %s", strerror(errno));
    }
    pthread_mutex_unlock(&output);
    free(line->at);
    *line = (struct json_out){ 0 };
    return fits;
}

void mailbox_begin(struct mailbox *mailbox)
{
    memset(mailbox, 0, sizeof *mailbox);
    if (pthread_mutex_init(&mailbox->lock, NULL) != 0 || pthread_cond_init(&mailbox->came, NULL) != 0)
        exchange_fail("a mailbox cannot be made");
}

void mailbox_end(struct mailbox *mailbox)
{
    if (mailbox->is_full)
        message_free(&mailbox->mail);
    pthread_cond_destroy(&mailbox->came);
    pthread_mutex_destroy(&mailbox->lock);
}

void mailbox_put(struct mailbox *mailbox, struct message *message)
{
    pthread_mutex_lock(&mailbox->lock);
    if (mailbox->is_full)
        exchange_fail("the harness sent two messages to a guest that had not read the first: %.200s", message->line);
    mailbox->mail = *message;
    mailbox->is_full = true;
    pthread_cond_signal(&mailbox->came);
    pthread_mutex_unlock(&mailbox->lock);
}

struct message mailbox_take(struct mailbox *mailbox, const char *kind)
{
    pthread_mutex_lock(&mailbox->lock);
    while (!mailbox->is_full)
        pthread_cond_wait(&mailbox->came, &mailbox->lock);
    struct message message = mailbox->mail;
    mailbox->is_full = false;
    pthread_mutex_unlock(&mailbox->lock);
    if (!json_is(message.kind, kind))
        exchange_fail("a guest waits for `%s`, and the harness sent %.200s", kind, message.line);
    return message;
}
