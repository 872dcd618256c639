/* The board: what is the same for every program on it. */

#ifndef BOARD_H
#define BOARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* USART1, at 115,200 bits a second. */
#define USART1_INTERRUPT 37
void usart_begin(void);
void usart_interrupt(void);
/* Waits for a byte. */
uint8_t usart_read(void);
void usart_write(const void *bytes, size_t length);

/* For people: text on the standard error of the debugger, which here is QEMU. */
void board_say(const char *text);
/* Whether this word was given to the program when it was started. */
bool board_was_told(const char *word);
/* Ends the program, and QEMU with this status. */
void board_leave(int status) __attribute__((noreturn));

/* How much memory was in use at most, in bytes; what a word of the stack holds that never was. */
#define BOARD_UNUSED 0xa5a5a5a5u
struct board_usage {
    size_t heap, heap_room, stack, stack_room;
};
struct board_usage board_usage(void);

#endif
