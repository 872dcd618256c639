/* wasi:usb@0.2.1 in the core form: what a guest imports of it, and how its types lie in memory. 
 * conformance/ABI.md says what must be checked. Written by `cargo hw wit headers --write`. */

#ifndef WASI_USB_IN_THE_CORE_FORM_H
#define WASI_USB_IN_THE_CORE_FORM_H

#include "wasi_hw_abi.h"

/* The modules of the imports. */
#define WASI_USB_TRANSFERS "wasi:usb/transfers@0.2.1"
#define WASI_USB_DEVICE "wasi:usb/device@0.2.1"
#define WASI_USB_HOTPLUG "wasi:usb/hotplug@0.2.1"

/* --- Types: positions of cases, sizes and alignments in memory, values. */

enum wasi_usb_libusb_error {
    WASI_USB_LIBUSB_ERROR_IO,
    WASI_USB_LIBUSB_ERROR_INVALID_PARAM,
    WASI_USB_LIBUSB_ERROR_ACCESS,
    WASI_USB_LIBUSB_ERROR_NO_DEVICE,
    WASI_USB_LIBUSB_ERROR_NOT_FOUND,
    WASI_USB_LIBUSB_ERROR_BUSY,
    WASI_USB_LIBUSB_ERROR_TIMEOUT,
    WASI_USB_LIBUSB_ERROR_OVERFLOW,
    WASI_USB_LIBUSB_ERROR_PIPE,
    WASI_USB_LIBUSB_ERROR_INTERRUPTED,
    WASI_USB_LIBUSB_ERROR_NO_MEM,
    WASI_USB_LIBUSB_ERROR_NOT_SUPPORTED,
    WASI_USB_LIBUSB_ERROR_OTHER,
};
#define WASI_USB_LIBUSB_ERROR_CASES 13

enum wasi_usb_transfer_type {
    WASI_USB_TRANSFER_TYPE_CONTROL,
    WASI_USB_TRANSFER_TYPE_BULK,
    WASI_USB_TRANSFER_TYPE_INTERRUPT,
    WASI_USB_TRANSFER_TYPE_ISOCHRONOUS,
};
#define WASI_USB_TRANSFER_TYPE_CASES 4

#define WASI_USB_TRANSFER_SETUP_SIZE 6
#define WASI_USB_TRANSFER_SETUP_ALIGN 2
struct wasi_usb_transfer_setup {
    uint8_t bm_request_type;
    uint8_t b_request;
    uint16_t w_value;
    uint16_t w_index;
};

static inline bool wasi_usb_transfer_setup_load(const uint8_t *at, struct wasi_usb_transfer_setup *to)
{
    to->bm_request_type = (uint8_t)wasi_hw_load(at, 1);
    to->b_request = (uint8_t)wasi_hw_load(at + 1, 1);
    to->w_value = (uint16_t)wasi_hw_load(at + 2, 2);
    to->w_index = (uint16_t)wasi_hw_load(at + 4, 2);
    return true;
}

static inline void wasi_usb_transfer_setup_store(uint8_t *at, const struct wasi_usb_transfer_setup *from)
{
    wasi_hw_store(at, from->bm_request_type, 1);
    wasi_hw_store(at + 1, from->b_request, 1);
    wasi_hw_store(at + 2, from->w_value, 2);
    wasi_hw_store(at + 4, from->w_index, 2);
}

#define WASI_USB_TRANSFER_OPTIONS_SIZE 16
#define WASI_USB_TRANSFER_OPTIONS_ALIGN 4
struct wasi_usb_transfer_options {
    uint8_t endpoint;
    uint32_t timeout_ms;
    uint32_t stream_id;
    uint32_t iso_packets;
};

static inline bool wasi_usb_transfer_options_load(const uint8_t *at, struct wasi_usb_transfer_options *to)
{
    to->endpoint = (uint8_t)wasi_hw_load(at, 1);
    to->timeout_ms = (uint32_t)wasi_hw_load(at + 4, 4);
    to->stream_id = (uint32_t)wasi_hw_load(at + 8, 4);
    to->iso_packets = (uint32_t)wasi_hw_load(at + 12, 4);
    return true;
}

static inline void wasi_usb_transfer_options_store(uint8_t *at, const struct wasi_usb_transfer_options *from)
{
    wasi_hw_store(at, from->endpoint, 1);
    wasi_hw_store(at + 4, from->timeout_ms, 4);
    wasi_hw_store(at + 8, from->stream_id, 4);
    wasi_hw_store(at + 12, from->iso_packets, 4);
}

/* 0 ok, 1 err. */
#define WASI_USB_RESULT_NOTHING_LIBUSB_ERROR_CASES 2
#define WASI_USB_RESULT_NOTHING_LIBUSB_ERROR_SIZE 2
#define WASI_USB_RESULT_NOTHING_LIBUSB_ERROR_ALIGN 1
struct wasi_usb_result_nothing_libusb_error {
    uint8_t tag;
    union {
        uint8_t err;
    } value;
};

static inline bool wasi_usb_result_nothing_libusb_error_load(const uint8_t *at,
                                                             struct wasi_usb_result_nothing_libusb_error *to)
{
    to->tag = (uint8_t)wasi_hw_load(at, 1);
    if (to->tag >= WASI_USB_RESULT_NOTHING_LIBUSB_ERROR_CASES)
        return false;
    if (to->tag == 1) {
        to->value.err = (uint8_t)wasi_hw_load(at + 1, 1);
        if (to->value.err >= WASI_USB_LIBUSB_ERROR_CASES)
            return false;
    }
    return true;
}

static inline void wasi_usb_result_nothing_libusb_error_store(uint8_t *at,
                                                              const struct wasi_usb_result_nothing_libusb_error *from)
{
    wasi_hw_store(at, from->tag, 1);
    if (from->tag == 1) {
        wasi_hw_store(at + 1, from->value.err, 1);
    }
}

/* 0 ok, 1 err. */
#define WASI_USB_RESULT_LIST_LIBUSB_ERROR_CASES 2
#define WASI_USB_RESULT_LIST_LIBUSB_ERROR_SIZE 12
#define WASI_USB_RESULT_LIST_LIBUSB_ERROR_ALIGN 4
struct wasi_usb_result_list_libusb_error {
    uint8_t tag;
    union {
        struct wasi_hw_list ok;
        uint8_t err;
    } value;
};

static inline bool wasi_usb_result_list_libusb_error_load(const uint8_t *at,
                                                          struct wasi_usb_result_list_libusb_error *to)
{
    to->tag = (uint8_t)wasi_hw_load(at, 1);
    if (to->tag >= WASI_USB_RESULT_LIST_LIBUSB_ERROR_CASES)
        return false;
    if (to->tag == 0) {
        to->value.ok = wasi_hw_load_list(at + 4);
    }
    if (to->tag == 1) {
        to->value.err = (uint8_t)wasi_hw_load(at + 4, 1);
        if (to->value.err >= WASI_USB_LIBUSB_ERROR_CASES)
            return false;
    }
    return true;
}

static inline void wasi_usb_result_list_libusb_error_store(uint8_t *at,
                                                           const struct wasi_usb_result_list_libusb_error *from)
{
    wasi_hw_store(at, from->tag, 1);
    if (from->tag == 0) {
        wasi_hw_store_list(at + 4, from->value.ok);
    }
    if (from->tag == 1) {
        wasi_hw_store(at + 4, from->value.err, 1);
    }
}

enum wasi_usb_config_value_case {
    WASI_USB_CONFIG_VALUE_UNCONFIGURED,
    WASI_USB_CONFIG_VALUE_VALUE,
};
#define WASI_USB_CONFIG_VALUE_CASES 2
#define WASI_USB_CONFIG_VALUE_SIZE 2
#define WASI_USB_CONFIG_VALUE_ALIGN 1
struct wasi_usb_config_value {
    uint8_t tag;
    union {
        uint8_t value;
    } value;
};

static inline bool wasi_usb_config_value_load(const uint8_t *at, struct wasi_usb_config_value *to)
{
    to->tag = (uint8_t)wasi_hw_load(at, 1);
    if (to->tag >= WASI_USB_CONFIG_VALUE_CASES)
        return false;
    if (to->tag == WASI_USB_CONFIG_VALUE_VALUE) {
        to->value.value = (uint8_t)wasi_hw_load(at + 1, 1);
    }
    return true;
}

static inline void wasi_usb_config_value_store(uint8_t *at, const struct wasi_usb_config_value *from)
{
    wasi_hw_store(at, from->tag, 1);
    if (from->tag == WASI_USB_CONFIG_VALUE_VALUE) {
        wasi_hw_store(at + 1, from->value.value, 1);
    }
}

#define WASI_USB_DEVICE_DESCRIPTOR_SIZE 18
#define WASI_USB_DEVICE_DESCRIPTOR_ALIGN 2
struct wasi_usb_device_descriptor {
    uint8_t length;
    uint8_t descriptor_type;
    uint16_t usb_version_bcd;
    uint8_t device_class;
    uint8_t device_subclass;
    uint8_t device_protocol;
    uint8_t max_packet_size0;
    uint16_t vendor_id;
    uint16_t product_id;
    uint16_t device_version_bcd;
    uint8_t manufacturer_index;
    uint8_t product_index;
    uint8_t serial_number_index;
    uint8_t num_configurations;
};

static inline bool wasi_usb_device_descriptor_load(const uint8_t *at, struct wasi_usb_device_descriptor *to)
{
    to->length = (uint8_t)wasi_hw_load(at, 1);
    to->descriptor_type = (uint8_t)wasi_hw_load(at + 1, 1);
    to->usb_version_bcd = (uint16_t)wasi_hw_load(at + 2, 2);
    to->device_class = (uint8_t)wasi_hw_load(at + 4, 1);
    to->device_subclass = (uint8_t)wasi_hw_load(at + 5, 1);
    to->device_protocol = (uint8_t)wasi_hw_load(at + 6, 1);
    to->max_packet_size0 = (uint8_t)wasi_hw_load(at + 7, 1);
    to->vendor_id = (uint16_t)wasi_hw_load(at + 8, 2);
    to->product_id = (uint16_t)wasi_hw_load(at + 10, 2);
    to->device_version_bcd = (uint16_t)wasi_hw_load(at + 12, 2);
    to->manufacturer_index = (uint8_t)wasi_hw_load(at + 14, 1);
    to->product_index = (uint8_t)wasi_hw_load(at + 15, 1);
    to->serial_number_index = (uint8_t)wasi_hw_load(at + 16, 1);
    to->num_configurations = (uint8_t)wasi_hw_load(at + 17, 1);
    return true;
}

static inline void wasi_usb_device_descriptor_store(uint8_t *at, const struct wasi_usb_device_descriptor *from)
{
    wasi_hw_store(at, from->length, 1);
    wasi_hw_store(at + 1, from->descriptor_type, 1);
    wasi_hw_store(at + 2, from->usb_version_bcd, 2);
    wasi_hw_store(at + 4, from->device_class, 1);
    wasi_hw_store(at + 5, from->device_subclass, 1);
    wasi_hw_store(at + 6, from->device_protocol, 1);
    wasi_hw_store(at + 7, from->max_packet_size0, 1);
    wasi_hw_store(at + 8, from->vendor_id, 2);
    wasi_hw_store(at + 10, from->product_id, 2);
    wasi_hw_store(at + 12, from->device_version_bcd, 2);
    wasi_hw_store(at + 14, from->manufacturer_index, 1);
    wasi_hw_store(at + 15, from->product_index, 1);
    wasi_hw_store(at + 16, from->serial_number_index, 1);
    wasi_hw_store(at + 17, from->num_configurations, 1);
}

#define WASI_USB_ENDPOINT_DESCRIPTOR_SIZE 10
#define WASI_USB_ENDPOINT_DESCRIPTOR_ALIGN 2
struct wasi_usb_endpoint_descriptor {
    uint8_t length;
    uint8_t descriptor_type;
    uint8_t endpoint_address;
    uint8_t attributes;
    uint16_t max_packet_size;
    uint8_t interval;
    uint8_t refresh;
    uint8_t synch_address;
};

static inline bool wasi_usb_endpoint_descriptor_load(const uint8_t *at, struct wasi_usb_endpoint_descriptor *to)
{
    to->length = (uint8_t)wasi_hw_load(at, 1);
    to->descriptor_type = (uint8_t)wasi_hw_load(at + 1, 1);
    to->endpoint_address = (uint8_t)wasi_hw_load(at + 2, 1);
    to->attributes = (uint8_t)wasi_hw_load(at + 3, 1);
    to->max_packet_size = (uint16_t)wasi_hw_load(at + 4, 2);
    to->interval = (uint8_t)wasi_hw_load(at + 6, 1);
    to->refresh = (uint8_t)wasi_hw_load(at + 7, 1);
    to->synch_address = (uint8_t)wasi_hw_load(at + 8, 1);
    return true;
}

static inline void wasi_usb_endpoint_descriptor_store(uint8_t *at, const struct wasi_usb_endpoint_descriptor *from)
{
    wasi_hw_store(at, from->length, 1);
    wasi_hw_store(at + 1, from->descriptor_type, 1);
    wasi_hw_store(at + 2, from->endpoint_address, 1);
    wasi_hw_store(at + 3, from->attributes, 1);
    wasi_hw_store(at + 4, from->max_packet_size, 2);
    wasi_hw_store(at + 6, from->interval, 1);
    wasi_hw_store(at + 7, from->refresh, 1);
    wasi_hw_store(at + 8, from->synch_address, 1);
}

#define WASI_USB_INTERFACE_DESCRIPTOR_SIZE 16
#define WASI_USB_INTERFACE_DESCRIPTOR_ALIGN 4
struct wasi_usb_interface_descriptor {
    uint8_t length;
    uint8_t descriptor_type;
    uint8_t interface_number;
    uint8_t alternate_setting;
    struct wasi_hw_list endpoints;
    uint8_t interface_class;
    uint8_t interface_subclass;
    uint8_t interface_protocol;
    uint8_t interface_index;
};

static inline bool wasi_usb_interface_descriptor_load(const uint8_t *at, struct wasi_usb_interface_descriptor *to)
{
    to->length = (uint8_t)wasi_hw_load(at, 1);
    to->descriptor_type = (uint8_t)wasi_hw_load(at + 1, 1);
    to->interface_number = (uint8_t)wasi_hw_load(at + 2, 1);
    to->alternate_setting = (uint8_t)wasi_hw_load(at + 3, 1);
    to->endpoints = wasi_hw_load_list(at + 4);
    to->interface_class = (uint8_t)wasi_hw_load(at + 12, 1);
    to->interface_subclass = (uint8_t)wasi_hw_load(at + 13, 1);
    to->interface_protocol = (uint8_t)wasi_hw_load(at + 14, 1);
    to->interface_index = (uint8_t)wasi_hw_load(at + 15, 1);
    return true;
}

static inline void wasi_usb_interface_descriptor_store(uint8_t *at, const struct wasi_usb_interface_descriptor *from)
{
    wasi_hw_store(at, from->length, 1);
    wasi_hw_store(at + 1, from->descriptor_type, 1);
    wasi_hw_store(at + 2, from->interface_number, 1);
    wasi_hw_store(at + 3, from->alternate_setting, 1);
    wasi_hw_store_list(at + 4, from->endpoints);
    wasi_hw_store(at + 12, from->interface_class, 1);
    wasi_hw_store(at + 13, from->interface_subclass, 1);
    wasi_hw_store(at + 14, from->interface_protocol, 1);
    wasi_hw_store(at + 15, from->interface_index, 1);
}

#define WASI_USB_CONFIGURATION_DESCRIPTOR_SIZE 16
#define WASI_USB_CONFIGURATION_DESCRIPTOR_ALIGN 4
struct wasi_usb_configuration_descriptor {
    uint8_t length;
    uint8_t descriptor_type;
    uint16_t total_length;
    struct wasi_hw_list interfaces;
    uint8_t configuration_value;
    uint8_t configuration_index;
    uint8_t attributes;
    uint8_t max_power;
};

static inline bool wasi_usb_configuration_descriptor_load(const uint8_t *at,
                                                          struct wasi_usb_configuration_descriptor *to)
{
    to->length = (uint8_t)wasi_hw_load(at, 1);
    to->descriptor_type = (uint8_t)wasi_hw_load(at + 1, 1);
    to->total_length = (uint16_t)wasi_hw_load(at + 2, 2);
    to->interfaces = wasi_hw_load_list(at + 4);
    to->configuration_value = (uint8_t)wasi_hw_load(at + 12, 1);
    to->configuration_index = (uint8_t)wasi_hw_load(at + 13, 1);
    to->attributes = (uint8_t)wasi_hw_load(at + 14, 1);
    to->max_power = (uint8_t)wasi_hw_load(at + 15, 1);
    return true;
}

static inline void wasi_usb_configuration_descriptor_store(uint8_t *at,
                                                           const struct wasi_usb_configuration_descriptor *from)
{
    wasi_hw_store(at, from->length, 1);
    wasi_hw_store(at + 1, from->descriptor_type, 1);
    wasi_hw_store(at + 2, from->total_length, 2);
    wasi_hw_store_list(at + 4, from->interfaces);
    wasi_hw_store(at + 12, from->configuration_value, 1);
    wasi_hw_store(at + 13, from->configuration_index, 1);
    wasi_hw_store(at + 14, from->attributes, 1);
    wasi_hw_store(at + 15, from->max_power, 1);
}

enum wasi_usb_usb_speed {
    WASI_USB_USB_SPEED_UNKNOWN,
    WASI_USB_USB_SPEED_LOW,
    WASI_USB_USB_SPEED_FULL,
    WASI_USB_USB_SPEED_HIGH,
    WASI_USB_USB_SPEED_SUPER,
    WASI_USB_USB_SPEED_SUPER_PLUS,
    WASI_USB_USB_SPEED_SUPER_PLUS_X2,
};
#define WASI_USB_USB_SPEED_CASES 7

#define WASI_USB_DEVICE_LOCATION_SIZE 4
#define WASI_USB_DEVICE_LOCATION_ALIGN 1
struct wasi_usb_device_location {
    uint8_t bus_number;
    uint8_t device_address;
    uint8_t port_number;
    uint8_t speed;
};

static inline bool wasi_usb_device_location_load(const uint8_t *at, struct wasi_usb_device_location *to)
{
    to->bus_number = (uint8_t)wasi_hw_load(at, 1);
    to->device_address = (uint8_t)wasi_hw_load(at + 1, 1);
    to->port_number = (uint8_t)wasi_hw_load(at + 2, 1);
    to->speed = (uint8_t)wasi_hw_load(at + 3, 1);
    if (to->speed >= WASI_USB_USB_SPEED_CASES)
        return false;
    return true;
}

static inline void wasi_usb_device_location_store(uint8_t *at, const struct wasi_usb_device_location *from)
{
    wasi_hw_store(at, from->bus_number, 1);
    wasi_hw_store(at + 1, from->device_address, 1);
    wasi_hw_store(at + 2, from->port_number, 1);
    wasi_hw_store(at + 3, from->speed, 1);
}

/* 0 ok, 1 err. */
#define WASI_USB_RESULT_HANDLE_LIBUSB_ERROR_CASES 2
#define WASI_USB_RESULT_HANDLE_LIBUSB_ERROR_SIZE 8
#define WASI_USB_RESULT_HANDLE_LIBUSB_ERROR_ALIGN 4
struct wasi_usb_result_handle_libusb_error {
    uint8_t tag;
    union {
        uint32_t ok;
        uint8_t err;
    } value;
};

static inline bool wasi_usb_result_handle_libusb_error_load(const uint8_t *at,
                                                            struct wasi_usb_result_handle_libusb_error *to)
{
    to->tag = (uint8_t)wasi_hw_load(at, 1);
    if (to->tag >= WASI_USB_RESULT_HANDLE_LIBUSB_ERROR_CASES)
        return false;
    if (to->tag == 0) {
        to->value.ok = (uint32_t)wasi_hw_load(at + 4, 4);
    }
    if (to->tag == 1) {
        to->value.err = (uint8_t)wasi_hw_load(at + 4, 1);
        if (to->value.err >= WASI_USB_LIBUSB_ERROR_CASES)
            return false;
    }
    return true;
}

static inline void wasi_usb_result_handle_libusb_error_store(uint8_t *at,
                                                             const struct wasi_usb_result_handle_libusb_error *from)
{
    wasi_hw_store(at, from->tag, 1);
    if (from->tag == 0) {
        wasi_hw_store(at + 4, from->value.ok, 4);
    }
    if (from->tag == 1) {
        wasi_hw_store(at + 4, from->value.err, 1);
    }
}

/* 0 ok, 1 err. */
#define WASI_USB_RESULT_CONFIGURATION_DESCRIPTOR_LIBUSB_ERROR_CASES 2
#define WASI_USB_RESULT_CONFIGURATION_DESCRIPTOR_LIBUSB_ERROR_SIZE 20
#define WASI_USB_RESULT_CONFIGURATION_DESCRIPTOR_LIBUSB_ERROR_ALIGN 4
struct wasi_usb_result_configuration_descriptor_libusb_error {
    uint8_t tag;
    union {
        struct wasi_usb_configuration_descriptor ok;
        uint8_t err;
    } value;
};

static inline bool wasi_usb_result_configuration_descriptor_libusb_error_load(const uint8_t *at,
                                                                              struct wasi_usb_result_configuration_descriptor_libusb_error *to)
{
    to->tag = (uint8_t)wasi_hw_load(at, 1);
    if (to->tag >= WASI_USB_RESULT_CONFIGURATION_DESCRIPTOR_LIBUSB_ERROR_CASES)
        return false;
    if (to->tag == 0) {
        if (!wasi_usb_configuration_descriptor_load(at + 4, &to->value.ok))
            return false;
    }
    if (to->tag == 1) {
        to->value.err = (uint8_t)wasi_hw_load(at + 4, 1);
        if (to->value.err >= WASI_USB_LIBUSB_ERROR_CASES)
            return false;
    }
    return true;
}

static inline void wasi_usb_result_configuration_descriptor_libusb_error_store(uint8_t *at,
                                                                               const struct wasi_usb_result_configuration_descriptor_libusb_error *from)
{
    wasi_hw_store(at, from->tag, 1);
    if (from->tag == 0) {
        wasi_usb_configuration_descriptor_store(at + 4, &from->value.ok);
    }
    if (from->tag == 1) {
        wasi_hw_store(at + 4, from->value.err, 1);
    }
}

/* 0 ok, 1 err. */
#define WASI_USB_RESULT_U8_LIBUSB_ERROR_CASES 2
#define WASI_USB_RESULT_U8_LIBUSB_ERROR_SIZE 2
#define WASI_USB_RESULT_U8_LIBUSB_ERROR_ALIGN 1
struct wasi_usb_result_u8_libusb_error {
    uint8_t tag;
    union {
        uint8_t ok;
        uint8_t err;
    } value;
};

static inline bool wasi_usb_result_u8_libusb_error_load(const uint8_t *at, struct wasi_usb_result_u8_libusb_error *to)
{
    to->tag = (uint8_t)wasi_hw_load(at, 1);
    if (to->tag >= WASI_USB_RESULT_U8_LIBUSB_ERROR_CASES)
        return false;
    if (to->tag == 0) {
        to->value.ok = (uint8_t)wasi_hw_load(at + 1, 1);
    }
    if (to->tag == 1) {
        to->value.err = (uint8_t)wasi_hw_load(at + 1, 1);
        if (to->value.err >= WASI_USB_LIBUSB_ERROR_CASES)
            return false;
    }
    return true;
}

static inline void wasi_usb_result_u8_libusb_error_store(uint8_t *at,
                                                         const struct wasi_usb_result_u8_libusb_error *from)
{
    wasi_hw_store(at, from->tag, 1);
    if (from->tag == 0) {
        wasi_hw_store(at + 1, from->value.ok, 1);
    }
    if (from->tag == 1) {
        wasi_hw_store(at + 1, from->value.err, 1);
    }
}

/* 0 ok, 1 err. */
#define WASI_USB_RESULT_BOOL_LIBUSB_ERROR_CASES 2
#define WASI_USB_RESULT_BOOL_LIBUSB_ERROR_SIZE 2
#define WASI_USB_RESULT_BOOL_LIBUSB_ERROR_ALIGN 1
struct wasi_usb_result_bool_libusb_error {
    uint8_t tag;
    union {
        bool ok;
        uint8_t err;
    } value;
};

static inline bool wasi_usb_result_bool_libusb_error_load(const uint8_t *at,
                                                          struct wasi_usb_result_bool_libusb_error *to)
{
    to->tag = (uint8_t)wasi_hw_load(at, 1);
    if (to->tag >= WASI_USB_RESULT_BOOL_LIBUSB_ERROR_CASES)
        return false;
    if (to->tag == 0) {
        to->value.ok = at[1] != 0;
    }
    if (to->tag == 1) {
        to->value.err = (uint8_t)wasi_hw_load(at + 1, 1);
        if (to->value.err >= WASI_USB_LIBUSB_ERROR_CASES)
            return false;
    }
    return true;
}

static inline void wasi_usb_result_bool_libusb_error_store(uint8_t *at,
                                                           const struct wasi_usb_result_bool_libusb_error *from)
{
    wasi_hw_store(at, from->tag, 1);
    if (from->tag == 0) {
        at[1] = from->value.ok ? 1 : 0;
    }
    if (from->tag == 1) {
        wasi_hw_store(at + 1, from->value.err, 1);
    }
}

#define WASI_USB_TUPLE_HANDLE_DEVICE_DESCRIPTOR_DEVICE_LOCATION_SIZE 28
#define WASI_USB_TUPLE_HANDLE_DEVICE_DESCRIPTOR_DEVICE_LOCATION_ALIGN 4
struct wasi_usb_tuple_handle_device_descriptor_device_location {
    uint32_t f0;
    struct wasi_usb_device_descriptor f1;
    struct wasi_usb_device_location f2;
};

static inline bool wasi_usb_tuple_handle_device_descriptor_device_location_load(const uint8_t *at,
                                                                                struct wasi_usb_tuple_handle_device_descriptor_device_location *to)
{
    to->f0 = (uint32_t)wasi_hw_load(at, 4);
    if (!wasi_usb_device_descriptor_load(at + 4, &to->f1))
        return false;
    if (!wasi_usb_device_location_load(at + 22, &to->f2))
        return false;
    return true;
}

static inline void wasi_usb_tuple_handle_device_descriptor_device_location_store(uint8_t *at,
                                                                                 const struct wasi_usb_tuple_handle_device_descriptor_device_location *from)
{
    wasi_hw_store(at, from->f0, 4);
    wasi_usb_device_descriptor_store(at + 4, &from->f1);
    wasi_usb_device_location_store(at + 22, &from->f2);
}

#define WASI_USB_INFO_SIZE 6
#define WASI_USB_INFO_ALIGN 2
struct wasi_usb_info {
    uint8_t bus;
    uint8_t address;
    uint16_t vendor;
    uint16_t product;
};

static inline bool wasi_usb_info_load(const uint8_t *at, struct wasi_usb_info *to)
{
    to->bus = (uint8_t)wasi_hw_load(at, 1);
    to->address = (uint8_t)wasi_hw_load(at + 1, 1);
    to->vendor = (uint16_t)wasi_hw_load(at + 2, 2);
    to->product = (uint16_t)wasi_hw_load(at + 4, 2);
    return true;
}

static inline void wasi_usb_info_store(uint8_t *at, const struct wasi_usb_info *from)
{
    wasi_hw_store(at, from->bus, 1);
    wasi_hw_store(at + 1, from->address, 1);
    wasi_hw_store(at + 2, from->vendor, 2);
    wasi_hw_store(at + 4, from->product, 2);
}

#define WASI_USB_TUPLE_EVENT_INFO_HANDLE_SIZE 12
#define WASI_USB_TUPLE_EVENT_INFO_HANDLE_ALIGN 4
struct wasi_usb_tuple_event_info_handle {
    uint8_t f0;
    struct wasi_usb_info f1;
    uint32_t f2;
};

static inline bool wasi_usb_tuple_event_info_handle_load(const uint8_t *at, struct wasi_usb_tuple_event_info_handle *to)
{
    to->f0 = (uint8_t)wasi_hw_load(at, 1);
    if (!wasi_usb_info_load(at + 2, &to->f1))
        return false;
    to->f2 = (uint32_t)wasi_hw_load(at + 8, 4);
    return true;
}

static inline void wasi_usb_tuple_event_info_handle_store(uint8_t *at,
                                                          const struct wasi_usb_tuple_event_info_handle *from)
{
    wasi_hw_store(at, from->f0, 1);
    wasi_usb_info_store(at + 2, &from->f1);
    wasi_hw_store(at + 8, from->f2, 4);
}

/* --- Functions. A number of 8 or 16 bits comes in 32, of which the upper ones do not count; 
 * `*_at` and `*_count` are address and number of elements of a list, `ret` is where the result goes. */

void wasi_usb_transfer_submit_transfer(struct guest *guest, uint32_t self, uint32_t data_at, uint32_t data_count,
                                       uint32_t ret);
void wasi_usb_transfer_cancel_transfer(struct guest *guest, uint32_t self, uint32_t ret);
void wasi_usb_transfer_drop(struct guest *guest, uint32_t self);
void wasi_usb_await_transfer(struct guest *guest, uint32_t xfer, uint32_t ret);
void wasi_usb_usb_device_open(struct guest *guest, uint32_t self, uint32_t ret);
void wasi_usb_usb_device_get_configuration_descriptor(struct guest *guest, uint32_t self, uint32_t config_index,
                                                      uint32_t ret);
void wasi_usb_usb_device_get_configuration_descriptor_by_value(struct guest *guest, uint32_t self,
                                                               uint32_t config_value, uint32_t ret);
void wasi_usb_usb_device_get_active_configuration_descriptor(struct guest *guest, uint32_t self, uint32_t ret);
void wasi_usb_usb_device_drop(struct guest *guest, uint32_t self);
void wasi_usb_device_handle_get_configuration(struct guest *guest, uint32_t self, uint32_t ret);
void wasi_usb_device_handle_set_configuration(struct guest *guest, uint32_t self, uint32_t config,
                                              uint32_t config_value, uint32_t ret);
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
void wasi_usb_device_handle_new_transfer(struct guest *guest, uint32_t self, uint32_t xfer_type,
                                         uint32_t bm_request_type, uint32_t b_request, uint32_t w_value,
                                         uint32_t w_index, uint32_t buf_size, uint32_t endpoint, uint32_t timeout_ms,
                                         uint32_t stream_id, uint32_t iso_packets, uint32_t ret);
void wasi_usb_device_handle_close(struct guest *guest, uint32_t self);
void wasi_usb_device_handle_drop(struct guest *guest, uint32_t self);
void wasi_usb_init(struct guest *guest, uint32_t ret);
void wasi_usb_list_devices(struct guest *guest, uint32_t ret);
void wasi_usb_enable_hotplug(struct guest *guest, uint32_t ret);
void wasi_usb_poll_events(struct guest *guest, uint32_t ret);

/* ROW(function, module, name, signature, call): `v` holds the arguments, and in v[0] the result. One table an interface,
 * and one of them all. */
#define WASI_USB_TRANSFERS_IMPORTS(ROW) \
    ROW(wasi_usb_transfer_submit_transfer, WASI_USB_TRANSFERS, "[method]transfer.submit-transfer", "(iiii)", \
        wasi_usb_transfer_submit_transfer(guest, v[0].i32, v[1].i32, v[2].i32, v[3].i32)) \
    ROW(wasi_usb_transfer_cancel_transfer, WASI_USB_TRANSFERS, "[method]transfer.cancel-transfer", "(ii)", \
        wasi_usb_transfer_cancel_transfer(guest, v[0].i32, v[1].i32)) \
    ROW(wasi_usb_transfer_drop, WASI_USB_TRANSFERS, "[resource-drop]transfer", "(i)", \
        wasi_usb_transfer_drop(guest, v[0].i32)) \
    ROW(wasi_usb_await_transfer, WASI_USB_TRANSFERS, "await-transfer", "(ii)", \
        wasi_usb_await_transfer(guest, v[0].i32, v[1].i32))
#define WASI_USB_DEVICE_IMPORTS(ROW) \
    ROW(wasi_usb_usb_device_open, WASI_USB_DEVICE, "[method]usb-device.open", "(ii)", \
        wasi_usb_usb_device_open(guest, v[0].i32, v[1].i32)) \
    ROW(wasi_usb_usb_device_get_configuration_descriptor, WASI_USB_DEVICE, "[method]usb-device.get-configuration-descriptor", "(iii)", \
        wasi_usb_usb_device_get_configuration_descriptor(guest, v[0].i32, v[1].i32, v[2].i32)) \
    ROW(wasi_usb_usb_device_get_configuration_descriptor_by_value, WASI_USB_DEVICE, "[method]usb-device.get-configuration-descriptor-by-value", "(iii)", \
        wasi_usb_usb_device_get_configuration_descriptor_by_value(guest, v[0].i32, v[1].i32, v[2].i32)) \
    ROW(wasi_usb_usb_device_get_active_configuration_descriptor, WASI_USB_DEVICE, "[method]usb-device.get-active-configuration-descriptor", "(ii)", \
        wasi_usb_usb_device_get_active_configuration_descriptor(guest, v[0].i32, v[1].i32)) \
    ROW(wasi_usb_usb_device_drop, WASI_USB_DEVICE, "[resource-drop]usb-device", "(i)", \
        wasi_usb_usb_device_drop(guest, v[0].i32)) \
    ROW(wasi_usb_device_handle_get_configuration, WASI_USB_DEVICE, "[method]device-handle.get-configuration", "(ii)", \
        wasi_usb_device_handle_get_configuration(guest, v[0].i32, v[1].i32)) \
    ROW(wasi_usb_device_handle_set_configuration, WASI_USB_DEVICE, "[method]device-handle.set-configuration", "(iiii)", \
        wasi_usb_device_handle_set_configuration(guest, v[0].i32, v[1].i32, v[2].i32, v[3].i32)) \
    ROW(wasi_usb_device_handle_claim_interface, WASI_USB_DEVICE, "[method]device-handle.claim-interface", "(iii)", \
        wasi_usb_device_handle_claim_interface(guest, v[0].i32, v[1].i32, v[2].i32)) \
    ROW(wasi_usb_device_handle_release_interface, WASI_USB_DEVICE, "[method]device-handle.release-interface", "(iii)", \
        wasi_usb_device_handle_release_interface(guest, v[0].i32, v[1].i32, v[2].i32)) \
    ROW(wasi_usb_device_handle_set_interface_altsetting, WASI_USB_DEVICE, "[method]device-handle.set-interface-altsetting", "(iiii)", \
        wasi_usb_device_handle_set_interface_altsetting(guest, v[0].i32, v[1].i32, v[2].i32, v[3].i32)) \
    ROW(wasi_usb_device_handle_clear_halt, WASI_USB_DEVICE, "[method]device-handle.clear-halt", "(iii)", \
        wasi_usb_device_handle_clear_halt(guest, v[0].i32, v[1].i32, v[2].i32)) \
    ROW(wasi_usb_device_handle_reset_device, WASI_USB_DEVICE, "[method]device-handle.reset-device", "(ii)", \
        wasi_usb_device_handle_reset_device(guest, v[0].i32, v[1].i32)) \
    ROW(wasi_usb_device_handle_alloc_streams, WASI_USB_DEVICE, "[method]device-handle.alloc-streams", "(iiiii)", \
        wasi_usb_device_handle_alloc_streams(guest, v[0].i32, v[1].i32, v[2].i32, v[3].i32, v[4].i32)) \
    ROW(wasi_usb_device_handle_free_streams, WASI_USB_DEVICE, "[method]device-handle.free-streams", "(iiii)", \
        wasi_usb_device_handle_free_streams(guest, v[0].i32, v[1].i32, v[2].i32, v[3].i32)) \
    ROW(wasi_usb_device_handle_kernel_driver_active, WASI_USB_DEVICE, "[method]device-handle.kernel-driver-active", "(iii)", \
        wasi_usb_device_handle_kernel_driver_active(guest, v[0].i32, v[1].i32, v[2].i32)) \
    ROW(wasi_usb_device_handle_detach_kernel_driver, WASI_USB_DEVICE, "[method]device-handle.detach-kernel-driver", "(iii)", \
        wasi_usb_device_handle_detach_kernel_driver(guest, v[0].i32, v[1].i32, v[2].i32)) \
    ROW(wasi_usb_device_handle_attach_kernel_driver, WASI_USB_DEVICE, "[method]device-handle.attach-kernel-driver", "(iii)", \
        wasi_usb_device_handle_attach_kernel_driver(guest, v[0].i32, v[1].i32, v[2].i32)) \
    ROW(wasi_usb_device_handle_new_transfer, WASI_USB_DEVICE, "[method]device-handle.new-transfer", "(iiiiiiiiiiii)", \
        wasi_usb_device_handle_new_transfer(guest, v[0].i32, v[1].i32, v[2].i32, v[3].i32, v[4].i32, v[5].i32, v[6].i32, v[7].i32, v[8].i32, v[9].i32, v[10].i32, v[11].i32)) \
    ROW(wasi_usb_device_handle_close, WASI_USB_DEVICE, "[method]device-handle.close", "(i)", \
        wasi_usb_device_handle_close(guest, v[0].i32)) \
    ROW(wasi_usb_device_handle_drop, WASI_USB_DEVICE, "[resource-drop]device-handle", "(i)", \
        wasi_usb_device_handle_drop(guest, v[0].i32)) \
    ROW(wasi_usb_init, WASI_USB_DEVICE, "init", "(i)", \
        wasi_usb_init(guest, v[0].i32)) \
    ROW(wasi_usb_list_devices, WASI_USB_DEVICE, "list-devices", "(i)", \
        wasi_usb_list_devices(guest, v[0].i32))
#define WASI_USB_HOTPLUG_IMPORTS(ROW) \
    ROW(wasi_usb_enable_hotplug, WASI_USB_HOTPLUG, "enable-hotplug", "(i)", \
        wasi_usb_enable_hotplug(guest, v[0].i32)) \
    ROW(wasi_usb_poll_events, WASI_USB_HOTPLUG, "poll-events", "(i)", \
        wasi_usb_poll_events(guest, v[0].i32))
#define WASI_USB_IMPORTS(ROW) \
    WASI_USB_TRANSFERS_IMPORTS(ROW) \
    WASI_USB_DEVICE_IMPORTS(ROW) \
    WASI_USB_HOTPLUG_IMPORTS(ROW)

#endif
