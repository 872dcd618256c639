/* The conversation with the harness over the USART, and what is said when it goes wrong. */

#include "../c/adapter/exchange.h"
#include "board/board.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void exchange_fail(const char *format, ...)
{
    char text[256];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    board_say(text);
    board_say("\n");
    board_leave(1);
}

void message_free(struct message *message)
{
    free(message->line);
    message->line = NULL;
}

/* Says that it listens: what came before is lost. */
void exchange_begin(void)
{
    usart_write("\n", 1);
}

bool exchange_read(struct message *message)
{
    /* How much is asked for at a time. What is last in the heap grows where it is. */
    enum { STEP = 256 };
    size_t length = 0, room = 0;
    char *line = NULL;
    for (;;) {
        if (length == room) {
            room += STEP;
            char *grown = realloc(line, room);
            if (grown == NULL)
                exchange_fail("out of memory for a line of %u bytes: %.100s", (unsigned)room, line);
            line = grown;
        }
        line[length] = (char)usart_read();
        if (line[length] == '\n')
            break;
        length++;
    }
    line[length] = '\0';
    message->line = line;
    struct json whole, place = { 0 };
    if (!json_parse(line, length, &whole) || *whole.at != '{' ||
        !json_next(whole, &place, &message->kind, &message->body))
        exchange_fail("the harness sent what is no message: %.200s", line);
    return true;
}

bool exchange_send(struct json_out *line)
{
    json_write(line, "\n");
    bool fits = !line->failed;
    if (fits)
        usart_write(line->at, line->length);
    free(line->at);
    *line = (struct json_out){ 0 };
    return fits;
}
