#include "host.h"

#include <stdlib.h>
#include <string.h>

/* How many places there are at first. */
#define FIRST_PLACES 16

void host_begin(struct host *host, const struct seam *seam, const struct host_settings *settings)
{
    memset(host, 0, sizeof *host);
    host->seam = seam;
    host->settings = settings;
}

void host_end(struct host *host)
{
    for (uint32_t handle = host->places; handle-- > 1;) {
        struct resource *resource = host->held[handle];
        if (resource == NULL)
            continue;
        host->held[handle] = NULL;
        resource->type->drop(host, resource);
    }
    free(host->held);
    host->held = NULL;
    host->places = 0;
}

uint32_t host_give(struct host *host, struct resource *resource)
{
    for (uint32_t handle = 1; handle < host->places; handle++) {
        if (host->held[handle] == NULL) {
            host->held[handle] = resource;
            return handle;
        }
    }
    /* All are taken: there become twice as many, up to the limit. */
    uint32_t most = host->settings->limits.handles + 1;
    uint32_t places = host->places == 0 ? FIRST_PLACES : 2 * host->places;
    if (places > most)
        places = most;
    if (places <= host->places || places < 2)
        return 0;
    struct resource **held = realloc(host->held, places * sizeof *held);
    if (held == NULL)
        return 0;
    memset(held + host->places, 0, (places - host->places) * sizeof *held);
    uint32_t handle = host->places == 0 ? 1 : host->places;
    held[handle] = resource;
    host->held = held;
    host->places = places;
    return handle;
}

struct resource *host_borrow(struct guest *guest, uint32_t handle, const struct resource_type *type)
{
    struct host *host = guest->host;
    if (guest->trapped)
        return NULL;
    if (handle == 0 || handle >= host->places || host->held[handle] == NULL) {
        guest_trap(guest, "no handle %u", (unsigned)handle);
        return NULL;
    }
    struct resource *resource = host->held[handle];
    if (resource->type != type) {
        guest_trap(guest, "handle %u is a %s and no %s", (unsigned)handle, resource->type->name, type->name);
        return NULL;
    }
    return resource;
}

struct resource *host_take(struct guest *guest, uint32_t handle, const struct resource_type *type)
{
    struct resource *resource = host_borrow(guest, handle, type);
    if (resource != NULL)
        guest->host->held[handle] = NULL;
    return resource;
}

void host_drop(struct guest *guest, uint32_t handle, const struct resource_type *type)
{
    struct resource *resource = host_take(guest, handle, type);
    if (resource != NULL)
        type->drop(guest->host, resource);
}

/* Rings the timers whose time has come. One may stop others while it rings, so the search begins anew. */
static void ring(struct host *host, uint64_t now)
{
    for (struct host_timer *timer = host->timers; timer != NULL;) {
        if (timer->at > now) {
            timer = timer->next;
            continue;
        }
        host_stop_timer(host, timer);
        timer->ring(host, timer);
        timer = host->timers;
    }
}

enum seam_code host_wait(struct host *host, const struct seam_wait *wait, struct seam_woken *woken)
{
    const struct seam *seam = host->seam;
    if (host->timers == NULL)
        return seam->wait(seam->board, wait, woken);
    uint64_t now = host_now(host);
    uint64_t until = !wait->is_timed || wait->ns > UINT64_MAX - now ? UINT64_MAX : now + wait->ns;
    for (;;) {
        /* Until the next timer, or as long as was asked for. */
        uint64_t next = until;
        for (struct host_timer *timer = host->timers; timer != NULL; timer = timer->next)
            if (timer->at < next)
                next = timer->at;
        struct seam_wait part = *wait;
        part.is_timed = next != UINT64_MAX;
        part.ns = next > now ? next - now : 0;
        enum seam_code code = seam->wait(seam->board, &part, woken);
        if (code != SEAM_OK)
            return code;
        now = woken->now;
        ring(host, now);
        woken->time = wait->is_timed && now >= until;
        if (woken->time || woken->lines || woken->settled || woken->transfers)
            return SEAM_OK;
    }
}

void host_pause(struct guest *guest, uint64_t ns)
{
    struct seam_wait wait = { .is_timed = true, .ns = ns };
    struct seam_woken woken;
    if (ns > 0 && !guest->trapped)
        host_is_alive(guest, host_wait(guest->host, &wait, &woken));
}

bool host_is_alive(struct guest *guest, enum seam_code code)
{
    if (code == SEAM_DEAD)
        guest_trap(guest, "nothing that is waited for can happen any more");
    else if (code != SEAM_OK)
        guest_trap(guest, "waiting failed: %.*s", (int)host_why(guest->host).length, host_why(guest->host).at);
    return !guest->trapped;
}

uint64_t host_now(struct host *host)
{
    struct seam_wait question = { .is_timed = true };
    struct seam_woken woken = { 0 };
    host->seam->wait(host->seam->board, &question, &woken);
    return woken.now;
}

void host_start_timer(struct host *host, struct host_timer *timer)
{
    timer->next = host->timers;
    host->timers = timer;
}

void host_stop_timer(struct host *host, struct host_timer *timer)
{
    for (struct host_timer **link = &host->timers; *link != NULL; link = &(*link)->next) {
        if (*link == timer) {
            *link = timer->next;
            return;
        }
    }
}

struct text host_why(struct host *host)
{
    struct text why = host->seam->why == NULL ? TEXT("") : host->seam->why(host->seam->board);
    return why.length > 0 ? why : TEXT("the driver refused");
}
