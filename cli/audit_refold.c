#include "audit_refold.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "co_number.h"
#include "co_row.h"
#include "refold_announced.h"

#define BODY(name) CALLOUT__V1__EVENT__BODY_##name

/* -- saying what differs */

struct difference {
    const char *what;
    Callout__V1__Event *announced, *computed;
};

static enum co_err say(struct refold_case *r, struct difference is, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static enum co_err say(struct refold_case *r, struct difference is, const char *format, ...)
{
    char number[CO_NUMBER_TEXT], detail[256], what[16];
    Callout__V1__RefoldDifference d = CALLOUT__V1__REFOLD_DIFFERENCE__INIT;
    va_list args;
    va_start(args, format);
    (void)vsnprintf(detail, sizeof(detail), format, args);
    va_end(args);
    (void)snprintf(what, sizeof(what), "%s", is.what);
    co_number_format(r->stored->case_id, number);
    d.number = number;
    d.what = what;
    d.detail = detail;
    d.announced = is.announced;
    d.computed = is.computed;
    return r->differs(r->arg, &d);
}

static const struct difference row = { "row", NULL, NULL },
                               unreadable = { "unreadable", NULL, NULL };

/* -- the outputs */

static Callout__V1__Event *find(Callout__V1__Event *const *list, size_t count,
                                const Callout__V1__Event *name)
{
    for (size_t i = 0; i < count; i++)
        if (refold_is_same_name(list[i], name))
            return list[i];
    return NULL;
}

/* `said` is what the service would have to say now for the announced to become what is computed. A
 * promise that moves is said anew, anything else is withdrawn first. */
static enum co_err compare_outputs(struct refold_case *r, const struct refold_announced *announced,
                                   const struct sla_events *said)
{
    enum co_err err = CO_OK;
    for (size_t i = 0; err == CO_OK && i < said->count; i++) {
        Callout__V1__Event *e = said->event[i];
        Callout__V1__Event *was = find(announced->event, announced->count, e);
        bool is_withdrawal = e->body_case == BODY(WITHDRAWN);
        Callout__V1__Event *is = NULL;
        for (size_t k = 0; k < said->count && is == NULL; k++)
            if (said->event[k]->body_case != BODY(WITHDRAWN) &&
                refold_is_same_name(said->event[k], e))
                is = said->event[k];
        if (!is_withdrawal && was != NULL && e->body_case != BODY(PROMISED))
            continue; /* told with its withdrawal */
        const char *what = was == NULL ? "missing" : is == NULL ? "announced" : "moved";
        err = say(r, (struct difference){ what, was, is }, "%s",
                  is_withdrawal && e->withdrawn->stands ? "should stand, marked" : "");
    }
    if (err == CO_OK && announced->wrong != NULL) {
        Callout__V1__Event wrong = *announced->wrong;
        err = say(r, (struct difference){ "announced", &wrong, NULL },
                  wrong.body_case == BODY(WITHDRAWN) ? "withdrawn, and it did not stand announced"
                                                     : "announced twice");
    }
    return err;
}

/* -- the row */

/* One part of a state by itself. */
typedef void part_rule(Callout__V1__SlaState *to, const Callout__V1__SlaState *from);

static void opened(Callout__V1__SlaState *to, const Callout__V1__SlaState *from)
{
    to->opened = from->opened;
    to->ticket = from->ticket;
}

static void inputs(Callout__V1__SlaState *to, const Callout__V1__SlaState *from)
{
    to->inputs = from->inputs;
    to->n_inputs = from->n_inputs;
}

static void outputs(Callout__V1__SlaState *to, const Callout__V1__SlaState *from)
{
    to->announced = from->announced;
    to->n_announced = from->n_announced;
}

static void standing(Callout__V1__SlaState *to, const Callout__V1__SlaState *from)
{
    to->standing = from->standing;
    to->n_standing = from->n_standing;
}

static void rebased(Callout__V1__SlaState *to, const Callout__V1__SlaState *from)
{
    to->rebased = from->rebased;
}

static const struct {
    const char *name;
    part_rule *take;
} parts[] = { { "the opening", opened },
              { "the inputs", inputs },
              { "what was announced", outputs },
              { "the actions that stand", standing },
              { "the calendars", rebased } };

static enum co_err is_same_part(struct co_arena *arena, const Callout__V1__SlaState *a,
                                const Callout__V1__SlaState *b, bool *ret)
{
    size_t len = callout__v1__sla_state__get_packed_size(a);
    *ret = len == callout__v1__sla_state__get_packed_size(b);
    if (!*ret)
        return CO_OK;
    uint8_t *bytes = co_arena_alloc(arena, 2 * len + 1);
    if (bytes == NULL)
        return CO_ENOMEM;
    (void)callout__v1__sla_state__pack(a, bytes);
    (void)callout__v1__sla_state__pack(b, bytes + len);
    *ret = memcmp(bytes, bytes + len, len) == 0;
    return CO_OK;
}

static enum co_err compare_parts(struct refold_case *r, const Callout__V1__SlaState *kept,
                                 const Callout__V1__SlaState *computed)
{
    enum co_err err = CO_OK;
    for (size_t i = 0; err == CO_OK && i < sizeof(parts) / sizeof(parts[0]); i++) {
        Callout__V1__SlaState a = CALLOUT__V1__SLA_STATE__INIT, b = CALLOUT__V1__SLA_STATE__INIT;
        bool is_same = true;
        parts[i].take(&a, kept);
        parts[i].take(&b, computed);
        err = is_same_part(r->stored->arena, &a, &b, &is_same);
        if (err == CO_OK && !is_same)
            err = say(r, row, "%s in the row of sla and in the journal are not the same",
                      parts[i].name);
    }
    return err;
}

static enum co_err compare_columns(struct refold_case *r, const struct sla_case *c,
                                   const struct sla_fold *fold)
{
    const struct co_history_case *s = r->stored;
    const char *state = fold->is_closed ? "closed" : sla_case_is_held(c) ? "held" : "open";
    const char *was = co_row_text(s->rows, s->row, REFOLD_STATE);
    int severity = co_row_int2(s->rows, s->row, REFOLD_SEVERITY);
    enum co_err err = CO_OK;
    if (strcmp(state, was) != 0)
        err = say(r, row, "the row of sla says %s, computed is %s", was, state);
    if (err == CO_OK && severity != (int)fold->severity)
        err = say(r, row, "the row of sla says severity %d, computed is %u", severity,
                  fold->severity);
    int64_t next_us = co_row_us(s->rows, s->row, REFOLD_NEXT_AT);
    r->is_behind = r->is_behind || next_us <= r->now_us;
    if (err == CO_OK && next_us > fold->next_us) /* earlier is fine: a sweep wakes cases up */
        err = say(r, row, "the row of sla is to be looked at again later than computed");
    return err;
}

/* -- the case */

static Callout__V1__TicketSubmitted *ticket_of(const struct co_history_case *s)
{
    for (size_t i = 0; i < s->count; i++)
        if (s->entries[i].event->body_case == BODY(TICKET_SUBMITTED))
            return s->entries[i].event->ticket_submitted;
    return NULL;
}

static bool has(const struct co_history_case *s, Callout__V1__Event__BodyCase kind)
{
    for (size_t i = 0; i < s->count; i++)
        if (s->entries[i].event->body_case == kind)
            return true;
    return false;
}

/* Something is there for sla that it has not taken in. */
static bool waits(const struct refold_case *r)
{
    for (size_t i = 0; i < r->stored->count; i++) {
        const struct co_history_entry *e = &r->stored->entries[i];
        bool is_for_sla = e->event->body_case == BODY(TICKET_SUBMITTED) ||
                          e->event->body_case == BODY(COMMAND_RECEIVED) ||
                          e->event->body_case == BODY(SITE_LOCATED);
        if (is_for_sla && e->seq > r->taken)
            return true;
    }
    return false;
}

/* Folds as of the last time the case was looked at, and leaves in `kept` what the row says. */
static enum co_err compare_case(struct refold_case *r, struct sla_case *c,
                                const Callout__V1__SlaState *kept)
{
    struct refold_announced announced;
    struct sla_events said = { 0 };
    struct sla_fold fold;
    enum co_err err = refold_announced(r->stored, &announced);
    if (err != CO_OK)
        return err;
    r->outputs = announced.count;
    c->now_us = kept->seen_us;
    c->state->announced = announced.event;
    c->state->n_announced = announced.count;
    c->state->withdrawn = announced.withdrawn;
    c->state->n_withdrawn = announced.withdrawn_count;
    err = sla_case_advance(c, &said, &fold);
    if (err == CO_EINPUT)
        return say(r, unreadable, "the case cannot be folded");
    if (err == CO_OK)
        err = compare_outputs(r, &announced, &said);
    if (err == CO_OK)
        err = compare_parts(r, kept, c->state);
    if (err == CO_OK)
        err = compare_columns(r, c, &fold);
    r->is_compared = true;
    r->is_behind = r->is_behind || fold.next_us <= r->now_us;
    return err;
}

static enum co_err compare_row(struct refold_case *r, struct sla_case *c)
{
    const struct co_history_case *s = r->stored;
    Callout__V1__SlaState *kept = NULL;
    struct co_bytes body = co_row_bytes(s->rows, s->row, REFOLD_BODY);
    enum co_err err = sla_state_unpack(s->arena, body.data, body.len, &kept);
    if (err == CO_EINPUT)
        return say(r, unreadable, "the row of sla cannot be read");
    if (err == CO_OK && c->state->opened != NULL)
        err = history_case_versions(r->history, NULL, c, NULL);
    if (err == CO_EINPUT && c->state->opened->engine != SLA_ENGINE_VERSION)
        return say(r, unreadable, "folded by version %u of the engine, this release has %u",
                   c->state->opened->engine, SLA_ENGINE_VERSION);
    if (err == CO_EINPUT)
        return say(r, unreadable, "a version that the case is under is not there");
    return err == CO_OK ? compare_case(r, c, kept) : err;
}

enum co_err refold_case(struct refold_case *r)
{
    const struct co_history_case *s = r->stored;
    struct sla_case c;
    if (s->problem != NULL)
        return say(r, unreadable, "%s", s->problem);
    bool is_taken = has(s, BODY(CASE_OPENED)) || has(s, BODY(CASE_HELD));
    r->is_behind = waits(r);
    if (s->rows == NULL)
        return is_taken ? say(r, row, "sla has said that it has the case, and has no row of it")
                        : CO_OK;
    if (!is_taken)
        return say(r, row, "sla has a row of the case, and the journal does not say so");
    enum co_err err = history_case(s, r->now_us, r->taken, &c);
    if (err == CO_EINPUT)
        return say(r, unreadable, "the entries are not those of a case");
    if (err != CO_OK)
        return err;
    if (c.state->opened == NULL)
        c.state->ticket = ticket_of(s);
    return c.state->opened == NULL && c.state->ticket == NULL
               ? say(r, unreadable, "the case has no report")
               : compare_row(r, &c);
}
