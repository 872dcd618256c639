/* wasi:usb@0.2.1: a device that is, or was, there; its configurations and how it is opened. */

#include "usb.h"

#include <stdlib.h>
#include <string.h>

/* --- What is known of a device ------------------------------------------------------------------------------ */

struct device {
    struct resource resource;
    struct usb_about *about;
};

static void drop_device(struct host *host, struct resource *resource)
{
    struct device *device = (struct device *)resource;
    (void)host;
    usb_about_release(device->about);
    free(device);
}

static const struct resource_type device_type = { "usb-device", drop_device };

void usb_about_release(struct usb_about *about)
{
    if (--about->references == 0)
        free(about);
}

/* A copy of what the seam shows; NULL if there is no memory. Configurations beyond the limit count as ones that
 * cannot be read. */
static struct usb_about *copy(const struct host_limits *limits, const struct seam_usb_device *device)
{
    /* bNumConfigurations has eight bits, so more are none of the device's. */
    uint32_t count = device->configuration_count < 256 ? device->configuration_count : 255;
    uint32_t left = limits->usb_descriptors;
    for (uint32_t n = 0; n < count; n++)
        left -= device->configurations[n].length <= left ? device->configurations[n].length : 0;
    struct usb_about *about;
    about = calloc(1, sizeof *about + count * sizeof *about->configurations + (limits->usb_descriptors - left));
    if (about == NULL)
        return NULL;
    about->references = 1;
    about->number = device->number;
    about->speed = device->speed;
    about->configuration_count = count;
    uint8_t *to = (uint8_t *)(about->configurations + count);
    left = limits->usb_descriptors;
    for (uint32_t n = 0; n < count; n++) {
        struct seam_usb_bytes bytes = device->configurations[n];
        if (bytes.length == 0 || bytes.length > left)
            continue;
        left -= bytes.length;
        memcpy(to, bytes.at, bytes.length);
        about->configurations[n] = (struct seam_usb_bytes){ to, bytes.length };
        to += bytes.length;
    }
    return about;
}

struct resource *usb_make_device(const struct host_limits *limits, const struct seam_usb_device *shown)
{
    struct device *device = malloc(sizeof *device);
    struct usb_about *about = copy(limits, shown);
    if (device == NULL || about == NULL) {
        free(device);
        free(about);
        return NULL;
    }
    *device = (struct device){ { &device_type }, about };
    return &device->resource;
}

/* --- Its methods -------------------------------------------------------------------------------------------- */

void wasi_usb_usb_device_open(struct guest *guest, uint32_t self, uint32_t ret)
{
    struct host *host = guest->host;
    const struct device *device = (struct device *)host_borrow(guest, self, &device_type);
    struct usb_open *open;
    uint32_t handle = 0;
    if (device == NULL || !GUEST_RESULT(guest, ret, WASI_USB_RESULT_HANDLE_LIBUSB_ERROR))
        return;
    enum usb_error error = usb_open(host, device->about, &open);
    if (error == USB_OK) {
        handle = usb_give_handle(host, open);
        error = handle == 0 ? USB_NO_MEM : USB_OK;
    }
    if (usb_write(guest, ret, 4, error))
        guest_write_32(guest, ret + 4, handle);
}

/* Writes a result<configuration-descriptor, libusb-error>: the case at 0, the record or the error at 4. */
static void write_configuration(struct guest *guest, uint32_t ret, enum usb_error error, struct seam_usb_bytes bytes)
{
    if (usb_write(guest, ret, 4, error))
        usb_write_configuration(guest, ret + 4, bytes);
}

static struct device *device_and_ret(struct guest *guest, uint32_t self, uint32_t ret)
{
    struct device *device = (struct device *)host_borrow(guest, self, &device_type);
    bool fits = device != NULL && GUEST_RESULT(guest, ret, WASI_USB_RESULT_CONFIGURATION_DESCRIPTOR_LIBUSB_ERROR);
    return fits ? device : NULL;
}

static void write_by_value(struct guest *guest, const struct usb_about *about, uint8_t value, uint32_t ret)
{
    for (uint32_t n = 0; n < about->configuration_count; n++) {
        struct seam_usb_bytes bytes = about->configurations[n];
        if (usb_is_configuration(bytes) && bytes.at[5] == value) {
            write_configuration(guest, ret, USB_OK, bytes);
            return;
        }
    }
    usb_write(guest, ret, 4, USB_NOT_FOUND);
}

void wasi_usb_usb_device_get_configuration_descriptor(struct guest *guest, uint32_t self, uint32_t config_index,
                                                      uint32_t ret)
{
    const struct device *device = device_and_ret(guest, self, ret);
    if (device == NULL)
        return;
    uint8_t index = (uint8_t)config_index;
    if (index >= device->about->configuration_count) {
        usb_write(guest, ret, 4, USB_NOT_FOUND);
        return;
    }
    /* Where the device sent something else in its place there is nothing to tell. */
    struct seam_usb_bytes bytes = device->about->configurations[index];
    write_configuration(guest, ret, usb_is_configuration(bytes) ? USB_OK : USB_IO, bytes);
}

void wasi_usb_usb_device_get_configuration_descriptor_by_value(struct guest *guest, uint32_t self,
                                                               uint32_t config_value, uint32_t ret)
{
    const struct device *device = device_and_ret(guest, self, ret);
    if (device != NULL)
        write_by_value(guest, device->about, (uint8_t)config_value, ret);
}

/* A device that is looked for in what is there now. */
struct wanted {
    uint32_t number;
    bool is_there;
    uint8_t active;
};

static void look(void *to, const struct seam_usb_device *shown)
{
    struct wanted *wanted = to;
    if (shown->number == wanted->number)
        *wanted = (struct wanted){ shown->number, true, shown->active };
}

void wasi_usb_usb_device_get_active_configuration_descriptor(struct guest *guest, uint32_t self, uint32_t ret)
{
    struct host *host = guest->host;
    const struct device *device = device_and_ret(guest, self, ret);
    if (device == NULL)
        return;
    struct wanted wanted = { .number = device->about->number };
    enum usb_error error = usb_error_of(host->seam->usb->devices(host->seam->board, look, &wanted));
    if (error == USB_OK && !wanted.is_there)
        error = USB_NO_DEVICE;
    else if (error == USB_OK && wanted.active == 0)
        error = USB_NOT_FOUND;
    if (error == USB_OK)
        write_by_value(guest, device->about, wanted.active, ret);
    else
        usb_write(guest, ret, 4, error);
}

void wasi_usb_usb_device_drop(struct guest *guest, uint32_t self)
{
    host_drop(guest, self, &device_type);
}
