/* A GPIO line, and what a guest waits for on it.
 *
 * The pollables outlive the pin if the guest drops it first: then they are ready. What happened stays with the watch
 * that waited for it, so one that became ready stays so [GPIO-14] [GPIO-19]. */

#ifndef WASI_HW_GPIO_LINE_H
#define WASI_HW_GPIO_LINE_H

#include "poll.h"

struct gpio_line {
    uint32_t handle;   /* of the seam */
    uint32_t greatest; /* the greatest raw value; 1 of a digital line */
    bool is_active_low;
    bool is_released;
    struct gpio_watch *watches;
    uint32_t watch_count;
};

/* What a watch waits for. Everything but the levels is logical. */
enum gpio_condition {
    GPIO_SETTLED, /* the line can be used after its request */
    GPIO_LEVEL,   /* a digital line has the level `level` */
    GPIO_EDGE,    /* a digital line changes to the level `level` */
    GPIO_ABOVE,   /* an analog line is above `threshold` steps */
    GPIO_BELOW,   /* an analog line is below `threshold` steps */
};

struct gpio_watch {
    struct pollable pollable;
    struct gpio_line *line;
    struct gpio_watch *next;
    enum gpio_condition condition;
    uint32_t level;
    double threshold; /* may lie between two steps */
    bool has_fired;
};

/* Steps from one end of the scale as steps from the other, on an active-low pin. */
uint32_t gpio_line_turned(const struct gpio_line *line, uint32_t value);

/* Begins to wait: fills in a copy of `wanted`, and gives it as a pollable. What happened on the line before does not
 * count for it [GPIO-17]; what the line has now does, but for an edge. SEAM_TOO_MUCH: there are too many. */
enum seam_code gpio_line_watch(struct host *host, struct gpio_line *line, const struct gpio_watch *wanted,
                               struct gpio_watch **made);

/* Gives the line back, and lets go of it: it goes when the last watch on it has gone. */
void gpio_line_release(struct host *host, struct gpio_line *line);

#endif
