/* wasi:gpio@0.2.0, for embedders. The functions that guests call are in wasi_hw_gpio.h. */

#ifndef WASI_HW_GPIO_H
#define WASI_HW_GPIO_H

#include "host.h"

/* Opens the pin that is configured under a label, in one mode, and writes a result<own<pin>, gpio-error> to `ret`
 * (16 bytes, aligned to 4). The proposal leaves to the embedder how a guest gets its pins; an import of its own that
 * calls this is one way. */
void wasi_gpio_give_pin(struct guest *guest, struct text label, enum gpio_mode mode, uint32_t ret);

#endif
