/* wasi:gpio@0.2.0 over requests for lines, as the kernel's character device takes them: how pins are acquired and
 * released, their errors, and pauses. The ids in brackets are requirements: proposals/gpio/requirements.toml. */

#include "gpio.h"

#include "imports.h"
#include "wasi_hw_gpio.h"
#include "gpio_pin.h"

#include <stdlib.h>

/* The line is released when the handle goes, whatever still waits for it [GPIO-42]. */
static void drop_pin(struct host *host, struct resource *resource)
{
    struct gpio_pin *pin = (struct gpio_pin *)resource;
    gpio_line_release(host, pin->line);
    free(pin);
}

const struct resource_type gpio_digital_out = { "digital-out-pin", drop_pin };
const struct resource_type gpio_digital_in = { "digital-in-pin", drop_pin };
const struct resource_type gpio_digital_in_out = { "digital-in-out-pin", drop_pin };
const struct resource_type gpio_analog_out = { "analog-out-pin", drop_pin };
const struct resource_type gpio_analog_in = { "analog-in-pin", drop_pin };
const struct resource_type gpio_analog_in_out = { "analog-in-out-pin", drop_pin };

static const struct {
    enum gpio_mode mode;
    const struct resource_type *type;
    bool is_analog;
    enum seam_direction direction;
} kinds[] = {
    { GPIO_DIGITAL_OUT, &gpio_digital_out, false, SEAM_OUT },
    { GPIO_DIGITAL_IN, &gpio_digital_in, false, SEAM_IN },
    { GPIO_DIGITAL_IN_OUT, &gpio_digital_in_out, false, SEAM_IN_OUT },
    { GPIO_ANALOG_OUT, &gpio_analog_out, true, SEAM_OUT },
    { GPIO_ANALOG_IN, &gpio_analog_in, true, SEAM_IN },
    { GPIO_ANALOG_IN_OUT, &gpio_analog_in_out, true, SEAM_IN_OUT },
};

/* --- Errors ------------------------------------------------------------------------------------------------- */

static void write_error(struct guest *guest, uint32_t ret, enum wasi_gpio_gpio_error_case error)
{
    guest_write_8(guest, ret, 1);
    guest_write_8(guest, ret + 4, (uint8_t)error);
}

void gpio_write_other(struct guest *guest, uint32_t ret, struct text why)
{
    write_error(guest, ret, WASI_GPIO_GPIO_ERROR_OTHER);
    guest_write_bytes(guest, ret + 8, why.at, why.length);
}

bool gpio_write(struct guest *guest, uint32_t ret, enum seam_code code)
{
    switch (code) {
    case SEAM_OK:
        return guest_write_8(guest, ret, 0);
    case SEAM_GONE:
    case SEAM_IO:
    case SEAM_TIMEOUT:
        write_error(guest, ret, WASI_GPIO_GPIO_ERROR_HARDWARE_FAULT);
        return false;
    case SEAM_UNSUPPORTED:
        write_error(guest, ret, WASI_GPIO_GPIO_ERROR_OPERATION_NOT_SUPPORTED);
        return false;
    case SEAM_BUSY:
        write_error(guest, ret, WASI_GPIO_GPIO_ERROR_ALREADY_IN_USE);
        return false;
    default:
        gpio_write_other(guest, ret, host_why(guest->host));
        return false;
    }
}

/* The same for the acquisition of a pin, for which two refusals have names of their own. */
static void write_not_acquired(struct guest *guest, uint32_t ret, enum seam_code code)
{
    if (code == SEAM_UNSUPPORTED)
        write_error(guest, ret, WASI_GPIO_GPIO_ERROR_PIN_MODE_NOT_AVAILABLE);
    else if (code == SEAM_DENIED)
        write_error(guest, ret, WASI_GPIO_GPIO_ERROR_PIN_NOT_ALLOWED);
    else
        gpio_write(guest, ret, code);
}

/* --- Acquisition -------------------------------------------------------------------------------------------- */

/* Requests the line of a pin, with edges where it can be read and the hardware can tell of changes. */
static enum seam_code request(struct host *host, struct gpio_pin *pin, bool is_analog)
{
    const struct gpio_pin_settings *settings = pin->settings;
    const struct seam_gpio *gpio = host->seam->gpio;
    struct seam_gpio_request wanted = {
        .is_analog = is_analog,
        .direction = pin->direction,
        .pull = settings->pull,
        .open_drain = settings->open_drain,
        /* An output begins inactive, and without a glitch. A pin for both directions is not driven before the guest
         * says so [GPIO-08]. */
        .drives = pin->direction == SEAM_OUT,
        .drives_high = settings->is_active_low,
        .wants_edges = pin->direction != SEAM_OUT,
    };
    struct gpio_line *line = pin->line;
    enum seam_code code = gpio->request(host->seam->board, settings->line, &wanted, &line->handle, &line->greatest);
    if (code == SEAM_UNSUPPORTED && wanted.wants_edges) {
        /* Perhaps it can do all but tell of changes. */
        wanted.wants_edges = false;
        code = gpio->request(host->seam->board, settings->line, &wanted, &line->handle, &line->greatest);
    }
    pin->reports_edges = wanted.wants_edges;
    if (line->greatest == 0)
        line->greatest = 1;
    return code;
}

void wasi_gpio_give_pin(struct guest *guest, struct text label, enum gpio_mode mode, uint32_t ret)
{
    struct host *host = guest->host;
    const struct host_settings *all = host->settings;
    const struct gpio_pin_settings *settings = NULL;
    size_t kind = 0;
    if (!GUEST_RESULT(guest, ret, WASI_GPIO_RESULT_HANDLE_GPIO_ERROR))
        return;
    while (kinds[kind].mode != mode)
        kind++;
    for (size_t n = 0; n < all->gpio_count; n++)
        if (text_equals(all->gpio[n].label, label))
            settings = &all->gpio[n];
    /* What is wrong is looked for in the order label, policy on the pin, policy on the mode, hardware, use
     * [GPIO-28]. */
    if (settings == NULL || host->seam->gpio == NULL) {
        write_error(guest, ret, WASI_GPIO_GPIO_ERROR_UNDEFINED_PIN_LABEL);
        return;
    }
    if ((settings->modes & (unsigned)mode) == 0) {
        write_error(guest, ret, settings->modes == 0 ? WASI_GPIO_GPIO_ERROR_PIN_NOT_ALLOWED
                                                     : WASI_GPIO_GPIO_ERROR_PIN_MODE_NOT_ALLOWED);
        return;
    }
    struct gpio_pin *pin = calloc(1, sizeof *pin);
    struct gpio_line *line = calloc(1, sizeof *line);
    if (pin == NULL || line == NULL) {
        free(pin);
        free(line);
        gpio_write_other(guest, ret, TEXT("out of memory"));
        return;
    }
    *pin = (struct gpio_pin){
        .resource = { kinds[kind].type },
        .settings = settings,
        .line = line,
        .direction = kinds[kind].direction,
    };
    line->is_active_low = settings->is_active_low;
    enum seam_code code = request(host, pin, kinds[kind].is_analog);
    if (code != SEAM_OK) {
        free(pin);
        free(line);
        write_not_acquired(guest, ret, code);
        return;
    }
    uint32_t handle = host_give(host, &pin->resource);
    if (handle == 0) {
        drop_pin(host, &pin->resource);
        gpio_write_other(guest, ret, TEXT("the guest holds too many handles"));
        return;
    }
    guest_write_8(guest, ret, 0);
    guest_write_32(guest, ret + 4, handle);
}

/* --- What every pin has ------------------------------------------------------------------------------------- */

struct gpio_pin *gpio_pin(struct guest *guest, uint32_t self, const struct resource_type *type, uint32_t ret)
{
    struct gpio_pin *pin = (struct gpio_pin *)host_borrow(guest, self, type);
    return pin != NULL && GUEST_RESULT(guest, ret, WASI_GPIO_RESULT_HANDLE_GPIO_ERROR) ? pin : NULL;
}

void gpio_write_watch(struct guest *guest, struct gpio_pin *pin, const struct gpio_watch *wanted, uint32_t ret)
{
    struct host *host = guest->host;
    struct gpio_watch *watch;
    enum seam_code code = SEAM_UNSUPPORTED;
    /* A line that cannot tell of changes cannot be waited for [GPIO-46]. */
    if (pin->reports_edges)
        code = gpio_line_watch(host, pin->line, wanted, &watch);
    if (code == SEAM_TOO_MUCH) {
        gpio_write_other(guest, ret, TEXT("the pin has too many watches"));
        return;
    }
    if (code != SEAM_OK) {
        gpio_write(guest, ret, code);
        return;
    }
    uint32_t handle = host_give(host, &watch->pollable.resource);
    if (handle == 0) {
        watch->pollable.source->drop(host, &watch->pollable);
        gpio_write_other(guest, ret, TEXT("the guest holds too many handles"));
        return;
    }
    guest_write_8(guest, ret, 0);
    guest_write_32(guest, ret + 4, handle);
}

uint32_t gpio_watch_for_ready(struct guest *guest, uint32_t self, const struct resource_type *type)
{
    struct gpio_pin *pin = (struct gpio_pin *)host_borrow(guest, self, type);
    struct gpio_watch wanted = { .condition = GPIO_SETTLED }, *watch;
    if (pin == NULL)
        return 0;
    uint32_t handle = 0;
    if (gpio_line_watch(guest->host, pin->line, &wanted, &watch) == SEAM_OK) {
        handle = host_give(guest->host, &watch->pollable.resource);
        if (handle == 0)
            watch->pollable.source->drop(guest->host, &watch->pollable);
    }
    if (handle == 0)
        guest_trap(guest, "too many pollables");
    return handle;
}

bool gpio_write_config(struct guest *guest, struct gpio_pin *pin, uint32_t ret)
{
    static const uint8_t modes[] = {
        [SEAM_IN] = WASI_GPIO_PIN_MODE_IN,
        [SEAM_OUT] = WASI_GPIO_PIN_MODE_OUT,
        [SEAM_IN_OUT] = WASI_GPIO_PIN_MODE_IN_OUT,
    };
    return guest_write_bytes(guest, ret, pin->settings->label.at, pin->settings->label.length) &&
           guest_write_8(guest, ret + 8, modes[pin->direction]);
}

/* --- wasi:gpio/delay: more than 32 bits where the unit is not the nanosecond [GPIO-45] ------------------------- */

void wasi_gpio_delay_ns(struct guest *guest, uint32_t ns)
{
    host_pause(guest, ns);
}

void wasi_gpio_delay_us(struct guest *guest, uint32_t us)
{
    host_pause(guest, us * UINT64_C(1000));
}

void wasi_gpio_delay_ms(struct guest *guest, uint32_t ms)
{
    host_pause(guest, ms * UINT64_C(1000000));
}

GUEST_IMPORT_TABLE(wasi_gpio_imports, WASI_GPIO_IMPORTS);
