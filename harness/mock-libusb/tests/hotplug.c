/* Says which devices are there, come and go, until one has gone. */
#include <libusb.h>
#include <stdio.h>
#include <stdlib.h>

static int told(libusb_context *context, libusb_device *device, libusb_hotplug_event event, void *gone) {
    struct libusb_device_descriptor about;
    (void)context;
    if (libusb_get_device_descriptor(device, &about) != LIBUSB_SUCCESS)
        return 1;
    int left = event == LIBUSB_HOTPLUG_EVENT_DEVICE_LEFT;
    printf("%s %04x:%04x\n", left ? "left" : "arrived", about.idVendor, about.idProduct);
    fflush(stdout);
    if (left)
        *(int *)gone = 1;
    return 0;
}

int main(void) {
    int gone = 0;
    if (libusb_init(NULL) != LIBUSB_SUCCESS || !libusb_has_capability(LIBUSB_CAP_HAS_HOTPLUG))
        return EXIT_FAILURE;
    int both = LIBUSB_HOTPLUG_EVENT_DEVICE_ARRIVED | LIBUSB_HOTPLUG_EVENT_DEVICE_LEFT;
    int registered = libusb_hotplug_register_callback(NULL, both, LIBUSB_HOTPLUG_ENUMERATE, LIBUSB_HOTPLUG_MATCH_ANY,
                                                      LIBUSB_HOTPLUG_MATCH_ANY, LIBUSB_HOTPLUG_MATCH_ANY, told, &gone,
                                                      NULL);
    if (registered != LIBUSB_SUCCESS)
        return EXIT_FAILURE;
    while (!gone)
        libusb_handle_events_completed(NULL, &gone);
    libusb_exit(NULL);
    return EXIT_SUCCESS;
}
