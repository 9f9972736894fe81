#include "co_metrics.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "co_assert.h"
#include "co_text.h"

enum { HOOKS_MAX = 16, LABEL_BYTES = 128 };

const double co_metric_seconds[CO_METRIC_SECONDS_COUNT] = {
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60,
};
const double co_metric_sizes[CO_METRIC_SIZES_COUNT] = {
    1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000,
};

struct co_series {
    const struct co_metric *metric;
    struct co_series *next; /* in the order made */
    char *value[CO_METRIC_LABELS];
    double sum;                             /* counter, gauge: the value */
    uint64_t bucket[CO_METRIC_BUCKETS + 1]; /* not cumulative; the last is +Inf */
};

/* One metric and its series. `other` is part of it, so finding a series cannot fail. */
struct family {
    const struct co_metric *metric;
    struct co_series *first;
    struct co_series **end;
    size_t count;
    struct co_series other;
    bool has_other;
};

struct co_metric_set {
    struct co_metric_set *next;
    size_t count;
    struct family family[];
};

struct hook {
    void (*refresh)(void *ctx);
    void *ctx;
};

struct co_metrics {
    struct co_metric_set *first;
    struct co_metric_set **end;
    size_t hook_count;
    struct hook hooks[HOOKS_MAX];
};

struct co_metrics *co_metrics_new(void)
{
    struct co_metrics *m = calloc(1, sizeof(*m));
    if (m != NULL)
        m->end = &m->first;
    return m;
}

static void series_free(struct co_series *s)
{
    for (size_t i = 0; i < CO_METRIC_LABELS; i++)
        free(s->value[i]);
    free(s);
}

static void set_free(struct co_metric_set *set)
{
    for (size_t i = 0; i < set->count; i++) {
        for (struct co_series *s = set->family[i].first; s != NULL;) {
            struct co_series *next = s->next;
            series_free(s);
            s = next;
        }
    }
    free(set);
}

void co_metrics_free(struct co_metrics *m)
{
    if (m == NULL)
        return;
    for (struct co_metric_set *set = m->first; set != NULL;) {
        struct co_metric_set *next = set->next;
        set_free(set);
        set = next;
    }
    free(m);
}

static bool is_name(const char *s)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz_0123456789";
    return s != NULL && s[0] != '\0' && strspn(s, letters) == strlen(s) &&
           (s[0] < '0' || s[0] > '9');
}

static bool ends_in(const char *s, const char *tail)
{
    size_t len = strlen(s);
    return len >= strlen(tail) && strcmp(s + len - strlen(tail), tail) == 0;
}

/* The rules promtool checks, and those of a histogram's bounds. */
static void check_metric(const struct co_metric *metric)
{
    co_assert(is_name(metric->name) && metric->help != NULL && metric->help[0] != '\0');
    co_assert(metric->type < CO_METRIC_TYPES);
    co_assert(ends_in(metric->name, "_total") == (metric->type == CO_METRIC_COUNTER));
    co_assert(!ends_in(metric->name, "_count") && !ends_in(metric->name, "_sum") &&
              !ends_in(metric->name, "_bucket"));
    for (size_t i = 0; i < CO_METRIC_LABELS && metric->labels[i] != NULL; i++)
        co_assert(is_name(metric->labels[i]) && strcmp(metric->labels[i], "le") != 0);
    bool is_histogram = metric->type == CO_METRIC_HISTOGRAM;
    co_assert(is_histogram == (metric->bucket_count > 0));
    co_assert(metric->bucket_count <= CO_METRIC_BUCKETS);
    for (size_t i = 1; i < metric->bucket_count; i++)
        co_assert(metric->buckets[i - 1] < metric->buckets[i]);
}

static void check_unique(const struct co_metrics *m, const char *name)
{
    for (const struct co_metric_set *set = m->first; set != NULL; set = set->next)
        for (size_t i = 0; i < set->count; i++)
            co_assert(strcmp(set->family[i].metric->name, name) != 0);
}

static void init_family(struct family *family, const struct co_metric *metric)
{
    family->metric = metric;
    family->end = &family->first;
    family->other.metric = metric;
    family->has_other = metric->labels[0] == NULL;
}

struct co_metric_set *co_metrics_add(struct co_metrics *m, const struct co_metric *table,
                                     size_t count)
{
    struct co_metric_set *set = calloc(1, sizeof(*set) + count * sizeof(set->family[0]));
    if (set == NULL)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        check_metric(&table[i]);
        check_unique(m, table[i].name);
        init_family(&set->family[i], &table[i]);
    }
    set->count = count;
    *m->end = set;
    m->end = &set->next;
    return set;
}

struct co_series *co_metric(struct co_metric_set *set, size_t index)
{
    co_assert(index < set->count && set->family[index].metric->labels[0] == NULL);
    return &set->family[index].other;
}

static size_t label_count(const struct co_metric *metric)
{
    size_t n = 0;
    while (n < CO_METRIC_LABELS && metric->labels[n] != NULL)
        n++;
    return n;
}

/* A label value is kept whole or cut between characters at LABEL_BYTES. */
static bool is_same_value(const char *kept, const char *value)
{
    size_t len = strlen(value);
    if (len >= LABEL_BYTES)
        len = co_text_clip(value, LABEL_BYTES - 1);
    return strlen(kept) == len && memcmp(kept, value, len) == 0;
}

static bool has_labels(const struct co_series *s, struct co_labels labels, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!is_same_value(s->value[i], labels.value[i] != NULL ? labels.value[i] : ""))
            return false;
    return true;
}

static struct co_series *series_new(struct family *family, struct co_labels labels, size_t n)
{
    struct co_series *s = calloc(1, sizeof(*s));
    if (s == NULL)
        return NULL;
    s->metric = family->metric;
    for (size_t i = 0; i < n; i++) {
        char value[LABEL_BYTES];
        co_text_copy(value, sizeof(value), labels.value[i] != NULL ? labels.value[i] : "");
        s->value[i] = strdup(value);
        if (s->value[i] == NULL) {
            series_free(s);
            return NULL;
        }
    }
    *family->end = s;
    family->end = &s->next;
    family->count++;
    return s;
}

struct co_series *co_metric_with(struct co_metric_set *set, size_t index, struct co_labels labels)
{
    co_assert(index < set->count);
    struct family *family = &set->family[index];
    size_t n = label_count(family->metric);
    co_assert(n > 0);
    for (struct co_series *s = family->first; s != NULL; s = s->next)
        if (has_labels(s, labels, n))
            return s;
    struct co_series *made =
        family->count < CO_METRIC_SERIES ? series_new(family, labels, n) : NULL;
    if (made != NULL)
        return made;
    family->has_other = true;
    return &family->other;
}

void co_metric_add(struct co_series *series, double n)
{
    co_assert(series->metric->type != CO_METRIC_HISTOGRAM);
    co_assert(n >= 0 || series->metric->type == CO_METRIC_GAUGE);
    series->sum += n;
}

void co_metric_raise(struct co_series *series, double value)
{
    co_assert(series->metric->type == CO_METRIC_COUNTER);
    if (value > series->sum)
        series->sum = value;
}

void co_metric_set(struct co_series *series, double value)
{
    co_assert(series->metric->type == CO_METRIC_GAUGE);
    series->sum = value;
}

void co_metric_observe(struct co_series *series, double value)
{
    const struct co_metric *metric = series->metric;
    co_assert(metric->type == CO_METRIC_HISTOGRAM);
    size_t i = 0;
    while (i < metric->bucket_count && !(value <= metric->buckets[i]))
        i++;
    series->bucket[i]++;
    series->sum += value;
}

static uint64_t observations(const struct co_series *series)
{
    uint64_t n = 0;
    for (size_t i = 0; i <= series->metric->bucket_count; i++)
        n += series->bucket[i];
    return n;
}

double co_metric_value(const struct co_series *series)
{
    return series->metric->type == CO_METRIC_HISTOGRAM ? (double)observations(series) : series->sum;
}

void co_metrics_before_render(struct co_metrics *m, void (*refresh)(void *ctx), void *ctx)
{
    co_assert(m->hook_count < HOOKS_MAX);
    m->hooks[m->hook_count++] = (struct hook){ refresh, ctx };
}

/* The shortest text that reads back as the same number. */
static void put_number(struct co_buf *out, double x)
{
    char text[32];
    if (isnan(x)) {
        co_buf_append_text(out, "NaN");
        return;
    }
    if (isinf(x)) {
        co_buf_append_text(out, x > 0 ? "+Inf" : "-Inf");
        return;
    }
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof(text), "%.*g", digits, x);
        if (!(strtod(text, NULL) < x) && !(strtod(text, NULL) > x))
            break;
    }
    co_buf_append_text(out, text);
}

/* Label values escape \, " and line feed; a value that is not UTF-8 loses those bytes. */
static void put_label(struct co_buf *out, const char *name, const char *value)
{
    co_buf_printf(out, "%s=\"", name);
    for (size_t at = 0; value[at] != '\0';) {
        uint32_t c;
        size_t size = co_text_next(value + at, &c);
        if (c == '\n')
            co_buf_append_text(out, "\\n");
        else if (c == '\\' || c == '"')
            co_buf_printf(out, "\\%c", (int)c);
        else if (co_text_is_valid(value + at, size))
            co_buf_append(out, value + at, size);
        else
            co_buf_append_text(out, "?");
        at += size;
    }
    co_buf_append_text(out, "\"");
}

/* NAME TAIL {labels, le="..."}, up to the blank before the number. */
static void put_name(struct co_buf *out, const struct co_series *s, const char *tail,
                     const double *le)
{
    size_t n = label_count(s->metric);
    co_buf_printf(out, "%s%s", s->metric->name, tail);
    if (n > 0 || le != NULL)
        co_buf_append_text(out, "{");
    for (size_t i = 0; i < n; i++) {
        put_label(out, s->metric->labels[i], s->value[i] != NULL ? s->value[i] : "other");
        if (i + 1 < n || le != NULL)
            co_buf_append_text(out, ",");
    }
    if (le != NULL) {
        co_buf_append_text(out, "le=\"");
        put_number(out, *le);
        co_buf_append_text(out, "\"");
    }
    co_buf_append_text(out, n > 0 || le != NULL ? "} " : " ");
}

static void put_sample(struct co_buf *out, const struct co_series *s, const char *tail,
                       const double *le, double value)
{
    put_name(out, s, tail, le);
    put_number(out, value);
    co_buf_append_text(out, "\n");
}

static void put_series(struct co_buf *out, const struct co_series *s)
{
    if (s->metric->type != CO_METRIC_HISTOGRAM) {
        put_sample(out, s, "", NULL, s->sum);
        return;
    }
    uint64_t n = 0;
    for (size_t i = 0; i <= s->metric->bucket_count; i++) {
        double le = i < s->metric->bucket_count ? s->metric->buckets[i] : HUGE_VAL;
        n += s->bucket[i];
        put_sample(out, s, "_bucket", &le, (double)n);
    }
    put_sample(out, s, "_sum", NULL, s->sum);
    put_sample(out, s, "_count", NULL, (double)n);
}

static void put_family(struct co_buf *out, const struct family *family)
{
    static const char *const types[CO_METRIC_TYPES] = { [CO_METRIC_COUNTER] = "counter",
                                                        [CO_METRIC_GAUGE] = "gauge",
                                                        [CO_METRIC_HISTOGRAM] = "histogram" };
    const struct co_metric *metric = family->metric;
    co_buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n", metric->name, metric->help, metric->name,
                  types[metric->type]);
    for (const struct co_series *s = family->first; s != NULL; s = s->next)
        put_series(out, s);
    if (family->has_other)
        put_series(out, &family->other);
}

enum co_err co_metrics_render(struct co_metrics *m, struct co_buf *out)
{
    for (size_t i = 0; i < m->hook_count; i++)
        m->hooks[i].refresh(m->hooks[i].ctx);
    for (const struct co_metric_set *set = m->first; set != NULL; set = set->next)
        for (size_t i = 0; i < set->count; i++)
            put_family(out, &set->family[i]);
    return out->err;
}
