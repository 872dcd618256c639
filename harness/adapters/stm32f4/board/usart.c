/* USART1 on pins PA9 and PA10. STM32F405 reference manual (RM0090), chapters 7, 8, 12 and 30. */

#include "board.h"

#define REGISTER(address) (*(volatile uint32_t *)(address))

#define RCC_AHB1ENR REGISTER(0x40023830)
#define RCC_APB2ENR REGISTER(0x40023844)
#define GPIOA_MODER REGISTER(0x40020000)
#define GPIOA_AFRH REGISTER(0x40020024)
#define USART1_SR REGISTER(0x40011000)
#define USART1_DR REGISTER(0x40011004)
#define USART1_BRR REGISTER(0x40011008)
#define USART1_CR1 REGISTER(0x4001100c)
#define NVIC_ISER1 REGISTER(0xe000e104)
#define NVIC_ICER1 REGISTER(0xe000e184)

#define USART1_BIT (1u << (USART1_INTERRUPT - 32))

#define SR_RXNE (1u << 5)
#define SR_TXE (1u << 7)
#define CR1_RE (1u << 2)
#define CR1_TE (1u << 3)
#define CR1_RXNEIE (1u << 5)
#define CR1_UE (1u << 13)

/* After reset the clock of the bus is the internal oscillator of 16 MHz. */
#define CLOCK 16000000u
#define BAUD 115200u

/* What came and was not read. The interrupt moves `came`, the program `taken`. */
static uint8_t ring[256];
static volatile uint8_t came, taken;

void usart_begin(void)
{
    RCC_AHB1ENR |= 1u << 0; /* GPIOA */
    RCC_APB2ENR |= 1u << 4; /* USART1 */
    /* Pins 9 and 10: alternate function 7. */
    GPIOA_MODER = (GPIOA_MODER & ~(0xfu << 18)) | 0xau << 18;
    GPIOA_AFRH = (GPIOA_AFRH & ~(0xffu << 4)) | 0x77u << 4;
    USART1_BRR = (CLOCK + BAUD / 2) / BAUD;
    USART1_CR1 = CR1_UE | CR1_TE | CR1_RE | CR1_RXNEIE;
    NVIC_ISER1 = USART1_BIT;
}

void usart_interrupt(void)
{
    if ((uint8_t)(came + 1) == taken) {
        /* No room: the byte stays where it is until something was read. */
        NVIC_ICER1 = USART1_BIT;
        return;
    }
    if (USART1_SR & SR_RXNE) {
        ring[came] = (uint8_t)USART1_DR;
        came++;
    }
}

uint8_t usart_read(void)
{
    /* With interrupts off nothing can come between the look and the sleep, and one that comes still wakes. */
    __asm__ volatile("cpsid i" ::: "memory");
    while (came == taken) {
        __asm__ volatile("wfi\n\tcpsie i\n\tisb\n\tcpsid i" ::: "memory");
    }
    uint8_t byte = ring[taken];
    taken++;
    NVIC_ISER1 = USART1_BIT;
    __asm__ volatile("cpsie i" ::: "memory");
    return byte;
}

void usart_write(const void *bytes, size_t length)
{
    const uint8_t *at = bytes;
    for (size_t n = 0; n < length; n++) {
        while (!(USART1_SR & SR_TXE))
            continue;
        USART1_DR = at[n];
    }
}
