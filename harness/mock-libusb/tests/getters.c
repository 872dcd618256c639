/* Calls what a program calls that only wants to know; what it prints is what the test compares. */
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

static int capabilities(libusb_device_handle *handle) {
    struct libusb_bos_descriptor *bos;
    CHECK("bos", libusb_get_bos_descriptor(handle, &bos));
    printf("bos %u: %u capabilities\n", bos->wTotalLength, bos->bNumDeviceCaps);
    for (int i = 0; i < bos->bNumDeviceCaps; i++) {
        struct libusb_bos_dev_capability_descriptor *one = bos->dev_capability[i];
        struct libusb_usb_2_0_extension_descriptor *usb_2;
        struct libusb_ss_usb_device_capability_descriptor *ss;
        struct libusb_container_id_descriptor *container;
        struct libusb_platform_descriptor *platform;
        if (libusb_get_usb_2_0_extension_descriptor(NULL, one, &usb_2) == 0) {
            printf("usb 2.0: %x\n", (unsigned)usb_2->bmAttributes);
            libusb_free_usb_2_0_extension_descriptor(usb_2);
        } else if (libusb_get_ss_usb_device_capability_descriptor(NULL, one, &ss) == 0) {
            printf("superspeed: %x %u %u %x\n", ss->wSpeedSupported, ss->bFunctionalitySupport, ss->bU1DevExitLat,
                   ss->bU2DevExitLat);
            libusb_free_ss_usb_device_capability_descriptor(ss);
        } else if (libusb_get_container_id_descriptor(NULL, one, &container) == 0) {
            printf("container: %u %u\n", container->ContainerID[0], container->ContainerID[15]);
            libusb_free_container_id_descriptor(container);
        } else if (libusb_get_platform_descriptor(NULL, one, &platform) == 0) {
            printf("platform: %x %x\n", platform->PlatformCapabilityUUID[0], platform->CapabilityData[3]);
            libusb_free_platform_descriptor(platform);
        }
    }
    libusb_free_bos_descriptor(bos);
    return EXIT_SUCCESS;
}

static void over(struct libusb_transfer *transfer) { *(int *)transfer->user_data = 1; }

/* One that ends with a full packet, followed by an empty one, and one to which that means nothing. */
static int zero_packet(libusb_context *context, libusb_device_handle *handle) {
    unsigned char out[128] = {0};
    int sizes[] = {128, 3, 0};
    for (int i = 0; i < 3; i++) {
        int done = 0;
        struct libusb_transfer *transfer = libusb_alloc_transfer(0);
        libusb_fill_bulk_transfer(transfer, handle, 0x02, out, sizes[i], over, &done, 1000);
        transfer->flags = LIBUSB_TRANSFER_ADD_ZERO_PACKET;
        CHECK("submit", libusb_submit_transfer(transfer));
        while (!done)
            CHECK("events", libusb_handle_events_completed(context, &done));
        printf("status %d, %d bytes\n", transfer->status, transfer->actual_length);
        libusb_free_transfer(transfer);
    }
    return EXIT_SUCCESS;
}

/* The lock that only one thread holds, and an interruption, which ends a waiting without an event. */
static int events(libusb_context *context) {
    struct timeval hour = {3600, 0}, none = {0, 0};
    int taken = libusb_try_lock_events(context);
    printf("lock: %d %d\n", taken, libusb_event_handler_active(context));
    libusb_unlock_events(context);
    printf("lock: %d\n", libusb_event_handler_active(context));
    libusb_interrupt_event_handler(context);
    CHECK("interrupted", libusb_handle_events_timeout(context, &hour));
    printf("poll: %d %d\n", libusb_get_pollfds(context) == NULL, libusb_get_next_timeout(context, &none));
    return EXIT_SUCCESS;
}

int main(int argc, char **argv) {
    libusb_context *context;
    struct libusb_init_option option = {.option = LIBUSB_OPTION_LOG_LEVEL, .value = {.ival = LIBUSB_LOG_LEVEL_NONE}};
    uint8_t ports[8];
    unsigned char text[64];
    struct libusb_config_descriptor *config;
    (void)argc;
    CHECK("init", libusb_init_context(&context, &option, 1));
    CHECK("option", libusb_set_option(context, LIBUSB_OPTION_LOG_LEVEL, LIBUSB_LOG_LEVEL_WARNING));
    printf("usbdk: %s\n", libusb_error_name(libusb_set_option(context, LIBUSB_OPTION_USE_USBDK)));
    libusb_device_handle *handle = libusb_open_device_with_vid_pid(context, 0x1209, 0x0001);
    if (!handle)
        return EXIT_FAILURE;
    libusb_device *device = libusb_get_device(handle);
    if (strcmp(argv[1], "zero") == 0) {
        CHECK("zero packet", zero_packet(context, handle));
        libusb_close(handle);
        libusb_exit(context);
        return EXIT_SUCCESS;
    }
    int count = libusb_get_port_numbers(device, ports, 8);
    printf("ports: %d: %d\n", count, ports[0]);
    printf("no room: %s\n", libusb_error_name(libusb_get_port_numbers(device, ports, 0)));
    printf("text: %d", libusb_get_string_descriptor_ascii(handle, 4, text, sizeof text));
    printf(" %s\n", text);
    printf("cut: %d", libusb_get_string_descriptor_ascii(handle, 4, text, 4));
    printf(" %s\n", text);
    printf("none: %s\n", libusb_error_name(libusb_get_string_descriptor_ascii(handle, 9, text, sizeof text)));
    printf("packet: %d %d\n", libusb_get_max_packet_size(device, 0x81), libusb_get_max_iso_packet_size(device, 0x81));
    printf("alternate: %d\n", libusb_get_max_alt_packet_size(device, 0, 0, 0x81));
    printf("absent: %s\n", libusb_error_name(libusb_get_max_packet_size(device, 0x82)));
    CHECK("configuration", libusb_get_active_config_descriptor(device, &config));
    struct libusb_ss_endpoint_companion_descriptor *companion;
    printf("companion: %s\n",
           libusb_error_name(libusb_get_ss_endpoint_companion_descriptor(
               context, &config->interface[0].altsetting[0].endpoint[0], &companion)));
    libusb_free_config_descriptor(config);
    CHECK("capabilities", capabilities(handle));
    CHECK("events", events(context));
    libusb_close(handle);
    libusb_exit(context);
    printf("done\n");
    return EXIT_SUCCESS;
}
