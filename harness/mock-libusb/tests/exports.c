/*
 * Needs every function that libusb 1.0.27 exports on Linux; that it links and starts is the test. The names are declared
 * without their types, which nothing here calls.
 */
#define FUNCTION(name) extern void libusb_##name(void);
#define FUNCTIONS \
    FUNCTION(alloc_streams) \
    FUNCTION(alloc_transfer) \
    FUNCTION(attach_kernel_driver) \
    FUNCTION(bulk_transfer) \
    FUNCTION(cancel_transfer) \
    FUNCTION(claim_interface) \
    FUNCTION(clear_halt) \
    FUNCTION(close) \
    FUNCTION(control_transfer) \
    FUNCTION(detach_kernel_driver) \
    FUNCTION(dev_mem_alloc) \
    FUNCTION(dev_mem_free) \
    FUNCTION(error_name) \
    FUNCTION(event_handler_active) \
    FUNCTION(event_handling_ok) \
    FUNCTION(exit) \
    FUNCTION(free_bos_descriptor) \
    FUNCTION(free_config_descriptor) \
    FUNCTION(free_container_id_descriptor) \
    FUNCTION(free_device_list) \
    FUNCTION(free_interface_association_descriptors) \
    FUNCTION(free_platform_descriptor) \
    FUNCTION(free_pollfds) \
    FUNCTION(free_ss_endpoint_companion_descriptor) \
    FUNCTION(free_ss_usb_device_capability_descriptor) \
    FUNCTION(free_streams) \
    FUNCTION(free_transfer) \
    FUNCTION(free_usb_2_0_extension_descriptor) \
    FUNCTION(get_active_config_descriptor) \
    FUNCTION(get_active_interface_association_descriptors) \
    FUNCTION(get_bos_descriptor) \
    FUNCTION(get_bus_number) \
    FUNCTION(get_config_descriptor) \
    FUNCTION(get_config_descriptor_by_value) \
    FUNCTION(get_configuration) \
    FUNCTION(get_container_id_descriptor) \
    FUNCTION(get_device) \
    FUNCTION(get_device_address) \
    FUNCTION(get_device_descriptor) \
    FUNCTION(get_device_list) \
    FUNCTION(get_device_speed) \
    FUNCTION(get_interface_association_descriptors) \
    FUNCTION(get_max_alt_packet_size) \
    FUNCTION(get_max_iso_packet_size) \
    FUNCTION(get_max_packet_size) \
    FUNCTION(get_next_timeout) \
    FUNCTION(get_parent) \
    FUNCTION(get_platform_descriptor) \
    FUNCTION(get_pollfds) \
    FUNCTION(get_port_number) \
    FUNCTION(get_port_numbers) \
    FUNCTION(get_port_path) \
    FUNCTION(get_ss_endpoint_companion_descriptor) \
    FUNCTION(get_ss_usb_device_capability_descriptor) \
    FUNCTION(get_string_descriptor_ascii) \
    FUNCTION(get_usb_2_0_extension_descriptor) \
    FUNCTION(get_version) \
    FUNCTION(handle_events) \
    FUNCTION(handle_events_completed) \
    FUNCTION(handle_events_locked) \
    FUNCTION(handle_events_timeout) \
    FUNCTION(handle_events_timeout_completed) \
    FUNCTION(has_capability) \
    FUNCTION(hotplug_deregister_callback) \
    FUNCTION(hotplug_get_user_data) \
    FUNCTION(hotplug_register_callback) \
    FUNCTION(init) \
    FUNCTION(init_context) \
    FUNCTION(interrupt_event_handler) \
    FUNCTION(interrupt_transfer) \
    FUNCTION(kernel_driver_active) \
    FUNCTION(lock_event_waiters) \
    FUNCTION(lock_events) \
    FUNCTION(open) \
    FUNCTION(open_device_with_vid_pid) \
    FUNCTION(pollfds_handle_timeouts) \
    FUNCTION(ref_device) \
    FUNCTION(release_interface) \
    FUNCTION(reset_device) \
    FUNCTION(set_auto_detach_kernel_driver) \
    FUNCTION(set_configuration) \
    FUNCTION(set_debug) \
    FUNCTION(set_interface_alt_setting) \
    FUNCTION(set_log_cb) \
    FUNCTION(set_option) \
    FUNCTION(set_pollfd_notifiers) \
    FUNCTION(setlocale) \
    FUNCTION(strerror) \
    FUNCTION(submit_transfer) \
    FUNCTION(transfer_get_stream_id) \
    FUNCTION(transfer_set_stream_id) \
    FUNCTION(try_lock_events) \
    FUNCTION(unlock_event_waiters) \
    FUNCTION(unlock_events) \
    FUNCTION(unref_device) \
    FUNCTION(wait_for_event) \
    FUNCTION(wrap_sys_device)

FUNCTIONS

#undef FUNCTION
#define FUNCTION(name) libusb_##name,
static void (*const all[])(void) = {FUNCTIONS};

int main(void) {
    for (unsigned long i = 0; i < sizeof all / sizeof *all; i++)
        if (!all[i])
            return 1;
    return 0;
}
