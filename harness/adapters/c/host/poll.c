#include "poll.h"

#include "imports.h"
#include "wasi_hw_io.h"

#include <stdlib.h>

static void drop(struct host *host, struct resource *resource)
{
    struct pollable *pollable = (struct pollable *)resource;
    pollable->source->drop(host, pollable);
}

const struct resource_type pollable_type = { "pollable", drop };

/* Adds a handle to a list, once. */
static void add(uint32_t *handles, uint32_t *count, uint32_t handle)
{
    for (uint32_t n = 0; n < *count; n++)
        if (handles[n] == handle)
            return;
    handles[(*count)++] = handle;
}

/* Blocks until at least one of the pollables is ready. `ready` has a place for each and says afterwards which; gives
 * how many. 0: the guest has trapped. */
static uint32_t wait_for(struct guest *guest, struct pollable *const *pollables, uint32_t count, bool *ready)
{
    struct host *host = guest->host;
    /* Room for all of them in both lists. */
    uint32_t *lines = calloc(2 * (size_t)count, sizeof *lines), *settled = lines + count;
    uint32_t how_many = 0;
    if (lines == NULL)
        guest_trap(guest, "out of memory for a wait");
    while (!guest->trapped) {
        struct seam_wait wait = { .lines = lines, .settled = settled };
        struct seam_woken woken;
        for (uint32_t n = 0; n < count; n++) {
            uint32_t handle;
            ready[n] = pollables[n]->source->is_ready(host, pollables[n]);
            how_many += ready[n];
            if (ready[n])
                continue;
            if (pollables[n]->source->wants(pollables[n], &handle) == POLLABLE_LINE_EVENT)
                add(lines, &wait.line_count, handle);
            else
                add(settled, &wait.settled_count, handle);
        }
        if (how_many > 0)
            break;
        host_is_alive(guest, host_wait(host, &wait, &woken));
    }
    free(lines);
    return how_many;
}

void wasi_io_poll(struct guest *guest, uint32_t in_at, uint32_t in_count, uint32_t ret)
{
    struct host *host = guest->host;
    const uint8_t *in;
    /* A list<u32>: its address at 0, its length at 4. The elements of `in` are handles. */
    if (!guest_result(guest, ret, 8, 4) || !guest_read(guest, in_at, in_count, 4, 4, &in))
        return;
    /* A list that could never become ready [GPIO-24], and one that is longer than the host lets a guest make it. */
    if (in_count == 0 || in_count > host->settings->limits.polled) {
        guest_trap(guest, "poll of %u pollables", (unsigned)in_count);
        return;
    }
    struct pollable **pollables = calloc(in_count, sizeof *pollables);
    bool *ready = calloc(in_count, sizeof *ready);
    if (pollables == NULL || ready == NULL)
        guest_trap(guest, "out of memory for a poll");
    for (uint32_t n = 0; n < in_count && !guest->trapped; n++)
        pollables[n] = (struct pollable *)host_borrow(guest, load_32(in + 4 * (size_t)n), &pollable_type);
    uint32_t how_many = guest->trapped ? 0 : wait_for(guest, pollables, in_count, ready);
    uint32_t list;
    if (!guest->trapped && guest_allocate(guest, how_many, 4, 4, &list)) {
        uint32_t to = list;
        for (uint32_t n = 0; n < in_count; n++) {
            if (!ready[n])
                continue;
            guest_write_32(guest, to, n);
            to += 4;
        }
        guest_write_32(guest, ret, list);
        guest_write_32(guest, ret + 4, how_many);
    }
    free(ready);
    free(pollables);
}

uint32_t wasi_io_pollable_ready(struct guest *guest, uint32_t self)
{
    struct pollable *pollable = (struct pollable *)host_borrow(guest, self, &pollable_type);
    return pollable != NULL && pollable->source->is_ready(guest->host, pollable);
}

void wasi_io_pollable_block(struct guest *guest, uint32_t self)
{
    struct pollable *pollable = (struct pollable *)host_borrow(guest, self, &pollable_type);
    bool ready;
    if (pollable != NULL)
        wait_for(guest, &pollable, 1, &ready);
}

void wasi_io_pollable_drop(struct guest *guest, uint32_t self)
{
    host_drop(guest, self, &pollable_type);
}

GUEST_IMPORT_TABLE(wasi_io_imports, WASI_IO_IMPORTS);
