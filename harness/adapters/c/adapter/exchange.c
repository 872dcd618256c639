#include "exchange.h"

#include <errno.h>
#include <pthread.h>
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
