/* A guest that calls anything with anything.
 *
 * Fails a host that reads or writes outside of the guest's memory, that keeps a pointer into it while the guest
 * allocates, that allocates by a length which it has not checked, that hands a driver more than its limits allow,
 * that leaves something open on the board or in the process when the guest has ended, or that does not survive a
 * driver's refusal. Build it with sanitizers (-DSANITIZE=ON): they see most of these. */

#include "fake.h"

#include "../host/gpio.h"
#include "../host/i2c.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define GUESTS 2000
#define CALLS 400

/* How often each import was called, and how often without a trap. */
static unsigned long called[8][80], returned[8][80];

/* A place in memory: mostly a good one. */
static uint32_t address(struct fake *fake)
{
    switch (fake_random(fake, 12)) {
    case 0:
        return fake_random(fake, UINT32_MAX);
    case 1:
        return FAKE_MEMORY - fake_random(fake, 20);
    case 2:
        return UINT32_MAX - fake_random(fake, 40);
    case 3:
        return fake_random(fake, FAKE_HEAP);
    default:
        return 16 * fake_random(fake, FAKE_HEAP / 16);
    }
}

static uint32_t count(struct fake *fake)
{
    switch (fake_random(fake, 16)) {
    case 0:
        return fake_random(fake, UINT32_MAX);
    case 1:
        return fake_random(fake, 5000);
    default:
        return fake_random(fake, 8);
    }
}

/* A handle: mostly one of the right type, if there is one. `type` is what stands in the import's name. */
static uint32_t handle(struct fake *fake, const char *type, size_t length)
{
    uint32_t places = fake->host.places, from = fake_random(fake, places);
    for (uint32_t n = fake_random(fake, 12) == 0 ? places : 0; n < places; n++) {
        const struct resource *resource = fake->host.held[(from + n) % places];
        if (resource != NULL && strlen(resource->type->name) == length &&
            memcmp(resource->type->name, type, length) == 0)
            return (from + n) % places;
    }
    return fake_random(fake, 50);
}

/* What the guest's memory holds: operations with places and lengths, handles, and noise. */
static void fill(struct fake *fake)
{
    for (unsigned n = 0; n < 40; n++) {
        uint32_t at = 16 * fake_random(fake, FAKE_HEAP / 16);
        fake_put_32(fake, at, fake_random(fake, 10) == 0 ? fake_random(fake, UINT32_MAX) : fake_random(fake, 4));
        fake_put_32(fake, at + 4, fake_random(fake, 50));
        fake_put_32(fake, at + 8, address(fake));
        fake_put_32(fake, at + 12, fake_random(fake, 3) == 0 ? count(fake) : 0);
    }
    fake_put(fake, 0, "device", 6);
}

/* Makes the arguments of some calls such that they get further than to the first check. */
static void adjust(struct fake *fake, const struct guest_import *import, union guest_value *v)
{
    const char *name = import->name;
    if (strcmp(name, "open") == 0) {
        v[0].i32 = 0;
        v[1].i32 = strlen("device");
    } else if (strcmp(name, "poll") == 0) {
        v[0].i32 = 0x100;
        v[1].i32 = 1 + fake_random(fake, 5);
        for (uint32_t n = 0; n < v[1].i32; n++)
            fake_put_32(fake, 0x100 + 4 * n, handle(fake, "pollable", strlen("pollable")));
    } else if (strstr(name, "claim-interface") != NULL) {
        v[1].i32 = 0;
    } else if (strstr(name, "new-transfer") != NULL) {
        static const uint8_t endpoints[] = { 0x81, 0x01, 0x00 };
        v[1].i32 = fake_random(fake, 4);
        v[6].i32 = fake_random(fake, 3) == 0 ? fake_random(fake, 2500) : 64;
        v[7].i32 = endpoints[fake_random(fake, 3)];
        v[8].i32 = fake_random(fake, 3);
        v[9].i32 = fake_random(fake, 10) == 0;
        v[10].i32 = fake_random(fake, 20);
    } else if (strstr(name, "submit-transfer") != NULL) {
        v[1].i32 = 0x200;
        v[2].i32 = 64;
    } else if (strstr(name, "-state") != NULL || strstr(name, "set-configuration") != NULL) {
        v[1].i32 = fake_random(fake, 2);
    }
}

static void call(struct fake *fake, size_t table, size_t n)
{
    const struct guest_import *import = &fake_imports[table]->all[n];
    union guest_value values[GUEST_MOST_PARAMETERS];
    const char *type = strchr(import->name, ']');
    for (size_t p = 0; p < guest_import_parameters(import); p++) {
        char letter = import->signature[1 + p];
        bool is_last = import->signature[2 + p] == ')';
        if (letter == 'I')
            values[p].i64 = fake_random(fake, 4) == 0 ? UINT64_MAX - fake_random(fake, 3) : fake_random(fake, 1200);
        else if (letter == 'f')
            values[p].f32 = fake_random(fake, 8) == 0 ? NAN : (float)fake_random(fake, 300) / 200;
        else if (p == 0 && type != NULL)
            values[p].i32 = handle(fake, type + 1, strcspn(type + 1, "."));
        else if (p == 0 && strcmp(import->name, "await-transfer") == 0)
            values[p].i32 = handle(fake, "transfer", strlen("transfer"));
        else if (is_last || fake_random(fake, 2) == 0)
            values[p].i32 = address(fake);
        else
            values[p].i32 = count(fake);
    }
    if (fake_random(fake, 4) != 0)
        adjust(fake, import, values);
    called[table][n]++;
    guest_import_invoke(import, &fake->guest, values);
    returned[table][n] += !fake->guest.trapped;
}

/* These need one another, and each of them something of the one before: by chance alone that would be rare. */
static const char *const usual[] = { "list-devices",
                                     "[method]usb-device.open",
                                     "[method]device-handle.claim-interface",
                                     "[method]device-handle.new-transfer",
                                     "[method]transfer.submit-transfer",
                                     "await-transfer" };

static void call_something(struct fake *fake)
{
    size_t table = fake_random(fake, (uint32_t)fake_imports_count);
    size_t n = fake_random(fake, (uint32_t)fake_imports[table]->count);
    if (fake_random(fake, 3) == 0) {
        const char *name = usual[fake_random(fake, sizeof usual / sizeof *usual)];
        table = fake_imports_count - 1;
        for (n = 0; strcmp(fake_imports[table]->all[n].name, name) != 0;)
            n++;
    }
    call(fake, table, n);
}

/* A guest that holds all it may gets nothing new: it lets go of something before that. */
static bool is_full(const struct fake *fake)
{
    uint32_t held = 0;
    for (uint32_t place = 1; place < fake->host.places; place++)
        held += fake->host.held[place] != NULL;
    return held + 8 > fake->settings.limits.handles;
}

static void drop_something(struct fake *fake)
{
    for (size_t table = fake_random(fake, (uint32_t)fake_imports_count);; table = (table + 1) % fake_imports_count) {
        size_t n = fake_random(fake, (uint32_t)fake_imports[table]->count);
        if (strncmp(fake_imports[table]->all[n].name, "[resource-drop]", strlen("[resource-drop]")) == 0) {
            call(fake, table, n);
            return;
        }
    }
}

/* What the embedder gives, by functions of its own. */
static void give_something(struct fake *fake)
{
    struct text why;
    uint32_t ret = address(fake);
    switch (fake_random(fake, 3)) {
    case 0:
        wasi_i2c_give_bus(&fake->host, TEXT("bus"), &why);
        break;
    case 1:
        wasi_i2c_give_delay(&fake->host);
        break;
    default:
        wasi_gpio_give_pin(&fake->guest, fake_random(fake, 2) == 0 ? TEXT("pin") : TEXT("low"),
                           (enum gpio_mode)(1u << fake_random(fake, 6)), ret);
    }
}

static void run_guest(uint32_t seed)
{
    static struct fake fake;
    fake_begin(&fake, seed);
    fake.is_moody = seed % 3 != 0;
    if (seed % 10 == 9)
        fake.realloc = (enum fake_realloc)(1 + fake_random(&fake, 4));
    for (unsigned n = 0; n < CALLS && !fake.guest.trapped; n++) {
        /* Only the end of the heap is used up; what was returned before may be written over. */
        fake.heap = FAKE_HEAP;
        fake.is_dead = fake_random(&fake, 50) == 0;
        fill(&fake);
        if (is_full(&fake) && fake_random(&fake, 20) != 0)
            drop_something(&fake);
        else if (fake_random(&fake, 8) == 0)
            give_something(&fake);
        else
            call_something(&fake);
        /* Most of what is wrong is a trap: a guest that ends at its second call tests little. The host does not know
         * that this one is let off. */
        if (fake.guest.trapped && fake_random(&fake, 400) != 0)
            fake.guest.trapped = false;
    }
    fake_end(&fake);
}

int main(void)
{
    for (uint32_t seed = 1; seed <= GUESTS; seed++)
        run_guest(seed * 2654435761u);
    for (size_t table = 0; table < fake_imports_count; table++) {
        for (size_t n = 0; n < fake_imports[table]->count; n++) {
            const struct guest_import *import = &fake_imports[table]->all[n];
            if (returned[table][n] >= 20)
                continue;
            fprintf(stderr, "%s#%s was called %lu times, and returned %lu times: it is not tested\n", import->module,
                    import->name, called[table][n], returned[table][n]);
            return 1;
        }
    }
    return 0;
}
