/*
 * Lists the devices, and sends and receives on the first one, in the blocking way and in the other. Written as for any
 * libusb; what it prints is what the test compares.
 */
#include <libusb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(what, code)                                                                                              \
    do {                                                                                                               \
        int result = (code);                                                                                           \
        if (result < 0) {                                                                                              \
            printf("%s: %s\n", what, libusb_error_name(result));                                                       \
            return EXIT_FAILURE;                                                                                       \
        }                                                                                                              \
    } while (0)

static void over(struct libusb_transfer *transfer) { *(int *)transfer->user_data = 1; }

static int list(libusb_context *context) {
    libusb_device **devices;
    ssize_t count = libusb_get_device_list(context, &devices);
    CHECK("list", (int)count);
    for (ssize_t i = 0; i < count; i++) {
        struct libusb_device_descriptor about;
        struct libusb_config_descriptor *config;
        CHECK("descriptor", libusb_get_device_descriptor(devices[i], &about));
        CHECK("configuration", libusb_get_active_config_descriptor(devices[i], &config));
        printf("%u-%u %04x:%04x", libusb_get_bus_number(devices[i]), libusb_get_device_address(devices[i]),
               about.idVendor, about.idProduct);
        for (int interface = 0; interface < config->bNumInterfaces; interface++) {
            const struct libusb_interface_descriptor *setting = &config->interface[interface].altsetting[0];
            printf(", interface %u", setting->bInterfaceNumber);
            for (int endpoint = 0; endpoint < setting->bNumEndpoints; endpoint++)
                printf(" 0x%02x", setting->endpoint[endpoint].bEndpointAddress);
        }
        printf("\n");
        libusb_free_config_descriptor(config);
    }
    libusb_free_device_list(devices, 1);
    return EXIT_SUCCESS;
}

static int blocking(libusb_device_handle *handle) {
    unsigned char out[] = {0x0f, 0xd3}, in[64];
    int moved;
    CHECK("bulk out", libusb_bulk_transfer(handle, 0x02, out, sizeof out, &moved, 1000));
    printf("sent %d\n", moved);
    CHECK("bulk in", libusb_bulk_transfer(handle, 0x81, in, sizeof in, &moved, 1000));
    printf("received %d: %02x %02x\n", moved, in[0], in[1]);
    printf("nothing more: %s\n", libusb_error_name(libusb_bulk_transfer(handle, 0x81, in, sizeof in, &moved, 20)));
    printf("no such request: %s\n", libusb_error_name(libusb_control_transfer(handle, 0xc0, 0x7f, 0, 0, in, 8, 1000)));
    return EXIT_SUCCESS;
}

static int asynchronous(libusb_context *context, libusb_device_handle *handle) {
    unsigned char in[64], out[] = {0x5e};
    int done = 0, moved;
    struct libusb_transfer *transfer = libusb_alloc_transfer(0);
    transfer->dev_handle = handle;
    transfer->endpoint = 0x81;
    transfer->type = LIBUSB_TRANSFER_TYPE_BULK;
    transfer->buffer = in;
    transfer->length = sizeof in;
    transfer->callback = over;
    transfer->user_data = &done;
    CHECK("submit", libusb_submit_transfer(transfer));
    printf("again: %s\n", libusb_error_name(libusb_submit_transfer(transfer)));
    CHECK("bulk out", libusb_bulk_transfer(handle, 0x02, out, sizeof out, &moved, 1000));
    while (!done)
        CHECK("events", libusb_handle_events_completed(context, &done));
    printf("over %d: %d: %02x\n", transfer->status, transfer->actual_length, in[0]);

    done = 0;
    CHECK("submit", libusb_submit_transfer(transfer));
    CHECK("cancel", libusb_cancel_transfer(transfer));
    while (!done)
        CHECK("events", libusb_handle_events_completed(context, &done));
    printf("over %d\n", transfer->status);
    libusb_free_transfer(transfer);
    return EXIT_SUCCESS;
}

int main(void) {
    libusb_context *context;
    CHECK("init", libusb_init(&context));
    if (list(context) != EXIT_SUCCESS)
        return EXIT_FAILURE;
    libusb_device_handle *handle = libusb_open_device_with_vid_pid(context, 0x1209, 0x0001);
    if (!handle)
        return EXIT_FAILURE;
    printf("not claimed: %s\n", libusb_error_name(libusb_release_interface(handle, 0)));
    CHECK("claim", libusb_claim_interface(handle, 0));
    if (blocking(handle) != EXIT_SUCCESS || asynchronous(context, handle) != EXIT_SUCCESS)
        return EXIT_FAILURE;
    CHECK("release", libusb_release_interface(handle, 0));
    libusb_close(handle);
    libusb_exit(context);
    printf("done\n");
    return EXIT_SUCCESS;
}
