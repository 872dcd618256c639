/* The board as one guest's thread sees it: the seam of ../host/seam.h, over the operations of the protocol. */

#ifndef WASI_HW_BOARD_H
#define WASI_HW_BOARD_H

#include "../host/seam.h"
#include "../host/imports.h"
#include "thread.h"

struct board {
    struct seam seam;
    uint32_t guest; /* its number in the run */
    struct thread *thread;
    /* The ask that is being written. */
    struct json_out ask;
    /* The answer to the last one, until the next; and its `ok`. */
    struct message answer;
    struct json ok;
    /* What was refused last. */
    char why[256];
    size_t why_length;
    /* Nothing can happen any more: the guest is to be abandoned. */
    bool is_dead;
};

/* `thread` gets the answers. */
void board_begin(struct board *board, uint32_t guest, struct thread *thread);
void board_end(struct board *board);

/* Begins an ask; its fields are then written to the result, each with a comma before it but the first. */
struct json_out *board_ask(struct board *board, const char *operation);

/* Sends it, and waits for the answer. SEAM_OK: `board->ok` is what it says. */
enum seam_code board_answer(struct board *board);

/* The whole of an operation whose only field is a handle. */
enum seam_code board_ask_handle(struct board *board, const char *operation, uint32_t handle);

/* A field of the last answer. What is missing there or has another type ends the process: the harness has broken the
 * protocol. */
struct json board_field(struct board *board, struct json object, const char *name);
uint32_t board_number(struct board *board, struct json object, const char *name, uint32_t most);

/* All that this adapter offers (offers.c): the seam, but for `board` and what is the same on every board. */
extern const struct seam board_seam;

/* The seam of each kind of bus. */
extern const struct seam_i2c board_i2c;
extern const struct seam_spi board_spi;
extern const struct seam_gpio board_gpio;
extern const struct seam_usb board_usb;

/* What a conformance guest imports beside the package under test. */
extern const struct guest_imports wasi_hw_conformance_imports;

#endif
