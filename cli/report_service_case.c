/* One case of a service report, on a worker's thread. */
#include <string.h>

#include "cli_view.h"
#include "co_number.h"
#include "co_pbarena.h"
#include "co_row.h"
#include "report_calls.h"
#include "report_service_look.h"
#include "sla_events.h"
#include "sla_input.h"

#define BODY(name) CALLOUT__V1__EVENT__BODY_##name

/* -- computing it */

static const Callout__V1__CaseOpened *opened_under(const struct report_service *r,
                                                   const struct co_history_case *stored)
{
    for (size_t i = 0; i < stored->count; i++) {
        const Callout__V1__Event *e = stored->entries[i].event;
        if (e->body_case == BODY(CASE_OPENED) &&
            strcmp(e->case_opened->contract, r->contract->key) == 0)
            return e->case_opened;
    }
    return NULL;
}

/* As of the last moment of the month: what happens at its end belongs to the next one. */
static enum co_err fold(struct report_look *k)
{
    int64_t as_of_us = look_earlier(k->r->end_us, k->r->until_us - 1);
    enum co_err err = history_case(k->stored, as_of_us, UINT64_MAX, &k->c);
    if (err == CO_OK && k->c.state->opened == NULL)
        err = CO_EINPUT;
    if (err == CO_OK)
        err = history_case_versions(&k->r->history, NULL, &k->c, NULL);
    if (err == CO_OK)
        err = history_case_terms(&k->r->history, k->c.state->opened, &k->terms);
    if (err == CO_OK)
        err = sla_case_fold(&k->c, k->arena, as_of_us, &k->fold);
    if (err != CO_OK)
        return err;
    struct sla_fold_input in = { .policy = k->c.policy,
                                 .calendars = k->c.calendars,
                                 .opened = k->c.state->opened,
                                 .inputs = k->c.state->inputs,
                                 .input_count = k->c.state->n_inputs,
                                 .now_us = k->r->end_us };
    return sla_ledger(&in, &k->fold, k->arena, &k->ledger);
}

static bool is_declared_for(const Callout__V1__Exclusion *x, const Callout__V1__CaseOpened *opened)
{
    for (size_t i = 0; i < x->n_regions; i++)
        for (size_t j = 0; j < opened->n_regions; j++)
            if (strcmp(x->regions[i], opened->regions[j]) == 0)
                return true;
    return x->n_regions == 0;
}

/* Those that the case took in, and those that its policy passes over: the contract may list them.
 */
static enum co_err find_declared(struct report_look *k)
{
    const Callout__V1__SlaState *s = k->c.state;
    uint32_t count = co_registry_count(k->r->registry, CO_KIND_EXCLUSION);
    Callout__V1__Exclusion **list =
        co_arena_alloc(k->arena, (s->n_exclusions + count + 1) * sizeof(list[0]));
    if (list == NULL)
        return CO_ENOMEM;
    size_t n = 0;
    for (size_t i = 0; i < s->n_exclusions; i++)
        list[n++] = s->exclusions[i];
    for (uint32_t i = 0; i < count; i++) {
        Callout__V1__Exclusion *x =
            co_registry_at(k->r->registry, CO_KIND_EXCLUSION, i)->message->exclusion;
        if (sla_input_find_exclusion(s, x->key) == NULL && is_declared_for(x, s->opened))
            list[n++] = x;
    }
    k->declared = (struct sla_declared){ list, n };
    return CO_OK;
}

/* -- the case */

static bool put_parts(struct report_look *k)
{
    int64_t length_us[SLA_HOLDERS] = { 0 };
    Callout__V1__ServiceCase *to = k->to;
    look_lengths(k, k->r->from_us, k->r->end_us, length_us);
    if ((to->parts = look_list(k, SLA_HOLDERS)) == NULL)
        return false;
    for (; to->n_parts < SLA_HOLDERS; to->n_parts++)
        if ((to->parts[to->n_parts] =
                 look_part(k, (enum sla_holder)to->n_parts, length_us[to->n_parts])) == NULL)
            return false;
    return true;
}

static Callout__V1__Text *severity_name(const struct report_look *k)
{
    const Callout__V1__PolicyPack *p = k->c.policy;
    for (size_t i = 0; i < p->n_severities; i++)
        if (p->severities[i]->level == k->fold.severity)
            return p->severities[i]->name;
    return NULL;
}

static char *title_of(struct report_look *k)
{
    const struct co_history_case *s = k->stored;
    return co_arena_strdup(k->arena, s->rows == NULL ? "" : co_row_text(s->rows, s->row, 1));
}

static bool put_case(struct report_look *k)
{
    static char open[] = "open", closed[] = "closed";
    const Callout__V1__CaseOpened *opened = k->c.state->opened;
    char number[CO_NUMBER_TEXT];
    if (k->fold.is_closed && k->fold.closed_us < k->r->from_us)
        return true;
    k->to = sla_message_new(k->arena, &callout__v1__service_case__descriptor);
    if (k->to == NULL)
        return false;
    co_number_format(k->stored->case_id, number);
    k->to->number = co_arena_strdup(k->arena, number);
    k->to->title = title_of(k);
    k->to->product = opened->product;
    k->to->severity = k->fold.severity;
    k->to->severity_name = severity_name(k);
    k->to->state = k->fold.is_closed ? closed : open;
    k->to->reported_us = opened->reported_us;
    k->to->closed_us = k->fold.is_closed ? k->fold.closed_us : 0;
    k->to->promises = look_list(k, k->fold.clock_count);
    return k->to->number != NULL && k->to->title != NULL && k->to->promises != NULL && put_parts(k);
}

/* -- what outlives it */

static void *grow(struct co_arena *arena, void *list, size_t count, size_t *cap, size_t size)
{
    if (count < *cap)
        return list;
    size_t more = *cap == 0 ? 64 : *cap * 2;
    void *larger = co_arena_alloc(arena, more * size);
    if (larger == NULL)
        return NULL;
    if (count > 0)
        memcpy(larger, list, count * size);
    *cap = more;
    return larger;
}

static Callout__V1__ServiceCase *keep_case(struct report_look *k)
{
    struct report_service_found *f = k->found;
    ProtobufCAllocator allocator = co_pbarena(f->arena);
    size_t len = callout__v1__service_case__get_packed_size(k->to);
    uint8_t *bytes = co_arena_alloc(f->arena, len + 1);
    Callout__V1__ServiceCase **cases =
        grow(f->arena, f->cases, f->case_count, &f->case_cap, sizeof(cases[0]));
    if (bytes == NULL || cases == NULL)
        return NULL;
    (void)callout__v1__service_case__pack(k->to, bytes);
    f->cases = cases;
    cases[f->case_count] = callout__v1__service_case__unpack(&allocator, len, bytes);
    return cases[f->case_count] == NULL ? NULL : cases[f->case_count++];
}

static enum co_err keep(struct report_look *k)
{
    struct report_service_found *f = k->found;
    Callout__V1__ServiceCase *kept = k->to == NULL ? NULL : keep_case(k);
    if (k->to != NULL && kept == NULL)
        return CO_ENOMEM;
    for (size_t i = 0; i < k->owed_count; i++) {
        struct report_service_owed *owed =
            grow(f->arena, f->owed, f->owed_count, &f->owed_cap, sizeof(owed[0]));
        if (owed == NULL)
            return CO_ENOMEM;
        f->owed = owed;
        owed[f->owed_count] = k->owed[i];
        if (kept != NULL && k->said[i] != SIZE_MAX)
            owed[f->owed_count].said = kept->promises[k->said[i]]->penalty;
        f->owed_count++;
    }
    return CO_OK;
}

/* -- man-days and calls */

static enum co_err add_postings(struct report_look *k)
{
    enum co_err err = CO_OK;
    for (size_t i = 0; err == CO_OK && i < k->stored->count; i++) {
        const Callout__V1__Event *e = k->stored->entries[i].event;
        if (e->body_case != BODY(LOT_POSTED))
            continue;
        const Callout__V1__LotPosted *p = e->lot_posted;
        int64_t value[REPORT_VALUES] = { 0 };
        if (p->posted_us < k->r->from_us || p->posted_us >= k->r->until_us ||
            strcmp(p->contract, k->r->contract->key) != 0)
            continue;
        cli_man_days_add(p, &value[LOT_RESERVED], &value[LOT_USED]);
        err = report_sum_add(k->found->lots, (const char *const[]){ p->lot }, 1, value);
    }
    return err;
}

static enum co_err add_call(struct report_look *k, const Callout__V1__CallView *c)
{
    int64_t value[REPORT_VALUES];
    report_call_values(c, value);
    return report_sum_add(k->found->calls, (const char *const[]){ NULL }, 1, value);
}

static enum co_err add_calls(struct report_look *k)
{
    Callout__V1__CaseView *v = NULL;
    enum co_err err = history_view(k->stored, &v);
    for (size_t i = 0; err == CO_OK && i < v->n_calls; i++)
        if (v->calls[i]->called_us >= k->r->from_us && v->calls[i]->called_us < k->r->until_us)
            err = add_call(k, v->calls[i]);
    return err;
}

/* -- */

static enum co_err add_case(struct report_look *k)
{
    const Callout__V1__CaseOpened *opened = opened_under(k->r, k->stored);
    if (opened == NULL || opened->reported_us >= k->r->end_us)
        return k->stored->problem == NULL ? CO_OK : CO_EINPUT;
    enum co_err err = k->stored->problem == NULL ? fold(k) : CO_EINPUT;
    if (err == CO_OK)
        err = find_declared(k);
    if (err == CO_OK && (!put_case(k) || !look_promises(k)))
        err = CO_ENOMEM;
    if (err == CO_OK)
        err = keep(k);
    if (err == CO_OK)
        err = add_postings(k);
    return err == CO_OK ? add_calls(k) : err;
}

enum co_err report_service_case(void *arg, unsigned worker, const struct co_history_case *stored)
{
    struct report_service *r = arg;
    struct report_look k = {
        .r = r, .found = &r->found[worker], .stored = stored, .arena = stored->arena
    };
    enum co_err err = add_case(&k);
    k.found->unreadable += err == CO_EINPUT;
    return err == CO_EINPUT ? CO_OK : err;
}
