/* What events of rosters are called: by X-CALLOUT-KIND, CATEGORIES, the word of Outlook for "out of
 * office", else by a word of the summary; a shift where nothing is said. */
#include <string.h>

#include "shifts.h"

static const struct {
    const char *word;
    enum shift_kind kind;
    bool is_part; /* any text that contains it; else the whole category, or a word of the summary */
} words[] = {
    { "shift", SHIFT_DUTY, false },
    { "duty", SHIFT_DUTY, false },
    { "on-call", SHIFT_DUTY, false },
    { "on call", SHIFT_DUTY, false },
    { "oncall", SHIFT_DUTY, false },
    { "standby", SHIFT_DUTY, false },
    { "值班", SHIFT_DUTY, true },
    { "轮班", SHIFT_DUTY, true },
    { "workday", SHIFT_WORKDAY, false },
    { "workdays", SHIFT_WORKDAY, false },
    { "工作日", SHIFT_WORKDAY, true },
    { "absence", SHIFT_ABSENCE, false },
    { "absent", SHIFT_ABSENCE, false },
    { "leave", SHIFT_ABSENCE, false },
    { "sick", SHIFT_ABSENCE, false },
    { "sick leave", SHIFT_ABSENCE, false },
    { "vacation", SHIFT_ABSENCE, false },
    { "holiday", SHIFT_ABSENCE, false },
    { "out of office", SHIFT_ABSENCE, false },
    { "休假", SHIFT_ABSENCE, true },
    { "请假", SHIFT_ABSENCE, true },
    { "年假", SHIFT_ABSENCE, true },
    { "病假", SHIFT_ABSENCE, true },
    { "事假", SHIFT_ABSENCE, true },
};

#define WORDS (sizeof(words) / sizeof(words[0]))

static enum shift_kind kind_of(const char *text)
{
    for (size_t i = 0; i < WORDS; i++)
        if (words[i].is_part ? strstr(text, words[i].word) != NULL
                             : strcasecmp(text, words[i].word) == 0)
            return words[i].kind;
    return SHIFT_UNSAID;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
}

/* `word` as a word of its own in `text`. */
static bool has_word(const char *text, const char *word)
{
    size_t len = strlen(word);
    for (const char *at = text; (at = strcasestr(at, word)) != NULL; at += len)
        if ((at == text || !is_letter(at[-1])) && !is_letter(at[len]))
            return true;
    return false;
}

/* Only absences: a shift is what there is without a word. */
static enum shift_kind kind_of_summary(const char *summary)
{
    for (size_t i = 0; i < WORDS; i++)
        if (words[i].kind == SHIFT_ABSENCE &&
            (words[i].is_part ? strstr(summary, words[i].word) != NULL
                              : has_word(summary, words[i].word)))
            return SHIFT_ABSENCE;
    return SHIFT_UNSAID;
}

static enum shift_kind kind_of_categories(const struct shifts *k, const struct ical_event *e)
{
    enum shift_kind kind = SHIFT_UNSAID;
    struct ical_properties all = ical_all_of(&k->ical, e, ICAL_CATEGORIES_PROPERTY);
    for (size_t i = 0; i < all.count && kind == SHIFT_UNSAID; i++) {
        char *rest = cli_text(k->cli, icalproperty_get_value_as_string(all.item[i]));
        for (char *word = strtok_r(rest, ",\\", &rest); word != NULL && kind == SHIFT_UNSAID;
             word = strtok_r(NULL, ",\\", &rest))
            kind = kind_of(word + strspn(word, " "));
    }
    return kind;
}

bool shifts_find_kind(struct shifts *k, const struct ical_event *e, const char *summary,
                      enum shift_kind *ret_kind)
{
    const char *said = ical_x_of(&k->ical, e, "X-CALLOUT-KIND");
    const char *busy = ical_x_of(&k->ical, e, "X-MICROSOFT-CDO-BUSYSTATUS");
    enum shift_kind kind = said != NULL ? kind_of(said) : kind_of_categories(k, e);
    if (said != NULL && kind == SHIFT_UNSAID) {
        shifts_problem(k, e->where, "X-CALLOUT-KIND \"%s\": allowed: shift, workday, absence",
                       said);
        return false;
    }
    if (kind == SHIFT_UNSAID && busy != NULL && strcasecmp(busy, "OOF") == 0)
        kind = SHIFT_ABSENCE;
    *ret_kind = kind != SHIFT_UNSAID ? kind : kind_of_summary(summary);
    return true;
}

const char *shifts_why(struct shifts *k, const struct ical_event *e, const char *summary,
                       const struct shift_event *own)
{
    const icalproperty *class = ical_find(e, ICAL_CLASS_PROPERTY);
    enum icalproperty_class level =
        class == NULL ? ICAL_CLASS_PUBLIC : icalproperty_get_class(class);
    if (level == ICAL_CLASS_PRIVATE || level == ICAL_CLASS_CONFIDENTIAL)
        return own->kind == SHIFT_ABSENCE ? "away" : "";
    for (size_t i = 0; i < own->count; i++)
        if (strcmp(summary, own->who[i]->key) == 0)
            return "";
    return cli_text(k->cli, summary);
}
