/* The thread of a guest, with the mail that it gets.
 *
 * One thread reads (main.c), and never waits for a guest. Each guest has a thread of its own, which blocks in the
 * middle of a call until its answer is there. A board that has no threads runs one guest, and reads for it
 * (../../stm32f4/thread.c). */

#ifndef WASI_HW_THREAD_H
#define WASI_HW_THREAD_H

#include "exchange.h"

struct thread;

/* Has a new thread call `run`. Ends the process if there can be none. */
struct thread *thread_begin(void (*run)(struct thread *thread, void *to), void *to);

/* Waits until `run` has returned. */
void thread_end(struct thread *thread);

/* Hands over a message. The harness sends none before the last one was answered. Takes the message. */
void thread_hand(struct thread *thread, struct message *message);

/* What is called from within the thread: waits for a message of this kind. */
struct message thread_take(struct thread *thread, const char *kind);

#endif
