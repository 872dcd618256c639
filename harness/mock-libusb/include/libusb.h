/*
 * libusb 1.0's interface as far as programs commonly need it, for those that are compiled against the mock libusb. The
 * library has more; a program that was compiled against libusb's own header works as well.
 */
#ifndef WASI_HW_MOCK_LIBUSB_H
#define WASI_HW_MOCK_LIBUSB_H

#include <stdint.h>
#include <sys/time.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct libusb_context libusb_context;
typedef struct libusb_device libusb_device;
typedef struct libusb_device_handle libusb_device_handle;
typedef int libusb_hotplug_callback_handle;
struct libusb_transfer;

enum libusb_error {
    LIBUSB_SUCCESS = 0,
    LIBUSB_ERROR_IO = -1,
    LIBUSB_ERROR_INVALID_PARAM = -2,
    LIBUSB_ERROR_ACCESS = -3,
    LIBUSB_ERROR_NO_DEVICE = -4,
    LIBUSB_ERROR_NOT_FOUND = -5,
    LIBUSB_ERROR_BUSY = -6,
    LIBUSB_ERROR_TIMEOUT = -7,
    LIBUSB_ERROR_OVERFLOW = -8,
    LIBUSB_ERROR_PIPE = -9,
    LIBUSB_ERROR_INTERRUPTED = -10,
    LIBUSB_ERROR_NO_MEM = -11,
    LIBUSB_ERROR_NOT_SUPPORTED = -12,
    LIBUSB_ERROR_OTHER = -99
};

enum libusb_transfer_type {
    LIBUSB_TRANSFER_TYPE_CONTROL = 0,
    LIBUSB_TRANSFER_TYPE_ISOCHRONOUS = 1,
    LIBUSB_TRANSFER_TYPE_BULK = 2,
    LIBUSB_TRANSFER_TYPE_INTERRUPT = 3,
    LIBUSB_TRANSFER_TYPE_BULK_STREAM = 4
};

enum libusb_transfer_status {
    LIBUSB_TRANSFER_COMPLETED = 0,
    LIBUSB_TRANSFER_ERROR = 1,
    LIBUSB_TRANSFER_TIMED_OUT = 2,
    LIBUSB_TRANSFER_CANCELLED = 3,
    LIBUSB_TRANSFER_STALL = 4,
    LIBUSB_TRANSFER_NO_DEVICE = 5,
    LIBUSB_TRANSFER_OVERFLOW = 6
};

enum libusb_transfer_flags {
    LIBUSB_TRANSFER_SHORT_NOT_OK = 1 << 0,
    LIBUSB_TRANSFER_FREE_BUFFER = 1 << 1,
    LIBUSB_TRANSFER_FREE_TRANSFER = 1 << 2,
    LIBUSB_TRANSFER_ADD_ZERO_PACKET = 1 << 3
};

enum libusb_capability {
    LIBUSB_CAP_HAS_CAPABILITY = 0x0000,
    LIBUSB_CAP_HAS_HOTPLUG = 0x0001,
    LIBUSB_CAP_HAS_HID_ACCESS = 0x0100,
    LIBUSB_CAP_SUPPORTS_DETACH_KERNEL_DRIVER = 0x0101
};

enum libusb_option {
    LIBUSB_OPTION_LOG_LEVEL = 0,
    LIBUSB_OPTION_USE_USBDK = 1,
    LIBUSB_OPTION_NO_DEVICE_DISCOVERY = 2,
    LIBUSB_OPTION_LOG_CB = 3,
    LIBUSB_OPTION_MAX = 4
};

enum libusb_log_level {
    LIBUSB_LOG_LEVEL_NONE = 0,
    LIBUSB_LOG_LEVEL_ERROR = 1,
    LIBUSB_LOG_LEVEL_WARNING = 2,
    LIBUSB_LOG_LEVEL_INFO = 3,
    LIBUSB_LOG_LEVEL_DEBUG = 4
};

typedef void (*libusb_log_cb)(libusb_context *context, enum libusb_log_level level, const char *text);

struct libusb_init_option {
    enum libusb_option option;
    union {
        int ival;
        libusb_log_cb log_cbval;
    } value;
};

typedef enum {
    LIBUSB_HOTPLUG_EVENT_DEVICE_ARRIVED = 1,
    LIBUSB_HOTPLUG_EVENT_DEVICE_LEFT = 2
} libusb_hotplug_event;

#define LIBUSB_HOTPLUG_NO_FLAGS 0
#define LIBUSB_HOTPLUG_ENUMERATE 1
#define LIBUSB_HOTPLUG_MATCH_ANY (-1)
#define LIBUSB_ENDPOINT_IN 0x80
#define LIBUSB_ENDPOINT_OUT 0x00
#define LIBUSB_CONTROL_SETUP_SIZE 8

struct libusb_version {
    const uint16_t major;
    const uint16_t minor;
    const uint16_t micro;
    const uint16_t nano;
    const char *rc;
    const char *describe;
};

struct libusb_device_descriptor {
    uint8_t bLength;
    uint8_t bDescriptorType;
    uint16_t bcdUSB;
    uint8_t bDeviceClass;
    uint8_t bDeviceSubClass;
    uint8_t bDeviceProtocol;
    uint8_t bMaxPacketSize0;
    uint16_t idVendor;
    uint16_t idProduct;
    uint16_t bcdDevice;
    uint8_t iManufacturer;
    uint8_t iProduct;
    uint8_t iSerialNumber;
    uint8_t bNumConfigurations;
};

struct libusb_endpoint_descriptor {
    uint8_t bLength;
    uint8_t bDescriptorType;
    uint8_t bEndpointAddress;
    uint8_t bmAttributes;
    uint16_t wMaxPacketSize;
    uint8_t bInterval;
    uint8_t bRefresh;
    uint8_t bSynchAddress;
    const unsigned char *extra;
    int extra_length;
};

struct libusb_interface_descriptor {
    uint8_t bLength;
    uint8_t bDescriptorType;
    uint8_t bInterfaceNumber;
    uint8_t bAlternateSetting;
    uint8_t bNumEndpoints;
    uint8_t bInterfaceClass;
    uint8_t bInterfaceSubClass;
    uint8_t bInterfaceProtocol;
    uint8_t iInterface;
    const struct libusb_endpoint_descriptor *endpoint;
    const unsigned char *extra;
    int extra_length;
};

struct libusb_interface {
    const struct libusb_interface_descriptor *altsetting;
    int num_altsetting;
};

struct libusb_config_descriptor {
    uint8_t bLength;
    uint8_t bDescriptorType;
    uint16_t wTotalLength;
    uint8_t bNumInterfaces;
    uint8_t bConfigurationValue;
    uint8_t iConfiguration;
    uint8_t bmAttributes;
    uint8_t MaxPower;
    const struct libusb_interface *interface;
    const unsigned char *extra;
    int extra_length;
};

struct libusb_ss_endpoint_companion_descriptor {
    uint8_t bLength;
    uint8_t bDescriptorType;
    uint8_t bMaxBurst;
    uint8_t bmAttributes;
    uint16_t wBytesPerInterval;
};

struct libusb_bos_dev_capability_descriptor {
    uint8_t bLength;
    uint8_t bDescriptorType;
    uint8_t bDevCapabilityType;
    uint8_t dev_capability_data[];
};

struct libusb_bos_descriptor {
    uint8_t bLength;
    uint8_t bDescriptorType;
    uint16_t wTotalLength;
    uint8_t bNumDeviceCaps;
    struct libusb_bos_dev_capability_descriptor *dev_capability[];
};

struct libusb_usb_2_0_extension_descriptor {
    uint8_t bLength;
    uint8_t bDescriptorType;
    uint8_t bDevCapabilityType;
    uint32_t bmAttributes;
};

struct libusb_ss_usb_device_capability_descriptor {
    uint8_t bLength;
    uint8_t bDescriptorType;
    uint8_t bDevCapabilityType;
    uint8_t bmAttributes;
    uint16_t wSpeedSupported;
    uint8_t bFunctionalitySupport;
    uint8_t bU1DevExitLat;
    uint16_t bU2DevExitLat;
};

struct libusb_container_id_descriptor {
    uint8_t bLength;
    uint8_t bDescriptorType;
    uint8_t bDevCapabilityType;
    uint8_t bReserved;
    uint8_t ContainerID[16];
};

struct libusb_platform_descriptor {
    uint8_t bLength;
    uint8_t bDescriptorType;
    uint8_t bDevCapabilityType;
    uint8_t bReserved;
    uint8_t PlatformCapabilityUUID[16];
    uint8_t CapabilityData[];
};

struct libusb_iso_packet_descriptor {
    unsigned int length;
    unsigned int actual_length;
    enum libusb_transfer_status status;
};

typedef void (*libusb_transfer_cb_fn)(struct libusb_transfer *transfer);

struct libusb_transfer {
    libusb_device_handle *dev_handle;
    uint8_t flags;
    unsigned char endpoint;
    unsigned char type;
    unsigned int timeout;
    enum libusb_transfer_status status;
    int length;
    int actual_length;
    libusb_transfer_cb_fn callback;
    void *user_data;
    unsigned char *buffer;
    int num_iso_packets;
    struct libusb_iso_packet_descriptor iso_packet_desc[];
};

typedef int (*libusb_hotplug_callback_fn)(libusb_context *context, libusb_device *device, libusb_hotplug_event event,
                                          void *user_data);

int libusb_init(libusb_context **context);
int libusb_init_context(libusb_context **context, const struct libusb_init_option options[], int count);
void libusb_exit(libusb_context *context);
int libusb_set_option(libusb_context *context, enum libusb_option option, ...);
int libusb_has_capability(uint32_t capability);
const struct libusb_version *libusb_get_version(void);
const char *libusb_error_name(int code);
const char *libusb_strerror(int code);

ssize_t libusb_get_device_list(libusb_context *context, libusb_device ***list);
void libusb_free_device_list(libusb_device **list, int unref_devices);
libusb_device *libusb_ref_device(libusb_device *device);
void libusb_unref_device(libusb_device *device);
uint8_t libusb_get_bus_number(libusb_device *device);
uint8_t libusb_get_port_number(libusb_device *device);
int libusb_get_port_numbers(libusb_device *device, uint8_t *numbers, int room);
libusb_device *libusb_get_parent(libusb_device *device);
int libusb_get_max_packet_size(libusb_device *device, unsigned char endpoint);
int libusb_get_max_iso_packet_size(libusb_device *device, unsigned char endpoint);
int libusb_get_max_alt_packet_size(libusb_device *device, int interface, int alternate, unsigned char endpoint);
uint8_t libusb_get_device_address(libusb_device *device);
int libusb_get_device_speed(libusb_device *device);
int libusb_get_device_descriptor(libusb_device *device, struct libusb_device_descriptor *descriptor);
int libusb_get_config_descriptor(libusb_device *device, uint8_t index, struct libusb_config_descriptor **config);
int libusb_get_config_descriptor_by_value(libusb_device *device, uint8_t value,
                                          struct libusb_config_descriptor **config);
int libusb_get_active_config_descriptor(libusb_device *device, struct libusb_config_descriptor **config);
void libusb_free_config_descriptor(struct libusb_config_descriptor *config);
int libusb_get_ss_endpoint_companion_descriptor(libusb_context *context,
                                                const struct libusb_endpoint_descriptor *endpoint,
                                                struct libusb_ss_endpoint_companion_descriptor **companion);
void libusb_free_ss_endpoint_companion_descriptor(struct libusb_ss_endpoint_companion_descriptor *companion);
int libusb_get_bos_descriptor(libusb_device_handle *handle, struct libusb_bos_descriptor **bos);
void libusb_free_bos_descriptor(struct libusb_bos_descriptor *bos);
int libusb_get_usb_2_0_extension_descriptor(libusb_context *context,
                                            struct libusb_bos_dev_capability_descriptor *capability,
                                            struct libusb_usb_2_0_extension_descriptor **extension);
void libusb_free_usb_2_0_extension_descriptor(struct libusb_usb_2_0_extension_descriptor *extension);
int libusb_get_ss_usb_device_capability_descriptor(libusb_context *context,
                                                   struct libusb_bos_dev_capability_descriptor *capability,
                                                   struct libusb_ss_usb_device_capability_descriptor **superspeed);
void libusb_free_ss_usb_device_capability_descriptor(struct libusb_ss_usb_device_capability_descriptor *superspeed);
int libusb_get_container_id_descriptor(libusb_context *context,
                                       struct libusb_bos_dev_capability_descriptor *capability,
                                       struct libusb_container_id_descriptor **container);
void libusb_free_container_id_descriptor(struct libusb_container_id_descriptor *container);
int libusb_get_platform_descriptor(libusb_context *context, struct libusb_bos_dev_capability_descriptor *capability,
                                   struct libusb_platform_descriptor **platform);
void libusb_free_platform_descriptor(struct libusb_platform_descriptor *platform);
int libusb_get_string_descriptor_ascii(libusb_device_handle *handle, uint8_t number, unsigned char *text, int room);

int libusb_open(libusb_device *device, libusb_device_handle **handle);
libusb_device_handle *libusb_open_device_with_vid_pid(libusb_context *context, uint16_t vendor, uint16_t product);
void libusb_close(libusb_device_handle *handle);
libusb_device *libusb_get_device(libusb_device_handle *handle);
int libusb_get_configuration(libusb_device_handle *handle, int *config);
int libusb_set_configuration(libusb_device_handle *handle, int config);
int libusb_claim_interface(libusb_device_handle *handle, int interface_number);
int libusb_release_interface(libusb_device_handle *handle, int interface_number);
int libusb_set_interface_alt_setting(libusb_device_handle *handle, int interface_number, int alternate_setting);
int libusb_clear_halt(libusb_device_handle *handle, unsigned char endpoint);
int libusb_reset_device(libusb_device_handle *handle);
int libusb_alloc_streams(libusb_device_handle *handle, uint32_t streams, unsigned char *endpoints, int count);
int libusb_free_streams(libusb_device_handle *handle, unsigned char *endpoints, int count);
int libusb_set_auto_detach_kernel_driver(libusb_device_handle *handle, int enable);
int libusb_kernel_driver_active(libusb_device_handle *handle, int interface_number);
int libusb_detach_kernel_driver(libusb_device_handle *handle, int interface_number);
int libusb_attach_kernel_driver(libusb_device_handle *handle, int interface_number);

struct libusb_transfer *libusb_alloc_transfer(int iso_packets);
void libusb_free_transfer(struct libusb_transfer *transfer);
int libusb_submit_transfer(struct libusb_transfer *transfer);
int libusb_cancel_transfer(struct libusb_transfer *transfer);
void libusb_transfer_set_stream_id(struct libusb_transfer *transfer, uint32_t stream);
uint32_t libusb_transfer_get_stream_id(struct libusb_transfer *transfer);

static inline void libusb_fill_bulk_transfer(struct libusb_transfer *transfer, libusb_device_handle *handle,
                                             unsigned char endpoint, unsigned char *buffer, int length,
                                             libusb_transfer_cb_fn callback, void *user_data, unsigned int timeout) {
    transfer->dev_handle = handle;
    transfer->endpoint = endpoint;
    transfer->type = LIBUSB_TRANSFER_TYPE_BULK;
    transfer->timeout = timeout;
    transfer->buffer = buffer;
    transfer->length = length;
    transfer->user_data = user_data;
    transfer->callback = callback;
}

int libusb_control_transfer(libusb_device_handle *handle, uint8_t request_type, uint8_t request, uint16_t value,
                            uint16_t index, unsigned char *data, uint16_t length, unsigned int timeout);
int libusb_bulk_transfer(libusb_device_handle *handle, unsigned char endpoint, unsigned char *data, int length,
                         int *moved, unsigned int timeout);
int libusb_interrupt_transfer(libusb_device_handle *handle, unsigned char endpoint, unsigned char *data, int length,
                              int *moved, unsigned int timeout);

int libusb_handle_events(libusb_context *context);
int libusb_handle_events_completed(libusb_context *context, int *completed);
int libusb_handle_events_timeout(libusb_context *context, struct timeval *time);
int libusb_handle_events_timeout_completed(libusb_context *context, struct timeval *time, int *completed);

void libusb_interrupt_event_handler(libusb_context *context);
int libusb_try_lock_events(libusb_context *context);
void libusb_lock_events(libusb_context *context);
void libusb_unlock_events(libusb_context *context);
int libusb_event_handling_ok(libusb_context *context);
int libusb_event_handler_active(libusb_context *context);
void libusb_lock_event_waiters(libusb_context *context);
void libusb_unlock_event_waiters(libusb_context *context);
int libusb_wait_for_event(libusb_context *context, struct timeval *time);
int libusb_handle_events_locked(libusb_context *context, struct timeval *time);
int libusb_get_next_timeout(libusb_context *context, struct timeval *time);
const struct libusb_pollfd **libusb_get_pollfds(libusb_context *context);

int libusb_hotplug_register_callback(libusb_context *context, int events, int flags, int vendor, int product,
                                     int device_class, libusb_hotplug_callback_fn function, void *user_data,
                                     libusb_hotplug_callback_handle *handle);
void libusb_hotplug_deregister_callback(libusb_context *context, libusb_hotplug_callback_handle handle);

#ifdef __cplusplus
}
#endif

#endif
