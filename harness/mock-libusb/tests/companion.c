/* Prints how much each endpoint of a SuperSpeed device takes, and its companion. */
#include <libusb.h>
#include <stdio.h>
#include <stdlib.h>

int main(void) {
    libusb_context *context;
    libusb_device **devices;
    struct libusb_config_descriptor *config;
    if (libusb_init(&context) != 0 || libusb_get_device_list(context, &devices) < 1 ||
        libusb_get_active_config_descriptor(devices[0], &config) != 0)
        return EXIT_FAILURE;
    for (int interface = 0; interface < config->bNumInterfaces; interface++) {
        const struct libusb_interface_descriptor *setting = &config->interface[interface].altsetting[0];
        for (int i = 0; i < setting->bNumEndpoints; i++) {
            const struct libusb_endpoint_descriptor *endpoint = &setting->endpoint[i];
            struct libusb_ss_endpoint_companion_descriptor *companion;
            printf("0x%02x takes %d", endpoint->bEndpointAddress,
                   libusb_get_max_iso_packet_size(devices[0], endpoint->bEndpointAddress));
            int found = libusb_get_ss_endpoint_companion_descriptor(context, endpoint, &companion);
            if (found == 0) {
                printf(", burst %u, attributes %u, %u bytes an interval", companion->bMaxBurst, companion->bmAttributes,
                       companion->wBytesPerInterval);
                libusb_free_ss_endpoint_companion_descriptor(companion);
            }
            printf("\n");
        }
    }
    libusb_free_config_descriptor(config);
    libusb_free_device_list(devices, 1);
    libusb_exit(context);
    return EXIT_SUCCESS;
}
