/* A run: the guests of one case, each in a thread. */

#ifndef WASI_HW_RUN_H
#define WASI_HW_RUN_H

#include "exchange.h"

/* The most guests of a run. The harness has never more than a few, and one where there are no threads. */
#ifndef RUN_MOST_GUESTS
#define RUN_MOST_GUESTS 64
#endif

/* Makes the module of a component ready, before the time of any run of it begins, and says so. What is wrong with it the runs
 * say. Takes the message. */
void run_load(struct message *message);

/* Makes the guests of a run, and starts the only one; several wait for their `go`. Takes the message. */
void run_begin(struct message *message);

/* Hands a `go` or an `answer` to the guest that it names. Takes the message. */
void run_hand(struct message *message);

/* Waits until the guests of the run, which have all said `done`, have ended. */
void run_end(void);

#endif
