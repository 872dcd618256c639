/* What this adapter offers: all but USB, within what the controller has of memory. */

#include "../c/adapter/board.h"
#include "../c/adapter/engine.h"

const struct guest_imports *const engine_imports[] = {
    &wasi_hw_conformance_imports, &wasi_i2c_imports, &wasi_spi_imports, &wasi_io_imports, &wasi_gpio_imports,
};

const size_t engine_imports_count = sizeof engine_imports / sizeof *engine_imports;

const struct seam board_seam = { .i2c = &board_i2c, .spi = &board_spi, .gpio = &board_gpio };

/* The runtime's file declares `call-bytes`; more than one guest needs of the rest. */
const struct host_limits host_limits = {
    .handles = 64,
    .polled = 64,
    .i2c_bytes = 4096,
    .i2c_operations = 64,
    .spi_bytes = 4096,
    .spi_operations = 512,
    .gpio_watches = 16,
};

const char *const engine_offers =
    "\"packages\":[\"wasi:i2c@0.2.0-draft\",\"wasi:spi@0.2.0-draft\",\"wasi:gpio@0.2.0\"],"
    "\"features\":{\"load\":true}";
