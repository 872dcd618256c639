/* The reader and writer of the protocol's lines.
 *
 * Fails a reader that believes what is no JSON, that reads beyond a line which was cut anywhere, that ends a text at
 * a NUL, or that takes a number for a smaller one. */

#include "../adapter/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(what) ((what) ? (void)0 : fail(__LINE__, #what))

static void fail(int line, const char *what)
{
    fprintf(stderr, "json.c:%d: not so: %s\n", line, what);
    abort();
}

/* Parses a copy that has not a byte more than the text, so that a sanitizer sees what is read beyond it. */
static bool parses(const char *text, size_t length)
{
    char *copy = malloc(length == 0 ? 1 : length);
    struct json value;
    CHECK(copy != NULL);
    memcpy(copy, text, length);
    bool is_json = json_parse(copy, length, &value);
    free(copy);
    return is_json;
}

static void what_is_json(void)
{
    static const char *const good[] = { "0",
                                        "-0.5e+10",
                                        "true",
                                        " null ",
                                        "\"\"",
                                        "[]",
                                        "{}",
                                        "[1,[2,{\"a\":3}]]",
                                        "\"\\u00e9\\n\\\"\"",
                                        "{\"a\":1 , \"b\" : [ ] }" };
    static const char *const bad[] = { "",         " ",          "01",   "1.",     "+1",       ".5",          "1e",
                                       "tru",      "nul",        "\"",   "\"\\\"", "\"\\x\"",  "\"\\u12g4\"", "\"\n\"",
                                       "[",        "[1",         "[1,]", "[,1]",   "{",        "{1:2}",       "{\"a\"}",
                                       "{\"a\":}", "{\"a\":1,}", "1 2",  "[1]]",   "\"\xff\"", "nan",         "[1 2]",
                                       "-" };
    for (size_t n = 0; n < sizeof good / sizeof *good; n++)
        CHECK(parses(good[n], strlen(good[n])));
    for (size_t n = 0; n < sizeof bad / sizeof *bad; n++)
        CHECK(!parses(bad[n], strlen(bad[n])));
    /* As deep as the limit says, and no deeper. */
    char deep[200];
    for (size_t depth = 1; depth < 60; depth++) {
        memset(deep, '[', depth);
        memset(deep + depth, ']', depth);
        CHECK(parses(deep, 2 * depth) == (depth <= JSON_MOST_DEPTH + 1));
    }
}

static void lines_that_are_cut(void)
{
    static const char line[] = "{\"answer\":{\"guest\":1,\"ok\":{\"reads\":[\"0fd3\",\"\"],\"now\":"
                               "18446744073709551615,\"why\":\"\\u00e9\\\\\"}}}";
    CHECK(parses(line, sizeof line - 1));
    for (size_t length = 0; length < sizeof line - 1; length++)
        CHECK(!parses(line, length));
}

static struct json parse(const char *text)
{
    struct json value;
    CHECK(json_parse(text, strlen(text), &value));
    return value;
}

static void numbers(void)
{
    uint64_t number;
    CHECK(json_number(parse("18446744073709551615"), UINT64_MAX, &number) && number == UINT64_MAX);
    CHECK(!json_number(parse("18446744073709551616"), UINT64_MAX, &number));
    CHECK(!json_number(parse("4294967296"), UINT32_MAX, &number));
    CHECK(!json_number(parse("-1"), UINT64_MAX, &number));
    CHECK(!json_number(parse("1.0"), UINT64_MAX, &number));
    CHECK(!json_number(parse("\"1\""), UINT64_MAX, &number));
}

static void texts(void)
{
    char to[100];
    size_t length;
    CHECK(json_string(parse("\"a\\u0000b\\ud83d\\ude00\\/\\t\""), to, &length));
    CHECK(length == 9 && memcmp(to, "a\0b\xf0\x9f\x98\x80/\t", 9) == 0);
    CHECK(!json_string(parse("\"\\ud83d\""), to, &length));
    CHECK(!json_string(parse("\"\\ud83dx\""), to, &length));
    CHECK(!json_string(parse("\"\\ude00\""), to, &length));
    CHECK(!json_string(parse("1"), to, &length));
}

static void bytes(void)
{
    uint8_t to[4];
    size_t length;
    CHECK(json_hex_length(parse("\"0fD3\""), &length) && length == 2);
    json_hex(parse("\"0fD3\""), to);
    CHECK(to[0] == 0x0f && to[1] == 0xd3);
    CHECK(json_hex_length(parse("\"\""), &length) && length == 0);
    CHECK(!json_hex_length(parse("\"0fd\""), &length));
    CHECK(!json_hex_length(parse("\"0g\""), &length));
    CHECK(!json_hex_length(parse("[]"), &length));
}

static void members(void)
{
    struct json object = parse("{\"a\":{\"b\":1},\"b\":[2,3],\"\\u0063\":4}"), value, place = { 0 };
    uint64_t number;
    CHECK(json_count(object) == 3);
    CHECK(json_member(object, "b", &value) && json_count(value) == 2);
    CHECK(json_next(value, &place, NULL, &value) && json_number(value, 9, &number) && number == 2);
    CHECK(!json_member(object, "d", &value));
    CHECK(!json_member(parse("[1]"), "a", &value));
    CHECK(json_is(parse("\"both\""), "both") && !json_is(parse("\"bot\""), "both") && !json_is(parse("4"), ""));
}

static void what_is_written(void)
{
    struct json_out out = { 0 };
    json_write(&out, "{\"a\":");
    json_write_string(&out, (struct text){ "\"\\\0\n\xc3\xa9", 6 });
    json_write(&out, ",\"b\":");
    json_write_hex(&out, (const uint8_t *)"\x00\xff", 2);
    json_write(&out, ",\"c\":");
    json_write_string(&out, (struct text){ "\xff", 1 });
    json_write(&out, "}");
    static const char expected[] =
        "{\"a\":\"\\u0022\\u005c\\u0000\\u000a\xc3\xa9\",\"b\":\"00ff\",\"c\":\"\xef\xbf\xbd\"}";
    CHECK(!out.failed && out.length == sizeof expected - 1 && memcmp(out.at, expected, out.length) == 0);
    free(out.at);
    /* What does not fit is noticed, and not cut. */
    struct json_out long_one = { 0 };
    json_write(&long_one, "%300d", 1);
    CHECK(long_one.failed);
    free(long_one.at);
}

int main(void)
{
    what_is_json();
    lines_that_are_cut();
    numbers();
    texts();
    bytes();
    members();
    what_is_written();
    return 0;
}
