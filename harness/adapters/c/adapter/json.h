/* JSON as the protocol's lines have it: read where it stands, and written into one buffer.
 *
 * Of our own, because it has to work on a board as well, where every allocation counts: reading allocates nothing,
 * and texts keep their length, since a guest's may hold a NUL. */

#ifndef WASI_HW_JSON_H
#define WASI_HW_JSON_H

#include "../host/guest.h"

/* A value inside a text that json_parse has looked through; from its first to behind its last character. */
struct json {
    const char *at, *end;
};

/* Whether a text is one value and nothing else (RFC 8259), nested at most JSON_MOST_DEPTH deep, in UTF-8. */
bool json_parse(const char *text, size_t length, struct json *value);
#define JSON_MOST_DEPTH 16

/* The member of an object. False if there is none, or this is no object. */
bool json_member(struct json object, const char *name, struct json *value);

/* Goes through the members of an object or the elements of an array: set `place->at` to NULL before the first call.
 * The name is as it stands in the text, in its quotes; `name` may be NULL. */
bool json_next(struct json list, struct json *place, struct json *name, struct json *value);

/* How many members or elements there are. */
size_t json_count(struct json list);

bool json_is_null(struct json value);
bool json_is_true(struct json value);

/* A whole number from 0 to `most`, in digits alone. */
bool json_number(struct json value, uint64_t most, uint64_t *number);

/* Whether a value is this string. For words of the protocol: one with escapes is none of them. */
bool json_is(struct json value, const char *word);

/* Decodes a string into `to`, which has room for as many bytes as the value has characters. */
bool json_string(struct json value, char *to, size_t *length);

/* How many bytes a string of hexadecimal digits in pairs is; false if it is none. */
bool json_hex_length(struct json value, size_t *length);

/* Decodes such a string. */
void json_hex(struct json value, uint8_t *to);

/* A text that is being written. */
struct json_out {
    char *at;
    size_t length, room;
    /* There was no memory for all of it. */
    bool failed;
};

/* Text as it is: names, braces and numbers. `format` is printf's; at most 200 characters. */
void json_write(struct json_out *out, const char *format, ...)
#ifdef __GNUC__
    __attribute__((format(printf, 2, 3)))
#endif
    ;

/* A string in quotes, with what needs it escaped. What is not UTF-8 becomes U+FFFD. */
void json_write_string(struct json_out *out, struct text text);

/* Bytes as a string of hexadecimal digits. */
void json_write_hex(struct json_out *out, const uint8_t *bytes, size_t length);

#endif
