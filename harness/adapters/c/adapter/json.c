#include "json.h"

#include <string.h>

/* --- Looking through ---------------------------------------------------------------------------------------- */

static const char *blank(const char *at, const char *end)
{
    while (at < end && (*at == ' ' || *at == '\t' || *at == '\r' || *at == '\n'))
        at++;
    return at;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/* Behind a string that begins here; NULL if there is none. */
static const char *skip_string(const char *at, const char *end)
{
    if (at == end || *at != '"')
        return NULL;
    for (at++; at < end; at++) {
        if (*at == '"')
            return at + 1;
        if ((unsigned char)*at < 0x20)
            return NULL;
        if (*at != '\\')
            continue;
        if (++at == end)
            return NULL;
        if (*at == 'u') {
            for (int digits = 0; digits < 4; digits++)
                if (++at == end || hex_digit(*at) < 0)
                    return NULL;
        } else if (strchr("\"\\/bfnrt", *at) == NULL || *at == '\0') {
            return NULL;
        }
    }
    return NULL;
}

static const char *skip_digits(const char *at, const char *end)
{
    const char *from = at;
    while (at < end && *at >= '0' && *at <= '9')
        at++;
    return at > from ? at : NULL;
}

static const char *skip_number(const char *at, const char *end)
{
    if (at < end && *at == '-')
        at++;
    const char *whole = at;
    at = skip_digits(at, end);
    if (at == NULL || (*whole == '0' && at > whole + 1))
        return NULL;
    if (at < end && *at == '.')
        at = skip_digits(at + 1, end);
    if (at != NULL && at < end && (*at == 'e' || *at == 'E')) {
        at++;
        if (at < end && (*at == '+' || *at == '-'))
            at++;
        at = skip_digits(at, end);
    }
    return at;
}

static const char *skip_word(const char *at, const char *end, const char *word)
{
    size_t length = strlen(word);
    return (size_t)(end - at) >= length && memcmp(at, word, length) == 0 ? at + length : NULL;
}

/* Behind a value that begins here, after blanks; NULL if there is none. */
static const char *skip(const char *at, const char *end, int depth)
{
    at = blank(at, end);
    if (at == end || depth > JSON_MOST_DEPTH)
        return NULL;
    if (*at == '"')
        return skip_string(at, end);
    if (*at == 't')
        return skip_word(at, end, "true");
    if (*at == 'f')
        return skip_word(at, end, "false");
    if (*at == 'n')
        return skip_word(at, end, "null");
    if (*at != '{' && *at != '[')
        return skip_number(at, end);
    bool named = *at == '{';
    char close = named ? '}' : ']';
    at = blank(at + 1, end);
    if (at < end && *at == close)
        return at + 1;
    for (;;) {
        if (named) {
            at = skip_string(blank(at, end), end);
            at = at == NULL ? NULL : blank(at, end);
            if (at == NULL || at == end || *at++ != ':')
                return NULL;
        }
        at = skip(at, end, depth + 1);
        at = at == NULL ? NULL : blank(at, end);
        if (at == NULL || at == end)
            return NULL;
        if (*at == close)
            return at + 1;
        if (*at++ != ',')
            return NULL;
    }
}

bool json_parse(const char *text, size_t length, struct json *value)
{
    const char *end = text + length;
    if (!text_is_utf8(text, length))
        return false;
    value->at = blank(text, end);
    value->end = skip(value->at, end, 0);
    return value->end != NULL && blank(value->end, end) == end;
}

/* --- Reading: what is here has been looked through, and skip finds an end ------------------------------------ */

bool json_next(struct json list, struct json *place, struct json *name, struct json *value)
{
    if (list.at == list.end || (*list.at != '{' && *list.at != '['))
        return false;
    const char *at = blank(place->at == NULL ? list.at + 1 : place->at, list.end);
    if (*at == ',')
        at = blank(at + 1, list.end);
    if (*at == '}' || *at == ']')
        return false;
    if (*list.at == '{') {
        const char *behind = skip_string(at, list.end);
        if (name != NULL)
            *name = (struct json){ at, behind };
        at = blank(blank(behind, list.end) + 1, list.end);
    }
    value->at = blank(at, list.end);
    value->end = skip(value->at, list.end, 0);
    place->at = value->end;
    return true;
}

bool json_member(struct json object, const char *name, struct json *value)
{
    struct json place = { 0 }, found, its_name;
    if (object.at == object.end || *object.at != '{')
        return false;
    while (json_next(object, &place, &its_name, &found)) {
        if (json_is(its_name, name)) {
            *value = found;
            return true;
        }
    }
    return false;
}

size_t json_count(struct json list)
{
    struct json place = { 0 }, value;
    size_t count = 0;
    while (json_next(list, &place, NULL, &value))
        count++;
    return count;
}

bool json_is_null(struct json value)
{
    return *value.at == 'n';
}

bool json_is_true(struct json value)
{
    return *value.at == 't';
}

bool json_number(struct json value, uint64_t most, uint64_t *number)
{
    uint64_t sum = 0;
    if (value.at == value.end)
        return false;
    for (const char *at = value.at; at < value.end; at++) {
        if (*at < '0' || *at > '9')
            return false;
        uint64_t digit = (uint64_t)(*at - '0');
        if (sum > (UINT64_MAX - digit) / 10)
            return false;
        sum = 10 * sum + digit;
    }
    *number = sum;
    return sum <= most;
}

bool json_is(struct json value, const char *word)
{
    size_t length = strlen(word);
    return (size_t)(value.end - value.at) == length + 2 && *value.at == '"' && memcmp(value.at + 1, word, length) == 0;
}

/* The four digits behind \u. */
static uint32_t unit(const char *at)
{
    uint32_t sum = 0;
    for (int n = 0; n < 4; n++)
        sum = 16 * sum + (uint32_t)hex_digit(at[n]);
    return sum;
}

static char *put_character(char *to, uint32_t c)
{
    if (c < 0x80) {
        *to++ = (char)c;
    } else if (c < 0x800) {
        *to++ = (char)(0xc0 | c >> 6);
        *to++ = (char)(0x80 | (c & 0x3f));
    } else {
        if (c < 0x10000) {
            *to++ = (char)(0xe0 | c >> 12);
        } else {
            *to++ = (char)(0xf0 | c >> 18);
            *to++ = (char)(0x80 | (c >> 12 & 0x3f));
        }
        *to++ = (char)(0x80 | (c >> 6 & 0x3f));
        *to++ = (char)(0x80 | (c & 0x3f));
    }
    return to;
}

/* Never longer than the text: an escape of six characters becomes three bytes, two of them four. */
bool json_string(struct json value, char *to, size_t *length)
{
    static const char escapes[] = "\"\"\\\\//b\bf\fn\nr\rt\t";
    char *from = to;
    if (value.at == value.end || *value.at != '"')
        return false;
    for (const char *at = value.at + 1; at < value.end - 1; at++) {
        if (*at != '\\') {
            *to++ = *at;
            continue;
        }
        if (*++at != 'u') {
            *to++ = strchr(escapes, *at)[1];
            continue;
        }
        uint32_t c = unit(at + 1);
        at += 4;
        if (c >= 0xd800 && c < 0xdc00 && value.end - at > 7 && at[1] == '\\' && at[2] == 'u') {
            uint32_t low = unit(at + 3);
            if (low >= 0xdc00 && low < 0xe000) {
                c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
                at += 6;
            }
        }
        if (c >= 0xd800 && c < 0xe000)
            return false; /* half a pair is no character */
        to = put_character(to, c);
    }
    *length = (size_t)(to - from);
    return true;
}

bool json_hex_length(struct json value, size_t *length)
{
    if (value.at == value.end || *value.at != '"')
        return false;
    for (const char *at = value.at + 1; at < value.end - 1; at++)
        if (hex_digit(*at) < 0)
            return false;
    size_t digits = (size_t)(value.end - value.at) - 2;
    *length = digits / 2;
    return digits % 2 == 0;
}

void json_hex(struct json value, uint8_t *to)
{
    for (const char *at = value.at + 1; at < value.end - 1; at += 2)
        *to++ = (uint8_t)(hex_digit(at[0]) << 4 | hex_digit(at[1]));
}
