/* The hosts of one guest: what it holds, what is configured for it, and what waits.
 *
 * Each guest instance has a host of its own. It is made before the instance and ended after it; host_end lets go of
 * everything that the guest still held, whether it returned or trapped. */

#ifndef WASI_HW_HOST_H
#define WASI_HW_HOST_H

#include "settings.h"

struct resource;

/* A kind of resource. */
struct resource_type {
    const char *name;
    /* Called once, when the guest drops the handle or ends. Frees the resource. */
    void (*drop)(struct host *host, struct resource *resource);
};

/* The first member of everything that a guest can hold. */
struct resource {
    const struct resource_type *type;
};

/* Something to do at a time, as soon as the guest waits for anything. */
struct host_timer {
    uint64_t at;
    void (*ring)(struct host *host, struct host_timer *timer);
    struct host_timer *next;
};

struct host {
    const struct seam *seam;
    const struct host_settings *settings;
    /* By handle: what the guest holds. Place 0 stays empty, because 0 is no handle. */
    struct resource **held;
    uint32_t places;
    struct host_timer *timers;
    /* What USB transfers in flight count together. */
    uint64_t usb_in_flight;
    bool usb_is_watching;
};

void host_begin(struct host *host, const struct seam *seam, const struct host_settings *settings);

/* Drops what the guest still holds, newest place first. */
void host_end(struct host *host);

/* Gives the guest a resource. 0: it holds as many as it may, or there is no memory; the resource is still the
 * caller's then. */
uint32_t host_give(struct host *host, struct resource *resource);

/* What a guest means by a handle. It must be there and of this type (CanonicalABI.md, `lift_borrow`); otherwise the
 * guest traps, and this is NULL. */
struct resource *host_borrow(struct guest *guest, uint32_t handle, const struct resource_type *type);

/* The same, and the guest does not have it any more (`lift_own`). */
struct resource *host_take(struct guest *guest, uint32_t handle, const struct resource_type *type);

/* The import `[resource-drop]` of a type. */
void host_drop(struct guest *guest, uint32_t handle, const struct resource_type *type);

/* Waits as the seam does; timers ring meanwhile. */
enum seam_code host_wait(struct host *host, const struct seam_wait *wait, struct seam_woken *woken);

/* Lets so many nanoseconds pass. With 0 no wait is begun. Traps where the seam says SEAM_DEAD. */
void host_pause(struct guest *guest, uint64_t ns);

/* Ends the guest, where a wait came to nothing; false then. */
bool host_is_alive(struct guest *guest, enum seam_code code);

/* Monotonic time in nanoseconds. */
uint64_t host_now(struct host *host);

void host_start_timer(struct host *host, struct host_timer *timer);
/* Does nothing if it does not run. */
void host_stop_timer(struct host *host, struct host_timer *timer);

/* What the seam says about what it refused last; a text of ours where it says nothing. */
struct text host_why(struct host *host);

#endif
