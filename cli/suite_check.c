#include "suite_check.h"

#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "co_assert.h"

const char *suite_check_state_name(enum check_state state)
{
    static const char *const names[CHECK_STATES] = { "OK", "WARNING", "CRITICAL", "UNKNOWN" };
    return names[state];
}

/* ---- thresholds ---- */

static bool parse_end(const char *text, size_t len, double otherwise, double *ret)
{
    char copy[32];
    char *end;
    if (len == 0 || (len == 1 && text[0] == '~')) {
        *ret = len == 0 ? otherwise : -(double)INFINITY;
        return true;
    }
    if (len >= sizeof(copy) || !(isdigit((unsigned char)text[0]) || text[0] == '-' || text[0] == '.'))
        return false;
    memcpy(copy, text, len);
    copy[len] = '\0';
    *ret = strtod(copy, &end);
    return *end == '\0' && isfinite(*ret);
}

bool suite_check_range_parse(const char *text, struct check_range *ret)
{
    struct check_range range = { .is_inside = text[0] == '@' };
    const char *at = text + (range.is_inside ? 1 : 0);
    const char *colon = strchr(at, ':');
    const char *high = colon == NULL ? at : colon + 1;
    if (*at == '\0' || (colon == NULL && *at == '~') || *high == '~')
        return false;
    if (!parse_end(at, colon == NULL ? 0 : (size_t)(colon - at), 0, &range.low) ||
        !parse_end(high, strlen(high), (double)INFINITY, &range.high) || range.low > range.high)
        return false;
    *ret = range;
    return true;
}

bool suite_check_range_is_bad(const struct check_range *range, double value)
{
    bool is_within = value >= range->low && value <= range->high;
    return is_within == range->is_inside;
}

/* ---- measures ---- */

struct measure {
    const char *name, *unit;
    const char *warning, *critical;
    const char *what; /* it is bad */
};

static const struct measure measures[CHECK_MEASURES] = {
    [CHECK_WITHOUT_PROCESS] = { "without_process", "", "", "0", "services without a process" },
    [CHECK_LANES] = { "lanes", "", "0", "7", "lanes without an owner" },
    [CHECK_LAG] = { "lag", "s", "10", "60", "behind the journal" },
    [CHECK_ENTRIES] = { "entries", "", "10000", "100000", "entries that wait" },
    [CHECK_TIMERS] = { "timers", "s", "10", "60", "timers overdue" },
    [CHECK_PARKED] = { "parked", "", "0", "10", "parked cases" },
    [CHECK_DEAD] = { "dead", "", "0", "100", "notices that failed" },
    [CHECK_ASIDE] = { "aside", "s", "600", "3600", "a server of notices set aside" },
    [CHECK_GONE] = { "gone", "", "0", "", "addresses that are gone" },
    [CHECK_ROOM] = { "room", "", "200000:", "50000:", "entries left in the journal's partitions" },
    [CHECK_HOLIDAYS] = { "holidays", "", "0", "", "calendars without public holidays" },
    [CHECK_TIME] = { "time", "s", "2", "5", "to answer" },
};

const char *suite_check_measure_name(enum check_measure m)
{
    return measures[m].name;
}

static struct check_threshold threshold(const char *text)
{
    struct check_threshold t = { .text = text };
    co_assert(text[0] == '\0' || suite_check_range_parse(text, &t.range));
    return t;
}

void suite_check_init(struct check *c)
{
    *c = (struct check){ .value = { 0 } };
    for (size_t i = 0; i < CHECK_MEASURES; i++) {
        c->warning[i] = threshold(measures[i].warning);
        c->critical[i] = threshold(measures[i].critical);
    }
}

const char *suite_check_set(struct check *c, bool is_critical, const char *words)
{
    size_t len = strcspn(words, "=");
    struct check_threshold t = { .text = words[len] == '\0' ? "" : words + len + 1 };
    if (words[len] == '\0')
        return "a threshold is NAME=RANGE";
    if (t.text[0] != '\0' && !suite_check_range_parse(t.text, &t.range))
        return "a range is 10, 10:, ~:10, 10:20 or @10:20";
    for (size_t i = 0; i < CHECK_MEASURES; i++) {
        if (strlen(measures[i].name) != len || strncmp(measures[i].name, words, len) != 0)
            continue;
        if (is_critical)
            c->critical[i] = t;
        else
            c->warning[i] = t;
        return NULL;
    }
    return "there is no measure of that name; callout check --help lists them";
}

/* ---- values ---- */

/* Real seconds since a domain time; 0 where the clock stands still between steps. */
static double late_s(const Callout__V1__Status *s, int64_t since_us)
{
    bool counts = since_us != 0 && s->clock_rate > 0 && since_us < s->now_us;
    return counts ? (double)(s->now_us - since_us) / 1e3 / (double)s->clock_rate : 0;
}

static double larger(double a, double b)
{
    return a > b ? a : b;
}

void suite_check_look(struct check *c, const Callout__V1__Status *s, int64_t took_us)
{
    double *v = c->value;
    memset(v, 0, sizeof(c->value));
    for (size_t i = 0; i < s->n_lags; i++) {
        const Callout__V1__LagRow *l = s->lags[i];
        v[CHECK_WITHOUT_PROCESS] += l->members == 0;
        v[CHECK_LANES] += s->lanes > l->owned ? s->lanes - l->owned : 0;
        v[CHECK_LAG] = larger(v[CHECK_LAG], late_s(s, l->oldest_us));
        v[CHECK_TIMERS] = larger(v[CHECK_TIMERS], late_s(s, l->next_us));
        v[CHECK_ENTRIES] += (double)l->entries;
        v[CHECK_PARKED] += l->parked;
    }
    v[CHECK_DEAD] = s->dead_notices;
    for (size_t i = 0; i < s->n_asides; i++) {
        const Callout__V1__SetAsideRow *a = s->asides[i];
        v[CHECK_GONE] += a->until_us == 0;
        if (a->until_us != 0 && s->database_us > a->since_us)
            v[CHECK_ASIDE] = larger(v[CHECK_ASIDE], (double)(s->database_us - a->since_us) / 1e6);
    }
    v[CHECK_ROOM] = (double)s->partition_room;
    v[CHECK_HOLIDAYS] = (double)s->n_gaps;
    v[CHECK_TIME] = (double)took_us / 1e6;
}

/* ---- one line ---- */

static enum check_state state_of(const struct check *c, size_t i)
{
    const struct check_threshold *critical = &c->critical[i], *warning = &c->warning[i];
    if (critical->text[0] != '\0' && suite_check_range_is_bad(&critical->range, c->value[i]))
        return CHECK_CRITICAL;
    if (warning->text[0] != '\0' && suite_check_range_is_bad(&warning->range, c->value[i]))
        return CHECK_WARNING;
    return CHECK_OK;
}

static void put_value(struct co_buf *out, double value, const char *unit)
{
    co_buf_printf(out, unit[0] != '\0' ? "%.3f%s" : "%.0f%s", value, unit);
}

/* Where it happens: services that are behind, without process, with parked cases. */
static void put_services(struct co_buf *out, size_t measure, const Callout__V1__Status *s)
{
    const char *before = " (";
    for (size_t i = 0; i < s->n_lags; i++) {
        const Callout__V1__LagRow *l = s->lags[i];
        bool is_it = (measure == CHECK_WITHOUT_PROCESS && l->members == 0) || (measure == CHECK_LANES && l->owned < s->lanes) ||
                     (measure == CHECK_PARKED && l->parked > 0) || (measure == CHECK_LAG && late_s(s, l->oldest_us) >= 1) ||
                     (measure == CHECK_TIMERS && late_s(s, l->next_us) >= 1) || (measure == CHECK_ENTRIES && l->entries > 0);
        if (!is_it)
            continue;
        co_buf_printf(out, "%s%s", before, l->service);
        before = ", ";
    }
    if (strcmp(before, ", ") == 0)
        co_buf_append_text(out, ")");
}

static void put_bad(const struct check *c, const Callout__V1__Status *s, struct co_buf *out)
{
    const char *before = "";
    for (int wanted = CHECK_CRITICAL; wanted >= CHECK_WARNING; wanted--)
        for (size_t i = 0; i < CHECK_MEASURES; i++) {
            if ((int)state_of(c, i) != wanted)
                continue;
            co_buf_append_text(out, before);
            put_value(out, c->value[i], measures[i].unit);
            co_buf_printf(out, " %s", measures[i].what);
            put_services(out, i, s);
            before = ", ";
        }
}

enum check_state suite_check_say(const struct check *c, const Callout__V1__Status *s, struct co_buf *out)
{
    enum check_state worst = CHECK_OK;
    for (size_t i = 0; i < CHECK_MEASURES; i++)
        if (state_of(c, i) > worst)
            worst = state_of(c, i);
    co_buf_printf(out, "CALLOUT %s - ", suite_check_state_name(worst));
    if (worst == CHECK_OK)
        co_buf_printf(out, "%zu processes, %" PRIu32 " lanes, %" PRIu64 " cases open", s->n_members, s->lanes, s->cases_open);
    else
        put_bad(c, s, out);
    co_buf_append_text(out, " |");
    for (size_t i = 0; i < CHECK_MEASURES; i++) {
        co_buf_printf(out, " %s=", measures[i].name);
        put_value(out, c->value[i], measures[i].unit);
        co_buf_printf(out, ";%s;%s", c->warning[i].text, c->critical[i].text);
    }
    return worst;
}
