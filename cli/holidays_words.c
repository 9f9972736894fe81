/* What calendars of others call a day. Those of holiday-cn say "元旦假期" and "上班(补元旦假期)",
 * those of Apple "元旦（休）" and "元旦（班）"; most of the world only lists days off by their
 * names. */
#include <string.h>

#include "cli_files.h"
#include "holidays.h"

/* A summary of this form says which it is, and its middle is the name. The first that fits. */
static const struct {
    const char *before;
    const char *after;
    enum holiday_mark mark;
} forms[] = {
    { "上班(补", "假期)", HOLIDAY_MAKEUP },
    { "上班（补", "假期）", HOLIDAY_MAKEUP },
    { "上班(补", ")", HOLIDAY_MAKEUP },
    { "", "（班）", HOLIDAY_MAKEUP },
    { "", "(班)", HOLIDAY_MAKEUP },
    { "", "补班", HOLIDAY_MAKEUP },
    { "", "（休）", HOLIDAY_OFF_AMONG_OTHERS },
    { "", "(休)", HOLIDAY_OFF_AMONG_OTHERS },
    { "", "假期", HOLIDAY_OFF },
};

/* A summary that contains one of these is a make-up workday, by its whole name. */
static const char *const makeup_words[] = {
    "上班", "补班", "调班", "make-up", "Make-up", "makeup"
};

/* The middle of `text`; NULL: it is not of that form, or has no middle. */
static const char *middle(struct cli *cli, const char *text, const char *before, const char *after)
{
    size_t len = strlen(text);
    size_t head = strlen(before);
    size_t tail = strlen(after);
    if (len <= head + tail || strncmp(text, before, head) != 0 ||
        strcmp(text + len - tail, after) != 0)
        return NULL;
    char *name = cli_text(cli, text + head);
    name[len - head - tail] = '\0';
    return cli_clean(cli, name);
}

bool holidays_has_any(const char *text, char *const *parts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strstr(text, parts[i]) != NULL)
            return true;
    return false;
}

enum holiday_mark holidays_mark(const struct holidays_rules *rules, struct cli *cli,
                                const char *summary, const char **ret_name)
{
    *ret_name = summary;
    if (holidays_has_any(summary, rules->makeup, rules->makeup_count))
        return HOLIDAY_MAKEUP;
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        const char *name = middle(cli, summary, forms[i].before, forms[i].after);
        if (name != NULL && name[0] != '\0') {
            *ret_name = name;
            return forms[i].mark;
        }
    }
    for (size_t i = 0; i < sizeof(makeup_words) / sizeof(makeup_words[0]); i++)
        if (strstr(summary, makeup_words[i]) != NULL)
            return HOLIDAY_MAKEUP;
    return HOLIDAY_UNMARKED;
}
