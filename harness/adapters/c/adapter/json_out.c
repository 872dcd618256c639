#include "json.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Room for so many more; NULL if there is none. */
static char *more(struct json_out *out, size_t length)
{
    if (out->failed || length > SIZE_MAX / 4 - out->length) {
        out->failed = true;
        return NULL;
    }
    size_t needed = out->length + length;
    if (needed > out->room) {
        /* A quarter more than is needed: on a board twice as much may not be there. */
        size_t room = needed < 200 ? 250 : needed + needed / 4;
        char *grown = realloc(out->at, room);
        if (grown == NULL) {
            out->failed = true;
            return NULL;
        }
        out->at = grown;
        out->room = room;
    }
    char *at = out->at + out->length;
    out->length += length;
    return at;
}

static void put(struct json_out *out, const char *text, size_t length)
{
    char *at = more(out, length);
    if (at != NULL && length > 0)
        memcpy(at, text, length);
}

void json_write(struct json_out *out, const char *format, ...)
{
    char text[200];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (length < 0 || (size_t)length >= sizeof text)
        out->failed = true;
    else
        put(out, text, (size_t)length);
}

void json_write_string(struct json_out *out, struct text text)
{
    if (!text_is_utf8(text.at, text.length))
        text = TEXT("\xef\xbf\xbd");
    put(out, "\"", 1);
    size_t from = 0;
    for (size_t n = 0; n < text.length; n++) {
        unsigned char c = (unsigned char)text.at[n];
        if (c >= 0x20 && c != '"' && c != '\\')
            continue;
        put(out, text.at + from, n - from);
        json_write(out, "\\u%04x", c);
        from = n + 1;
    }
    put(out, text.at + from, text.length - from);
    put(out, "\"", 1);
}

void json_write_hex(struct json_out *out, const uint8_t *bytes, size_t length)
{
    static const char digits[] = "0123456789abcdef";
    if (length > SIZE_MAX / 8) {
        out->failed = true;
        return;
    }
    char *at = more(out, 2 * length + 2);
    if (at == NULL)
        return;
    *at++ = '"';
    for (size_t n = 0; n < length; n++) {
        *at++ = digits[bytes[n] >> 4];
        *at++ = digits[bytes[n] & 15];
    }
    *at = '"';
}
