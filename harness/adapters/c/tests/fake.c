#include "fake.h"

#include "../host/imports.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct guest_imports *const fake_imports[] = {
    &wasi_i2c_imports, &wasi_spi_imports, &wasi_io_imports, &wasi_gpio_imports, &wasi_usb_imports,
};
const size_t fake_imports_count = sizeof fake_imports / sizeof *fake_imports;

void fake_fail(const char *file, int line, const char *what)
{
    fprintf(stderr, "%s:%d: not so: %s\n", file, line, what);
    abort();
}

/* xorshift32 (Marsaglia 2003): the same numbers everywhere. */
uint32_t fake_random(struct fake *fake, uint32_t below)
{
    uint32_t x = fake->random;
    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
    fake->random = x;
    return below == 0 ? 0 : x % below;
}

/* --- The guest ---------------------------------------------------------------------------------------------- */

static uint8_t *memory(struct guest *guest, uint64_t *bytes)
{
    *bytes = FAKE_MEMORY;
    return ((struct fake *)guest->instance)->memory;
}

static bool allocate(struct guest *guest, uint32_t align, uint32_t bytes, uint32_t *address)
{
    struct fake *fake = guest->instance;
    uint8_t *moved = malloc(FAKE_MEMORY);
    CHECK(moved != NULL && align != 0);
    memcpy(moved, fake->memory, FAKE_MEMORY);
    free(fake->memory);
    fake->memory = moved;
    switch (fake->realloc) {
    case REALLOC_TRAPS:
        guest_trap(guest, "unreachable");
        return false;
    case REALLOC_OUTSIDE:
        *address = FAKE_MEMORY - bytes / 2;
        *address -= *address % align;
        return true;
    case REALLOC_UNALIGNED:
        *address = FAKE_HEAP + 1;
        return true;
    case REALLOC_CALLS_OUT: {
        union guest_value value = { .i32 = 1 };
        guest_import_invoke(&wasi_i2c_imports.all[4], guest, &value);
        CHECK(guest->trapped);
        break;
    }
    case REALLOC_WELL:
        break;
    }
    fake->heap += (align - fake->heap % align) % align;
    if (bytes > FAKE_MEMORY - fake->heap) {
        guest_trap(guest, "out of memory");
        return false;
    }
    *address = fake->heap;
    fake->heap += bytes;
    return true;
}

static const struct guest_engine engine = { memory, allocate };

void fake_put(struct fake *fake, uint32_t at, const void *bytes, size_t length)
{
    CHECK(length <= FAKE_MEMORY - at);
    memcpy(fake->memory + at, bytes, length);
}

void fake_put_32(struct fake *fake, uint32_t at, uint32_t value)
{
    uint8_t bytes[4] = { (uint8_t)value, (uint8_t)(value >> 8), (uint8_t)(value >> 16), (uint8_t)(value >> 24) };
    fake_put(fake, at, bytes, 4);
}

uint32_t fake_get_32(struct fake *fake, uint32_t at)
{
    return load_32(fake->memory + at);
}

uint8_t fake_get_8(struct fake *fake, uint32_t at)
{
    return fake->memory[at];
}

union guest_value fake_call(struct fake *fake, const char *module, const char *name, ...)
{
    union guest_value values[GUEST_MOST_PARAMETERS];
    va_list arguments;
    for (size_t table = 0; table < fake_imports_count; table++) {
        for (size_t n = 0; n < fake_imports[table]->count; n++) {
            const struct guest_import *import = &fake_imports[table]->all[n];
            if (strcmp(import->module, module) != 0 || strcmp(import->name, name) != 0)
                continue;
            va_start(arguments, name);
            for (size_t p = 0; p < guest_import_parameters(import); p++) {
                char letter = import->signature[1 + p];
                if (letter == 'I')
                    values[p].i64 = va_arg(arguments, uint64_t);
                else if (letter == 'f')
                    values[p].f32 = (float)va_arg(arguments, double);
                else
                    values[p].i32 = va_arg(arguments, uint32_t);
            }
            va_end(arguments);
            guest_import_invoke(import, &fake->guest, values);
            return values[0];
        }
    }
    fake_fail(module, 0, name);
    return values[0];
}

/* --- The settings ------------------------------------------------------------------------------------------- */

static const struct i2c_bus_settings buses[] = { { .label = { "bus", 3 } } };
static const struct spi_device_settings devices[] = { { .name = { "device", 6 }, .clock = { 0, 8, false, 1000000 } } };
static const struct gpio_pin_settings pins[] = {
    { .label = { "pin", 3 }, .line = { "line", 4 }, .modes = GPIO_ALL_MODES },
    { .label = { "low", 3 }, .line = { "line", 4 }, .modes = GPIO_ALL_MODES, .is_active_low = true },
};

void fake_begin(struct fake *fake, uint32_t seed)
{
    memset(fake, 0, sizeof *fake);
    fake->random = seed == 0 ? 1 : seed;
    fake->memory = calloc(1, FAKE_MEMORY);
    CHECK(fake->memory != NULL);
    fake->heap = FAKE_HEAP;
    fake->next = 1;
    fake->settings = (struct host_settings){
        .i2c = buses,
        .i2c_count = 1,
        .spi = devices,
        .spi_count = 1,
        .gpio = pins,
        .gpio_count = 2,
        /* Small, so that a test reaches them. */
        .limits = {
            .handles = 40,
            .polled = 20,
            .i2c_bytes = 1000,
            .i2c_operations = 10,
            .spi_bytes = 1000,
            .spi_operations = 100,
            .gpio_watches = 5,
            .usb_bytes = 1000,
            .usb_packets = 16,
            .usb_in_flight = 3000,
            .usb_descriptors = 60,
            .usb_devices = 10,
        },
    };
    fake_board(fake);
    host_begin(&fake->host, &fake->seam, &fake->settings);
    fake->guest = (struct guest){ .engine = &engine, .instance = fake, .host = &fake->host };
}

void fake_end(struct fake *fake)
{
    host_end(&fake->host);
    CHECK(fake->open == 0);
    CHECK(fake->in_flight == 0);
    CHECK(fake->host.usb_in_flight == 0);
    CHECK(fake->host.timers == NULL);
    free(fake->memory);
}
