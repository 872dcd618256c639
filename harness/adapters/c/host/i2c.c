/* wasi:i2c@0.2.0-draft over message lists, as kernels take them. The ids in brackets are requirements:
 * proposals/i2c/requirements.toml. */

#include "i2c.h"

#include "imports.h"
#include "wasi_hw_i2c.h"

#include <stdlib.h>

#define LAST_SEVEN_BIT 0x7f
#define LAST_TEN_BIT 0x3ff

/* A list<u8> in memory: address and length. */
#define LIST_SIZE 8

struct bus {
    struct resource resource;
    const struct i2c_bus_settings *settings;
    uint32_t handle;
};

static void drop_bus(struct host *host, struct resource *resource)
{
    struct bus *bus = (struct bus *)resource;
    /* No traffic, and the bus can be had again [I2C-33] [I2C-02]. */
    host->seam->i2c->close(host->seam->board, bus->handle);
    free(bus);
}

static const struct resource_type bus_type = { "i2c", drop_bus };

uint32_t wasi_i2c_give_bus(struct host *host, struct text label, struct text *why)
{
    const struct host_settings *settings = host->settings;
    const struct i2c_bus_settings *configured = NULL;
    for (size_t n = 0; n < settings->i2c_count; n++)
        if (text_equals(settings->i2c[n].label, label))
            configured = &settings->i2c[n];
    if (configured == NULL || host->seam->i2c == NULL) {
        *why = TEXT("no bus has this label");
        return 0;
    }
    struct bus *bus = malloc(sizeof *bus);
    if (bus == NULL) {
        *why = TEXT("out of memory");
        return 0;
    }
    *bus = (struct bus){ .resource = { &bus_type }, .settings = configured };
    if (host->seam->i2c->open(host->seam->board, label, &bus->handle) != SEAM_OK) {
        *why = host_why(host);
        free(bus);
        return 0;
    }
    uint32_t handle = host_give(host, &bus->resource);
    if (handle == 0) {
        *why = TEXT("the guest holds too many handles");
        drop_bus(host, &bus->resource);
    }
    return handle;
}

/* One step of a transfer, as the guest asks for it. */
struct step {
    bool is_read;
    uint64_t length;    /* a guest names that of a read with 64 bits */
    const uint8_t *out; /* of a write; in the guest's memory */
};

/* Whether the embedder lets the guest do all of this. */
static bool is_admitted(const struct host *host, const struct bus *bus, uint16_t address, const struct step *steps,
                        uint32_t count)
{
    const struct i2c_bus_settings *settings = bus->settings;
    const struct host_limits *limits = &host->settings->limits;
    bool may_read = !settings->is_restricted, may_write = !settings->is_restricted;
    for (size_t n = 0; n < settings->rule_count; n++) {
        const struct i2c_rule *rule = &settings->rules[n];
        may_read = may_read || (rule->address == address && rule->reads);
        may_write = may_write || (rule->address == address && rule->writes);
    }
    /* Taken off one by one, so that no sum can wrap: each length may be up to 2^64 - 1 [I2C-20]. */
    uint64_t left = settings->most_bytes != 0 ? settings->most_bytes : limits->i2c_bytes;
    for (uint32_t n = 0; n < count; n++) {
        /* Looked at before the first part is carried out [I2C-35b]. */
        if (!(steps[n].is_read ? may_read : may_write) || steps[n].length > left)
            return false;
        left -= steps[n].length;
    }
    return true;
}

/* Does the steps as one transfer. What is read comes to `*read`, which the caller frees, one step's bytes behind the
 * other's. False: `*error` says what the guest is told. */
static bool transfer(struct host *host, const struct bus *bus, uint16_t address, const struct step *steps,
                     uint32_t count, uint8_t **read, struct wasi_i2c_error_code *error)
{
    *read = NULL;
    *error = (struct wasi_i2c_error_code){ .tag = WASI_I2C_ERROR_CODE_OTHER };
    /* No target has such an address [I2C-05]; a policy and a length that cannot be met are refused like that, too,
     * all of them before anything moves [I2C-35] [I2C-20b]. */
    if (address > LAST_TEN_BIT || !is_admitted(host, bus, address, steps, count))
        return false;
    /* The lengths are within a limit of 32 bits by now, and so is their sum. */
    size_t room = 1;
    for (uint32_t n = 0; n < count; n++)
        room += steps[n].is_read ? (size_t)steps[n].length : 0;
    struct seam_i2c_message *messages = calloc(count, sizeof *messages);
    *read = malloc(room);
    if (messages == NULL || *read == NULL) {
        free(messages);
        return false;
    }
    uint8_t *in = *read;
    for (uint32_t n = 0; n < count; n++) {
        struct seam_i2c_message *message = &messages[n];
        message->address = address;
        /* The interface has no flag for the width: what fits into seven bits has seven. */
        message->flags = address > LAST_SEVEN_BIT ? SEAM_I2C_TEN : 0;
        /* Neighbours of one direction are joined, with no START and address between them, as embedded-hal has it
         * [I2C-11]. */
        if (n > 0 && steps[n - 1].is_read == steps[n].is_read)
            message->flags |= SEAM_I2C_NO_START;
        message->is_read = steps[n].is_read;
        message->length = (uint32_t)steps[n].length;
        if (steps[n].is_read) {
            message->bytes.in = in;
            in += message->length;
        } else {
            message->bytes.out = steps[n].out;
        }
    }
    enum seam_code code = host->seam->i2c->transfer(host->seam->board, bus->handle, messages, count);
    free(messages);
    switch (code) {
    case SEAM_OK:
        return true;
    case SEAM_BUS_ERROR:
        error->tag = WASI_I2C_ERROR_CODE_BUS;
        break;
    case SEAM_ARBITRATION_LOST:
        error->tag = WASI_I2C_ERROR_CODE_ARBITRATION_LOSS;
        break;
    case SEAM_ADDRESS_NACK:
        error->tag = WASI_I2C_ERROR_CODE_NO_ACKNOWLEDGE;
        error->value.no_acknowledge = WASI_I2C_NO_ACKNOWLEDGE_SOURCE_ADDRESS;
        break;
    case SEAM_DATA_NACK:
        error->tag = WASI_I2C_ERROR_CODE_NO_ACKNOWLEDGE;
        error->value.no_acknowledge = WASI_I2C_NO_ACKNOWLEDGE_SOURCE_DATA;
        break;
    case SEAM_OVERRUN:
        error->tag = WASI_I2C_ERROR_CODE_OVERRUN;
        break;
    default:
        break;
    }
    return false;
}

/* The result of `transaction`, `read` and `write-read`: a list, of lists or of bytes. */
static void write_result(struct guest *guest, uint32_t ret, struct wasi_i2c_result_list_error_code result)
{
    uint8_t bytes[WASI_I2C_RESULT_LIST_ERROR_CODE_SIZE] = { 0 };
    wasi_i2c_result_list_error_code_store(bytes, &result);
    guest_write(guest, ret, bytes, sizeof bytes);
}

static void write_error(struct guest *guest, uint32_t ret, struct wasi_i2c_error_code error)
{
    write_result(guest, ret, (struct wasi_i2c_result_list_error_code){ .tag = 1, .value.err = error });
}

void wasi_i2c_i2c_transaction(struct guest *guest, uint32_t self, uint32_t address, uint32_t operations_at,
                              uint32_t operations_count, uint32_t ret)
{
    struct host *host = guest->host;
    const struct bus *bus = (struct bus *)host_borrow(guest, self, &bus_type);
    const uint8_t *operations;
    if (bus == NULL || !GUEST_RESULT(guest, ret, WASI_I2C_RESULT_LIST_ERROR_CODE) ||
        !guest_read(guest, operations_at, operations_count, WASI_I2C_OPERATION_SIZE, WASI_I2C_OPERATION_ALIGN,
                    &operations))
        return;
    struct wasi_i2c_error_code error = { .tag = WASI_I2C_ERROR_CODE_OTHER };
    /* More than anybody needs would make the host allocate for each. */
    if (operations_count > host->settings->limits.i2c_operations) {
        write_error(guest, ret, error);
        return;
    }
    struct step *steps = calloc(operations_count + (size_t)1, sizeof *steps);
    if (steps == NULL) {
        write_error(guest, ret, error);
        return;
    }
    uint32_t reads = 0;
    for (uint32_t n = 0; n < operations_count; n++) {
        struct wasi_i2c_operation operation;
        if (!wasi_i2c_operation_load(operations + (size_t)n * WASI_I2C_OPERATION_SIZE, &operation)) {
            guest_trap(guest, "there is no such case of operation");
            break;
        }
        steps[n].is_read = operation.tag == WASI_I2C_OPERATION_READ;
        if (steps[n].is_read) {
            steps[n].length = operation.value.read;
            reads++;
            continue;
        }
        struct wasi_hw_list list = operation.value.write;
        steps[n].length = list.count;
        if (!guest_read(guest, list.at, list.count, 1, 1, &steps[n].out))
            break;
    }
    uint8_t *read = NULL;
    bool done = true;
    /* Nothing to do gives nothing, without bus activity [I2C-16]. */
    if (!guest->trapped && operations_count > 0)
        done = transfer(host, bus, (uint16_t)address, steps, operations_count, &read, &error);
    uint32_t lists;
    if (!done) {
        write_error(guest, ret, error);
    } else if (guest_allocate(guest, reads, LIST_SIZE, 4, &lists)) {
        /* One list for each operation that reads [I2C-13]. */
        const uint8_t *from = read;
        uint32_t to = lists;
        for (uint32_t n = 0; n < operations_count; n++) {
            if (!steps[n].is_read)
                continue;
            guest_write_bytes(guest, to, from, (size_t)steps[n].length);
            from += steps[n].length;
            to += LIST_SIZE;
        }
        write_result(guest, ret, (struct wasi_i2c_result_list_error_code){ .value.ok = { lists, reads } });
    }
    free(read);
    free(steps);
}

/* The steps of `read` and `write-read`, whose last one reads; the result is its bytes. */
static void read_last(struct guest *guest, const struct bus *bus, uint32_t address, const struct step *steps,
                      uint32_t count, uint32_t ret)
{
    uint8_t *read;
    struct wasi_i2c_error_code error;
    struct wasi_i2c_result_list_error_code result = { .value.ok.count = (uint32_t)steps[count - 1].length };
    struct wasi_hw_list *list = &result.value.ok;
    if (!transfer(guest->host, bus, (uint16_t)address, steps, count, &read, &error)) {
        write_error(guest, ret, error);
    } else if (guest_allocate(guest, list->count, 1, 1, &list->at) &&
               guest_write(guest, list->at, read, list->count)) {
        write_result(guest, ret, result);
    }
    free(read);
}

void wasi_i2c_i2c_read(struct guest *guest, uint32_t self, uint32_t address, uint64_t len, uint32_t ret)
{
    const struct bus *bus = (struct bus *)host_borrow(guest, self, &bus_type);
    if (bus == NULL || !GUEST_RESULT(guest, ret, WASI_I2C_RESULT_LIST_ERROR_CODE))
        return;
    struct step steps[] = { { .is_read = true, .length = len } };
    read_last(guest, bus, address, steps, 1, ret);
}

void wasi_i2c_i2c_write(struct guest *guest, uint32_t self, uint32_t address, uint32_t data_at, uint32_t data_count,
                        uint32_t ret)
{
    const struct bus *bus = (struct bus *)host_borrow(guest, self, &bus_type);
    struct step step = { .length = data_count };
    if (bus == NULL || !GUEST_RESULT(guest, ret, WASI_I2C_RESULT_NOTHING_ERROR_CODE) ||
        !guest_read(guest, data_at, data_count, 1, 1, &step.out))
        return;
    uint8_t *read, bytes[WASI_I2C_RESULT_NOTHING_ERROR_CODE_SIZE] = { 0 };
    struct wasi_i2c_result_nothing_error_code result;
    result.tag = transfer(guest->host, bus, (uint16_t)address, &step, 1, &read, &result.value.err) ? 0 : 1;
    wasi_i2c_result_nothing_error_code_store(bytes, &result);
    guest_write(guest, ret, bytes, sizeof bytes);
    free(read);
}

void wasi_i2c_i2c_write_read(struct guest *guest, uint32_t self, uint32_t address, uint32_t write_at,
                             uint32_t write_count, uint64_t read_len, uint32_t ret)
{
    const struct bus *bus = (struct bus *)host_borrow(guest, self, &bus_type);
    struct step steps[] = { { .length = write_count }, { .is_read = true, .length = read_len } };
    if (bus == NULL || !GUEST_RESULT(guest, ret, WASI_I2C_RESULT_LIST_ERROR_CODE) ||
        !guest_read(guest, write_at, write_count, 1, 1, &steps[0].out))
        return;
    read_last(guest, bus, address, steps, 2, ret);
}

void wasi_i2c_i2c_drop(struct guest *guest, uint32_t self)
{
    host_drop(guest, self, &bus_type);
}

/* A delay has no state: one serves everybody. */
static void drop_delay(struct host *host, struct resource *resource)
{
    (void)host, (void)resource;
}

static const struct resource_type delay_type = { "delay", drop_delay };

uint32_t wasi_i2c_give_delay(struct host *host)
{
    static struct resource delay = { &delay_type };
    return host_give(host, &delay);
}

void wasi_i2c_delay_delay_ns(struct guest *guest, uint32_t self, uint32_t ns)
{
    if (host_borrow(guest, self, &delay_type) != NULL)
        host_pause(guest, ns);
}

void wasi_i2c_delay_drop(struct guest *guest, uint32_t self)
{
    host_drop(guest, self, &delay_type);
}

GUEST_IMPORT_TABLE(wasi_i2c_imports, WASI_I2C_IMPORTS);
