/* Leaves open what it has: a device, a claim, a transfer in flight. */
#include <libusb-1.0/libusb.h>
#include <stdlib.h>

static void over(struct libusb_transfer *transfer) { (void)transfer; }

int main(void) {
    static unsigned char in[64];
    libusb_context *context;
    if (libusb_init(&context) != 0)
        return EXIT_FAILURE;
    libusb_device_handle *handle = libusb_open_device_with_vid_pid(context, 0x1209, 0x0001);
    if (!handle || libusb_claim_interface(handle, 0) != 0)
        return EXIT_FAILURE;
    struct libusb_transfer *transfer = libusb_alloc_transfer(0);
    libusb_fill_bulk_transfer(transfer, handle, 0x81, in, sizeof in, over, NULL, 0);
    return libusb_submit_transfer(transfer) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
