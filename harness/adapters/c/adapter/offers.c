/* All that this adapter offers. An adapter with less of it has another such file (../../stm32f4/offers.c). */

#include "board.h"
#include "engine.h"

const struct guest_imports *const engine_imports[] = {
    &wasi_hw_conformance_imports, &wasi_i2c_imports, &wasi_spi_imports, &wasi_io_imports,
    &wasi_gpio_imports,           &wasi_usb_imports,
};

const size_t engine_imports_count = sizeof engine_imports / sizeof *engine_imports;

const struct seam board_seam = {
    .i2c = &board_i2c,
    .spi = &board_spi,
    .gpio = &board_gpio,
    .usb = &board_usb,
};

const struct host_limits host_limits = HOST_LIMITS_DEFAULT;

const char *const engine_offers =
    "\"packages\":[\"wasi:i2c@0.2.0-draft\",\"wasi:spi@0.2.0-draft\",\"wasi:gpio@0.2.0\",\"wasi:usb@0.2.1\"],"
    "\"features\":{\"instances\":true,\"load\":true}";
