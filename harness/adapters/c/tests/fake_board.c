#include "fake.h"

#include <stdlib.h>
#include <string.h>

/* What a driver says when all is well with the arguments. */
static enum seam_code mood(struct fake *fake)
{
    fake->calls++;
    fake->now += 1000;
    if (!fake->is_moody || fake_random(fake, 5) != 0)
        return SEAM_OK;
    return (enum seam_code)(SEAM_MISSING + fake_random(fake, SEAM_DEAD - SEAM_MISSING));
}

static enum seam_code open_one(struct fake *fake, uint32_t *handle)
{
    enum seam_code code = mood(fake);
    if (code != SEAM_OK)
        return code;
    *handle = fake->next++;
    fake->open++;
    /* What was opened is at least held, but for the pin whose handle is still to be given. */
    CHECK(fake->open <= fake->settings.limits.handles + 1);
    return SEAM_OK;
}

static void close_one(void *to, uint32_t handle)
{
    struct fake *fake = to;
    CHECK(handle > 0 && handle < fake->next && fake->open > 0);
    fake->open--;
}

/* Looks at every byte. */
static void look(const uint8_t *bytes, size_t length)
{
    volatile uint8_t sum = 0;
    for (size_t n = 0; n < length; n++)
        sum = (uint8_t)(sum + bytes[n]);
}

static enum seam_code i2c_open(void *to, struct text bus, uint32_t *handle)
{
    look((const uint8_t *)bus.at, bus.length);
    return open_one(to, handle);
}

static enum seam_code i2c_transfer(void *to, uint32_t handle, const struct seam_i2c_message *messages, uint32_t count)
{
    struct fake *fake = to;
    uint32_t bytes = 0;
    CHECK(handle > 0 && count > 0 && count <= fake->settings.limits.i2c_operations);
    for (uint32_t n = 0; n < count; n++) {
        bytes += messages[n].length;
        CHECK(bytes <= fake->settings.limits.i2c_bytes && messages[n].address <= 0x3ff);
        if (messages[n].is_read)
            memset(messages[n].bytes.in, 0xa5, messages[n].length);
        else
            look(messages[n].bytes.out, messages[n].length);
    }
    return mood(fake);
}

static enum seam_code spi_open(void *to, struct text device, uint32_t *handle)
{
    look((const uint8_t *)device.at, device.length);
    return open_one(to, handle);
}

static enum seam_code spi_configure(void *to, uint32_t handle, const struct seam_spi_clock *clock)
{
    CHECK(handle > 0 && clock->hz != 0);
    return mood(to);
}

static enum seam_code spi_message(void *to, uint32_t handle, const struct seam_spi_transfer *transfers, uint32_t count)
{
    struct fake *fake = to;
    uint32_t bytes = 0;
    CHECK(handle > 0 && count > 0 && count <= fake->settings.limits.spi_operations);
    for (uint32_t n = 0; n < count; n++) {
        bytes += transfers[n].length;
        CHECK(bytes <= fake->settings.limits.spi_bytes);
        if (transfers[n].out != NULL)
            look(transfers[n].out, transfers[n].length);
        if (transfers[n].in != NULL)
            memset(transfers[n].in, 0x5a, transfers[n].length);
    }
    return mood(fake);
}

static enum seam_code gpio_request(void *to, struct text line, const struct seam_gpio_request *request,
                                   uint32_t *handle, uint32_t *greatest)
{
    look((const uint8_t *)line.at, line.length);
    *greatest = request->is_analog ? 4095 : 1;
    return open_one(to, handle);
}

static enum seam_code gpio_get(void *to, uint32_t handle, uint32_t *value)
{
    CHECK(handle > 0);
    *value = fake_random(to, 5000);
    return mood(to);
}

static enum seam_code gpio_set_level(void *to, uint32_t handle, bool is_high)
{
    (void)is_high;
    CHECK(handle > 0);
    return mood(to);
}

static enum seam_code gpio_set_value(void *to, uint32_t handle, uint32_t value)
{
    CHECK(handle > 0 && value <= 4095);
    return mood(to);
}

static enum seam_code gpio_event(void *to, uint32_t handle, bool *is_there, uint32_t *now)
{
    CHECK(handle > 0);
    *is_there = fake_random(to, 3) == 0;
    *now = fake_random(to, 2);
    return mood(to);
}

/* --- USB ---------------------------------------------------------------------------------------------------- */

static const uint8_t device_descriptor[18] = { 18, 1, 0, 2, 0, 0, 0, 64, 0x09, 0x12, 1, 0, 0, 1, 0, 0, 0, 1 };

/* Two settings of an interface with a bulk endpoint each way; other tests damage it. */
static const uint8_t configuration[] = {
    9, 2, 41,   0, 1,  1,    0, 0x80, 50,                 /* */
    9, 4, 0,    0, 2,  0xff, 0, 0,    0,                  /* */
    7, 5, 0x81, 2, 64, 0,    0, 7,    5,  1, 2, 64, 0, 0, /* */
    9, 4, 0,    1, 0,  0xff, 0, 0,    0,
};

static void show(struct fake *fake, void (*each)(void *to, bool arrived, const struct seam_usb_device *device),
                 void *to)
{
    uint8_t *damaged = malloc(sizeof configuration);
    CHECK(damaged != NULL);
    memcpy(damaged, configuration, sizeof configuration);
    uint32_t length = sizeof configuration;
    if (fake->is_moody && fake_random(fake, 2) == 0) {
        damaged[fake_random(fake, length)] = (uint8_t)fake_random(fake, 256);
        length = fake_random(fake, length + 1);
        damaged = realloc(damaged, length + 1);
        CHECK(damaged != NULL);
    }
    struct seam_usb_bytes all[] = { { configuration, sizeof configuration }, { damaged, length } };
    struct seam_usb_device device = {
        .number = 1,
        .bus = 1,
        .address = 2,
        .speed = SEAM_USB_SUPER,
        .descriptor = { device_descriptor, sizeof device_descriptor },
        .configurations = all,
        .configuration_count = 2,
        .active = 1,
    };
    each(to, fake_random(fake, 2) == 0, &device);
    free(damaged);
}

struct listing {
    void (*each)(void *to, const struct seam_usb_device *device);
    void *to;
};

static void list_one(void *to, bool arrived, const struct seam_usb_device *device)
{
    struct listing *listing = to;
    (void)arrived;
    listing->each(listing->to, device);
}

static enum seam_code usb_devices(void *to, void (*each)(void *, const struct seam_usb_device *), void *each_to)
{
    struct listing listing = { each, each_to };
    for (uint32_t n = fake_random(to, 3) + 1; n > 0; n--)
        show(to, list_one, &listing);
    return mood(to);
}

static enum seam_code usb_events(void *to, void (*each)(void *, bool, const struct seam_usb_device *), void *each_to)
{
    for (uint32_t n = fake_random(to, 3); n > 0; n--)
        show(to, each, each_to);
    return mood(to);
}

static enum seam_code usb_open(void *to, uint32_t device, uint32_t *handle)
{
    CHECK(device == 1);
    return open_one(to, handle);
}

/* A device that is closed while a transfer is in flight on it leaves memory to a driver that may still write there. */
static void usb_close(void *to, uint32_t handle)
{
    struct fake *fake = to;
    for (size_t n = 0; n < sizeof fake->transfers / sizeof *fake->transfers; n++)
        CHECK(fake->transfers[n].number == 0 || fake->transfers[n].handle != handle);
    close_one(to, handle);
}

static enum seam_code usb_configuration(void *to, uint32_t handle, uint8_t *value)
{
    CHECK(handle > 0);
    *value = 1;
    return mood(to);
}

static enum seam_code usb_set_configuration(void *to, uint32_t handle, bool is_configured, uint8_t value)
{
    (void)is_configured, (void)value;
    CHECK(handle > 0);
    return mood(to);
}

static enum seam_code usb_interface(void *to, uint32_t handle, uint8_t interface)
{
    (void)interface;
    CHECK(handle > 0);
    return mood(to);
}

static enum seam_code usb_set_interface(void *to, uint32_t handle, uint8_t interface, uint8_t alternate)
{
    (void)alternate;
    return usb_interface(to, handle, interface);
}

static enum seam_code usb_reset(void *to, uint32_t handle)
{
    return usb_interface(to, handle, 0);
}

static enum seam_code usb_alloc_streams(void *to, uint32_t handle, uint32_t count, const uint8_t *endpoints,
                                        uint32_t endpoint_count, uint32_t *granted)
{
    CHECK(endpoint_count <= 30);
    look(endpoints, endpoint_count);
    *granted = count < 16 ? count : 16;
    return usb_interface(to, handle, 0);
}

static enum seam_code usb_free_streams(void *to, uint32_t handle, const uint8_t *endpoints, uint32_t endpoint_count)
{
    look(endpoints, endpoint_count);
    return usb_interface(to, handle, 0);
}

static enum seam_code usb_kernel_driver(void *to, uint32_t handle, uint8_t interface, bool *is_there)
{
    *is_there = fake_random(to, 2) == 0;
    return usb_interface(to, handle, interface);
}

static enum seam_code usb_submit(void *to, uint32_t handle, struct seam_usb_transfer *transfer, uint32_t *number)
{
    struct fake *fake = to;
    CHECK(handle > 0 && transfer->length <= fake->settings.limits.usb_bytes);
    CHECK(transfer->packet_count <= fake->settings.limits.usb_packets);
    look(transfer->bytes, transfer->length);
    enum seam_code code = mood(fake);
    if (code != SEAM_OK)
        return code;
    for (size_t n = 0; n < sizeof fake->transfers / sizeof *fake->transfers; n++) {
        if (fake->transfers[n].number != 0)
            continue;
        *number = fake->next++;
        fake->transfers[n].number = *number;
        fake->transfers[n].handle = handle;
        fake->transfers[n].transfer = transfer;
        fake->transfers[n].is_over = false;
        fake->in_flight++;
        CHECK(fake->in_flight * 1024 <= fake->settings.limits.usb_in_flight);
        return SEAM_OK;
    }
    return SEAM_TOO_MUCH;
}

static size_t find(struct fake *fake, uint32_t number)
{
    size_t n = 0;
    while (n < sizeof fake->transfers / sizeof *fake->transfers && fake->transfers[n].number != number)
        n++;
    CHECK(number != 0 && n < sizeof fake->transfers / sizeof *fake->transfers);
    return n;
}

static enum seam_code usb_cancel(void *to, uint32_t number)
{
    struct fake *fake = to;
    size_t n = find(fake, number);
    fake->transfers[n].is_over = true;
    fake->transfers[n].transfer->status = SEAM_USB_CANCELLED;
    return SEAM_OK;
}

/* Fills in a transfer that is over. Numbers of bytes that cannot be are told, too: a driver may be wrong. */
static void complete(struct fake *fake, struct seam_usb_transfer *transfer)
{
    transfer->status = SEAM_USB_COMPLETED;
    if (fake_random(fake, 3) == 0)
        transfer->status = (enum seam_usb_status)fake_random(fake, SEAM_USB_GONE + 1);
    transfer->moved = fake_random(fake, 2 * transfer->length + 2);
    if (transfer->is_in)
        memset(transfer->bytes, 0xc3, transfer->length);
    for (uint32_t n = 0; n < transfer->packet_count; n++) {
        transfer->packets[n].status = fake_random(fake, 2) == 0 ? SEAM_USB_COMPLETED : SEAM_USB_ERROR;
        transfer->packets[n].moved = fake_random(fake, transfer->packets[n].length + 2);
    }
}

static enum seam_code usb_reap(void *to, uint32_t number, struct seam_usb_transfer *transfer, bool *is_over)
{
    struct fake *fake = to;
    size_t n = find(fake, number);
    CHECK(fake->transfers[n].transfer == transfer);
    *is_over = fake->transfers[n].is_over;
    if (!*is_over && fake_random(fake, 3) == 0) {
        complete(fake, transfer);
        *is_over = true;
    }
    if (*is_over) {
        fake->transfers[n].number = 0;
        fake->in_flight--;
    }
    return SEAM_OK;
}

static enum seam_code usb_watch(void *to)
{
    return mood(to);
}

/* --- Waiting ------------------------------------------------------------------------------------------------ */

static enum seam_code wait_for(void *to, const struct seam_wait *wait, struct seam_woken *woken)
{
    struct fake *fake = to;
    CHECK(wait->line_count + wait->settled_count + wait->transfer_count <= fake->settings.limits.handles);
    *woken = (struct seam_woken){ 0 };
    /* A question, or something that can be. */
    bool is_question = wait->is_timed && wait->ns == 0;
    /* Nobody waits for ever, whatever it is for. */
    if (!is_question && (fake->is_dead || ++fake->waits % 64 == 0))
        return SEAM_DEAD;
    for (uint32_t n = 0; n < wait->line_count + wait->settled_count; n++)
        CHECK((n < wait->line_count ? wait->lines[n] : wait->settled[n - wait->line_count]) != 0);
    woken->lines = wait->line_count > 0 && fake_random(fake, 2) == 0;
    woken->settled = wait->settled_count > 0 && fake_random(fake, 2) == 0;
    for (uint32_t n = 0; n < wait->transfer_count; n++)
        woken->transfers = woken->transfers || fake->transfers[find(fake, wait->transfers[n])].is_over;
    woken->transfers = woken->transfers || (wait->transfer_count > 0 && fake_random(fake, 2) == 0);
    woken->time = wait->is_timed && !woken->lines && !woken->settled && !woken->transfers;
    fake->now += woken->time && wait->ns < UINT64_MAX / 4 ? wait->ns : 1;
    woken->now = fake->now;
    return SEAM_OK;
}

static struct text why(void *to)
{
    return fake_random(to, 2) == 0 ? TEXT("") : TEXT("the board has its moods");
}

static const struct seam_i2c i2c = { i2c_open, i2c_transfer, close_one };
static const struct seam_spi spi = { spi_open, spi_configure, spi_message, close_one };
static const struct seam_gpio gpio = { gpio_request, gpio_get, gpio_set_level, gpio_set_value, gpio_event, close_one };
static const struct seam_usb usb = {
    .devices = usb_devices,
    .open = usb_open,
    .close = usb_close,
    .configuration = usb_configuration,
    .set_configuration = usb_set_configuration,
    .claim = usb_interface,
    .release = usb_interface,
    .set_interface = usb_set_interface,
    .clear_halt = usb_interface,
    .reset = usb_reset,
    .alloc_streams = usb_alloc_streams,
    .free_streams = usb_free_streams,
    .kernel_driver = usb_kernel_driver,
    .detach_kernel_driver = usb_interface,
    .attach_kernel_driver = usb_interface,
    .submit = usb_submit,
    .cancel = usb_cancel,
    .reap = usb_reap,
    .watch = usb_watch,
    .events = usb_events,
};

void fake_board(struct fake *fake)
{
    fake->seam = (struct seam){
        .board = fake,
        .wait = wait_for,
        .why = why,
        .i2c = &i2c,
        .spi = &spi,
        .gpio = &gpio,
        .usb = &usb,
    };
}
