/* wasi:usb@0.2.1: the devices that there are, and those that come and go. What the policy does not allow does not
 * exist for the guest [USB-04]. */

#include "usb.h"

#include "imports.h"

#include <stdlib.h>
#include <string.h>

enum usb_error usb_error_of(enum seam_code code)
{
    switch (code) {
    case SEAM_OK:
        return USB_OK;
    case SEAM_MISSING:
    case SEAM_GONE:
        return USB_NO_DEVICE;
    case SEAM_DENIED:
        return USB_ACCESS;
    case SEAM_NOT_FOUND:
        return USB_NOT_FOUND;
    case SEAM_BUSY:
        return USB_BUSY;
    case SEAM_IO:
        return USB_IO;
    case SEAM_TIMEOUT:
        return USB_TIMEOUT;
    case SEAM_INVALID:
        return USB_INVALID_PARAM;
    case SEAM_UNSUPPORTED:
        return USB_NOT_SUPPORTED;
    case SEAM_TOO_MUCH:
        return USB_NO_MEM;
    default:
        return USB_OTHER;
    }
}

bool usb_write(struct guest *guest, uint32_t ret, uint32_t payload, enum usb_error error)
{
    guest_write_8(guest, ret, error != USB_OK);
    if (error != USB_OK)
        guest_write_8(guest, ret + payload, (uint8_t)error);
    return error == USB_OK && !guest->trapped;
}

/* --- Lists -------------------------------------------------------------------------------------------------- */

/* A device in a list. */
struct entry {
    struct resource *device;
    uint8_t descriptor[18];
    uint8_t bus, address, port;
    enum seam_usb_speed speed;
    bool arrived;
};

/* A list that is being made. */
struct list {
    const struct host_settings *settings;
    struct entry *entries;
    uint32_t count;
    bool failed; /* too many, or no memory */
};

/* Whether the guest may see a device. One without a descriptor cannot be seen: nobody could say whether it is
 * allowed. */
static bool is_allowed(const struct usb_settings *usb, const struct seam_usb_device *device)
{
    if (!usb_is_device_descriptor(device->descriptor))
        return false;
    uint16_t vendor = load_16(device->descriptor.at + 8), product = load_16(device->descriptor.at + 10);
    bool allowed = !usb->is_restricted;
    for (size_t n = 0; n < usb->rule_count; n++) {
        const struct usb_rule *rule = &usb->rules[n];
        allowed = allowed ||
                  ((!rule->has_vendor || rule->vendor == vendor) && (!rule->has_product || rule->product == product));
    }
    return allowed;
}

static void add_event(void *to, bool arrived, const struct seam_usb_device *shown)
{
    struct list *list = to;
    if (list->failed || !is_allowed(&list->settings->usb, shown))
        return;
    struct entry *entries = NULL;
    if (list->count < list->settings->limits.usb_devices)
        entries = realloc(list->entries, (list->count + (size_t)1) * sizeof *entries);
    list->entries = entries == NULL ? list->entries : entries;
    struct resource *device = entries == NULL ? NULL : usb_make_device(&list->settings->limits, shown);
    if (device == NULL) {
        list->failed = true;
        return;
    }
    struct entry *entry = &entries[list->count++];
    *entry = (struct entry){
        .device = device,
        .bus = shown->bus,
        .address = shown->address,
        .port = shown->port,
        .speed = shown->speed,
        .arrived = arrived,
    };
    memcpy(entry->descriptor, shown->descriptor.at, sizeof entry->descriptor);
}

static void add(void *to, const struct seam_usb_device *shown)
{
    add_event(to, true, shown);
}

/* Lets go of the entries from the `from`th on. */
static void drop_entries(struct host *host, struct list *list, uint32_t from)
{
    for (uint32_t n = from; n < list->count; n++)
        list->entries[n].device->type->drop(host, list->entries[n].device);
}

/* Gives the guest all devices of a list, in `handles`; or none of them. */
static bool give(struct host *host, struct list *list, uint32_t *handles)
{
    for (uint32_t n = 0; n < list->count; n++) {
        handles[n] = host_give(host, list->entries[n].device);
        if (handles[n] != 0)
            continue;
        drop_entries(host, list, n);
        for (uint32_t given = 0; given < n; given++)
            host->held[handles[given]] = NULL;
        list->count = n;
        drop_entries(host, list, 0);
        return false;
    }
    return true;
}

/* The same, with memory for the handles. NULL: the list is gone. */
static uint32_t *give_all(struct host *host, struct list *list)
{
    uint32_t *handles = calloc(list->count + (size_t)1, sizeof *handles);
    if (handles == NULL || list->failed) {
        drop_entries(host, list, 0);
        free(handles);
        return NULL;
    }
    if (give(host, list, handles))
        return handles;
    free(handles);
    return NULL;
}

void wasi_usb_init(struct guest *guest, uint32_t ret)
{
    /* There is nothing to prepare that the embedder has not prepared [USB-02]. */
    if (GUEST_RESULT(guest, ret, WASI_USB_RESULT_NOTHING_LIBUSB_ERROR))
        usb_write(guest, ret, USB_SMALL_PAYLOAD, guest->host->seam->usb == NULL ? USB_NOT_SUPPORTED : USB_OK);
}

/* tuple<usb-device, device-descriptor, device-location>: the handle at 0, the descriptor at 4, the place at 22. */
#define LISTED(WHAT) WASI_USB_TUPLE_HANDLE_DEVICE_DESCRIPTOR_DEVICE_LOCATION_##WHAT

void wasi_usb_list_devices(struct guest *guest, uint32_t ret)
{
    struct host *host = guest->host;
    struct list list = { .settings = host->settings };
    enum usb_error error = USB_NOT_SUPPORTED;
    if (!GUEST_RESULT(guest, ret, WASI_USB_RESULT_LIST_LIBUSB_ERROR))
        return;
    if (host->seam->usb != NULL)
        error = usb_error_of(host->seam->usb->devices(host->seam->board, add, &list));
    if (error != USB_OK)
        drop_entries(host, &list, 0);
    uint32_t *handles = error == USB_OK ? give_all(host, &list) : NULL;
    if (error == USB_OK && handles == NULL)
        error = USB_NO_MEM;
    uint32_t to;
    if (usb_write(guest, ret, 4, error) && guest_allocate(guest, list.count, LISTED(SIZE), LISTED(ALIGN), &to)) {
        guest_write_32(guest, ret + 4, to);
        guest_write_32(guest, ret + 8, list.count);
        for (uint32_t n = 0; n < list.count; n++, to += LISTED(SIZE)) {
            const struct entry *entry = &list.entries[n];
            guest_write_32(guest, to, handles[n]);
            usb_write_device_descriptor(guest, to + 4, entry->descriptor);
            const uint8_t place[] = { entry->bus, entry->address, entry->port, (uint8_t)entry->speed };
            guest_write(guest, to + 22, place, sizeof place);
        }
    }
    free(handles);
    free(list.entries);
}

/* --- Hotplug ------------------------------------------------------------------------------------------------ */

void wasi_usb_enable_hotplug(struct guest *guest, uint32_t ret)
{
    struct host *host = guest->host;
    enum usb_error error = USB_OK;
    if (!GUEST_RESULT(guest, ret, WASI_USB_RESULT_NOTHING_LIBUSB_ERROR))
        return;
    /* A second call neither doubles nor loses anything [USB-67]. */
    if (host->seam->usb == NULL)
        error = USB_NOT_SUPPORTED;
    else if (!host->usb_is_watching)
        error = usb_error_of(host->seam->usb->watch(host->seam->board));
    host->usb_is_watching = host->usb_is_watching || error == USB_OK;
    usb_write(guest, ret, USB_SMALL_PAYLOAD, error);
}

void wasi_usb_poll_events(struct guest *guest, uint32_t ret)
{
    struct host *host = guest->host;
    struct list list = { .settings = host->settings };
    /* A list: its address at 0, its length at 4. */
    if (!guest_result(guest, ret, 8, 4))
        return;
    /* A refusal cannot be told, and nothing has been taken then. */
    if (host->usb_is_watching)
        host->seam->usb->events(host->seam->board, add_event, &list);
    uint32_t *handles = give_all(host, &list), to;
    if (handles == NULL)
        guest_trap(guest, "more devices came and went than the guest can hold");
    if (guest_allocate(guest, list.count, WASI_USB_TUPLE_EVENT_INFO_HANDLE_SIZE,
                       WASI_USB_TUPLE_EVENT_INFO_HANDLE_ALIGN, &to)) {
        guest_write_32(guest, ret, to);
        guest_write_32(guest, ret + 4, list.count);
        for (uint32_t n = 0; n < list.count; n++, to += WASI_USB_TUPLE_EVENT_INFO_HANDLE_SIZE) {
            const struct entry *entry = &list.entries[n];
            struct wasi_usb_tuple_event_info_handle event = {
                .f0 = entry->arrived ? 1 : 2, /* the flags of event */
                .f1 = { entry->bus, entry->address, load_16(entry->descriptor + 8), load_16(entry->descriptor + 10) },
                .f2 = handles[n],
            };
            uint8_t bytes[WASI_USB_TUPLE_EVENT_INFO_HANDLE_SIZE] = { 0 };
            wasi_usb_tuple_event_info_handle_store(bytes, &event);
            guest_write(guest, to, bytes, sizeof bytes);
        }
    }
    free(handles);
    free(list.entries);
}

GUEST_IMPORT_TABLE(wasi_usb_imports, WASI_USB_IMPORTS);
