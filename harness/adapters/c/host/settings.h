/* What an embedder configures: labels, policy, and limits on everything that a guest can drive. */

#ifndef WASI_HW_SETTINGS_H
#define WASI_HW_SETTINGS_H

#include "seam.h"

/* A target that a guest may reach, and how. */
struct i2c_rule {
    uint16_t address;
    bool reads, writes;
};

struct i2c_bus_settings {
    struct text label;
    /* Whether the guest reaches only what `rules` name. */
    bool is_restricted;
    const struct i2c_rule *rules;
    size_t rule_count;
    /* How many bytes one call may move; 0: the limit below. */
    uint32_t most_bytes;
};

enum spi_access { SPI_READ_WRITE, SPI_READ_ONLY, SPI_NO_ACCESS };

struct spi_device_settings {
    struct text name;
    enum spi_access access;
    struct seam_spi_clock clock;
    uint32_t most_bytes; /* 0: the limit below */
};

/* The kinds of pins: bits of `modes`. */
enum gpio_mode {
    GPIO_DIGITAL_IN = 1,
    GPIO_DIGITAL_OUT = 2,
    GPIO_DIGITAL_IN_OUT = 4,
    GPIO_ANALOG_IN = 8,
    GPIO_ANALOG_OUT = 16,
    GPIO_ANALOG_IN_OUT = 32,
    GPIO_ALL_MODES = 63,
};

struct gpio_pin_settings {
    struct text label;
    struct text line; /* the board's name for it */
    bool is_active_low;
    enum seam_pull pull;
    bool open_drain;
    unsigned modes; /* what the guest may have it as; 0: nothing */
};

/* A device that a guest may see. */
struct usb_rule {
    bool has_vendor, has_product;
    uint16_t vendor, product;
};

struct usb_settings {
    bool is_restricted; /* whether the guest sees only what `rules` name */
    const struct usb_rule *rules;
    size_t rule_count;
    /* Whether a claim leaves an interface to its kernel driver. */
    bool keeps_kernel_drivers;
};

/* Every number that a guest can drive up. Where one is exceeded a call fails with the error that its interface has
 * for that, or traps where it has none; the guest never gets the host to allocate more than these allow together. The
 * defaults suit a process on a computer; a board with some hundred KB sets each to what it has. */
struct host_limits {
    uint32_t handles;         /* resources that a guest holds at a time */
    uint32_t polled;          /* pollables in one `poll` */
    uint32_t i2c_bytes;       /* of one call, sent and received together */
    uint32_t i2c_operations;  /* of one transaction */
    uint32_t spi_bytes;       /* of one call, sent or received */
    uint32_t spi_operations;  /* of one transaction, long pauses counted by their parts */
    uint32_t gpio_watches;    /* on one pin at a time */
    uint32_t usb_bytes;       /* of one transfer */
    uint32_t usb_packets;     /* of one isochronous transfer */
    uint32_t usb_in_flight;   /* bytes of all transfers in flight, each with 1024 more */
    uint32_t usb_descriptors; /* bytes of all configurations of one device */
    uint32_t usb_devices;     /* of one list, or of one poll of what came and went */
};

#define HOST_LIMITS_DEFAULT \
    { \
        .handles = 1024, \
        .polled = 4096, \
        .i2c_bytes = 65536, \
        .i2c_operations = 4096, \
        .spi_bytes = 65536, \
        .spi_operations = 4096, \
        .gpio_watches = 256, \
        .usb_bytes = 1 << 20, \
        .usb_packets = 1024, \
        .usb_in_flight = 16 << 20, \
        .usb_descriptors = 1 << 18, \
        .usb_devices = 256, \
    }

struct host_settings {
    const struct i2c_bus_settings *i2c;
    size_t i2c_count;
    const struct spi_device_settings *spi;
    size_t spi_count;
    const struct gpio_pin_settings *gpio;
    size_t gpio_count;
    struct usb_settings usb;
    struct host_limits limits;
};

#endif
