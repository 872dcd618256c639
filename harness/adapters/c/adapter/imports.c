/* All that a guest can import. */

#include "board.h"
#include "engine.h"

const struct guest_imports *const engine_imports[] = {
    &wasi_hw_conformance_imports, &wasi_i2c_imports, &wasi_spi_imports, &wasi_io_imports,
    &wasi_gpio_imports,           &wasi_usb_imports,
};

const size_t engine_imports_count = sizeof engine_imports / sizeof *engine_imports;
