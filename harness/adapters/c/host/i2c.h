/* wasi:i2c@0.2.0-draft, for embedders. The functions that guests call are in wasi_hw_i2c.h. */

#ifndef WASI_HW_I2C_H
#define WASI_HW_I2C_H

#include "host.h"

/* Opens the bus that is configured under a label, and gives it to the guest. 0: it cannot be had, and host_why or
 * `*why` says for what reason. The proposal leaves to the embedder how a guest gets its buses. */
uint32_t wasi_i2c_give_bus(struct host *host, struct text label, struct text *why);

/* Gives the guest a delay; it belongs to no bus. 0: the guest holds too much already. */
uint32_t wasi_i2c_give_delay(struct host *host);

#endif
