/* Uses a handle that it has closed, which libusb's documentation forbids. */
#include <libusb.h>
#include <stdio.h>

int main(void) {
    int config;
    libusb_init(NULL);
    libusb_device_handle *handle = libusb_open_device_with_vid_pid(NULL, 0x1209, 0x0001);
    if (!handle)
        return 1;
    libusb_close(handle);
    printf("closed\n");
    fflush(stdout);
    return libusb_get_configuration(handle, &config);
}
