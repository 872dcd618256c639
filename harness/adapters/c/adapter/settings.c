#include "settings.h"

#include "engine.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* A piece of memory that goes with the settings. */
struct kept {
    struct kept *next;
    max_align_t memory[];
};

/* Memory for `count` things and one more, because nothing is no failure. */
static void *keep(struct run_settings *settings, size_t count, size_t size)
{
    struct kept *kept = NULL;
    if (count < SIZE_MAX / size / 2)
        kept = calloc(1, sizeof *kept + (count + 1) * size);
    if (kept == NULL)
        return NULL;
    kept->next = settings->kept;
    settings->kept = kept;
    return kept->memory;
}

void settings_free(struct run_settings *settings)
{
    while (settings->kept != NULL) {
        struct kept *kept = settings->kept;
        settings->kept = kept->next;
        free(kept);
    }
}

/* Where texts are decoded to: no longer than the whole they stand in. */
struct texts {
    char *at;
};

static bool read_text(struct texts *texts, struct json value, struct text *text)
{
    size_t length;
    if (!json_string(value, texts->at, &length))
        return false;
    *text = (struct text){ texts->at, length };
    texts->at += length;
    return true;
}

/* Members that may be absent, or null. */
static bool read_number(struct json object, const char *name, uint32_t most, uint32_t *number)
{
    struct json value;
    uint64_t read;
    if (!json_member(object, name, &value) || json_is_null(value))
        return true;
    if (!json_number(value, most, &read))
        return false;
    *number = (uint32_t)read;
    return true;
}

static bool read_flag(struct json object, const char *name)
{
    struct json value;
    return json_member(object, name, &value) && json_is_true(value);
}

static bool is_word(struct json object, const char *name, const char *word)
{
    struct json value;
    return json_member(object, name, &value) && json_is(value, word);
}

/* A list of rules; absent or null: no restriction. */
static bool read_rules(struct json object, struct json *rules, size_t *count)
{
    if (!json_member(object, "allow", rules) || json_is_null(*rules))
        return false;
    *count = json_count(*rules);
    return true;
}

static bool read_i2c_bus(struct run_settings *settings, struct json value, struct i2c_bus_settings *bus)
{
    struct json rules, place = { 0 }, rule;
    if (!read_number(value, "most-bytes", UINT32_MAX, &bus->most_bytes))
        return false;
    bus->is_restricted = read_rules(value, &rules, &bus->rule_count);
    struct i2c_rule *read = keep(settings, bus->rule_count, sizeof *read);
    if (read == NULL)
        return false;
    bus->rules = read;
    for (; bus->is_restricted && json_next(rules, &place, NULL, &rule); read++) {
        uint32_t address = UINT32_MAX;
        if (!read_number(rule, "address", UINT16_MAX, &address) || address == UINT32_MAX)
            return false;
        read->address = (uint16_t)address;
        read->reads = !is_word(rule, "access", "write");
        read->writes = !is_word(rule, "access", "read");
    }
    return true;
}

static bool read_spi_device(struct json value, struct spi_device_settings *device)
{
    uint32_t mode = 0, bits = 8;
    device->clock.hz = 1000000;
    if (!read_number(value, "most-bytes", UINT32_MAX, &device->most_bytes) || !read_number(value, "mode", 3, &mode) ||
        !read_number(value, "bits", 32, &bits) || !read_number(value, "hz", UINT32_MAX, &device->clock.hz))
        return false;
    device->clock.mode = (uint8_t)mode;
    device->clock.bits = (uint8_t)bits;
    device->clock.lsb_first = read_flag(value, "lsb-first");
    device->access = is_word(value, "access", "none")   ? SPI_NO_ACCESS
                     : is_word(value, "access", "read") ? SPI_READ_ONLY
                                                        : SPI_READ_WRITE;
    return true;
}

static bool read_gpio_pin(struct texts *texts, struct json value, struct gpio_pin_settings *pin)
{
    static const char *const modes[] = { "digital-in", "digital-out", "digital-in-out",
                                         "analog-in",  "analog-out",  "analog-in-out" };
    struct json line, rules, place = { 0 }, rule;
    size_t count;
    pin->line = pin->label;
    if (json_member(value, "line", &line) && !json_is_null(line) && !read_text(texts, line, &pin->line))
        return false;
    pin->is_active_low = is_word(value, "active", "low");
    pin->pull = is_word(value, "pull", "up")     ? SEAM_PULL_UP
                : is_word(value, "pull", "down") ? SEAM_PULL_DOWN
                                                 : SEAM_NO_PULL;
    pin->open_drain = read_flag(value, "open-drain");
    pin->modes = GPIO_ALL_MODES;
    if (!read_rules(value, &rules, &count))
        return true;
    pin->modes = 0;
    while (json_next(rules, &place, NULL, &rule))
        for (unsigned mode = 0; mode < 6; mode++)
            if (json_is(rule, modes[mode]))
                pin->modes |= 1u << mode;
    return true;
}

static bool read_usb(struct run_settings *settings, struct json value)
{
    struct usb_settings *usb = &settings->host.usb;
    struct host_limits *limits = &settings->host.limits;
    struct json rules, place = { 0 }, rule;
    if (!read_number(value, "most-bytes", UINT32_MAX, &limits->usb_bytes) ||
        !read_number(value, "most-packets", UINT32_MAX, &limits->usb_packets))
        return false;
    usb->keeps_kernel_drivers = read_flag(value, "keep-kernel-drivers");
    usb->is_restricted = read_rules(value, &rules, &usb->rule_count);
    struct usb_rule *read = keep(settings, usb->rule_count, sizeof *read);
    if (read == NULL)
        return false;
    usb->rules = read;
    for (; usb->is_restricted && json_next(rules, &place, NULL, &rule); read++) {
        uint32_t vendor = UINT32_MAX, product = UINT32_MAX;
        if (!read_number(rule, "vendor", UINT16_MAX, &vendor) || !read_number(rule, "product", UINT16_MAX, &product))
            return false;
        *read = (struct usb_rule){
            .has_vendor = vendor != UINT32_MAX,
            .has_product = product != UINT32_MAX,
            .vendor = (uint16_t)vendor,
            .product = (uint16_t)product,
        };
    }
    return true;
}

/* Goes through an object whose names are labels, with room for one structure each. */
static bool read_labelled(struct run_settings *settings, struct json host, const char *name, size_t size,
                          struct json *object, void **all, size_t *count)
{
    *count = 0;
    *all = NULL;
    *object = (struct json){ "", "" };
    if (json_member(host, name, object))
        *count = json_count(*object);
    *all = keep(settings, *count, size);
    return *all != NULL;
}

bool settings_read(struct run_settings *settings, struct json host, const char **why)
{
    struct json object, place, label, value;
    void *all;
    size_t count;
    memset(settings, 0, sizeof *settings);
    settings->host.limits = host_limits;
    struct texts texts = { keep(settings, (size_t)(host.end - host.at), 1) };
    if (texts.at == NULL) {
        *why = "out of memory";
        return false;
    }

    *why = "the settings of an I2C bus";
    if (!read_labelled(settings, host, "i2c", sizeof(struct i2c_bus_settings), &object, &all, &count))
        return false;
    struct i2c_bus_settings *bus = all;
    settings->host.i2c = bus;
    settings->host.i2c_count = count;
    for (place.at = NULL; json_next(object, &place, &label, &value); bus++)
        if (!read_text(&texts, label, &bus->label) || !read_i2c_bus(settings, value, bus))
            return false;

    *why = "the settings of an SPI device";
    if (!read_labelled(settings, host, "spi", sizeof(struct spi_device_settings), &object, &all, &count))
        return false;
    struct spi_device_settings *device = all;
    settings->host.spi = device;
    settings->host.spi_count = count;
    for (place.at = NULL; json_next(object, &place, &label, &value); device++)
        if (!read_text(&texts, label, &device->name) || !read_spi_device(value, device))
            return false;

    *why = "the settings of a GPIO pin";
    if (!read_labelled(settings, host, "gpio", sizeof(struct gpio_pin_settings), &object, &all, &count))
        return false;
    struct gpio_pin_settings *pin = all;
    settings->host.gpio = pin;
    settings->host.gpio_count = count;
    for (place.at = NULL; json_next(object, &place, &label, &value); pin++)
        if (!read_text(&texts, label, &pin->label) || !read_gpio_pin(&texts, value, pin))
            return false;

    *why = "the settings of USB";
    return !json_member(host, "usb", &object) || read_usb(settings, object);
}
