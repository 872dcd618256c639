/* What the parts of wasi:usb@0.2.1 share. Embedders need nothing of it: the functions that guests call are in
 * wasi_hw_usb.h. The ids in brackets are requirements: proposals/usb/requirements.toml. */

#ifndef WASI_HW_USB_H
#define WASI_HW_USB_H

#include "host.h"
#include "wasi_hw_usb.h"

/* What a guest is told: a case of libusb-error [USB-78], or ok. */
enum usb_error {
    USB_IO = WASI_USB_LIBUSB_ERROR_IO,
    USB_INVALID_PARAM = WASI_USB_LIBUSB_ERROR_INVALID_PARAM,
    USB_ACCESS = WASI_USB_LIBUSB_ERROR_ACCESS,
    USB_NO_DEVICE = WASI_USB_LIBUSB_ERROR_NO_DEVICE,
    USB_NOT_FOUND = WASI_USB_LIBUSB_ERROR_NOT_FOUND,
    USB_BUSY = WASI_USB_LIBUSB_ERROR_BUSY,
    USB_TIMEOUT = WASI_USB_LIBUSB_ERROR_TIMEOUT,
    USB_OVERFLOW = WASI_USB_LIBUSB_ERROR_OVERFLOW,
    USB_PIPE = WASI_USB_LIBUSB_ERROR_PIPE,
    USB_INTERRUPTED = WASI_USB_LIBUSB_ERROR_INTERRUPTED,
    USB_NO_MEM = WASI_USB_LIBUSB_ERROR_NO_MEM,
    USB_NOT_SUPPORTED = WASI_USB_LIBUSB_ERROR_NOT_SUPPORTED,
    USB_OTHER = WASI_USB_LIBUSB_ERROR_OTHER,
    USB_OK = WASI_USB_LIBUSB_ERROR_CASES,
};

/* What the interface calls a driver's refusal. */
enum usb_error usb_error_of(enum seam_code code);

/* Writes a result: ok, or the error, which stands where the payload begins. True for ok, whose value is the caller's
 * to write. */
bool usb_write(struct guest *guest, uint32_t ret, uint32_t payload, enum usb_error error);

/* Where a result<_, libusb-error> and those of one byte have their payload. */
#define USB_SMALL_PAYLOAD 1

/* What is known of a device without asking it. Its list entries, and the handles that were opened from them, share
 * it. */
struct usb_about {
    uint32_t references;
    uint32_t number; /* of the seam */
    enum seam_usb_speed speed;
    uint32_t configuration_count;
    struct seam_usb_bytes configurations[];
};

/* Makes a `usb-device` of what the seam shows, not yet given to the guest. NULL: there is no memory. */
struct resource *usb_make_device(const struct host_limits *limits, const struct seam_usb_device *shown);

void usb_about_release(struct usb_about *about);

/* An open device, as its handle and its transfers share it. */
struct usb_open {
    uint32_t references;
    struct usb_about *about;
    uint32_t handle; /* of the seam */
    bool is_closed;
    bool is_lost;                         /* after a reset that lost the device */
    uint8_t claimed[32], taken[32];       /* a bit for each interface; `taken` from a kernel driver by a claim */
    uint32_t streams[32];                 /* by number and direction of the endpoint: how many there are */
    struct usb_transfer *first_in_flight; /* in the order of their submission */
};

/* Opens a device. `*open` has one reference, for its handle. */
enum usb_error usb_open(struct host *host, struct usb_about *about, struct usb_open **open);
void usb_open_release(struct usb_open *open);

/* Gives the guest a handle. 0: it holds too many; the device is closed again. */
uint32_t usb_give_handle(struct host *host, struct usb_open *open);

/* The device that a guest means with a handle, and its place for the result checked. NULL: the guest has trapped. */
struct usb_open *usb_open_of(struct guest *guest, uint32_t self, uint32_t ret, uint32_t size, uint32_t align);

/* Whether the device is there for this handle, and which configuration is in force. */
enum usb_error usb_open_configuration(struct host *host, struct usb_open *open, uint8_t *value);

/* Whether an endpoint is one of an interface that this handle has claimed, in the configuration of this value. */
bool usb_open_has_claimed(const struct usb_open *open, uint8_t value, uint8_t endpoint);

/* The place of an endpoint in `streams`. */
static inline size_t usb_endpoint_place(uint8_t endpoint)
{
    return (endpoint & 15u) | (endpoint >> 7 & 1u) << 4;
}

/* Ends what is in flight on a device, before it is closed. What was complete keeps its result. */
void usb_end_transfers(struct host *host, struct usb_open *open);

/* --- Descriptors (USB 2.0, section 9.6). The bytes come from the device and may be anything ------------------- */

bool usb_is_device_descriptor(struct seam_usb_bytes bytes);

/* Writes a device-descriptor. */
void usb_write_device_descriptor(struct guest *guest, uint32_t at, const uint8_t *descriptor);

/* Whether bytes begin with a configuration descriptor. Its bConfigurationValue is the sixth of them. */
bool usb_is_configuration(struct seam_usb_bytes bytes);

/* Writes a configuration-descriptor, and the lists in it. */
void usb_write_configuration(struct guest *guest, uint32_t at, struct seam_usb_bytes bytes);

/* Whether an endpoint belongs to one of these interfaces, in any of their settings. */
bool usb_configuration_has(struct seam_usb_bytes bytes, const uint8_t *interfaces, uint8_t endpoint);

static inline bool usb_bit(const uint8_t *bits, uint8_t n)
{
    return (bits[n / 8] >> n % 8 & 1) != 0;
}

#endif
