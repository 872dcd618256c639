/* What the canonical ABI makes a trap, check by check, and what stays an error.
 *
 * Each check fails a host that leaves it to an engine which is not there. */

#include "fake.h"

#include "../host/gpio.h"
#include "../host/i2c.h"

#include <string.h>

#define I2C "wasi:i2c/i2c@0.2.0-draft"
#define SPI "wasi:spi/spi@0.2.0-draft"
#define POLL "wasi:io/poll@0.2.4"
#define DIGITAL "wasi:gpio/digital@0.2.0"
#define USB "wasi:usb/device@0.2.1"

/* Where results go, and lists stand. */
#define RET 0x100u
#define LIST 0x200u

static struct fake fake;

/* Whether a call has trapped. The next one is made as if by a fresh guest. */
static bool trapped(void)
{
    bool was = fake.guest.trapped;
    fake.guest.trapped = false;
    return was;
}

static uint32_t bus(void)
{
    struct text why;
    uint32_t handle = wasi_i2c_give_bus(&fake.host, TEXT("bus"), &why);
    CHECK(handle != 0);
    return handle;
}

static uint32_t pin(enum gpio_mode mode)
{
    wasi_gpio_give_pin(&fake.guest, TEXT("pin"), mode, RET);
    CHECK(!trapped() && fake_get_8(&fake, RET) == 0);
    return fake_get_32(&fake, RET + 4);
}

/* An `operation` of i2c. */
static void put_operation(uint32_t at, uint32_t kind, uint32_t low, uint32_t high)
{
    fake_put_32(&fake, at, kind);
    fake_put_32(&fake, at + 8, low);
    fake_put_32(&fake, at + 12, high);
}

static void handles(void)
{
    uint32_t one = bus();
    fake_call(&fake, I2C, "[method]i2c.read", one, 0x48u, UINT64_C(1), RET);
    CHECK(!trapped() && fake_get_8(&fake, RET) == 0 && fake_get_32(&fake, RET + 8) == 1);
    /* There is none of this number; 0 never is one; this one is something else. */
    fake_call(&fake, I2C, "[method]i2c.read", one + 1, 0x48u, UINT64_C(1), RET);
    CHECK(trapped());
    fake_call(&fake, I2C, "[method]i2c.read", 0u, 0x48u, UINT64_C(1), RET);
    CHECK(trapped());
    fake_call(&fake, I2C, "[method]i2c.read", UINT32_MAX, 0x48u, UINT64_C(1), RET);
    CHECK(trapped());
    uint32_t delay = wasi_i2c_give_delay(&fake.host);
    fake_call(&fake, I2C, "[method]i2c.read", delay, 0x48u, UINT64_C(1), RET);
    CHECK(trapped());
    /* Dropped once, and not twice; its number is given again. */
    fake_call(&fake, I2C, "[resource-drop]i2c", one);
    CHECK(!trapped());
    fake_call(&fake, I2C, "[resource-drop]i2c", one);
    CHECK(trapped());
    CHECK(bus() == one);
    /* One pin is not the other. */
    uint32_t output = pin(GPIO_DIGITAL_OUT);
    fake_call(&fake, DIGITAL, "[method]digital-in-pin.read", output, RET);
    CHECK(trapped());
    fake_call(&fake, DIGITAL, "[resource-drop]digital-in-out-pin", output);
    CHECK(trapped());
}

static void results(void)
{
    uint32_t one = bus();
    /* Not aligned; outside; half outside. Nothing has been done on the bus then. */
    unsigned calls = fake.calls;
    fake_call(&fake, I2C, "[method]i2c.read", one, 0x48u, UINT64_C(1), RET + 2);
    CHECK(trapped());
    fake_call(&fake, I2C, "[method]i2c.read", one, 0x48u, UINT64_C(1), UINT32_MAX - 3);
    CHECK(trapped());
    fake_call(&fake, I2C, "[method]i2c.read", one, 0x48u, UINT64_C(1), (uint32_t)FAKE_MEMORY - 8);
    CHECK(trapped() && fake.calls == calls);
    /* A result of bytes is aligned to one, and fits to the last byte. */
    fake_call(&fake, I2C, "[method]i2c.write", one, 0x48u, LIST, 1u, (uint32_t)FAKE_MEMORY - 3);
    CHECK(!trapped() && fake_get_8(&fake, FAKE_MEMORY - 3) == 0);
    fake_call(&fake, I2C, "[method]i2c.write", one, 0x48u, LIST, 1u, (uint32_t)FAKE_MEMORY - 2);
    CHECK(trapped());
}

static void lists(void)
{
    uint32_t one = bus();
    fake_call(&fake, I2C, "[method]i2c.write", one, 0x48u, (uint32_t)FAKE_MEMORY, 0u, RET);
    CHECK(!trapped());
    fake_call(&fake, I2C, "[method]i2c.write", one, 0x48u, (uint32_t)FAKE_MEMORY + 1, 0u, RET);
    CHECK(trapped());
    fake_call(&fake, I2C, "[method]i2c.write", one, 0x48u, UINT32_MAX, 2u, RET);
    CHECK(trapped());
    /* Operations: not aligned; more than there is memory, whose size in bytes wraps in 32 bits; no such case; a list
     * in one that is outside. */
    put_operation(LIST, 0, 1, 0);
    fake_call(&fake, I2C, "[method]i2c.transaction", one, 0x48u, LIST, 1u, RET);
    CHECK(!trapped() && fake_get_8(&fake, RET) == 0 && fake_get_32(&fake, RET + 8) == 1);
    fake_call(&fake, I2C, "[method]i2c.transaction", one, 0x48u, LIST + 4, 1u, RET);
    CHECK(trapped());
    fake_call(&fake, I2C, "[method]i2c.transaction", one, 0x48u, LIST, 0x10000001u, RET);
    CHECK(trapped());
    put_operation(LIST, 2, 1, 0);
    fake_call(&fake, I2C, "[method]i2c.transaction", one, 0x48u, LIST, 1u, RET);
    CHECK(trapped());
    put_operation(LIST, 1, FAKE_MEMORY, 1);
    fake_call(&fake, I2C, "[method]i2c.transaction", one, 0x48u, LIST, 1u, RET);
    CHECK(trapped());
    /* Only the byte of the case counts: what lies behind it is nobody's. */
    put_operation(LIST, 0xffffff00, 1, 0);
    fake_call(&fake, I2C, "[method]i2c.transaction", one, 0x48u, LIST, 1u, RET);
    CHECK(!trapped() && fake_get_8(&fake, RET) == 0);
}

static void limits(void)
{
    uint32_t one = bus();
    unsigned calls = fake.calls;
    /* Lengths of 64 bits, alone and in a sum that wraps: errors, and nothing on the bus. */
    fake_call(&fake, I2C, "[method]i2c.read", one, 0x48u, UINT64_MAX, RET);
    CHECK(!trapped() && fake_get_8(&fake, RET) == 1 && fake_get_8(&fake, RET + 4) == 4);
    put_operation(LIST, 0, UINT32_MAX, UINT32_MAX);
    put_operation(LIST + 16, 0, 2, 0);
    fake_call(&fake, I2C, "[method]i2c.transaction", one, 0x48u, LIST, 2u, RET);
    CHECK(!trapped() && fake_get_8(&fake, RET) == 1 && fake.calls == calls);
    fake_call(&fake, I2C, "[method]i2c.transaction", one, 0x48u, LIST, 11u, RET);
    CHECK(!trapped() && fake_get_8(&fake, RET) == 1 && fake.calls == calls);
    /* As many handles as the limit says. */
    struct text why;
    uint32_t held = 1;
    while (wasi_i2c_give_bus(&fake.host, TEXT("bus"), &why) != 0)
        held++;
    CHECK(held == fake.settings.limits.handles && fake.open == held);
    CHECK(wasi_i2c_give_delay(&fake.host) == 0);
}

static void texts(void)
{
    static const char *const bad[] = {
        "\x80",             /* begins with a continuation */
        "\xc0\xaf",         /* overlong in two */
        "\xe0\x9f\xbf",     /* overlong in three */
        "\xf0\x8f\xbf\xbf", /* overlong in four */
        "\xed\xa0\x80",     /* a surrogate */
        "\xf4\x90\x80\x80", /* beyond U+10FFFF */
        "\xf5\x80\x80\x80", /* no first byte */
        "ab\xe2\x82",       /* cut off */
        "\xe2\x28\xa1",     /* no continuation */
    };
    for (size_t n = 0; n < sizeof bad / sizeof *bad; n++) {
        fake_put(&fake, LIST, bad[n], strlen(bad[n]));
        fake_call(&fake, SPI, "open", LIST, (uint32_t)strlen(bad[n]), RET);
        CHECK(trapped());
    }
    /* All that is well-formed at the edges, and a NUL, is a name that is not there: an error. */
    static const char good[] =
        "\0\x7f\xc2\x80\xdf\xbf\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xf0\x90\x80\x80\xf4\x8f\xbf\xbf";
    fake_put(&fake, LIST, good, sizeof good - 1);
    fake_call(&fake, SPI, "open", LIST, (uint32_t)sizeof good - 1, RET);
    CHECK(!trapped() && fake_get_8(&fake, RET) == 1 && fake_get_8(&fake, RET + 4) == 4);
    /* A name is what its length says: `device` with a NUL behind it is another one. */
    fake_put(&fake, LIST, "device", 7);
    fake_call(&fake, SPI, "open", LIST, 7u, RET);
    CHECK(!trapped() && fake_get_8(&fake, RET) == 1);
    fake_call(&fake, SPI, "open", LIST, 6u, RET);
    CHECK(!trapped() && fake_get_8(&fake, RET) == 0);
}

static void enumerators(void)
{
    uint32_t output = pin(GPIO_DIGITAL_OUT);
    fake_call(&fake, DIGITAL, "[method]digital-out-pin.set-state", output, 1u, RET);
    CHECK(!trapped() && fake_get_8(&fake, RET) == 0);
    fake_call(&fake, DIGITAL, "[method]digital-out-pin.set-state", output, 2u, RET);
    CHECK(trapped());
}

static void polls(void)
{
    uint32_t input = pin(GPIO_DIGITAL_IN);
    uint32_t one = fake_call(&fake, DIGITAL, "[method]digital-in-pin.watch-for-ready", input).i32;
    CHECK(!trapped() && one != 0);
    for (uint32_t n = 0; n < 21; n++)
        fake_put_32(&fake, LIST + 4 * n, one);
    fake_call(&fake, POLL, "[method]pollable.block", one);
    CHECK(!trapped() && fake_call(&fake, POLL, "[method]pollable.ready", one).i32 == 1);
    /* The same one as often as the limit says, and no more; none; something else. */
    fake_call(&fake, POLL, "poll", LIST, 20u, RET);
    CHECK(!trapped() && fake_get_32(&fake, RET + 4) == 20);
    fake_call(&fake, POLL, "poll", LIST, 21u, RET);
    CHECK(trapped());
    fake_call(&fake, POLL, "poll", LIST, 0u, RET);
    CHECK(trapped());
    fake_put_32(&fake, LIST + 4, input);
    fake_call(&fake, POLL, "poll", LIST, 2u, RET);
    CHECK(trapped());
    fake_call(&fake, POLL, "poll", LIST + 1, 1u, RET);
    CHECK(trapped());
    /* A pollable outlives its pin. */
    fake_call(&fake, DIGITAL, "[resource-drop]digital-in-pin", input);
    CHECK(fake_call(&fake, POLL, "[method]pollable.ready", one).i32 == 1 && !trapped());
}

/* What a board says that knows the future ends the guest, and nothing else. */
static void deadlocks(void)
{
    uint32_t input = pin(GPIO_DIGITAL_IN);
    fake_call(&fake, DIGITAL, "[method]digital-in-pin.watch-rising-edge", input, RET);
    CHECK(!trapped() && fake_get_8(&fake, RET) == 0);
    fake.is_dead = true;
    fake.random = 4; /* no event comes */
    fake_call(&fake, "wasi:gpio/delay@0.2.0", "delay-ns", 5u);
    CHECK(trapped());
    fake_call(&fake, "wasi:gpio/delay@0.2.0", "delay-ns", 0u);
    CHECK(!trapped());
}

static void reallocs(void)
{
    uint32_t one = bus();
    for (int n = REALLOC_TRAPS; n <= REALLOC_CALLS_OUT; n++) {
        fake.realloc = (enum fake_realloc)n;
        put_operation(LIST, 0, 8, 0);
        fake_call(&fake, I2C, "[method]i2c.transaction", one, 0x48u, LIST, 1u, RET);
        CHECK(trapped());
    }
    fake.realloc = REALLOC_WELL;
    /* The one that calls out was to drop the bus: it is still there. */
    fake_call(&fake, I2C, "[method]i2c.read", one, 0x48u, UINT64_C(8), RET);
    CHECK(!trapped() && fake_get_8(&fake, RET) == 0);
}

/* A transfer belongs to the host from the moment in which it is awaited. */
static void awaited(void)
{
    uint32_t list, handle, transfer;
    fake_call(&fake, USB, "list-devices", RET);
    CHECK(!trapped() && fake_get_8(&fake, RET) == 0);
    list = fake_get_32(&fake, RET + 4);
    fake_call(&fake, USB, "[method]usb-device.open", fake_get_32(&fake, list), RET);
    CHECK(!trapped() && fake_get_8(&fake, RET) == 0);
    handle = fake_get_32(&fake, RET + 4);
    fake_call(&fake, USB, "[method]device-handle.new-transfer", handle, 0u, 0x80u, 6u, 0x100u, 0u, 18u, 0u, 0u, 0u, 0u,
              RET);
    CHECK(!trapped() && fake_get_8(&fake, RET) == 0);
    transfer = fake_get_32(&fake, RET + 4);
    fake_call(&fake, "wasi:usb/transfers@0.2.1", "[method]transfer.submit-transfer", transfer, 0u, 0u, RET);
    CHECK(!trapped() && fake_get_8(&fake, RET) == 0 && fake.in_flight == 1);
    fake.is_dead = true;
    fake_call(&fake, "wasi:usb/transfers@0.2.1", "await-transfer", transfer, RET);
    trapped();
    CHECK(fake.in_flight == 0);
    fake_call(&fake, "wasi:usb/transfers@0.2.1", "await-transfer", transfer, RET);
    CHECK(trapped());
}

int main(void)
{
    static void (*const all[])(void) = { handles,     results, lists,     limits,   texts,
                                         enumerators, polls,   deadlocks, reallocs, awaited };
    for (size_t n = 0; n < sizeof all / sizeof *all; n++) {
        fake_begin(&fake, 7);
        all[n]();
        fake_end(&fake);
    }
    return 0;
}
