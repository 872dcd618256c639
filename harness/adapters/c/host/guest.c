#include "guest.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool text_equals(struct text one, struct text other)
{
    return one.length == other.length && (one.length == 0 || memcmp(one.at, other.at, one.length) == 0);
}

/* How long the sequence is that begins with this byte, and from where to where its second byte may lie. 0: none. */
static size_t sequence(uint8_t first, uint8_t *low, uint8_t *high)
{
    *low = 0x80;
    *high = 0xbf;
    if (first < 0x80)
        return 1;
    if (first < 0xc2)
        return 0; /* a continuation, or overlong */
    if (first < 0xe0)
        return 2;
    if (first < 0xf0) {
        if (first == 0xe0)
            *low = 0xa0; /* below: overlong */
        if (first == 0xed)
            *high = 0x9f; /* above: surrogates */
        return 3;
    }
    if (first > 0xf4)
        return 0;
    if (first == 0xf0)
        *low = 0x90; /* below: overlong */
    if (first == 0xf4)
        *high = 0x8f; /* above: beyond U+10FFFF */
    return 4;
}

bool text_is_utf8(const char *text, size_t length)
{
    const uint8_t *at = (const uint8_t *)text;
    size_t n = 0;
    while (n < length) {
        uint8_t low, high;
        size_t bytes = sequence(at[n], &low, &high);
        if (bytes == 0 || bytes > length - n)
            return false;
        if (bytes > 1 && (at[n + 1] < low || at[n + 1] > high))
            return false;
        for (size_t more = 2; more < bytes; more++)
            if ((at[n + more] & 0xc0) != 0x80)
                return false;
        n += bytes;
    }
    return true;
}

void guest_trap(struct guest *guest, const char *format, ...)
{
    if (guest->trapped)
        return;
    guest->trapped = true;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(guest->why, sizeof guest->why, format, arguments);
    va_end(arguments);
}

/* Bytes of the memory that are there. Everything is counted in 64 bits: address and length have 32 each, so that
 * neither their sum nor the product of count and size can wrap. */
static uint8_t *inside(struct guest *guest, uint32_t address, uint64_t bytes)
{
    static uint8_t nothing; /* an engine may have no base for a memory of no pages */
    uint64_t size = 0;
    uint8_t *base = guest->engine->memory(guest, &size);
    if (address + bytes > size) {
        guest_trap(guest, "%llu bytes at 0x%x, in a memory of %llu", (unsigned long long)bytes, (unsigned)address,
                   (unsigned long long)size);
        return NULL;
    }
    return base == NULL ? &nothing : base + address;
}

static bool is_aligned(struct guest *guest, uint32_t address, uint32_t align)
{
    if (address % align == 0)
        return true;
    guest_trap(guest, "0x%x is not aligned to %u bytes", (unsigned)address, (unsigned)align);
    return false;
}

bool guest_read(struct guest *guest, uint32_t address, uint32_t count, uint32_t size, uint32_t align,
                const uint8_t **at)
{
    if (guest->trapped || !is_aligned(guest, address, align))
        return false;
    *at = inside(guest, address, (uint64_t)count * size);
    return *at != NULL;
}

bool guest_read_text(struct guest *guest, uint32_t address, uint32_t length, struct text *text)
{
    const uint8_t *at;
    if (!guest_read(guest, address, length, 1, 1, &at))
        return false;
    *text = (struct text){ (const char *)at, length };
    if (text_is_utf8(text->at, text->length))
        return true;
    guest_trap(guest, "the string of %u bytes at 0x%x is not UTF-8", (unsigned)length, (unsigned)address);
    return false;
}

bool guest_read_case(struct guest *guest, uint32_t value, uint32_t cases, const char *type)
{
    if (guest->trapped)
        return false;
    if (value < cases)
        return true;
    guest_trap(guest, "%s has no case %u", type, (unsigned)value);
    return false;
}

uint16_t load_16(const uint8_t *at)
{
    return (uint16_t)(at[0] | at[1] << 8);
}

uint32_t load_32(const uint8_t *at)
{
    return load_16(at) | (uint32_t)load_16(at + 2) << 16;
}

uint64_t load_64(const uint8_t *at)
{
    return load_32(at) | (uint64_t)load_32(at + 4) << 32;
}

bool guest_result(struct guest *guest, uint32_t address, uint32_t size, uint32_t align)
{
    return !guest->trapped && is_aligned(guest, address, align) && inside(guest, address, size) != NULL;
}

/* Writes the lowest `bytes` bytes of a number. */
static bool put(struct guest *guest, uint32_t address, uint32_t value, uint32_t bytes)
{
    uint8_t *at = guest->trapped ? NULL : inside(guest, address, bytes);
    if (at == NULL)
        return false;
    for (uint32_t n = 0; n < bytes; n++)
        at[n] = (uint8_t)(value >> (8 * n));
    return true;
}

bool guest_write_8(struct guest *guest, uint32_t address, uint8_t value)
{
    return put(guest, address, value, 1);
}

bool guest_write_32(struct guest *guest, uint32_t address, uint32_t value)
{
    return put(guest, address, value, 4);
}

bool guest_write_f32(struct guest *guest, uint32_t address, float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return put(guest, address, bits, 4);
}

bool guest_allocate(struct guest *guest, uint32_t count, uint32_t size, uint32_t align, uint32_t *address)
{
    if (guest->trapped)
        return false;
    uint64_t bytes = (uint64_t)count * size;
    if (bytes > UINT32_MAX) {
        guest_trap(guest, "a result of %llu bytes fits into no memory", (unsigned long long)bytes);
        return false;
    }
    guest->may_not_leave = true;
    if (!guest->engine->allocate(guest, align, (uint32_t)bytes, address))
        guest_trap(guest, "cabi_realloc failed");
    guest->may_not_leave = false;
    if (guest->trapped)
        return false;
    return is_aligned(guest, *address, align) && inside(guest, *address, bytes) != NULL;
}

bool guest_write(struct guest *guest, uint32_t address, const void *bytes, size_t length)
{
    uint8_t *at = guest->trapped ? NULL : inside(guest, address, length);
    if (at == NULL)
        return false;
    if (length > 0)
        memcpy(at, bytes, length);
    return true;
}

bool guest_write_bytes(struct guest *guest, uint32_t result, const void *bytes, size_t length)
{
    uint32_t address;
    if (length > UINT32_MAX) {
        guest_trap(guest, "a result of %zu bytes fits into no memory", length);
        return false;
    }
    /* Copied only now: allocating may have moved the memory. */
    return guest_allocate(guest, (uint32_t)length, 1, 1, &address) && guest_write(guest, address, bytes, length) &&
           guest_write_32(guest, result, address) && guest_write_32(guest, result + 4, (uint32_t)length);
}
