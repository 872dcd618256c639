/* The threads of ../c/adapter, on a board that has none: the one guest runs when it is made, and reads for itself. */

#include "../c/adapter/thread.h"
#include "board/board.h"
#include "platform/platform.h"

#include <stdio.h>

struct thread *thread_begin(void (*run)(struct thread *thread, void *to), void *to)
{
    run(NULL, to);
    return NULL;
}

/* How much memory all guests so far took at most. */
static void say_usage(void)
{
    char text[160];
    struct board_usage usage = board_usage();
    snprintf(text, sizeof text, "memory: engine %u, heap %u of %u, stack %u of %u\n", (unsigned)platform_heap_most(),
             (unsigned)usage.heap, (unsigned)usage.heap_room, (unsigned)usage.stack, (unsigned)usage.stack_room);
    board_say(text);
}

void thread_end(struct thread *thread)
{
    static bool was_told, is_known;
    (void)thread;
    if (!is_known)
        was_told = board_was_told("usage");
    is_known = true;
    if (was_told)
        say_usage();
}

void thread_hand(struct thread *thread, struct message *message)
{
    (void)thread;
    exchange_fail("the harness sent what no guest waits for: %.200s", message->line);
}

struct message thread_take(struct thread *thread, const char *kind)
{
    struct message message;
    (void)thread;
    if (!exchange_read(&message) || !json_is(message.kind, kind))
        exchange_fail("a guest waits for `%s`, and the harness sent %.200s", kind, message.line);
    return message;
}
