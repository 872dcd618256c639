/* An adapter of the conformance suite (harness/PROTOCOL.md): runs guests on an engine, with the hosts of ../host, and
 * asks the harness for what a driver would do. */

#include "engine.h"
#include "run.h"

#include <stdlib.h>

#define PROTOCOL "1.3.0"

/* The version of the hosts. */
#define VERSION "0.1.0"

static void say_started(void)
{
    struct json_out out = { 0 };
    json_write(&out, "{\"started\":{\"protocol\":\"" PROTOCOL "\",\"name\":\"%s\",\"version\":\"" VERSION "+%s\",",
               engine_name, engine_version);
    json_write(&out, "%s,", engine_offers);
    json_write(&out, "\"form\":\"core\"}}");
    if (!exchange_send(&out))
        exchange_fail("out of memory for `started`");
}

static void say_synced(struct json body)
{
    uint64_t run;
    struct json value;
    struct json_out out = { 0 };
    if (!json_member(body, "run", &value) || !json_number(value, UINT32_MAX, &run))
        exchange_fail("a `sync` has no number");
    json_write(&out, "{\"synced\":{\"run\":%llu}}", (unsigned long long)run);
    if (!exchange_send(&out))
        exchange_fail("out of memory for `synced`");
}

int main(void)
{
    struct message message;
    exchange_begin();
    engine_begin();
    while (exchange_read(&message)) {
        if (json_is(message.kind, "answer") || json_is(message.kind, "go")) {
            run_hand(&message);
            continue;
        }
        if (json_is(message.kind, "run")) {
            run_end();
            run_begin(&message);
            continue;
        }
        if (json_is(message.kind, "load")) {
            run_end();
            run_load(&message);
            continue;
        }
        if (json_is(message.kind, "start")) {
            say_started();
        } else if (json_is(message.kind, "sync")) {
            run_end();
            say_synced(message.body);
        } else if (json_is(message.kind, "stop")) {
            message_free(&message);
            return 0;
        } else {
            exchange_fail("protocol " PROTOCOL " has no such message: %.200s", message.line);
        }
        message_free(&message);
    }
    return 0;
}
