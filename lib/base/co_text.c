#include "co_text.h"

#include <string.h>

#include "co_assert.h"

static bool is_continuation(unsigned char byte)
{
    return (byte & 0xc0U) == 0x80U;
}

/* Length that the first byte announces; 0 for a byte that begins nothing. */
static size_t announced(unsigned char byte)
{
    if (byte < 0x80)
        return 1;
    if (byte >= 0xc2 && byte <= 0xdf)
        return 2;
    if (byte >= 0xe0 && byte <= 0xef)
        return 3;
    return byte >= 0xf0 && byte <= 0xf4 ? 4 : 0;
}

/* Length of the valid character at `s`, of which `len` (> 0) bytes are there; 0 when invalid. */
static size_t decode(const unsigned char *s, size_t len, uint32_t *ret_c)
{
    static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
    size_t n = announced(s[0]);
    if (n == 0 || n > len)
        return 0;
    uint32_t c = n == 1 ? s[0] : s[0] & (0x7fU >> n);
    for (size_t i = 1; i < n; i++) {
        if (!is_continuation(s[i]))
            return 0;
        c = c << 6 | (s[i] & 0x3fU);
    }
    if (c < least[n] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
        return 0;
    *ret_c = c;
    return n;
}

/* Eight bytes that are all ASCII and not NUL: most text is, and need not be decoded. */
static bool are_plain(const unsigned char *p)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), tops = UINT64_C(0x8080808080808080);
    uint64_t w;
    memcpy(&w, p, sizeof(w));
    return ((w | ((w - ones) & ~w)) & tops) == 0;
}

bool co_text_is_valid(const char *s, size_t len)
{
    const unsigned char *p = (const unsigned char *)s;
    for (size_t i = 0; i < len;) {
        uint32_t c = 0;
        if (len - i >= 8 && are_plain(p + i)) {
            i += 8;
            continue;
        }
        size_t n = decode(p + i, len - i, &c);
        if (n == 0 || c == 0)
            return false;
        i += n;
    }
    return true;
}

size_t co_text_next(const char *s, uint32_t *ret_c)
{
    const unsigned char *p = (const unsigned char *)s;
    size_t n = decode(p, strnlen(s, 4), ret_c);
    if (n > 0)
        return n;
    *ret_c = 0xfffd;
    return 1;
}

size_t co_text_clip(const char *s, size_t limit_bytes)
{
    size_t at = 0;
    while (s[at] != '\0') {
        uint32_t c = 0;
        size_t n = co_text_next(s + at, &c);
        if (n > limit_bytes - at)
            break;
        at += n;
    }
    return at;
}

size_t co_text_copy(char *to, size_t cap, const char *s)
{
    co_assert(cap > 0);
    size_t len = co_text_clip(s, cap - 1);
    memcpy(to, s, len);
    to[len] = '\0';
    return len;
}

/* The longest beginning of at most `columns` columns; its width in *ret_width. Combining
 * characters stay with the one they follow. */
static size_t fit(const char *s, size_t columns, size_t *ret_width)
{
    size_t at = 0;
    size_t width = 0;
    while (s[at] != '\0') {
        uint32_t c = 0;
        size_t n = co_text_next(s + at, &c);
        size_t more = co_text_columns(c);
        if (width + more > columns)
            break;
        width += more;
        at += n;
    }
    *ret_width = width;
    return at;
}

size_t co_text_width(const char *s)
{
    size_t width = 0;
    (void)fit(s, SIZE_MAX - 2, &width);
    return width;
}

static size_t put_blanks(char *to, size_t cap, size_t at, size_t count)
{
    for (; count > 0 && at + 1 < cap; count--)
        to[at++] = ' ';
    to[at] = '\0';
    return at;
}

size_t co_text_pad(char *to, size_t cap, const char *s, size_t columns, enum co_text_side side)
{
    co_assert(cap > 0);
    size_t width = 0;
    size_t len = fit(s, columns, &width);
    size_t at = put_blanks(to, cap, 0, side == CO_TEXT_RIGHT ? columns - width : 0);
    size_t room = cap - at - 1;
    if (len > room)
        len = co_text_clip(s, room);
    memcpy(to + at, s, len);
    return put_blanks(to, cap, at + len, side == CO_TEXT_LEFT ? columns - width : 0);
}

/* Characters of `s`, ASCII letters in lower case; CO_TEXT_DISTANCE_CHARS + 1 when it has more. */
static size_t spell_out(const char *s, uint32_t out[CO_TEXT_DISTANCE_CHARS])
{
    size_t count = 0;
    while (*s != '\0') {
        if (count == CO_TEXT_DISTANCE_CHARS)
            return count + 1;
        s += co_text_next(s, &out[count]);
        if (out[count] >= 'A' && out[count] <= 'Z')
            out[count] += 'a' - 'A';
        count++;
    }
    return count;
}

static unsigned least_of(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

unsigned co_text_distance(const char *a, const char *b, unsigned limit)
{
    uint32_t x[CO_TEXT_DISTANCE_CHARS];
    uint32_t y[CO_TEXT_DISTANCE_CHARS];
    size_t nx = spell_out(a, x);
    size_t ny = spell_out(b, y);
    if (nx > CO_TEXT_DISTANCE_CHARS || ny > CO_TEXT_DISTANCE_CHARS)
        return limit + 1;

    unsigned rows[3][CO_TEXT_DISTANCE_CHARS + 1]; /* rows i, i-1 and i-2 of the table, in turn */
    for (size_t j = 0; j <= ny; j++)
        rows[0][j] = (unsigned)j;
    for (size_t i = 1; i <= nx; i++) {
        unsigned *row = rows[i % 3];
        const unsigned *above = rows[(i + 2) % 3];
        const unsigned *two_above = rows[(i + 1) % 3];
        row[0] = (unsigned)i;
        for (size_t j = 1; j <= ny; j++) {
            unsigned exchange = above[j - 1] + (x[i - 1] != y[j - 1]);
            row[j] = least_of(exchange, least_of(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && x[i - 1] == y[j - 2] && x[i - 2] == y[j - 1])
                row[j] = least_of(row[j], two_above[j - 2] + 1);
        }
    }
    return least_of(rows[nx % 3][ny], limit + 1);
}

static size_t count_chars(const char *s)
{
    size_t count = 0;
    for (uint32_t c = 0; *s != '\0'; count++)
        s += co_text_next(s, &c);
    return count;
}

const char *co_text_nearest(const char *name, const char *const *list, size_t n)
{
    unsigned limit = (unsigned)(count_chars(name) / 3);
    unsigned best_distance = (limit == 0 ? 1 : limit) + 1;
    const char *best = NULL;
    for (size_t i = 0; i < n; i++) {
        unsigned d = co_text_distance(name, list[i], best_distance - 1);
        if (d < best_distance) {
            best_distance = d;
            best = list[i];
        }
        if (best_distance == 0)
            break;
    }
    return best;
}

bool co_text_begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}
