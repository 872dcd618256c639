#include "thread.h"

#include <pthread.h>
#include <stdlib.h>

struct thread {
    pthread_t thread;
    void (*run)(struct thread *thread, void *to);
    void *to;
    /* One message at a time. */
    pthread_mutex_t lock;
    pthread_cond_t came;
    bool is_full;
    struct message mail;
};

static void *run(void *argument)
{
    struct thread *thread = argument;
    thread->run(thread, thread->to);
    return NULL;
}

struct thread *thread_begin(void (*its_run)(struct thread *thread, void *to), void *to)
{
    struct thread *thread = calloc(1, sizeof *thread);
    if (thread == NULL || pthread_mutex_init(&thread->lock, NULL) != 0 || pthread_cond_init(&thread->came, NULL) != 0)
        exchange_fail("a thread cannot be made");
    thread->run = its_run;
    thread->to = to;
    if (pthread_create(&thread->thread, NULL, run, thread) != 0)
        exchange_fail("a thread cannot be made");
    return thread;
}

void thread_end(struct thread *thread)
{
    pthread_join(thread->thread, NULL);
    if (thread->is_full)
        message_free(&thread->mail);
    pthread_cond_destroy(&thread->came);
    pthread_mutex_destroy(&thread->lock);
    free(thread);
}

void thread_hand(struct thread *thread, struct message *message)
{
    pthread_mutex_lock(&thread->lock);
    if (thread->is_full)
        exchange_fail("the harness sent two messages to a guest that had not read the first: %.200s", message->line);
    thread->mail = *message;
    thread->is_full = true;
    pthread_cond_signal(&thread->came);
    pthread_mutex_unlock(&thread->lock);
}

struct message thread_take(struct thread *thread, const char *kind)
{
    pthread_mutex_lock(&thread->lock);
    while (!thread->is_full)
        pthread_cond_wait(&thread->came, &thread->lock);
    struct message message = thread->mail;
    thread->is_full = false;
    pthread_mutex_unlock(&thread->lock);
    if (!json_is(message.kind, kind))
        exchange_fail("a guest waits for `%s`, and the harness sent %.200s", kind, message.line);
    return message;
}
