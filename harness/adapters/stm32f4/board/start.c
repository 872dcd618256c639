/* From reset to main, and what happens when a program goes wrong. ARMv7-M Architecture Reference Manual, B1.5. */

#include "board.h"

#include <string.h>

extern int main(void);
extern uint32_t stack_end[], stack_top[];
extern uint8_t data_source[], data_begin[], data_end[], bss_begin[], bss_end[];

/* CPACR, which lets programs use the floating-point unit. */
#define CPACR (*(volatile uint32_t *)0xe000ed88)

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
    board_leave(main());
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
