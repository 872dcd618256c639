#include "gpio_line.h"

#include <stdlib.h>

uint32_t gpio_line_turned(const struct gpio_line *line, uint32_t value)
{
    uint32_t inside = value < line->greatest ? value : line->greatest;
    return line->is_active_low ? line->greatest - inside : inside;
}

/* Whether what a line has, or has since an event, is what a watch waits for. */
static bool fits(const struct gpio_watch *watch, uint32_t value)
{
    const struct gpio_line *line = watch->line;
    uint32_t steps = gpio_line_turned(line, value);
    switch (watch->condition) {
    case GPIO_SETTLED:
        return false;
    case GPIO_LEVEL:
    case GPIO_EDGE:
        return value == watch->level;
    case GPIO_ABOVE:
        /* Nothing is above the end of the scale, so being there is what is meant [GPIO-39]. */
        return watch->threshold >= line->greatest ? steps >= line->greatest : steps > watch->threshold;
    default:
        return steps < watch->threshold;
    }
}

/* Tells every watch what happened on the line since this was last done. */
static enum seam_code take_events(struct host *host, struct gpio_line *line)
{
    for (;;) {
        bool is_there;
        uint32_t now;
        enum seam_code code = host->seam->gpio->event(host->seam->board, line->handle, &is_there, &now);
        if (code == SEAM_OK && !is_there)
            return SEAM_OK;
        for (struct gpio_watch *watch = line->watches; watch != NULL; watch = watch->next)
            /* A line that is lost is an error to come, and an error counts as ready [GPIO-47b]. */
            watch->has_fired = watch->has_fired || code != SEAM_OK || fits(watch, now);
        if (code != SEAM_OK)
            return code;
    }
}

static bool is_ready(struct host *host, struct pollable *pollable)
{
    struct gpio_watch *watch = (struct gpio_watch *)pollable;
    struct gpio_line *line = watch->line;
    if (watch->has_fired || line->is_released)
        return true;
    if (watch->condition == GPIO_SETTLED) {
        struct seam_wait question = { .is_timed = true, .settled = &line->handle, .settled_count = 1 };
        struct seam_woken woken;
        enum seam_code code = host->seam->wait(host->seam->board, &question, &woken);
        watch->has_fired = code != SEAM_OK || woken.settled;
    } else {
        take_events(host, line);
    }
    return watch->has_fired;
}

static enum pollable_wants wants(const struct pollable *pollable, uint32_t *handle)
{
    const struct gpio_watch *watch = (const struct gpio_watch *)pollable;
    *handle = watch->line->handle;
    return watch->condition == GPIO_SETTLED ? POLLABLE_LINE_SETTLED : POLLABLE_LINE_EVENT;
}

static void free_if_unused(struct gpio_line *line)
{
    if (line->is_released && line->watch_count == 0)
        free(line);
}

static void drop(struct host *host, struct pollable *pollable)
{
    struct gpio_watch *watch = (struct gpio_watch *)pollable;
    struct gpio_line *line = watch->line;
    struct gpio_watch **link = &line->watches;
    (void)host;
    while (*link != watch)
        link = &(*link)->next;
    *link = watch->next;
    line->watch_count--;
    free(watch);
    free_if_unused(line);
}

static const struct pollable_source source = { is_ready, wants, drop };

enum seam_code gpio_line_watch(struct host *host, struct gpio_line *line, const struct gpio_watch *wanted,
                               struct gpio_watch **made)
{
    if (line->watch_count >= host->settings->limits.gpio_watches)
        return SEAM_TOO_MUCH;
    struct gpio_watch *watch = malloc(sizeof *watch);
    if (watch == NULL)
        return SEAM_TOO_MUCH;
    *watch = *wanted;
    watch->pollable = (struct pollable){ { &pollable_type }, &source };
    watch->line = line;
    watch->has_fired = false;
    enum seam_code code = watch->condition == GPIO_SETTLED ? SEAM_OK : take_events(host, line);
    if (code == SEAM_OK && watch->condition != GPIO_SETTLED && watch->condition != GPIO_EDGE) {
        uint32_t value;
        code = host->seam->gpio->get(host->seam->board, line->handle, &value);
        watch->has_fired = code == SEAM_OK && fits(watch, value);
    }
    if (code != SEAM_OK) {
        free(watch);
        return code;
    }
    watch->next = line->watches;
    line->watches = watch;
    line->watch_count++;
    *made = watch;
    return SEAM_OK;
}

void gpio_line_release(struct host *host, struct gpio_line *line)
{
    host->seam->gpio->release(host->seam->board, line->handle);
    line->is_released = true;
    free_if_unused(line);
}
