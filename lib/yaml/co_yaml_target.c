/* Targets and thresholds as people write them: "30m", "working day 2", "zone journey", "80%". */
#include "co_yaml_target.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "co_time.h"

enum form {
    FORM_WORD,     /* the words alone */
    FORM_NAME,     /* the words, then a name */
    FORM_AFTER,    /* the words, then a number */
    FORM_BEFORE,   /* a number, then the words */
    FORM_DURATION, /* the words, then a length of time */
    FORM_DATED,    /* "at", or a length of time "before" or "after", then the words */
};

static const struct {
    Callout__V1__TargetKind kind;
    enum form form;
    const char *words; /* with the blank between them and what stands beside */
} forms[] = {
    { CALLOUT__V1__TARGET_KIND__TARGET_NONE, FORM_WORD, "none" },
    { CALLOUT__V1__TARGET_KIND__TARGET_AGREED, FORM_WORD, "agreed" },
    { CALLOUT__V1__TARGET_KIND__TARGET_NEXT_BUSINESS_DAY, FORM_WORD, "next business day" },
    { CALLOUT__V1__TARGET_KIND__TARGET_ZONE, FORM_NAME, "zone " },
    { CALLOUT__V1__TARGET_KIND__TARGET_NTH_WORKING_DAY, FORM_AFTER, "working day " },
    { CALLOUT__V1__TARGET_KIND__TARGET_PERIOD_WORKING_DAYS, FORM_BEFORE, " working days" },
    { CALLOUT__V1__TARGET_KIND__TARGET_PERIOD_DAYS, FORM_BEFORE, " days" },
    { CALLOUT__V1__TARGET_KIND__TARGET_WORKING, FORM_DURATION, "working " },
    { CALLOUT__V1__TARGET_KIND__TARGET_DATED, FORM_DATED, " date" },
    { CALLOUT__V1__TARGET_KIND__TARGET_DATED_END, FORM_DATED, " end" },
    { CALLOUT__V1__TARGET_KIND__TARGET_RUNNING, FORM_DURATION, "" },
};
#define FORMS (sizeof(forms) / sizeof(forms[0]))

/* A number from 1 to 9999 with nothing after its `len` characters. */
static bool read_count(const char *text, size_t len, int64_t *ret_n)
{
    if (len == 0 || len > 4 || strspn(text, "0123456789") < len || text[0] == '0')
        return false;
    *ret_n = strtol(text, NULL, 10);
    return true;
}

/* The first `len` characters: a length of time, or "N days". */
static bool read_length(const char *text, size_t len, int64_t *ret_us)
{
    static const char days[] = " days";
    char length[CO_DURATION_TEXT];
    size_t tail = sizeof(days) - 1;
    int64_t count = 0;
    if (len > tail && strncmp(text + len - tail, days, tail) == 0 &&
        read_count(text, len - tail, &count)) {
        *ret_us = count * CO_DAY_US;
        return true;
    }
    if (len == 0 || len >= sizeof(length))
        return false;
    memcpy(length, text, len);
    length[len] = '\0';
    return co_duration_parse(length, ret_us) == CO_OK;
}

static bool ends_with(const char *text, size_t len, const char *tail)
{
    size_t tail_len = strlen(tail);
    return len > tail_len && strncmp(text + len - tail_len, tail, tail_len) == 0;
}

/* "at", "7d before", "2h after": the first `len` characters. */
static bool read_distance(const char *text, size_t len, int64_t *ret_us)
{
    static const char before[] = " before";
    static const char after[] = " after";
    *ret_us = 0;
    if (len == 2 && strncmp(text, "at", len) == 0)
        return true;
    if (ends_with(text, len, after))
        return read_length(text, len - (sizeof(after) - 1), ret_us);
    bool is_read =
        ends_with(text, len, before) && read_length(text, len - (sizeof(before) - 1), ret_us);
    *ret_us = -*ret_us;
    return is_read;
}

static bool is_form(size_t i, const char *text, int64_t *ret_amount, const char **ret_name)
{
    size_t words = strlen(forms[i].words);
    size_t len = strlen(text);
    bool begins = strncmp(text, forms[i].words, words) == 0;
    switch (forms[i].form) {
    case FORM_WORD:
        return strcmp(text, forms[i].words) == 0;
    case FORM_NAME:
        *ret_name = text + words;
        return begins && len > words;
    case FORM_AFTER:
        return begins && read_count(text + words, len - words, ret_amount);
    case FORM_BEFORE:
        return len > words && strcmp(text + len - words, forms[i].words) == 0 &&
               read_count(text, len - words, ret_amount);
    case FORM_DURATION:
        return begins && co_duration_parse(text + words, ret_amount) == CO_OK;
    case FORM_DATED:
        return ends_with(text, len, forms[i].words) && read_distance(text, len - words, ret_amount);
    }
    return false;
}

/* "contract", or "contract else ...": what comes after "else", NULL: nothing. */
static bool is_from_contract(const char *text, const char **ret_rest)
{
    static const char word[] = "contract";
    static const char other[] = "contract else ";
    *ret_rest = NULL;
    if (strcmp(text, word) == 0)
        return true;
    if (strncmp(text, other, sizeof(other) - 1) != 0)
        return false;
    *ret_rest = text + sizeof(other) - 1;
    return true;
}

bool co_yaml_target_parse(const char *text, Callout__V1__Target *ret_target, const char **ret_name)
{
    const char *rest = text;
    *ret_name = NULL;
    ret_target->from_contract = is_from_contract(text, &rest);
    ret_target->kind = CALLOUT__V1__TARGET_KIND__TARGET_NONE;
    ret_target->amount = 0;
    if (ret_target->from_contract && rest == NULL)
        return true;
    rest = ret_target->from_contract ? rest : text;
    for (size_t i = 0; i < FORMS; i++) {
        const char *name = NULL;
        int64_t amount = 0;
        if (!is_form(i, rest, &amount, &name))
            continue;
        ret_target->kind = forms[i].kind;
        ret_target->amount = amount;
        *ret_name = name;
        return true;
    }
    return false;
}

static bool format_kind(const Callout__V1__Target *t, char *buf, size_t size)
{
    char length[CO_DURATION_TEXT];
    size_t i = 0;
    while (i < FORMS && forms[i].kind != t->kind)
        i++;
    if (i == FORMS)
        return false;
    switch (forms[i].form) {
    case FORM_WORD:
        snprintf(buf, size, "%s", forms[i].words);
        return t->amount == 0 && t->table[0] == '\0';
    case FORM_NAME:
        snprintf(buf, size, "%s%s", forms[i].words, t->table);
        return t->amount == 0;
    case FORM_AFTER:
        snprintf(buf, size, "%s%" PRId64, forms[i].words, t->amount);
        return t->table[0] == '\0';
    case FORM_BEFORE:
        snprintf(buf, size, "%" PRId64 "%s", t->amount, forms[i].words);
        return t->table[0] == '\0';
    case FORM_DURATION:
        co_duration_format(t->amount, length);
        snprintf(buf, size, "%s%s", forms[i].words, length);
        return t->table[0] == '\0';
    case FORM_DATED:
        co_duration_format(t->amount < 0 ? -t->amount : t->amount, length);
        if (t->amount == 0)
            snprintf(buf, size, "at%s", forms[i].words);
        else
            snprintf(buf, size, "%s %s%s", length, t->amount < 0 ? "before" : "after",
                     forms[i].words);
        return t->table[0] == '\0';
    }
    return false;
}

bool co_yaml_target_format(const Callout__V1__Target *t, char *buf, size_t size)
{
    static const char other[] = "contract else ";
    if (!t->from_contract)
        return format_kind(t, buf, size);
    if (t->kind == CALLOUT__V1__TARGET_KIND__TARGET_NONE) {
        snprintf(buf, size, "contract");
        return t->amount == 0 && t->table[0] == '\0';
    }
    if (size < sizeof(other))
        return false;
    memcpy(buf, other, sizeof(other) - 1);
    return format_kind(t, buf + sizeof(other) - 1, size - (sizeof(other) - 1));
}

bool co_yaml_threshold_parse(const char *text, Callout__V1__Threshold *ret_threshold)
{
    static const char before[] = " before";
    size_t len = strlen(text);
    int64_t percent = 0;
    if (len > 1 && text[len - 1] == '%' && read_count(text, len - 1, &percent)) {
        ret_threshold->percent = (uint32_t)percent;
        return true;
    }
    return ends_with(text, len, before) &&
           read_length(text, len - (sizeof(before) - 1), &ret_threshold->before_us);
}

bool co_yaml_threshold_format(const Callout__V1__Threshold *t, char *buf, size_t size)
{
    char length[CO_DURATION_TEXT];
    if ((t->percent != 0) == (t->before_us != 0))
        return false;
    co_duration_format(t->before_us, length);
    if (t->percent != 0)
        snprintf(buf, size, "%" PRIu32 "%%", t->percent);
    else
        snprintf(buf, size, "%s before", length);
    return true;
}
