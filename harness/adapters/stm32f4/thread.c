/* The threads of ../c/adapter, on a board that has none: the one guest runs when it is made, and reads for itself. */

#include "../c/adapter/thread.h"

struct thread *thread_begin(void (*run)(struct thread *thread, void *to), void *to)
{
    run(NULL, to);
    return NULL;
}

void thread_end(struct thread *thread)
{
    (void)thread;
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
