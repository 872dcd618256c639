/* What the headers of the packages share: numbers in a guest's memory. They are little-endian, and none need be aligned
 * as this processor would have it. Written by `cargo hw wit headers --write`.
 *
 * X_SIZE and X_ALIGN are how the type X lies in memory. X_load takes a value out of X_SIZE bytes, and says false if a
 * case is not one of X's: the guest traps then. X_store puts one there and writes no padding. Neither looks at addresses
 * or handles inside, nor at what a list's address points to. */

#ifndef WASI_HW_IN_THE_CORE_FORM_H
#define WASI_HW_IN_THE_CORE_FORM_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

struct guest;

/* A list or a string: where it lies in the guest's memory, and the number of its elements, of a string in bytes. */
struct wasi_hw_list {
    uint32_t at, count;
};

static inline uint64_t wasi_hw_load(const uint8_t *at, unsigned bytes)
{
    uint64_t value = 0;
    for (unsigned n = 0; n < bytes; n++)
        value |= (uint64_t)at[n] << (8 * n);
    return value;
}

static inline void wasi_hw_store(uint8_t *at, uint64_t value, unsigned bytes)
{
    for (unsigned n = 0; n < bytes; n++)
        at[n] = (uint8_t)(value >> (8 * n));
}

static inline float wasi_hw_load_f32(const uint8_t *at)
{
    uint32_t bits = (uint32_t)wasi_hw_load(at, 4);
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static inline void wasi_hw_store_f32(uint8_t *at, float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    wasi_hw_store(at, bits, 4);
}

static inline struct wasi_hw_list wasi_hw_load_list(const uint8_t *at)
{
    return (struct wasi_hw_list){ (uint32_t)wasi_hw_load(at, 4), (uint32_t)wasi_hw_load(at + 4, 4) };
}

static inline void wasi_hw_store_list(uint8_t *at, struct wasi_hw_list value)
{
    wasi_hw_store(at, value.at, 4);
    wasi_hw_store(at + 4, value.count, 4);
}

#endif
