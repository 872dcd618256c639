/* What the hosts need of a board: the operations that drivers of each kind of bus offer. Whoever embeds the hosts
 * fills these structures in; nothing else of a board is looked at.
 *
 * An operation is what a kernel or a vendor's SDK has, and never a function of the WIT: a list of I2C messages, a
 * list of SPI transfers, a request for a line, a USB transfer that is submitted and reaped. Handles, claims,
 * polarity, policy, limits and the mapping of errors are the hosts' own work.
 *
 * No operation blocks for longer than the bus takes, except `wait`, which blocks until one of several conditions
 * holds. A driver that lacks an operation returns SEAM_UNSUPPORTED from it.
 *
 * One guest's hosts call from one thread at a time. Several guests, each with hosts of its own, may share a board;
 * then the board sees to it that two frames do not mix. */

#ifndef WASI_HW_SEAM_H
#define WASI_HW_SEAM_H

#include "guest.h"

/* What came of an operation, in the words of drivers. The error number of Linux that says the same stands beside it.
 * The hosts map each to an error of their interface. */
enum seam_code {
    SEAM_OK,
    SEAM_MISSING,          /* the board has nothing of this name or number (ENOENT) */
    SEAM_BUSY,             /* in use (EBUSY) */
    SEAM_GONE,             /* it was taken away (ENODEV) */
    SEAM_DENIED,           /* not permitted (EPERM, EACCES) */
    SEAM_UNSUPPORTED,      /* the hardware or the driver cannot do it (EOPNOTSUPP) */
    SEAM_INVALID,          /* the arguments make no sense to the driver (EINVAL) */
    SEAM_TOO_MUCH,         /* no memory for it (ENOMEM) */
    SEAM_TOO_LONG,         /* more bytes than the driver takes (EMSGSIZE) */
    SEAM_TIMEOUT,          /* no answer in time (ETIMEDOUT) */
    SEAM_NOT_READY,        /* settles after its request, and will work later (EAGAIN) */
    SEAM_IO,               /* the hardware failed (EIO) */
    SEAM_NOT_FOUND,        /* USB: no such interface, endpoint, setting or configuration (ENOENT) */
    SEAM_BUS_ERROR,        /* I2C: START or STOP where none belongs (EIO) */
    SEAM_ARBITRATION_LOST, /* I2C: another controller won the bus (EAGAIN) */
    SEAM_ADDRESS_NACK,     /* I2C: no target answered to the address (ENXIO) */
    SEAM_DATA_NACK,        /* I2C: the target did not acknowledge a byte (EREMOTEIO) */
    SEAM_OVERRUN,          /* I2C, SPI: bytes came faster than they were taken (EIO) */
    SEAM_MODE_FAULT,       /* SPI: another controller drives chip select (EIO) */
    SEAM_FRAME_FORMAT,     /* SPI: what came in has another frame format (EIO) */
    SEAM_CHIP_SELECT,      /* SPI: chip select could not be driven (EIO) */
    SEAM_DEAD,             /* `wait` only: nothing that is waited for can ever be so. The host ends the guest. */
};

/* --- I2C: message lists, as the I2C_RDWR call of Linux takes them ------------------------------------------- */

/* Flags of a message, with the values of Linux's struct i2c_msg. */
enum {
    SEAM_I2C_TEN = 0x0010,      /* the address has ten bits */
    SEAM_I2C_NO_START = 0x4000, /* no START and address: the bytes follow those of the message before */
};

struct seam_i2c_message {
    uint16_t address; /* not shifted */
    uint16_t flags;
    bool is_read;
    union {
        const uint8_t *out;
        uint8_t *in; /* room for `length` bytes */
    } bytes;
    uint32_t length;
};

struct seam_i2c {
    /* Attaches to the bus that the embedder has under this label. */
    enum seam_code (*open)(void *board, struct text bus, uint32_t *handle);
    /* START, the messages with a repeated START between them, STOP. Blocks until the STOP. */
    enum seam_code (*transfer)(void *board, uint32_t handle, const struct seam_i2c_message *messages, uint32_t count);
    void (*close)(void *board, uint32_t handle);
};

/* --- SPI: lists of transfers, as the SPI_IOC_MESSAGE call of Linux takes them ------------------------------- */

struct seam_spi_transfer {
    const uint8_t *out; /* NULL: zeros go out */
    uint8_t *in;        /* NULL: what comes in is discarded */
    uint32_t length;    /* of both, in bytes; 0: nothing is clocked */
    uint16_t delay_us;  /* to wait after the last bit, in microseconds */
};

struct seam_spi_clock {
    uint8_t mode;   /* 0 to 3: polarity in bit 1, phase in bit 0 */
    uint8_t bits;   /* of a word */
    bool lsb_first; /* which bit of a word goes first */
    uint32_t hz;    /* not 0 */
};

struct seam_spi {
    enum seam_code (*open)(void *board, struct text device, uint32_t *handle);
    /* How the controller clocks for this device, from the next message on. */
    enum seam_code (*configure)(void *board, uint32_t handle, const struct seam_spi_clock *clock);
    /* Asserts chip select, does the transfers, deasserts it, whatever happens. Blocks until then. */
    enum seam_code (*message)(void *board, uint32_t handle, const struct seam_spi_transfer *transfers, uint32_t count);
    void (*close)(void *board, uint32_t handle);
};

/* --- GPIO: requests of lines, as version 2 of Linux's character device takes them --------------------------- */

enum seam_direction { SEAM_IN, SEAM_OUT, SEAM_IN_OUT };
enum seam_pull { SEAM_NO_PULL, SEAM_PULL_UP, SEAM_PULL_DOWN };

/* Everything is physical: what is active is the host's affair. */
struct seam_gpio_request {
    bool is_analog;
    enum seam_direction direction;
    enum seam_pull pull;
    bool open_drain;  /* only ever pulls the line low */
    bool drives;      /* an output that drives at once; otherwise its driver is off until the first set */
    bool drives_high; /* what it drives; of an analog line the end of its scale */
    bool wants_edges; /* reports edges; of an analog line every new value */
};

/* What a line has: of a digital one 0, low, or 1, high; of an analog one a raw value from 0 to the greatest. */
struct seam_gpio {
    enum seam_code (*request)(void *board, struct text line, const struct seam_gpio_request *request, uint32_t *handle,
                              uint32_t *greatest);
    enum seam_code (*get)(void *board, uint32_t handle, uint32_t *value);
    enum seam_code (*set_level)(void *board, uint32_t handle, bool is_high);
    enum seam_code (*set_value)(void *board, uint32_t handle, uint32_t value);
    /* Takes the next event: `*now` is what the line has since then. False in `*is_there`: there is none. */
    enum seam_code (*event)(void *board, uint32_t handle, bool *is_there, uint32_t *now);
    void (*release)(void *board, uint32_t handle);
};

/* --- USB: raw descriptors, claims, and transfers that are submitted and reaped, as usbfs and libusb have them - */

/* As the interface numbers them. */
enum seam_usb_speed {
    SEAM_USB_UNKNOWN,
    SEAM_USB_LOW,
    SEAM_USB_FULL,
    SEAM_USB_HIGH,
    SEAM_USB_SUPER,
    SEAM_USB_SUPER_PLUS,
    SEAM_USB_SUPER_PLUS_X2,
};

struct seam_usb_bytes {
    const uint8_t *at;
    uint32_t length;
};

/* A device, as the system knows it without asking it. What the pointers show is there during the call only, and may
 * be anything: it comes from the device. */
struct seam_usb_device {
    uint32_t number; /* one that was unplugged and comes back has another */
    uint8_t bus, address, port;
    enum seam_usb_speed speed;
    struct seam_usb_bytes descriptor;
    const struct seam_usb_bytes *configurations;
    uint32_t configuration_count;
    uint8_t active; /* bConfigurationValue of the one in force; 0: none */
};

/* As the interface numbers them. */
enum seam_usb_kind { SEAM_USB_CONTROL, SEAM_USB_BULK, SEAM_USB_INTERRUPT, SEAM_USB_ISOCHRONOUS };

enum seam_usb_status {
    SEAM_USB_COMPLETED, /* an IN transfer may be short */
    SEAM_USB_STALL,
    SEAM_USB_OVERFLOW, /* the device sent more than there was room for */
    SEAM_USB_ERROR,
    SEAM_USB_CANCELLED,
    SEAM_USB_TIMED_OUT,
    SEAM_USB_GONE,
};

struct seam_usb_packet {
    uint32_t length; /* set before the submission */
    enum seam_usb_status status;
    uint32_t moved;
};

/* A transfer. It and what it points to stay where they are until it has been reaped. */
struct seam_usb_transfer {
    enum seam_usb_kind kind;
    uint8_t endpoint; /* 0 of a control transfer */
    uint8_t setup[8]; /* of a control transfer */
    bool is_in;
    uint32_t stream; /* 0: none */
    uint8_t *bytes;  /* what goes out, or room for what comes in; packets lie one behind the other */
    uint32_t length;
    struct seam_usb_packet *packets; /* of an isochronous transfer */
    uint32_t packet_count;
    /* Written when it is reaped. Of an isochronous IN transfer the bytes of the packets that moved any are joined
     * at the front of `bytes`, each `moved` long. */
    enum seam_usb_status status;
    uint32_t moved;
};

struct seam_usb {
    /* Calls `each` for every device that is there. */
    enum seam_code (*devices)(void *board, void (*each)(void *to, const struct seam_usb_device *device), void *to);
    enum seam_code (*open)(void *board, uint32_t device, uint32_t *handle);
    void (*close)(void *board, uint32_t handle);
    enum seam_code (*configuration)(void *board, uint32_t handle, uint8_t *value);
    enum seam_code (*set_configuration)(void *board, uint32_t handle, bool is_configured, uint8_t value);
    enum seam_code (*claim)(void *board, uint32_t handle, uint8_t interface);
    enum seam_code (*release)(void *board, uint32_t handle, uint8_t interface);
    enum seam_code (*set_interface)(void *board, uint32_t handle, uint8_t interface, uint8_t alternate);
    enum seam_code (*clear_halt)(void *board, uint32_t handle, uint8_t endpoint);
    /* SEAM_NOT_FOUND: the device came back as another one. */
    enum seam_code (*reset)(void *board, uint32_t handle);
    enum seam_code (*alloc_streams)(void *board, uint32_t handle, uint32_t count, const uint8_t *endpoints,
                                    uint32_t endpoint_count, uint32_t *granted);
    enum seam_code (*free_streams)(void *board, uint32_t handle, const uint8_t *endpoints, uint32_t endpoint_count);
    enum seam_code (*kernel_driver)(void *board, uint32_t handle, uint8_t interface, bool *is_there);
    enum seam_code (*detach_kernel_driver)(void *board, uint32_t handle, uint8_t interface);
    enum seam_code (*attach_kernel_driver)(void *board, uint32_t handle, uint8_t interface);
    enum seam_code (*submit)(void *board, uint32_t handle, struct seam_usb_transfer *transfer, uint32_t *number);
    /* Takes a transfer in flight back; it is then reaped as cancelled. */
    enum seam_code (*cancel)(void *board, uint32_t number);
    /* Whether a transfer is over, and what came of it; its number is then used up. */
    enum seam_code (*reap)(void *board, uint32_t number, struct seam_usb_transfer *transfer, bool *is_over);
    /* Begins to keep what comes and goes, for this guest. */
    enum seam_code (*watch)(void *board);
    /* Calls `each` for what came and went since this was last called, in its order. */
    enum seam_code (*events)(void *board, void (*each)(void *to, bool arrived, const struct seam_usb_device *device),
                             void *to);
};

/* --- Waiting ------------------------------------------------------------------------------------------------ */

/* What to wait for: any of these. */
struct seam_wait {
    bool is_timed;
    uint64_t ns; /* from now, of monotonic time */
    /* Lines with an event, or gone. The event stays until it is taken. */
    const uint32_t *lines;
    uint32_t line_count;
    /* Lines that have settled after their request, or are gone. */
    const uint32_t *settled;
    uint32_t settled_count;
    /* Transfers that are over. */
    const uint32_t *transfers;
    uint32_t transfer_count;
};

/* Which of the conditions hold. */
struct seam_woken {
    uint64_t now; /* monotonic time in nanoseconds */
    bool time;
    bool lines, settled, transfers; /* at least one */
};

/* The board. */
struct seam {
    /* Handed to every operation. */
    void *board;
    /* Blocks until one of the conditions holds, and says which do. One that holds already ends it at once, and
     * takes no time, so that a wait of 0 ns is a question. SEAM_DEAD is for boards that know the future. */
    enum seam_code (*wait)(void *board, const struct seam_wait *wait, struct seam_woken *woken);
    /* A text for people about what was last refused; empty if there is none. A guest may see it. */
    struct text (*why)(void *board);
    /* NULL: the board has no such bus. */
    const struct seam_i2c *i2c;
    const struct seam_spi *spi;
    const struct seam_gpio *gpio;
    const struct seam_usb *usb;
};

#endif
