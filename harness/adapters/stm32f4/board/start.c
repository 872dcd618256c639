/* From reset to main, and what happens when a program goes wrong. ARMv7-M Architecture Reference Manual, B1.5. */

#include "board.h"

#include <stdio.h>
#include <string.h>

extern int main(void);
extern uint32_t stack_end[], stack_top[];
extern uint8_t data_source[], data_begin[], data_end[], bss_begin[], bss_end[];

/* CPACR, which lets programs use the floating-point unit. */
#define CPACR (*(volatile uint32_t *)0xe000ed88)

static void say_usage(void)
{
    char text[120];
    struct board_usage usage = board_usage();
    snprintf(text, sizeof text, "memory: heap %u of %u, stack %u of %u\n", (unsigned)usage.heap,
             (unsigned)usage.heap_room, (unsigned)usage.stack, (unsigned)usage.stack_room);
    board_say(text);
}

void reset(void)
{
    /* Every word of the stack that is not used keeps this. The processor begins with the stack empty. */
    for (uint32_t *word = stack_end; word < (uint32_t *)__builtin_frame_address(0) - 16; word++)
        *word = BOARD_UNUSED;
    memcpy(data_begin, data_source, (size_t)(data_end - data_begin));
    memset(bss_begin, 0, (size_t)(bss_end - bss_begin));
    CPACR |= 0xfu << 20;
    __asm__ volatile("dsb\n\tisb");
    usart_begin();
    int status = main();
    say_usage();
    board_leave(status);
}

static void fault(void)
{
    board_say("a fault of the processor: the stack is used up, or the firmware is wrong\n");
    board_leave(1);
}

/* The first sixteen vectors are the processor's; of the others only the USART's is there. */
struct vectors {
    const void *stack;
    void (*system[15])(void);
    void (*interrupts[USART1_INTERRUPT + 1])(void);
};

__attribute__((section(".vectors"), used)) static const struct vectors vectors = {
    .stack = stack_top,
    .system = { reset, fault, fault, fault, fault, fault },
    .interrupts = { [USART1_INTERRUPT] = usart_interrupt },
};
