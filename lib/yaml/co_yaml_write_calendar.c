/* A calendar as a document that stands by itself: holidays are written out as exceptions. */
#include <inttypes.h>
#include <stdio.h>

#include "co_time.h"
#include "co_yaml_impl.h"

static bool append(yaml_document_t *doc, int map, const char *key, int value)
{
    int name = co_yaml_add_text(doc, key);
    return value != 0 && name != 0 && yaml_document_append_mapping_pair(doc, map, name, value) != 0;
}

static bool append_item(yaml_document_t *doc, int list, int item)
{
    return item != 0 && yaml_document_append_sequence_item(doc, list, item) != 0;
}

static int write_spans(yaml_document_t *doc, Callout__V1__Span *const *spans, size_t count)
{
    int list = yaml_document_add_sequence(doc, NULL, YAML_FLOW_SEQUENCE_STYLE);
    for (size_t i = 0; list != 0 && i < count; i++) {
        char text[64];
        uint32_t from = spans[i]->from_min;
        uint32_t until = spans[i]->until_min;
        snprintf(text, sizeof(text), "%02" PRIu32 ":%02" PRIu32 "-%02" PRIu32 ":%02" PRIu32,
                 from / 60, from % 60, until / 60, until % 60);
        if (!append_item(doc, list, co_yaml_add_text(doc, text)))
            return 0;
    }
    return list;
}

static int write_offset(yaml_document_t *doc, int32_t offset_s)
{
    char text[32];
    int32_t minutes = offset_s < 0 ? -offset_s / 60 : offset_s / 60;
    snprintf(text, sizeof(text), "%c%02" PRId32 ":%02" PRId32, offset_s < 0 ? '-' : '+',
             minutes / 60, minutes % 60);
    return co_yaml_add_text(doc, text);
}

static int write_transitions(yaml_document_t *doc, const Callout__V1__Calendar *c)
{
    int list = yaml_document_add_sequence(doc, NULL, YAML_BLOCK_SEQUENCE_STYLE);
    for (size_t i = 1; list != 0 && i < c->n_transitions; i++) {
        char text[CO_TIME_TEXT];
        co_time_format(c->transitions[i]->from_us, text);
        int map = yaml_document_add_mapping(doc, NULL, YAML_FLOW_MAPPING_STYLE);
        if (map == 0 || !append(doc, map, "at", co_yaml_add_text(doc, text)) ||
            !append(doc, map, "offset", write_offset(doc, c->transitions[i]->offset_s)) ||
            !append_item(doc, list, map))
            return 0;
    }
    return list;
}

static int write_week(yaml_document_t *doc, Callout__V1__WorkDay *const *week, size_t count)
{
    static const char *const names[] = { "mon", "tue", "wed", "thu", "fri", "sat", "sun" };
    int map = yaml_document_add_mapping(doc, NULL, YAML_BLOCK_MAPPING_STYLE);
    for (size_t d = 0; map != 0 && d < count && d < 7; d++)
        if (!append(doc, map, names[d], write_spans(doc, week[d]->spans, week[d]->n_spans)))
            return 0;
    return map;
}

static int write_weeks(yaml_document_t *doc, const Callout__V1__Calendar *c)
{
    int list = yaml_document_add_sequence(doc, NULL, YAML_BLOCK_SEQUENCE_STYLE);
    for (size_t i = 0; list != 0 && i < c->n_weeks; i++) {
        const Callout__V1__WeekFrom *w = c->weeks[i];
        char date[CO_DATE_TEXT];
        co_date_format(w->from_day, date);
        int map = yaml_document_add_mapping(doc, NULL, YAML_BLOCK_MAPPING_STYLE);
        if (map == 0 || !append(doc, map, "from", co_yaml_add_text(doc, date)) ||
            !append(doc, map, "week", write_week(doc, w->week, w->n_week)) ||
            !append_item(doc, list, map))
            return 0;
    }
    return list;
}

static int write_exceptions(yaml_document_t *doc, const Callout__V1__Calendar *c)
{
    int list = yaml_document_add_sequence(doc, NULL, YAML_BLOCK_SEQUENCE_STYLE);
    for (size_t i = 0; list != 0 && i < c->n_exceptions; i++) {
        const Callout__V1__DayException *e = c->exceptions[i];
        char date[CO_DATE_TEXT];
        co_date_format(e->day, date);
        int map = yaml_document_add_mapping(doc, NULL, YAML_FLOW_MAPPING_STYLE);
        if (map == 0 || !append(doc, map, "date", co_yaml_add_text(doc, date)) ||
            !append(doc, map, "name", co_yaml_add_text(doc, e->name)) ||
            !append(doc, map, "hours", write_spans(doc, e->spans, e->n_spans)) ||
            !append_item(doc, list, map))
            return 0;
    }
    return list;
}

static int write_years(yaml_document_t *doc, const Callout__V1__Calendar *c)
{
    int list = yaml_document_add_sequence(doc, NULL, YAML_FLOW_SEQUENCE_STYLE);
    for (size_t i = 0; list != 0 && i < c->n_years; i++) {
        char text[16];
        snprintf(text, sizeof(text), "%" PRIu32, c->years[i]);
        if (!append_item(doc, list, co_yaml_add_plain(doc, text)))
            return 0;
    }
    return list;
}

int co_yaml_write_calendar(yaml_document_t *doc, const Callout__V1__Calendar *c)
{
    int32_t offset_s = c->n_transitions == 0 ? 0 : c->transitions[0]->offset_s;
    int map = yaml_document_add_mapping(doc, NULL, YAML_BLOCK_MAPPING_STYLE);
    bool ok = map != 0 && append(doc, map, "calendar", co_yaml_add_text(doc, c->key)) &&
              append(doc, map, "zone", co_yaml_add_text(doc, c->zone)) &&
              append(doc, map, "utc_offset", write_offset(doc, offset_s)) &&
              append(doc, map, "week", write_week(doc, c->week, c->n_week));
    if (ok && c->n_weeks > 0)
        ok = append(doc, map, "weeks", write_weeks(doc, c));
    if (ok && c->n_transitions > 1)
        ok = append(doc, map, "transitions", write_transitions(doc, c));
    if (ok && c->n_exceptions > 0)
        ok = append(doc, map, "exceptions", write_exceptions(doc, c));
    if (ok && c->n_years > 0)
        ok = append(doc, map, "years", write_years(doc, c));
    return ok ? map : 0;
}
