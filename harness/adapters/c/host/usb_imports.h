/* What a guest imports of wasi:usb@0.2.1, in the core form. Numbers of 8 or 16 bits come in 32, of which the upper
 * ones do not count. `*_at` and `*_count` are address and number of elements of a list, `ret` is where the result
 * goes. conformance/ABI.md has the layouts. The interfaces `errors`, `configuration` and `descriptors` have types
 * only. */

#ifndef WASI_HW_USB_IMPORTS_H
#define WASI_HW_USB_IMPORTS_H

#include "imports.h"

#define WASI_USB_DEVICE "wasi:usb/device@0.2.1"
#define WASI_USB_TRANSFERS "wasi:usb/transfers@0.2.1"
#define WASI_USB_HOTPLUG "wasi:usb/hotplug@0.2.1"

void wasi_usb_init(struct guest *guest, uint32_t ret);
void wasi_usb_list_devices(struct guest *guest, uint32_t ret);
void wasi_usb_usb_device_open(struct guest *guest, uint32_t self, uint32_t ret);
void wasi_usb_usb_device_get_configuration_descriptor(struct guest *guest, uint32_t self, uint32_t config_index,
                                                      uint32_t ret);
void wasi_usb_usb_device_get_configuration_descriptor_by_value(struct guest *guest, uint32_t self,
                                                               uint32_t config_value, uint32_t ret);
void wasi_usb_usb_device_get_active_configuration_descriptor(struct guest *guest, uint32_t self, uint32_t ret);
void wasi_usb_usb_device_drop(struct guest *guest, uint32_t self);
void wasi_usb_device_handle_get_configuration(struct guest *guest, uint32_t self, uint32_t ret);
void wasi_usb_device_handle_set_configuration(struct guest *guest, uint32_t self, uint32_t config, uint32_t value,
                                              uint32_t ret);
void wasi_usb_device_handle_claim_interface(struct guest *guest, uint32_t self, uint32_t ifac, uint32_t ret);
void wasi_usb_device_handle_release_interface(struct guest *guest, uint32_t self, uint32_t ifac, uint32_t ret);
void wasi_usb_device_handle_set_interface_altsetting(struct guest *guest, uint32_t self, uint32_t ifac,
                                                     uint32_t alt_setting, uint32_t ret);
void wasi_usb_device_handle_clear_halt(struct guest *guest, uint32_t self, uint32_t endpoint, uint32_t ret);
void wasi_usb_device_handle_reset_device(struct guest *guest, uint32_t self, uint32_t ret);
void wasi_usb_device_handle_alloc_streams(struct guest *guest, uint32_t self, uint32_t num_streams,
                                          uint32_t endpoints_at, uint32_t endpoints_count, uint32_t ret);
void wasi_usb_device_handle_free_streams(struct guest *guest, uint32_t self, uint32_t endpoints_at,
                                         uint32_t endpoints_count, uint32_t ret);
void wasi_usb_device_handle_kernel_driver_active(struct guest *guest, uint32_t self, uint32_t ifac, uint32_t ret);
void wasi_usb_device_handle_detach_kernel_driver(struct guest *guest, uint32_t self, uint32_t ifac, uint32_t ret);
void wasi_usb_device_handle_attach_kernel_driver(struct guest *guest, uint32_t self, uint32_t ifac, uint32_t ret);
void wasi_usb_device_handle_new_transfer(struct guest *guest, uint32_t self, uint32_t xfer_type, uint32_t request_type,
                                         uint32_t request, uint32_t value, uint32_t index, uint32_t buf_size,
                                         uint32_t endpoint, uint32_t timeout_ms, uint32_t stream_id,
                                         uint32_t iso_packets, uint32_t ret);
void wasi_usb_device_handle_close(struct guest *guest, uint32_t self);
void wasi_usb_device_handle_drop(struct guest *guest, uint32_t self);
void wasi_usb_transfer_submit_transfer(struct guest *guest, uint32_t self, uint32_t data_at, uint32_t data_count,
                                       uint32_t ret);
void wasi_usb_transfer_cancel_transfer(struct guest *guest, uint32_t self, uint32_t ret);
void wasi_usb_transfer_drop(struct guest *guest, uint32_t self);
void wasi_usb_await_transfer(struct guest *guest, uint32_t xfer, uint32_t ret);
void wasi_usb_enable_hotplug(struct guest *guest, uint32_t ret);
void wasi_usb_poll_events(struct guest *guest, uint32_t ret);

/* ROW(function, module, name, signature, call) */
#define WASI_USB_IMPORTS(ROW) \
    ROW(wasi_usb_init, WASI_USB_DEVICE, "init", "(i)", wasi_usb_init(guest, v[0].i32)) \
    ROW(wasi_usb_list_devices, WASI_USB_DEVICE, "list-devices", "(i)", wasi_usb_list_devices(guest, v[0].i32)) \
    ROW(wasi_usb_usb_device_open, WASI_USB_DEVICE, "[method]usb-device.open", "(ii)", \
        wasi_usb_usb_device_open(guest, v[0].i32, v[1].i32)) \
    ROW(wasi_usb_usb_device_get_configuration_descriptor, WASI_USB_DEVICE, \
        "[method]usb-device.get-configuration-descriptor", "(iii)", \
        wasi_usb_usb_device_get_configuration_descriptor(guest, v[0].i32, v[1].i32, v[2].i32)) \
    ROW(wasi_usb_usb_device_get_configuration_descriptor_by_value, WASI_USB_DEVICE, \
        "[method]usb-device.get-configuration-descriptor-by-value", "(iii)", \
        wasi_usb_usb_device_get_configuration_descriptor_by_value(guest, v[0].i32, v[1].i32, v[2].i32)) \
    ROW(wasi_usb_usb_device_get_active_configuration_descriptor, WASI_USB_DEVICE, \
        "[method]usb-device.get-active-configuration-descriptor", "(ii)", \
        wasi_usb_usb_device_get_active_configuration_descriptor(guest, v[0].i32, v[1].i32)) \
    ROW(wasi_usb_usb_device_drop, WASI_USB_DEVICE, "[resource-drop]usb-device", "(i)", \
        wasi_usb_usb_device_drop(guest, v[0].i32)) \
    ROW(wasi_usb_device_handle_get_configuration, WASI_USB_DEVICE, "[method]device-handle.get-configuration", "(ii)", \
        wasi_usb_device_handle_get_configuration(guest, v[0].i32, v[1].i32)) \
    ROW(wasi_usb_device_handle_set_configuration, WASI_USB_DEVICE, "[method]device-handle.set-configuration", \
        "(iiii)", wasi_usb_device_handle_set_configuration(guest, v[0].i32, v[1].i32, v[2].i32, v[3].i32)) \
    ROW(wasi_usb_device_handle_claim_interface, WASI_USB_DEVICE, "[method]device-handle.claim-interface", "(iii)", \
        wasi_usb_device_handle_claim_interface(guest, v[0].i32, v[1].i32, v[2].i32)) \
    ROW(wasi_usb_device_handle_release_interface, WASI_USB_DEVICE, "[method]device-handle.release-interface", "(iii)", \
        wasi_usb_device_handle_release_interface(guest, v[0].i32, v[1].i32, v[2].i32)) \
    ROW(wasi_usb_device_handle_set_interface_altsetting, WASI_USB_DEVICE, \
        "[method]device-handle.set-interface-altsetting", "(iiii)", \
        wasi_usb_device_handle_set_interface_altsetting(guest, v[0].i32, v[1].i32, v[2].i32, v[3].i32)) \
    ROW(wasi_usb_device_handle_clear_halt, WASI_USB_DEVICE, "[method]device-handle.clear-halt", "(iii)", \
        wasi_usb_device_handle_clear_halt(guest, v[0].i32, v[1].i32, v[2].i32)) \
    ROW(wasi_usb_device_handle_reset_device, WASI_USB_DEVICE, "[method]device-handle.reset-device", "(ii)", \
        wasi_usb_device_handle_reset_device(guest, v[0].i32, v[1].i32)) \
    ROW(wasi_usb_device_handle_alloc_streams, WASI_USB_DEVICE, "[method]device-handle.alloc-streams", "(iiiii)", \
        wasi_usb_device_handle_alloc_streams(guest, v[0].i32, v[1].i32, v[2].i32, v[3].i32, v[4].i32)) \
    ROW(wasi_usb_device_handle_free_streams, WASI_USB_DEVICE, "[method]device-handle.free-streams", "(iiii)", \
        wasi_usb_device_handle_free_streams(guest, v[0].i32, v[1].i32, v[2].i32, v[3].i32)) \
    ROW(wasi_usb_device_handle_kernel_driver_active, WASI_USB_DEVICE, "[method]device-handle.kernel-driver-active", \
        "(iii)", wasi_usb_device_handle_kernel_driver_active(guest, v[0].i32, v[1].i32, v[2].i32)) \
    ROW(wasi_usb_device_handle_detach_kernel_driver, WASI_USB_DEVICE, "[method]device-handle.detach-kernel-driver", \
        "(iii)", wasi_usb_device_handle_detach_kernel_driver(guest, v[0].i32, v[1].i32, v[2].i32)) \
    ROW(wasi_usb_device_handle_attach_kernel_driver, WASI_USB_DEVICE, "[method]device-handle.attach-kernel-driver", \
        "(iii)", wasi_usb_device_handle_attach_kernel_driver(guest, v[0].i32, v[1].i32, v[2].i32)) \
    ROW(wasi_usb_device_handle_new_transfer, WASI_USB_DEVICE, "[method]device-handle.new-transfer", "(iiiiiiiiiiii)", \
        wasi_usb_device_handle_new_transfer(guest, v[0].i32, v[1].i32, v[2].i32, v[3].i32, v[4].i32, v[5].i32, \
                                            v[6].i32, v[7].i32, v[8].i32, v[9].i32, v[10].i32, v[11].i32)) \
    ROW(wasi_usb_device_handle_close, WASI_USB_DEVICE, "[method]device-handle.close", "(i)", \
        wasi_usb_device_handle_close(guest, v[0].i32)) \
    ROW(wasi_usb_device_handle_drop, WASI_USB_DEVICE, "[resource-drop]device-handle", "(i)", \
        wasi_usb_device_handle_drop(guest, v[0].i32)) \
    ROW(wasi_usb_transfer_submit_transfer, WASI_USB_TRANSFERS, "[method]transfer.submit-transfer", "(iiii)", \
        wasi_usb_transfer_submit_transfer(guest, v[0].i32, v[1].i32, v[2].i32, v[3].i32)) \
    ROW(wasi_usb_transfer_cancel_transfer, WASI_USB_TRANSFERS, "[method]transfer.cancel-transfer", "(ii)", \
        wasi_usb_transfer_cancel_transfer(guest, v[0].i32, v[1].i32)) \
    ROW(wasi_usb_transfer_drop, WASI_USB_TRANSFERS, "[resource-drop]transfer", "(i)", \
        wasi_usb_transfer_drop(guest, v[0].i32)) \
    ROW(wasi_usb_await_transfer, WASI_USB_TRANSFERS, "await-transfer", "(ii)", \
        wasi_usb_await_transfer(guest, v[0].i32, v[1].i32)) \
    ROW(wasi_usb_enable_hotplug, WASI_USB_HOTPLUG, "enable-hotplug", "(i)", wasi_usb_enable_hotplug(guest, v[0].i32)) \
    ROW(wasi_usb_poll_events, WASI_USB_HOTPLUG, "poll-events", "(i)", wasi_usb_poll_events(guest, v[0].i32))

extern const struct guest_imports wasi_usb_imports;

#endif
