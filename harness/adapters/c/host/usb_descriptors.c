/* Reads descriptors. What is whole counts, and reading stops where the bytes stop making sense. */

#include "usb.h"

/* bDescriptorType. */
enum { DEVICE = 1, CONFIGURATION = 2, INTERFACE = 4, ENDPOINT = 5 };

/* How long a descriptor is at least, to be one. */
#define DEVICE_LENGTH 18
#define CONFIGURATION_LENGTH 9
#define INTERFACE_LENGTH 9
#define ENDPOINT_LENGTH 7

bool usb_is_device_descriptor(struct seam_usb_bytes bytes)
{
    return bytes.length >= DEVICE_LENGTH && bytes.at[0] == DEVICE_LENGTH && bytes.at[1] == DEVICE;
}

bool usb_is_configuration(struct seam_usb_bytes bytes)
{
    return bytes.length >= CONFIGURATION_LENGTH && bytes.at[0] >= CONFIGURATION_LENGTH && bytes.at[1] == CONFIGURATION;
}

/* The record has the fields of the descriptor at their places: those of two bytes are little-endian in both. */
void usb_write_device_descriptor(struct guest *guest, uint32_t at, const uint8_t *descriptor)
{
    guest_write(guest, at, descriptor, DEVICE_LENGTH);
}

/* A place among the descriptors of a configuration. */
struct cursor {
    const uint8_t *at, *end;
    bool is_in_interface;
};

/* `bytes` is a configuration. */
static struct cursor begin(struct seam_usb_bytes bytes)
{
    uint32_t head = bytes.at[0], total = load_16(bytes.at + 2);
    if (total > bytes.length)
        total = bytes.length;
    if (head > total)
        head = total;
    return (struct cursor){ bytes.at + head, bytes.at + total, false };
}

/* The next interface, which is one alternate setting, or the next endpoint of the last one. Descriptors of other
 * types are passed over [USB-14], and so are interfaces and endpoints that are shorter than the standard has them;
 * endpoints after such an interface belong to nobody. NULL: there are no more. */
static const uint8_t *next(struct cursor *cursor)
{
    /* Each has at least the two bytes of length and type. */
    while (cursor->end - cursor->at >= 2 && cursor->at[0] >= 2 && cursor->at[0] <= cursor->end - cursor->at) {
        const uint8_t *descriptor = cursor->at;
        cursor->at += descriptor[0];
        if (descriptor[1] == INTERFACE) {
            cursor->is_in_interface = descriptor[0] >= INTERFACE_LENGTH;
            if (cursor->is_in_interface)
                return descriptor;
        } else if (descriptor[1] == ENDPOINT && cursor->is_in_interface && descriptor[0] >= ENDPOINT_LENGTH) {
            return descriptor;
        }
    }
    return NULL;
}

bool usb_configuration_has(struct seam_usb_bytes bytes, const uint8_t *interfaces, uint8_t endpoint)
{
    struct cursor cursor = begin(bytes);
    bool is_among = false;
    for (const uint8_t *descriptor; (descriptor = next(&cursor)) != NULL;) {
        if (descriptor[1] == INTERFACE)
            is_among = usb_bit(interfaces, descriptor[2]);
        else if (is_among && descriptor[2] == endpoint)
            return true;
    }
    return false;
}

/* Writes the endpoints that follow an interface: how many they are is counted, whatever bNumEndpoints says. `cursor`
 * is behind the interface. */
static void write_endpoints(struct guest *guest, uint32_t list_at, struct cursor cursor)
{
    struct cursor again = cursor;
    uint32_t count = 0, to;
    for (const uint8_t *descriptor; (descriptor = next(&cursor)) != NULL && descriptor[1] == ENDPOINT;)
        count++;
    if (!guest_allocate(guest, count, WASI_USB_ENDPOINT_DESCRIPTOR_SIZE, WASI_USB_ENDPOINT_DESCRIPTOR_ALIGN, &to))
        return;
    guest_write_32(guest, list_at, to);
    guest_write_32(guest, list_at + 4, count);
    for (; count > 0; count--, to += WASI_USB_ENDPOINT_DESCRIPTOR_SIZE) {
        const uint8_t *endpoint = next(&again);
        guest_write(guest, to, endpoint, ENDPOINT_LENGTH);
        /* Only those of audio class 1 have the last two [USB-14c]. */
        guest_write_8(guest, to + 7, endpoint[0] > 7 ? endpoint[7] : 0);
        guest_write_8(guest, to + 8, endpoint[0] > 8 ? endpoint[8] : 0);
    }
}

/* One entry. */
static void write_interface(struct guest *guest, uint32_t to, const uint8_t *interface, struct cursor cursor)
{
    /* bLength, bDescriptorType, bInterfaceNumber, bAlternateSetting; the list at 4 and 8 stands for bNumEndpoints. */
    guest_write(guest, to, interface, 4);
    write_endpoints(guest, to + 4, cursor);
    guest_write(guest, to + 12, interface + 5, 4);
}

void usb_write_configuration(struct guest *guest, uint32_t at, struct seam_usb_bytes bytes)
{
    /* How many settings each interface has, and the interfaces in the order of the device. */
    uint32_t settings = 0, interfaces = 0, list;
    uint8_t order[256];
    bool is_known[256] = { false };
    struct cursor cursor = begin(bytes);
    for (const uint8_t *descriptor; (descriptor = next(&cursor)) != NULL;) {
        if (descriptor[1] != INTERFACE)
            continue;
        settings++;
        if (!is_known[descriptor[2]])
            order[interfaces++] = descriptor[2];
        is_known[descriptor[2]] = true;
    }
    if (!guest_allocate(guest, settings, WASI_USB_INTERFACE_DESCRIPTOR_SIZE, WASI_USB_INTERFACE_DESCRIPTOR_ALIGN,
                        &list))
        return;
    /* One entry for each alternate setting, those of one interface together, where its first one stands [USB-13]. */
    uint32_t to = list;
    for (uint32_t n = 0; n < interfaces; n++) {
        cursor = begin(bytes);
        for (const uint8_t *descriptor; (descriptor = next(&cursor)) != NULL;) {
            if (descriptor[1] != INTERFACE || descriptor[2] != order[n])
                continue;
            write_interface(guest, to, descriptor, cursor);
            to += WASI_USB_INTERFACE_DESCRIPTOR_SIZE;
        }
    }
    /* bLength, bDescriptorType and wTotalLength as the device sent them [USB-14b]; the list; then the four bytes
     * behind bNumInterfaces. */
    guest_write(guest, at, bytes.at, 4);
    guest_write_32(guest, at + 4, list);
    guest_write_32(guest, at + 8, settings);
    guest_write(guest, at + 12, bytes.at + 5, 4);
}
