/* USB transfers: made, submitted and awaited, each once. */

#include "usb.h"

#include <stdlib.h>
#include <string.h>

/* The most bytes that wLength of a SETUP packet can say [USB-38b]. */
#define MOST_CONTROL_BYTES 0xffff

/* What a transfer in flight counts besides its bytes and packets: a guest must not have any number of empty ones
 * either. */
#define TRANSFER_COST 1024

struct usb_transfer {
    struct resource resource;
    struct usb_open *open;
    struct usb_transfer *next; /* in flight on the same device */
    uint32_t timeout_ms;
    uint32_t number; /* of the seam, while it is in flight */
    enum { MADE, IN_FLIGHT, ENDED } state;
    bool has_timed_out;
    struct host_timer timer;
    uint64_t cost; /* of the limit on what is in flight */
    /* What the driver has of it; its memory is there from submission on. */
    struct seam_usb_transfer seam;
};

/* --- The end ------------------------------------------------------------------------------------------------ */

/* It is over: what belongs to the time in flight goes. */
static void end(struct host *host, struct usb_transfer *transfer)
{
    struct usb_transfer **link = &transfer->open->first_in_flight;
    host_stop_timer(host, &transfer->timer);
    while (*link != transfer)
        link = &(*link)->next;
    *link = transfer->next;
    transfer->state = ENDED;
}

/* Asks the driver whether it is over. */
static enum seam_code reap(struct host *host, struct usb_transfer *transfer)
{
    bool is_over = false;
    enum seam_code code = host->seam->usb->reap(host->seam->board, transfer->number, &transfer->seam, &is_over);
    if (code == SEAM_OK && is_over)
        end(host, transfer);
    return code;
}

/* Takes a transfer back, and waits until the driver has let go of its memory. */
static void take_back(struct host *host, struct usb_transfer *transfer)
{
    struct seam_wait wait = { .transfers = &transfer->number, .transfer_count = 1 };
    struct seam_woken woken;
    host->seam->usb->cancel(host->seam->board, transfer->number);
    while (transfer->state == IN_FLIGHT && reap(host, transfer) == SEAM_OK && transfer->state == IN_FLIGHT)
        if (host->seam->wait(host->seam->board, &wait, &woken) != SEAM_OK)
            break;
    if (transfer->state == IN_FLIGHT) {
        /* The driver does not say. Its memory stays: better lost than written to when it is something else. */
        end(host, transfer);
        transfer->seam.bytes = NULL;
        transfer->seam.packets = NULL;
        transfer->seam.status = SEAM_USB_CANCELLED;
    }
}

void usb_end_transfers(struct host *host, struct usb_open *open)
{
    while (open->first_in_flight != NULL) {
        struct usb_transfer *transfer = open->first_in_flight;
        if (reap(host, transfer) != SEAM_OK || transfer->state == IN_FLIGHT)
            take_back(host, transfer);
    }
}

/* One that is in flight is cancelled [USB-59b]. */
static void drop_transfer(struct host *host, struct resource *resource)
{
    struct usb_transfer *transfer = (struct usb_transfer *)resource;
    if (transfer->state == IN_FLIGHT)
        take_back(host, transfer);
    host->usb_in_flight -= transfer->cost;
    usb_open_release(transfer->open);
    free(transfer->seam.bytes);
    free(transfer->seam.packets);
    free(transfer);
}

static const struct resource_type transfer_type = { "transfer", drop_transfer };

/* --- Made --------------------------------------------------------------------------------------------------- */

/* Whether no transfer can be like this. Looked at before anything is allocated for it [USB-79]. */
static enum usb_error refusal(const struct host_limits *limits, enum seam_usb_kind kind, uint32_t bytes,
                              uint32_t packets)
{
    bool is_isochronous = kind == SEAM_USB_ISOCHRONOUS;
    if (kind == SEAM_USB_CONTROL && bytes > MOST_CONTROL_BYTES)
        return USB_INVALID_PARAM;
    if (is_isochronous && packets == 0)
        return USB_INVALID_PARAM;
    if (bytes > limits->usb_bytes || (is_isochronous && packets > limits->usb_packets))
        return USB_NO_MEM;
    return USB_OK;
}

void wasi_usb_device_handle_new_transfer(struct guest *guest, uint32_t self, uint32_t xfer_type, uint32_t request_type,
                                         uint32_t request, uint32_t value, uint32_t index, uint32_t buf_size,
                                         uint32_t endpoint, uint32_t timeout_ms, uint32_t stream_id,
                                         uint32_t iso_packets, uint32_t ret)
{
    struct host *host = guest->host;
    struct usb_open *open = usb_open_of(guest, self, ret, WASI_USB_RESULT_HANDLE_LIBUSB_ERROR_SIZE,
                                        WASI_USB_RESULT_HANDLE_LIBUSB_ERROR_ALIGN);
    if (open == NULL || !guest_read_case(guest, xfer_type, WASI_USB_TRANSFER_TYPE_CASES, "transfer-type"))
        return;
    enum seam_usb_kind kind = (enum seam_usb_kind)xfer_type;
    bool is_control = kind == SEAM_USB_CONTROL;
    enum usb_error error =
        open->is_closed ? USB_NO_DEVICE : refusal(&host->settings->limits, kind, buf_size, iso_packets);
    struct usb_transfer *transfer = NULL;
    if (error == USB_OK) {
        transfer = calloc(1, sizeof *transfer);
        error = transfer == NULL ? USB_NO_MEM : USB_OK;
    }
    if (error != USB_OK) {
        usb_write(guest, ret, 4, error);
        return;
    }
    open->references++;
    *transfer = (struct usb_transfer){
        .resource = { &transfer_type },
        .open = open,
        .timeout_ms = timeout_ms,
        .seam = {
            .kind = kind,
            /* A control transfer goes to endpoint 0 and has no stream, whatever the options say [USB-39b]. */
            .endpoint = is_control ? 0 : (uint8_t)endpoint,
            /* USB 2.0, section 9.3; wLength is the size of the data stage [USB-38]. */
            .setup = { (uint8_t)request_type, (uint8_t)request, (uint8_t)value, (uint8_t)(value >> 8),
                       (uint8_t)index, (uint8_t)(index >> 8), (uint8_t)buf_size, (uint8_t)(buf_size >> 8) },
            /* Bit 7 says that data comes from the device. */
            .is_in = ((is_control ? request_type : endpoint) & 0x80) != 0,
            .stream = is_control ? 0 : stream_id,
            .length = buf_size,
            .packet_count = kind == SEAM_USB_ISOCHRONOUS ? iso_packets : 0,
        },
    };
    uint32_t handle = host_give(host, &transfer->resource);
    if (handle == 0)
        drop_transfer(host, &transfer->resource);
    if (usb_write(guest, ret, 4, handle == 0 ? USB_NO_MEM : USB_OK))
        guest_write_32(guest, ret + 4, handle);
}

/* --- Submitted ---------------------------------------------------------------------------------------------- */

static void time_out(struct host *host, struct host_timer *timer)
{
    struct usb_transfer *transfer = (struct usb_transfer *)((char *)timer - offsetof(struct usb_transfer, timer));
    transfer->has_timed_out = true;
    /* If it is over already, it tells so itself. */
    host->seam->usb->cancel(host->seam->board, transfer->number);
}

/* What the host itself has to say about a transfer, before the driver is asked. */
static enum usb_error check(struct host *host, const struct usb_transfer *transfer)
{
    const struct seam_usb_transfer *seam = &transfer->seam;
    uint8_t value;
    enum usb_error error = usb_open_configuration(host, transfer->open, &value);
    if (error != USB_OK)
        return error;
    if (seam->kind == SEAM_USB_CONTROL) {
        /* SET_CONFIGURATION and SET_INTERFACE would change what the platform believes in behind its back [USB-76]. */
        bool is_configuration = seam->setup[0] == 0x00 && seam->setup[1] == 0x09;
        bool is_interface = seam->setup[0] == 0x01 && seam->setup[1] == 0x0b;
        return is_configuration || is_interface ? USB_INVALID_PARAM : USB_OK;
    }
    if (!usb_open_has_claimed(transfer->open, value, seam->endpoint))
        return USB_NOT_FOUND;
    /* A stream that was not allocated [USB-75b]. */
    return seam->stream > transfer->open->streams[usb_endpoint_place(seam->endpoint)] ? USB_INVALID_PARAM : USB_OK;
}

/* Gives the transfer its memory, within the limit on what all of them have together. */
static enum usb_error allocate(struct host *host, struct usb_transfer *transfer, const uint8_t *data)
{
    struct seam_usb_transfer *seam = &transfer->seam;
    uint64_t cost = (uint64_t)seam->length + seam->packet_count * sizeof *seam->packets + TRANSFER_COST;
    if (cost > host->settings->limits.usb_in_flight - host->usb_in_flight)
        return USB_NO_MEM;
    seam->bytes = calloc(1, seam->length + (size_t)1);
    seam->packets = calloc(seam->packet_count + (size_t)1, sizeof *seam->packets);
    if (seam->bytes == NULL || seam->packets == NULL) {
        free(seam->bytes);
        free(seam->packets);
        seam->bytes = NULL;
        seam->packets = NULL;
        return USB_NO_MEM;
    }
    transfer->cost = cost;
    host->usb_in_flight += cost;
    if (!seam->is_in && seam->length > 0)
        memcpy(seam->bytes, data, seam->length);
    /* The size is shared evenly; the remainder is the last packet's [USB-72b]. */
    for (uint32_t n = 0; n < seam->packet_count; n++)
        seam->packets[n].length = seam->length / seam->packet_count;
    if (seam->packet_count > 0)
        seam->packets[seam->packet_count - 1].length += seam->length % seam->packet_count;
    return USB_OK;
}

static enum usb_error submit(struct host *host, struct usb_transfer *transfer, const uint8_t *data, uint32_t count)
{
    struct usb_open *open = transfer->open;
    if (open->is_closed)
        return USB_NO_DEVICE;
    /* One that is in flight runs on, and one that is complete runs no second time [USB-51] [USB-52b]. */
    if (transfer->state != MADE)
        return USB_BUSY;
    if (!transfer->seam.is_in && count != transfer->seam.length)
        return USB_INVALID_PARAM;
    enum usb_error error = check(host, transfer);
    /* The memory is still there after a submission that was refused. */
    if (error == USB_OK && transfer->seam.bytes == NULL)
        error = allocate(host, transfer, data);
    else if (error == USB_OK && !transfer->seam.is_in && count > 0)
        memcpy(transfer->seam.bytes, data, count);
    if (error == USB_OK)
        error =
            usb_error_of(host->seam->usb->submit(host->seam->board, open->handle, &transfer->seam, &transfer->number));
    if (error != USB_OK)
        return error;
    transfer->state = IN_FLIGHT;
    struct usb_transfer **link = &open->first_in_flight;
    while (*link != NULL)
        link = &(*link)->next;
    transfer->next = NULL;
    *link = transfer;
    if (transfer->timeout_ms > 0) {
        transfer->timer.at = host_now(host) + transfer->timeout_ms * UINT64_C(1000000);
        transfer->timer.ring = time_out;
        host_start_timer(host, &transfer->timer);
    }
    return USB_OK;
}

void wasi_usb_transfer_submit_transfer(struct guest *guest, uint32_t self, uint32_t data_at, uint32_t data_count,
                                       uint32_t ret)
{
    struct usb_transfer *transfer = (struct usb_transfer *)host_borrow(guest, self, &transfer_type);
    const uint8_t *data;
    if (transfer != NULL && GUEST_RESULT(guest, ret, WASI_USB_RESULT_NOTHING_LIBUSB_ERROR) &&
        guest_read(guest, data_at, data_count, 1, 1, &data))
        usb_write(guest, ret, USB_SMALL_PAYLOAD, submit(guest->host, transfer, data, data_count));
}

void wasi_usb_transfer_cancel_transfer(struct guest *guest, uint32_t self, uint32_t ret)
{
    struct host *host = guest->host;
    struct usb_transfer *transfer = (struct usb_transfer *)host_borrow(guest, self, &transfer_type);
    if (transfer == NULL || !GUEST_RESULT(guest, ret, WASI_USB_RESULT_NOTHING_LIBUSB_ERROR))
        return;
    enum usb_error error = transfer->state == MADE ? USB_NOT_FOUND : USB_OK;
    if (transfer->state == IN_FLIGHT)
        error = usb_error_of(host->seam->usb->cancel(host->seam->board, transfer->number));
    usb_write(guest, ret, USB_SMALL_PAYLOAD, error);
}

void wasi_usb_transfer_drop(struct guest *guest, uint32_t self)
{
    host_drop(guest, self, &transfer_type);
}

/* --- Awaited ------------------------------------------------------------------------------------------------ */

/* Waits for the end. */
static enum usb_error await(struct guest *guest, struct usb_transfer *transfer)
{
    struct host *host = guest->host;
    if (transfer->state == MADE)
        return USB_NOT_FOUND;
    while (transfer->state == IN_FLIGHT && !guest->trapped) {
        struct seam_wait wait = { .transfers = &transfer->number, .transfer_count = 1 };
        struct seam_woken woken;
        enum seam_code code = reap(host, transfer);
        if (code != SEAM_OK)
            return usb_error_of(code);
        if (transfer->state == IN_FLIGHT)
            host_is_alive(guest, host_wait(host, &wait, &woken));
    }
    switch (transfer->seam.status) {
    case SEAM_USB_COMPLETED:
        return USB_OK;
    case SEAM_USB_STALL:
        return USB_PIPE;
    case SEAM_USB_OVERFLOW:
        return USB_OVERFLOW;
    case SEAM_USB_CANCELLED:
        /* There is no error for cancellation [USB-57b]. */
        return transfer->has_timed_out ? USB_TIMEOUT : USB_INTERRUPTED;
    case SEAM_USB_TIMED_OUT:
        return USB_TIMEOUT;
    case SEAM_USB_GONE:
        return USB_NO_DEVICE;
    default:
        return USB_IO;
    }
}

/* How many bytes the guest gets. Those of isochronous packets are joined up: a guest that gets no lengths could not
 * find gaps, and a packet that failed has none [USB-72c] [USB-73]. */
static uint32_t join(struct seam_usb_transfer *seam)
{
    if (!seam->is_in)
        return 0;
    if (seam->kind != SEAM_USB_ISOCHRONOUS)
        return seam->moved < seam->length ? seam->moved : seam->length;
    uint32_t from = 0, to = 0;
    for (uint32_t n = 0; n < seam->packet_count; n++) {
        uint32_t moved = seam->packets[n].moved;
        if (moved > seam->length - from)
            moved = seam->length - from;
        if (seam->packets[n].status == SEAM_USB_COMPLETED) {
            memmove(seam->bytes + to, seam->bytes + from, moved);
            to += moved;
        }
        from += moved;
    }
    return to;
}

void wasi_usb_await_transfer(struct guest *guest, uint32_t xfer, uint32_t ret)
{
    struct host *host = guest->host;
    if (!GUEST_RESULT(guest, ret, WASI_USB_RESULT_LIST_LIBUSB_ERROR))
        return;
    /* The guest gives the transfer away, whatever comes of it [USB-56]. */
    struct usb_transfer *transfer = (struct usb_transfer *)host_take(guest, xfer, &transfer_type);
    if (transfer == NULL)
        return;
    if (usb_write(guest, ret, 4, await(guest, transfer)))
        guest_write_bytes(guest, ret + 4, transfer->seam.bytes, join(&transfer->seam));
    drop_transfer(host, &transfer->resource);
}
