#include "co_number.h"

#include <stdbool.h>
#include <string.h>

#include "co_assert.h"

enum { MAX_DIGITS = 13 };

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/* a * x modulo x^5 + x^2 + 1 */
static unsigned times_alpha(unsigned a)
{
    a <<= 1;
    return (a & 0x20U) != 0 ? a ^ 0x25U : a;
}

/* Horner from the most significant digit: each step multiplies what came before by alpha. */
static unsigned check_of(const unsigned *digit, int count)
{
    unsigned sum = 0;
    for (int i = 0; i < count; i++)
        sum = times_alpha(sum ^ digit[i]);
    return sum;
}

int64_t co_number_id(int64_t n, uint8_t lane)
{
    co_assert(n > 0 && n <= CO_NUMBER_MAX_N);
    return (n << 8) | lane;
}

uint8_t co_number_lane(int64_t id)
{
    return (uint8_t)(id & 0xff);
}

void co_number_format(int64_t id, char text[static CO_NUMBER_TEXT])
{
    co_assert(id > 0);
    unsigned digit[MAX_DIGITS];
    int count = 0;
    for (uint64_t rest = (uint64_t)id; rest != 0; rest >>= 5)
        count++;
    for (int i = 0; i < count; i++)
        digit[i] = (unsigned)((uint64_t)id >> (5 * (count - 1 - i))) & 0x1fU;

    char *p = text;
    *p++ = 'C';
    *p++ = '-';
    for (int i = 0; i < count; i++)
        *p++ = alphabet[digit[i]];
    *p++ = alphabet[check_of(digit, count)];
    *p = '\0';
}

static int value_of(char c)
{
    if (c >= 'a' && c <= 'z')
        c = (char)(c - 'a' + 'A');
    if (c == 'O')
        c = '0';
    if (c == 'I' || c == 'L')
        c = '1';
    const char *at = c == '\0' ? NULL : strchr(alphabet, c);
    return at == NULL ? -1 : (int)(at - alphabet);
}

static bool is_separator(char c)
{
    return c == '-' || c == ' ';
}

static const char *skip_prefix(const char *p)
{
    while (*p == ' ')
        p++;
    bool has_prefix = (*p == 'C' || *p == 'c') && is_separator(p[1]);
    return has_prefix ? p + 2 : p;
}

/* Digits and check character into value[]; -1 for a character that has no place here. */
static int read_values(const char *p, unsigned value[MAX_DIGITS + 1])
{
    int count = 0;
    for (; *p != '\0'; p++) {
        if (is_separator(*p))
            continue;
        int v = value_of(*p);
        if (v < 0 || count > MAX_DIGITS)
            return -1;
        value[count++] = (unsigned)v;
    }
    return count;
}

enum co_err co_number_parse(const char *text, int64_t *ret_id)
{
    unsigned value[MAX_DIGITS + 1];
    int count = read_values(skip_prefix(text), value);
    if (count < 2 || value[0] == 0 || check_of(value, count - 1) != value[count - 1])
        return CO_EINPUT;
    if (count == MAX_DIGITS + 1 && value[0] > 7)
        return CO_EINPUT; /* 13 digits hold 65 bits, an id 63 */

    uint64_t id = 0;
    for (int i = 0; i < count - 1; i++)
        id = id << 5 | value[i];
    *ret_id = (int64_t)id;
    return CO_OK;
}

int co_number_order(const char *a, const char *b)
{
    size_t of_a = strlen(a), of_b = strlen(b);
    return of_a != of_b ? (of_a > of_b) - (of_a < of_b) : strcmp(a, b);
}
