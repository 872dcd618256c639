/* wasi:spi@0.2.0-draft over lists of transfers, as Linux's spidev takes them. The ids in brackets are requirements:
 * proposals/spi/requirements.toml. */

#include "imports.h"
#include "wasi_hw_spi.h"

#include "host.h"

#include <stdlib.h>

/* The longest pause of one transfer, in microseconds: Linux has 16 bits for it. */
#define LONGEST_PAUSE 65535

struct device {
    struct resource resource;
    const struct spi_device_settings *settings;
    uint32_t handle;
};

static void drop_device(struct host *host, struct resource *resource)
{
    struct device *device = (struct device *)resource;
    host->seam->spi->close(host->seam->board, device->handle);
    free(device);
}

static const struct resource_type device_type = { "spi-device", drop_device };

/* --- Errors ------------------------------------------------------------------------------------------------- */

static void write_other(struct guest *guest, uint32_t ret, struct text why)
{
    guest_write_8(guest, ret, 1);
    guest_write_8(guest, ret + 4, WASI_SPI_ERROR_OTHER);
    guest_write_bytes(guest, ret + 8, why.at, why.length);
}

/* What the driver refused. */
static void write_refusal(struct guest *guest, uint32_t ret, enum seam_code code)
{
    enum wasi_spi_error_case error;
    switch (code) {
    case SEAM_OVERRUN:
        error = WASI_SPI_ERROR_OVERRUN;
        break;
    case SEAM_MODE_FAULT:
        error = WASI_SPI_ERROR_MODE_FAULT;
        break;
    case SEAM_FRAME_FORMAT:
        error = WASI_SPI_ERROR_FRAME_FORMAT;
        break;
    case SEAM_CHIP_SELECT:
        error = WASI_SPI_ERROR_CHIP_SELECT_FAULT;
        break;
    default:
        /* Whatever the first four do not name [SPI-29b]. */
        write_other(guest, ret, host_why(guest->host));
        return;
    }
    guest_write_8(guest, ret, 1);
    guest_write_8(guest, ret + 4, (uint8_t)error);
}

/* --- Open --------------------------------------------------------------------------------------------------- */

/* A driver with the settings that belong to the name, or a reason. */
static enum seam_code attach(struct host *host, const struct spi_device_settings *settings, uint32_t *handle)
{
    const struct seam *seam = host->seam;
    enum seam_code code = seam->spi->open(seam->board, settings->name, handle);
    if (code != SEAM_OK)
        return code;
    code = seam->spi->configure(seam->board, *handle, &settings->clock);
    if (code != SEAM_OK)
        seam->spi->close(seam->board, *handle);
    return code;
}

void wasi_spi_open(struct guest *guest, uint32_t name_at, uint32_t name_count, uint32_t ret)
{
    struct host *host = guest->host;
    const struct spi_device_settings *settings = NULL;
    struct text name;
    if (!GUEST_RESULT(guest, ret, WASI_SPI_RESULT_HANDLE_ERROR) ||
        !guest_read_text(guest, name_at, name_count, &name))
        return;
    /* Names match byte for byte [SPI-08]. */
    for (size_t n = 0; n < host->settings->spi_count; n++)
        if (text_equals(host->settings->spi[n].name, name))
            settings = &host->settings->spi[n];
    /* Denied or missing: the guest cannot tell [SPI-06]. */
    if (settings == NULL || settings->access == SPI_NO_ACCESS || host->seam->spi == NULL) {
        write_other(guest, ret, TEXT("no device has this name"));
        return;
    }
    struct device *device = malloc(sizeof *device);
    if (device == NULL) {
        write_other(guest, ret, TEXT("out of memory"));
        return;
    }
    *device = (struct device){ .resource = { &device_type }, .settings = settings };
    enum seam_code code = attach(host, settings, &device->handle);
    if (code != SEAM_OK) {
        free(device);
        write_refusal(guest, ret, code);
        return;
    }
    uint32_t handle = host_give(host, &device->resource);
    if (handle == 0) {
        drop_device(host, &device->resource);
        write_other(guest, ret, TEXT("the guest holds too many handles"));
        return;
    }
    guest_write_8(guest, ret, 0);
    guest_write_32(guest, ret + 4, handle);
}

void wasi_spi_spi_device_drop(struct guest *guest, uint32_t self)
{
    host_drop(guest, self, &device_type);
}

/* --- Frames ------------------------------------------------------------------------------------------------- */

/* One operation of a frame. */
struct step {
    uint8_t operation;  /* its case */
    uint64_t length;    /* in bytes; a guest names that of a read with 64 bits */
    const uint8_t *out; /* in the guest's memory */
    const uint8_t *in;  /* what came in */
    uint32_t pause_ns;
};

/* A frame, and what came in in it. */
struct frame {
    struct step *steps;
    uint32_t count;
    uint8_t *in;
};

/* How many transfers an operation takes. One of nothing at all is a transfer, too, so that a frame of pauses alone is
 * a frame [SPI-23]. */
static uint32_t parts(const struct step *step)
{
    uint32_t us = step->pause_ns / 1000 + (step->pause_ns % 1000 != 0);
    return us <= LONGEST_PAUSE ? 1 : (us + LONGEST_PAUSE - 1) / LONGEST_PAUSE;
}

/* Whether the embedder lets the guest do this; otherwise writes the error. `*transfers` and `*in` are how many
 * transfers the frame takes and how many bytes come in. Nothing has been allocated for a length before this
 * [SPI-33]. */
static bool is_admitted(struct guest *guest, const struct device *device, const struct frame *frame, uint32_t ret,
                        uint32_t *transfers, size_t *in)
{
    const struct host_limits *limits = &guest->host->settings->limits;
    uint64_t left = device->settings->most_bytes != 0 ? device->settings->most_bytes : limits->spi_bytes;
    *transfers = 0;
    *in = 0;
    for (uint32_t n = 0; n < frame->count; n++) {
        const struct step *step = &frame->steps[n];
        bool sends = step->operation == WASI_SPI_OPERATION_WRITE || step->operation == WASI_SPI_OPERATION_TRANSFER;
        if (sends && device->settings->access == SPI_READ_ONLY) {
            write_other(guest, ret, TEXT("the device is for reading only"));
            return false;
        }
        /* Taken off one by one: no sum can wrap. */
        if (step->length > left) {
            write_other(guest, ret, TEXT("more bytes than one call may clock"));
            return false;
        }
        left -= step->length;
        *in += step->operation == WASI_SPI_OPERATION_WRITE ? 0 : (size_t)step->length;
        *transfers += parts(step);
        if (*transfers > limits->spi_operations) {
            write_other(guest, ret, TEXT("more operations than one transaction may have"));
            return false;
        }
    }
    return true;
}

/* The transfers of one operation; gives how many. */
static uint32_t make_transfers(const struct step *step, uint8_t *in, struct seam_spi_transfer *transfers)
{
    transfers->out = step->out;
    transfers->in = step->operation == WASI_SPI_OPERATION_WRITE || step->length == 0 ? NULL : in;
    transfers->length = (uint32_t)step->length;
    /* A pause lasts at least that long, so microseconds round up [SPI-21]; a long one has several parts. */
    uint32_t us = step->pause_ns / 1000 + (step->pause_ns % 1000 != 0);
    uint32_t count = parts(step);
    for (uint32_t n = 0; n < count; n++) {
        transfers[n].delay_us = (uint16_t)(us < LONGEST_PAUSE ? us : LONGEST_PAUSE);
        us -= transfers[n].delay_us;
    }
    return count;
}

/* Runs a frame. False: the error is written. What came in lies at `frame->in`, which the caller frees. */
static bool run(struct guest *guest, const struct device *device, struct frame *frame, uint32_t ret)
{
    struct host *host = guest->host;
    uint32_t count;
    size_t room;
    if (!is_admitted(guest, device, frame, ret, &count, &room))
        return false;
    /* An empty list gives an empty list, and chip select does not move [SPI-18]. */
    if (frame->count == 0)
        return true;
    struct seam_spi_transfer *transfers = calloc(count, sizeof *transfers);
    frame->in = malloc(room + 1);
    if (transfers == NULL || frame->in == NULL) {
        free(transfers);
        write_other(guest, ret, TEXT("out of memory"));
        return false;
    }
    uint8_t *in = frame->in;
    uint32_t made = 0;
    for (uint32_t n = 0; n < frame->count; n++) {
        struct step *step = &frame->steps[n];
        step->in = in;
        made += make_transfers(step, in, transfers + made);
        in += step->operation == WASI_SPI_OPERATION_WRITE ? 0 : (size_t)step->length;
    }
    enum seam_code code = host->seam->spi->message(host->seam->board, device->handle, transfers, count);
    free(transfers);
    if (code != SEAM_OK)
        write_refusal(guest, ret, code);
    return code == SEAM_OK;
}

/* A frame of one operation, whose result is the bytes that came in, or nothing [SPI-16]. */
static void run_one(struct guest *guest, uint32_t self, struct step *step, uint32_t data_at, uint32_t ret)
{
    const struct device *device = (struct device *)host_borrow(guest, self, &device_type);
    struct frame frame = { step, 1, NULL };
    if (device == NULL || !GUEST_RESULT(guest, ret, WASI_SPI_RESULT_LIST_ERROR))
        return;
    if (step->operation != WASI_SPI_OPERATION_READ &&
        !guest_read(guest, data_at, (uint32_t)step->length, 1, 1, &step->out))
        return;
    if (run(guest, device, &frame, ret)) {
        guest_write_8(guest, ret, 0);
        if (step->operation != WASI_SPI_OPERATION_WRITE)
            guest_write_bytes(guest, ret + 4, step->in, (size_t)step->length);
    }
    free(frame.in);
}

void wasi_spi_spi_device_read(struct guest *guest, uint32_t self, uint64_t len, uint32_t ret)
{
    struct step step = { .operation = WASI_SPI_OPERATION_READ, .length = len };
    run_one(guest, self, &step, 0, ret);
}

void wasi_spi_spi_device_write(struct guest *guest, uint32_t self, uint32_t data_at, uint32_t data_count, uint32_t ret)
{
    struct step step = { .operation = WASI_SPI_OPERATION_WRITE, .length = data_count };
    run_one(guest, self, &step, data_at, ret);
}

void wasi_spi_spi_device_transfer(struct guest *guest, uint32_t self, uint32_t data_at, uint32_t data_count,
                                  uint32_t ret)
{
    struct step step = { .operation = WASI_SPI_OPERATION_TRANSFER, .length = data_count };
    run_one(guest, self, &step, data_at, ret);
}

/* Reads one operation of a list. */
static bool read_step(struct guest *guest, const uint8_t *at, struct step *step)
{
    struct wasi_spi_operation operation;
    if (!wasi_spi_operation_load(at, &operation)) {
        guest_trap(guest, "there is no such case of operation");
        return false;
    }
    step->operation = operation.tag;
    if (operation.tag == WASI_SPI_OPERATION_READ) {
        step->length = operation.value.read;
        return true;
    }
    if (operation.tag == WASI_SPI_OPERATION_DELAY_NS) {
        step->pause_ns = operation.value.delay_ns;
        return true;
    }
    struct wasi_hw_list list =
        operation.tag == WASI_SPI_OPERATION_WRITE ? operation.value.write : operation.value.transfer;
    step->length = list.count;
    return guest_read(guest, list.at, list.count, 1, 1, &step->out);
}

/* Writes one result for each operation, in their order [SPI-17]. */
static void write_results(struct guest *guest, const struct frame *frame, uint32_t ret)
{
    uint32_t results;
    if (!guest_allocate(guest, frame->count, WASI_SPI_OPERATION_RESULT_SIZE, WASI_SPI_OPERATION_RESULT_ALIGN,
                        &results))
        return;
    for (uint32_t n = 0; n < frame->count; n++) {
        const struct step *step = &frame->steps[n];
        uint32_t to = results + n * WASI_SPI_OPERATION_RESULT_SIZE;
        guest_write_8(guest, to, step->operation);
        if (step->operation == WASI_SPI_OPERATION_READ || step->operation == WASI_SPI_OPERATION_TRANSFER)
            guest_write_bytes(guest, to + 4, step->in, (size_t)step->length);
    }
    guest_write_8(guest, ret, 0);
    guest_write_32(guest, ret + 4, results);
    guest_write_32(guest, ret + 8, frame->count);
}

void wasi_spi_spi_device_transaction(struct guest *guest, uint32_t self, uint32_t operations_at,
                                     uint32_t operations_count, uint32_t ret)
{
    const struct device *device = (struct device *)host_borrow(guest, self, &device_type);
    const uint8_t *operations;
    if (device == NULL || !GUEST_RESULT(guest, ret, WASI_SPI_RESULT_LIST_ERROR) ||
        !guest_read(guest, operations_at, operations_count, WASI_SPI_OPERATION_SIZE, WASI_SPI_OPERATION_ALIGN,
                    &operations))
        return;
    if (operations_count > guest->host->settings->limits.spi_operations) {
        write_other(guest, ret, TEXT("more operations than one transaction may have"));
        return;
    }
    struct frame frame = { calloc(operations_count + (size_t)1, sizeof(struct step)), operations_count, NULL };
    if (frame.steps == NULL) {
        write_other(guest, ret, TEXT("out of memory"));
        return;
    }
    uint32_t read = 0;
    for (; read < frame.count; read++, operations += WASI_SPI_OPERATION_SIZE)
        if (!read_step(guest, operations, &frame.steps[read]))
            break;
    if (read == frame.count && run(guest, device, &frame, ret))
        write_results(guest, &frame, ret);
    free(frame.in);
    free(frame.steps);
}

GUEST_IMPORT_TABLE(wasi_spi_imports, WASI_SPI_IMPORTS);
