/* An open USB device: what is claimed, what is in flight, and what is left when it is closed. */

#include "usb.h"

#include <stdlib.h>
#include <string.h>

/* A device has no more endpoints than these. */
#define MOST_ENDPOINTS 30

struct handle {
    struct resource resource;
    struct usb_open *open;
};

static void set_bit(uint8_t *bits, uint8_t n, bool is_set)
{
    uint8_t bit = (uint8_t)(1u << n % 8);
    bits[n / 8] = (uint8_t)(is_set ? bits[n / 8] | bit : bits[n / 8] & ~bit);
}

/* --- Opening and closing ------------------------------------------------------------------------------------ */

enum usb_error usb_open(struct host *host, struct usb_about *about, struct usb_open **opened)
{
    struct usb_open *open = calloc(1, sizeof *open);
    if (open == NULL)
        return USB_NO_MEM;
    enum usb_error error = usb_error_of(host->seam->usb->open(host->seam->board, about->number, &open->handle));
    if (error != USB_OK) {
        free(open);
        return error;
    }
    open->references = 1;
    open->about = about;
    about->references++;
    *opened = open;
    return USB_OK;
}

void usb_open_release(struct usb_open *open)
{
    if (--open->references > 0)
        return;
    usb_about_release(open->about);
    free(open);
}

/* Gives an interface back to the driver that it was taken from. One that does not come back is nobody's error. */
static void give_back(struct host *host, struct usb_open *open, uint8_t interface)
{
    if (usb_bit(open->taken, interface))
        host->seam->usb->attach_kernel_driver(host->seam->board, open->handle, interface);
    set_bit(open->taken, interface, false);
}

/* Ends what is in flight [USB-61], gives every interface back [USB-61c], and closes. Nothing can fail here, even if
 * the device is gone; the second time there is nothing to do [USB-62d]. */
static void close_device(struct host *host, struct usb_open *open)
{
    const struct seam_usb *usb = host->seam->usb;
    if (open->is_closed)
        return;
    usb_end_transfers(host, open);
    for (unsigned interface = 0; interface < 256; interface++) {
        if (!usb_bit(open->claimed, (uint8_t)interface))
            continue;
        usb->release(host->seam->board, open->handle, (uint8_t)interface);
        give_back(host, open, (uint8_t)interface);
    }
    usb->close(host->seam->board, open->handle);
    open->is_closed = true;
}

/* Without a close before it, too [USB-63]. */
static void drop_handle(struct host *host, struct resource *resource)
{
    struct handle *handle = (struct handle *)resource;
    close_device(host, handle->open);
    usb_open_release(handle->open);
    free(handle);
}

static const struct resource_type handle_type = { "device-handle", drop_handle };

uint32_t usb_give_handle(struct host *host, struct usb_open *open)
{
    struct handle *handle = malloc(sizeof *handle);
    if (handle == NULL) {
        close_device(host, open);
        usb_open_release(open);
        return 0;
    }
    *handle = (struct handle){ { &handle_type }, open };
    uint32_t given = host_give(host, &handle->resource);
    if (given == 0)
        drop_handle(host, &handle->resource);
    return given;
}

struct usb_open *usb_open_of(struct guest *guest, uint32_t self, uint32_t ret, uint32_t size, uint32_t align)
{
    struct handle *handle = (struct handle *)host_borrow(guest, self, &handle_type);
    return handle != NULL && guest_result(guest, ret, size, align) ? handle->open : NULL;
}

/* The device, for a method whose result has no more than a byte. */
static struct usb_open *open_of(struct guest *guest, uint32_t self, uint32_t ret)
{
    return usb_open_of(guest, self, ret, WASI_USB_RESULT_NOTHING_LIBUSB_ERROR_SIZE,
                       WASI_USB_RESULT_NOTHING_LIBUSB_ERROR_ALIGN);
}

static void write(struct guest *guest, uint32_t ret, enum usb_error error)
{
    usb_write(guest, ret, USB_SMALL_PAYLOAD, error);
}

/* Whether the driver can be asked at all: not of a device that is closed or lost [USB-62c] [USB-34b]. */
static bool is_dead(const struct usb_open *open)
{
    return open->is_closed || open->is_lost;
}

enum usb_error usb_open_configuration(struct host *host, struct usb_open *open, uint8_t *value)
{
    if (is_dead(open))
        return USB_NO_DEVICE;
    return usb_error_of(host->seam->usb->configuration(host->seam->board, open->handle, value));
}

void wasi_usb_device_handle_close(struct guest *guest, uint32_t self)
{
    struct handle *handle = (struct handle *)host_borrow(guest, self, &handle_type);
    if (handle != NULL)
        close_device(guest->host, handle->open);
}

void wasi_usb_device_handle_drop(struct guest *guest, uint32_t self)
{
    host_drop(guest, self, &handle_type);
}

/* --- Configurations ----------------------------------------------------------------------------------------- */

void wasi_usb_device_handle_get_configuration(struct guest *guest, uint32_t self, uint32_t ret)
{
    struct usb_open *open = open_of(guest, self, ret);
    uint8_t value;
    if (open != NULL && usb_write(guest, ret, USB_SMALL_PAYLOAD, usb_open_configuration(guest->host, open, &value)))
        guest_write_8(guest, ret + USB_SMALL_PAYLOAD, value);
}

void wasi_usb_device_handle_set_configuration(struct guest *guest, uint32_t self, uint32_t config, uint32_t value,
                                              uint32_t ret)
{
    const struct seam *seam = guest->host->seam;
    struct usb_open *open = open_of(guest, self, ret);
    /* config-value: `unconfigured`, or `value` with a u8. */
    if (open == NULL || !guest_read_case(guest, config, WASI_USB_CONFIG_VALUE_CASES, "config-value"))
        return;
    enum usb_error error = USB_NO_DEVICE;
    bool has_value = config == WASI_USB_CONFIG_VALUE_VALUE;
    if (!is_dead(open))
        error = usb_error_of(seam->usb->set_configuration(seam->board, open->handle, has_value, (uint8_t)value));
    if (error == USB_OK)
        memset(open->streams, 0, sizeof open->streams);
    write(guest, ret, error);
}

void wasi_usb_device_handle_reset_device(struct guest *guest, uint32_t self, uint32_t ret)
{
    const struct seam *seam = guest->host->seam;
    struct usb_open *open = open_of(guest, self, ret);
    if (open == NULL)
        return;
    enum usb_error error = USB_NO_DEVICE;
    if (!is_dead(open))
        error = usb_error_of(seam->usb->reset(seam->board, open->handle));
    /* It came back as another device, or not at all [USB-34b]. */
    open->is_lost = open->is_lost || error == USB_NOT_FOUND;
    memset(open->streams, 0, sizeof open->streams);
    write(guest, ret, error);
}

/* --- Interfaces --------------------------------------------------------------------------------------------- */

/* Takes an interface from its kernel driver [USB-27]. */
static enum usb_error take_from_driver(struct host *host, struct usb_open *open, uint8_t interface)
{
    const struct seam_usb *usb = host->seam->usb;
    void *board = host->seam->board;
    bool is_driven = false;
    if (usb->kernel_driver(board, open->handle, interface, &is_driven) != SEAM_OK || !is_driven ||
        usb->detach_kernel_driver(board, open->handle, interface) != SEAM_OK)
        return USB_BUSY;
    enum usb_error error = usb_error_of(usb->claim(board, open->handle, interface));
    if (error == USB_OK)
        set_bit(open->taken, interface, true);
    else
        /* Another handle was faster; the driver gets it back if it can. */
        usb->attach_kernel_driver(board, open->handle, interface);
    return error;
}

void wasi_usb_device_handle_claim_interface(struct guest *guest, uint32_t self, uint32_t ifac, uint32_t ret)
{
    struct host *host = guest->host;
    struct usb_open *open = open_of(guest, self, ret);
    uint8_t interface = (uint8_t)ifac;
    if (open == NULL)
        return;
    enum usb_error error = USB_NO_DEVICE;
    if (!is_dead(open))
        error = usb_error_of(host->seam->usb->claim(host->seam->board, open->handle, interface));
    /* A handle that has it cannot be told that it is busy [USB-25]; what else has it may be a kernel driver. */
    if (error == USB_BUSY && !usb_bit(open->claimed, interface) && !host->settings->usb.keeps_kernel_drivers)
        error = take_from_driver(host, open, interface);
    if (error == USB_OK)
        set_bit(open->claimed, interface, true);
    write(guest, ret, error);
}

/* There is no such thing, or no device any more. */
static enum usb_error absent(struct host *host, struct usb_open *open)
{
    uint8_t value;
    enum usb_error error = usb_open_configuration(host, open, &value);
    return error == USB_OK ? USB_NOT_FOUND : error;
}

void wasi_usb_device_handle_release_interface(struct guest *guest, uint32_t self, uint32_t ifac, uint32_t ret)
{
    struct host *host = guest->host;
    struct usb_open *open = open_of(guest, self, ret);
    uint8_t interface = (uint8_t)ifac;
    if (open == NULL)
        return;
    enum usb_error error = USB_NO_DEVICE;
    if (!usb_bit(open->claimed, interface))
        error = absent(host, open);
    else if (!is_dead(open))
        error = usb_error_of(host->seam->usb->release(host->seam->board, open->handle, interface));
    if (error == USB_OK) {
        set_bit(open->claimed, interface, false);
        give_back(host, open, interface);
    }
    write(guest, ret, error);
}

void wasi_usb_device_handle_set_interface_altsetting(struct guest *guest, uint32_t self, uint32_t ifac,
                                                     uint32_t alt_setting, uint32_t ret)
{
    struct host *host = guest->host;
    struct usb_open *open = open_of(guest, self, ret);
    uint8_t interface = (uint8_t)ifac;
    if (open == NULL)
        return;
    enum usb_error error = USB_NO_DEVICE;
    if (!usb_bit(open->claimed, interface))
        error = absent(host, open);
    else if (!is_dead(open))
        error = usb_error_of(
            host->seam->usb->set_interface(host->seam->board, open->handle, interface, (uint8_t)alt_setting));
    write(guest, ret, error);
}

bool usb_open_has_claimed(const struct usb_open *open, uint8_t value, uint8_t endpoint)
{
    const struct usb_about *about = open->about;
    for (uint32_t n = 0; value != 0 && n < about->configuration_count; n++) {
        struct seam_usb_bytes bytes = about->configurations[n];
        if (usb_is_configuration(bytes) && bytes.at[5] == value &&
            usb_configuration_has(bytes, open->claimed, endpoint))
            return true;
    }
    return false;
}

/* --- Endpoints ---------------------------------------------------------------------------------------------- */

void wasi_usb_device_handle_clear_halt(struct guest *guest, uint32_t self, uint32_t endpoint, uint32_t ret)
{
    const struct seam *seam = guest->host->seam;
    struct usb_open *open = open_of(guest, self, ret);
    if (open == NULL)
        return;
    write(guest, ret,
          is_dead(open) ? USB_NO_DEVICE
                        : usb_error_of(seam->usb->clear_halt(seam->board, open->handle, (uint8_t)endpoint)));
}

/* Whether streams can be asked for on these endpoints, as far as the host knows. */
static enum usb_error check_streams(struct host *host, struct usb_open *open, uint32_t count)
{
    uint8_t value;
    enum usb_error error = usb_open_configuration(host, open, &value);
    if (error != USB_OK)
        return error;
    /* There are none below SuperSpeed. */
    if (open->about->speed < SEAM_USB_SUPER)
        return USB_NOT_SUPPORTED;
    return count > MOST_ENDPOINTS ? USB_INVALID_PARAM : USB_OK;
}

static void set_streams(struct usb_open *open, const uint8_t *endpoints, uint32_t count, uint32_t streams)
{
    for (uint32_t n = 0; n < count; n++)
        open->streams[usb_endpoint_place(endpoints[n])] = streams;
}

void wasi_usb_device_handle_alloc_streams(struct guest *guest, uint32_t self, uint32_t num_streams,
                                          uint32_t endpoints_at, uint32_t endpoints_count, uint32_t ret)
{
    struct host *host = guest->host;
    const struct seam_usb *usb = host->seam->usb;
    struct usb_open *open = open_of(guest, self, ret);
    const uint8_t *endpoints;
    if (open == NULL || !guest_read(guest, endpoints_at, endpoints_count, 1, 1, &endpoints))
        return;
    uint32_t granted = 0;
    enum usb_error error = check_streams(host, open, endpoints_count);
    if (error == USB_OK)
        error = usb_error_of(
            usb->alloc_streams(host->seam->board, open->handle, num_streams, endpoints, endpoints_count, &granted));
    if (error == USB_OK && granted < num_streams) {
        /* The result has no room for the number, so fewer would leave the guest guessing [USB-35]. */
        usb->free_streams(host->seam->board, open->handle, endpoints, endpoints_count);
        error = USB_NO_MEM;
    }
    if (error == USB_OK)
        set_streams(open, endpoints, endpoints_count, granted);
    write(guest, ret, error);
}

void wasi_usb_device_handle_free_streams(struct guest *guest, uint32_t self, uint32_t endpoints_at,
                                         uint32_t endpoints_count, uint32_t ret)
{
    struct host *host = guest->host;
    struct usb_open *open = open_of(guest, self, ret);
    const uint8_t *endpoints;
    if (open == NULL || !guest_read(guest, endpoints_at, endpoints_count, 1, 1, &endpoints))
        return;
    enum usb_error error = check_streams(host, open, endpoints_count);
    if (error == USB_OK)
        error =
            usb_error_of(host->seam->usb->free_streams(host->seam->board, open->handle, endpoints, endpoints_count));
    if (error == USB_OK)
        set_streams(open, endpoints, endpoints_count, 0);
    write(guest, ret, error);
}

/* --- Kernel drivers ----------------------------------------------------------------------------------------- */

static enum usb_error kernel_driver(struct host *host, struct usb_open *open, uint8_t interface, bool *is_there)
{
    if (is_dead(open))
        return USB_NO_DEVICE;
    return usb_error_of(host->seam->usb->kernel_driver(host->seam->board, open->handle, interface, is_there));
}

void wasi_usb_device_handle_kernel_driver_active(struct guest *guest, uint32_t self, uint32_t ifac, uint32_t ret)
{
    struct usb_open *open = open_of(guest, self, ret);
    bool is_there = false;
    if (open != NULL &&
        usb_write(guest, ret, USB_SMALL_PAYLOAD, kernel_driver(guest->host, open, (uint8_t)ifac, &is_there)))
        guest_write_8(guest, ret + USB_SMALL_PAYLOAD, is_there);
}

void wasi_usb_device_handle_detach_kernel_driver(struct guest *guest, uint32_t self, uint32_t ifac, uint32_t ret)
{
    struct host *host = guest->host;
    struct usb_open *open = open_of(guest, self, ret);
    bool is_there = false;
    if (open == NULL)
        return;
    enum usb_error error = is_dead(open) ? USB_NO_DEVICE : USB_OK;
    if (error == USB_OK && host->settings->usb.keeps_kernel_drivers) {
        error = kernel_driver(host, open, (uint8_t)ifac, &is_there);
        if (error == USB_OK && is_there)
            error = USB_ACCESS;
    }
    if (error == USB_OK)
        error = usb_error_of(host->seam->usb->detach_kernel_driver(host->seam->board, open->handle, (uint8_t)ifac));
    write(guest, ret, error);
}

void wasi_usb_device_handle_attach_kernel_driver(struct guest *guest, uint32_t self, uint32_t ifac, uint32_t ret)
{
    struct host *host = guest->host;
    struct usb_open *open = open_of(guest, self, ret);
    if (open == NULL)
        return;
    write(guest, ret,
          is_dead(open)
              ? USB_NO_DEVICE
              : usb_error_of(host->seam->usb->attach_kernel_driver(host->seam->board, open->handle, (uint8_t)ifac)));
}
