#include "notify_key.h"

#include <stdbool.h>
#include <string.h>

#include "co_assert.h"
#include "co_buf.h"
#include "co_number.h"

static bool is_word_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

/* "/" becomes ".", which no obligation contains, so different texts stay different. */
static bool append_words(struct co_buf *b, const char *words)
{
    for (const char *c = words; *c != '\0'; c++) {
        if (*c != '/' && !is_word_byte(*c))
            return false;
        (void)co_buf_append(b, *c == '/' ? "." : c, 1);
    }
    return words[0] != '\0';
}

static void append_base36(struct co_buf *b, uint64_t x)
{
    char text[14];
    size_t at = sizeof(text);
    do {
        text[--at] = "0123456789abcdefghijklmnopqrstuvwxyz"[x % 36];
        x /= 36;
    } while (x > 0);
    (void)co_buf_append(b, text + at, sizeof(text) - at);
}

enum co_err notify_key_format(const struct notify_id *id, int64_t planned_us,
                              char to[static NOTIFY_KEY_TEXT])
{
    co_assert(id->case_id > 0 && planned_us >= 0);
    struct co_buf b;
    co_buf_init(&b, NOTIFY_KEY_TEXT - 1);
    char number[CO_NUMBER_TEXT];
    co_number_format(id->case_id, number);
    (void)co_buf_printf(&b, "%s.", number);
    bool ok = append_words(&b, id->obligation);
    (void)co_buf_printf(&b, "-g%u-", (unsigned)id->generation);
    ok = append_words(&b, id->slot) && ok;
    (void)co_buf_append_text(&b, "-");
    append_base36(&b, (uint64_t)planned_us);

    enum co_err err = ok ? b.err : CO_EINPUT;
    if (err == CO_EFULL)
        err = CO_EINPUT;
    to[0] = '\0';
    if (err == CO_OK)
        memcpy(to, b.data, b.len + 1);
    co_buf_done(&b);
    return err;
}
