#include "run.h"

#include "board.h"
#include "engine.h"
#include "../host/host.h"
#include "settings.h"

#include <stdlib.h>
#include <string.h>

/* One guest of the run. */
struct runner {
    uint32_t number;
    struct thread *thread;
    struct text test;
};

/* The run. Only the main thread changes it, and not while a guest's thread runs. */
static struct {
    struct message message;
    uint32_t number;
    char *text; /* what the strings of the message decode to */
    struct run_settings settings;
    struct engine_limits limits;
    struct engine_module *module; /* NULL: `failure` says why */
    struct engine_failure failure;
    struct runner guests[RUN_MOST_GUESTS];
    uint32_t count;
} run;

static struct json field(struct json object, const char *name)
{
    struct json value;
    if (!json_member(object, name, &value))
        exchange_fail("a message has no `%s`: %.200s", name, run.message.line);
    return value;
}

static uint64_t number(struct json object, const char *name, uint64_t most)
{
    uint64_t read;
    if (!json_number(field(object, name), most, &read))
        exchange_fail("`%s` of a message is no number: %.200s", name, run.message.line);
    return read;
}

static struct text text(struct json value, char **to)
{
    size_t length;
    if (!json_string(value, *to, &length))
        exchange_fail("a message has no string where one belongs: %.200s", value.at);
    struct text read = { *to, length };
    /* With an end, because some of them become names of files. */
    (*to)[length] = '\0';
    *to += length + 1;
    return read;
}

/* How a guest ended. */
struct ending {
    const char *how;
    const char *why;
    const char *item;
};

static struct ending call(struct guest *guest, const struct board *board, struct text test)
{
    uint32_t at, ret;
    const uint8_t *result;
    enum engine_end end = ENGINE_TRAPPED;
    if (guest_allocate(guest, (uint32_t)test.length, 1, 1, &at) && guest_write(guest, at, test.at, test.length))
        end = engine_run(guest, at, (uint32_t)test.length, &ret);
    if (board->is_dead)
        return (struct ending){ .how = "timeout", .why = "nothing can happen any more" };
    if (end == ENGINE_OUT_OF_FUEL)
        return (struct ending){ .how = "timeout", .why = "the fuel is used up" };
    /* result<_, string>: the case at 0. */
    if (end == ENGINE_TRAPPED || !guest_read(guest, ret, 1, 12, 4, &result))
        return (struct ending){ .how = "trap", .why = guest->why };
    bool is_error = result[0] != 0;
    guest->may_not_leave = true;
    if (engine_post_run(guest, ret) != ENGINE_RETURNED)
        return (struct ending){ .how = "trap", .why = guest->why };
    return is_error ? (struct ending){ .how = "no-such-test", .why = "the guest has no test of this name" }
                    : (struct ending){ .how = "returned" };
}

static void say_done(uint32_t number, struct ending ending)
{
    struct json_out out = { 0 };
    json_write(&out, "{\"done\":{\"run\":%u,\"guest\":%u,\"how\":\"%s\"", (unsigned)run.number, (unsigned)number,
               ending.how);
    if (ending.why != NULL) {
        json_write(&out, ",\"why\":");
        json_write_string(&out, (struct text){ ending.why, strlen(ending.why) });
    }
    if (ending.item != NULL && ending.item[0] != '\0') {
        json_write(&out, ",\"item\":");
        json_write_string(&out, (struct text){ ending.item, strlen(ending.item) });
    }
    json_write(&out, "}}");
    if (!exchange_send(&out))
        exchange_fail("out of memory for a `done`");
}

/* The thread of a guest: an instance on hosts of its own, one call, and everything is let go of. */
static void run_guest(struct thread *thread, void *to)
{
    const struct runner *runner = to;
    struct engine_failure failure = run.failure;
    struct guest guest = { 0 };
    struct board board;
    struct host host;
    board_begin(&board, runner->number, thread);
    host_begin(&host, &board.seam, &run.settings.host);
    guest.host = &host;
    bool is_made = run.module != NULL && engine_instantiate(run.module, &run.limits, &guest, &failure);
    if (run.count > 1) {
        struct message go = thread_take(thread, "go");
        message_free(&go);
    }
    struct ending ending = { .how = "link-failure", .why = failure.why, .item = failure.item };
    if (is_made)
        ending = call(&guest, &board, runner->test);
    host_end(&host);
    say_done(runner->number, ending);
    if (is_made)
        engine_drop(&guest);
    board_end(&board);
}

/* Room for what the strings of the message decode to. */
static char *room(void)
{
    run.text = malloc(strlen(run.message.line) + 1);
    if (run.text == NULL)
        exchange_fail("out of memory for a message");
    return run.text;
}

/* The component of a `load` or a `run`. */
static struct engine_component component_of(struct json body, char **to)
{
    struct json component = field(body, "component");
    struct engine_component file = { .path = text(field(component, "path"), to).at };
    file.sha256 = text(field(component, "sha256"), to).at;
    return file;
}

void run_load(struct message *message)
{
    struct json_out out = { 0 };
    run.message = *message;
    char *to = room();
    struct engine_component file = component_of(message->body, &to);
    engine_load(&file, &run.failure);
    json_write(&out, "{\"loaded\":{\"sha256\":");
    json_write_string(&out, (struct text){ file.sha256, strlen(file.sha256) });
    json_write(&out, "}}");
    if (!exchange_send(&out))
        exchange_fail("out of memory for `loaded`");
    free(run.text);
    run.text = NULL;
    message_free(&run.message);
}

void run_begin(struct message *message)
{
    const char *why;
    run.message = *message;
    struct json body = message->body, limits = field(body, "limits");
    struct json tests = field(body, "tests"), place = { 0 }, test;
    run.number = (uint32_t)number(body, "run", UINT32_MAX);
    run.limits.fuel = number(limits, "fuel", UINT64_MAX);
    run.limits.memory = number(limits, "memory", UINT64_MAX);
    char *to = room();
    struct engine_component file = component_of(body, &to);
    if (!settings_read(&run.settings, field(body, "host"), &why))
        exchange_fail("%s cannot be read: %.200s", why, run.message.line);
    memset(&run.failure, 0, sizeof run.failure);
    run.module = engine_load(&file, &run.failure);
    run.count = (uint32_t)json_count(tests);
    if (run.count == 0 || run.count > RUN_MOST_GUESTS)
        exchange_fail("a `run` of %u guests; there are 1 to %d", (unsigned)run.count, RUN_MOST_GUESTS);
    for (uint32_t n = 0; n < run.count; n++) {
        json_next(tests, &place, NULL, &test);
        run.guests[n].number = n;
        run.guests[n].test = text(test, &to);
    }
    for (uint32_t n = 0; n < run.count; n++)
        run.guests[n].thread = thread_begin(run_guest, &run.guests[n]);
}

void run_hand(struct message *message)
{
    struct json value;
    uint64_t guest = 0;
    if (json_member(message->body, "guest", &value) && !json_number(value, UINT32_MAX, &guest))
        guest = UINT32_MAX;
    if (guest >= run.count)
        exchange_fail("the harness speaks to a guest that is not there: %.200s", message->line);
    thread_hand(run.guests[guest].thread, message);
}

void run_end(void)
{
    for (uint32_t n = 0; n < run.count; n++)
        thread_end(run.guests[n].thread);
    run.count = 0;
    settings_free(&run.settings);
    free(run.text);
    run.text = NULL;
    message_free(&run.message);
}
