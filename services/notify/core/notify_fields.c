#include "notify_fields.h"

#include <inttypes.h>
#include <string.h>

#include "co_advisory.h"
#include "co_number.h"
#include "co_time.h"
#include "notify_words.h"

#define BODY(name) CALLOUT__V1__EVENT__BODY_##name
#define LATE_US CO_MINUTE_US /* told later than this after it was so, a notice says it */

struct view {
    struct notify_case *c;
    const struct notify_occasion *o;
    enum notify_language language;
    const Callout__V1__Calendar *calendar;
    const char *answer, *told;
    int64_t now_us;
};

typedef const char *value(const struct view *v);

static const char *or_unknown(const char *text)
{
    return text != NULL && text[0] != '\0' ? text : NULL;
}

/* The name in the registry, else the key itself. */
static const char *named(const struct view *v, const Callout__V1__Text *name, const char *key)
{
    const char *text = notify_text_pick(name, v->language);
    return or_unknown(text[0] != '\0' ? text : key);
}

static const char *time_of(const struct view *v, int64_t us)
{
    if (us == 0)
        return notify_words_of("agreed", v->language);
    char text[NOTIFY_TIME_TEXT];
    notify_text_time(us, notify_text_offset(v->calendar, us), text);
    return notify_case_text(v->c, "%s", text);
}

static const char *length_of(const struct view *v, int64_t us)
{
    char text[NOTIFY_LENGTH_TEXT];
    notify_text_length(us, v->language, text);
    return notify_case_text(v->c, "%s", text);
}

/* How far off it is. */
static const char *until(const struct view *v, int64_t us)
{
    if (us == 0)
        return notify_words_of("agreed", v->language);
    char text[NOTIFY_LENGTH_TEXT];
    notify_text_until(us - v->now_us, v->language, text);
    return notify_case_text(v->c, "%s", text);
}

static const char *number(const struct view *v)
{
    char text[CO_NUMBER_TEXT];
    co_number_format(v->c->case_id, text);
    return notify_case_text(v->c, "%s", text);
}

static const char *title(const struct view *v)
{
    return or_unknown(v->c->title);
}

static const char *level_name(const struct view *v, uint32_t level)
{
    const Callout__V1__PolicyPack *p = v->c->policy;
    for (size_t i = 0; p != NULL && i < p->n_severities; i++)
        if (p->severities[i]->level == level)
            return named(v, p->severities[i]->name, "");
    return level == 0 ? NULL : notify_case_text(v->c, "%" PRIu32, level);
}

static const char *severity(const struct view *v)
{
    uint32_t level = notify_case_severity(v->c);
    return level == 0 ? NULL : notify_case_text(v->c, "%" PRIu32, level);
}

static const char *severity_name(const struct view *v)
{
    return level_name(v, notify_case_severity(v->c));
}

static const char *customer(const struct view *v)
{
    const Callout__V1__Customer *x =
        co_registry_customer(v->c->world->registry, v->c->state->customer);
    return named(v, x == NULL ? NULL : x->name, v->c->state->customer);
}

static const char *site(const struct view *v)
{
    const Callout__V1__Site *x = co_registry_site(v->c->world->registry, v->c->state->site);
    return named(v, x == NULL ? NULL : x->name, v->c->state->site);
}

static const char *milestone_name(const struct view *v, const char *name)
{
    const Callout__V1__PolicyPack *p = v->c->policy;
    for (size_t i = 0; p != NULL && i < p->n_milestones; i++)
        if (strcmp(p->milestones[i]->name, name) == 0)
            return named(v, p->milestones[i]->title, name);
    return or_unknown(name);
}

static const char *milestone(const struct view *v)
{
    return milestone_name(v, v->o->milestone);
}

static bool is_due_known(const struct view *v)
{
    bool is_promise =
        v->o->milestone[0] != '\0' && v->o->on != CALLOUT__V1__NOTICE_ON__NOTICE_ON_WITHDRAWN;
    return v->o->due_us != 0 || is_promise; /* of a promise that it is to be agreed is known, too */
}

static const char *due(const struct view *v)
{
    return is_due_known(v) ? time_of(v, v->o->due_us) : NULL;
}

static const char *due_in(const struct view *v)
{
    return is_due_known(v) ? until(v, v->o->due_us) : NULL;
}

static const char *late(const struct view *v)
{
    return v->o->due_us == 0 ? NULL : length_of(v, v->now_us - v->o->due_us);
}

static const char *remaining(const struct view *v)
{
    return v->o->due_us == 0 ? NULL : length_of(v, v->o->due_us - v->now_us);
}

static const char *engineer(const struct view *v)
{
    const char *key = v->c->state->engineer;
    const Callout__V1__Person *x = co_registry_person(v->c->world->registry, key);
    return or_unknown(x == NULL ? key : x->name);
}

static const char *office(const struct view *v)
{
    const Callout__V1__Office *x = co_registry_office(v->c->world->registry, v->c->state->office);
    return named(v, x == NULL ? NULL : x->name, v->c->state->office);
}

static const char *km(const struct view *v)
{
    return v->c->state->office[0] == '\0' ? NULL : notify_case_text(v->c, "%.0f", v->c->state->km);
}

static const char *zone(const struct view *v)
{
    const Callout__V1__Event *e = v->o->event;
    if (e->body_case == BODY(NOT_SERVED))
        return or_unknown(e->not_served->zone);
    bool is_said = e->body_case == BODY(PROMISED) && e->promised->basis != NULL;
    return is_said ? or_unknown(e->promised->basis->zone) : NULL;
}

static const char *accept_by(const struct view *v)
{
    const Callout__V1__Event *e = v->o->event;
    return e->body_case == BODY(OFFERED) ? time_of(v, e->offered->accept_by_us) : NULL;
}

static const char *accept_in(const struct view *v)
{
    const Callout__V1__Event *e = v->o->event;
    return e->body_case == BODY(OFFERED) ? until(v, e->offered->accept_by_us) : NULL;
}

static const char *arrive_in(const struct view *v)
{
    return until(v, v->c->state->arrive_by_us);
}

static const char *arrive_by(const struct view *v)
{
    return time_of(v, v->c->state->arrive_by_us);
}

static const char *from(const struct view *v)
{
    const Callout__V1__Event *e = v->o->event;
    return e->body_case == BODY(SEVERITY_CHANGED) ? level_name(v, e->severity_changed->from) : NULL;
}

static const char *to(const struct view *v)
{
    const Callout__V1__Event *e = v->o->event;
    return e->body_case == BODY(SEVERITY_CHANGED) ? level_name(v, e->severity_changed->to) : NULL;
}

/* What a trait or a condition is called in the pack. */
static const char *trait_name(const struct view *v, const char *key)
{
    const Callout__V1__PolicyPack *p = v->c->policy;
    for (size_t i = 0; p != NULL && i < p->n_severities; i++)
        for (size_t j = 0; j < p->severities[i]->n_traits; j++)
            if (strcmp(p->severities[i]->traits[j]->key, key) == 0)
                return named(v, p->severities[i]->traits[j]->title, key);
    return milestone_name(v, key);
}

static const char *severity_reason(const struct view *v, const Callout__V1__Why *why)
{
    if (why == NULL)
        return NULL;
    const char *what = trait_name(v, why->what);
    const char *rule = notify_words_of(why->rule, v->language);
    return what == NULL ? rule : notify_case_text(v->c, "%s: %s", rule, what);
}

static const char *held_reason(const struct view *v, const Callout__V1__CaseHeld *held)
{
    const char *reason = notify_words_of(held->reason, v->language);
    const char *what = held->title == NULL ? held->value : named(v, held->title, held->value);
    return what[0] == '\0' ? reason : notify_case_text(v->c, "%s (%s)", reason, what);
}

/* What is missing to book somebody is not what is missing to send him. */
static const char *missing_words(const struct view *v, const char *missing)
{
    const char *word = notify_case_text(v->c, "book_%s", missing);
    return word == NULL ? NULL : notify_words_of(word, v->language);
}

static const char *reason(const struct view *v)
{
    const Callout__V1__Event *e = v->o->event;
    switch ((int)e->body_case) { /* few of many kinds */
    case BODY(CASE_HELD):
        return held_reason(v, e->case_held);
    case BODY(SEVERITY_CHANGED):
        return severity_reason(v, e->severity_changed->why);
    case BODY(NOBODY_LEFT):
        return notify_words_of(e->nobody_left->missing, v->language);
    case BODY(ARRIVAL_AT_RISK):
        return notify_words_of(e->arrival_at_risk->missing, v->language);
    case BODY(NOBODY_TO_BOOK):
        return missing_words(v, e->nobody_to_book->missing);
    default:
        return NULL;
    }
}

static const char *told(const struct view *v)
{
    return or_unknown(v->told);
}

static const char *was(const struct view *v)
{
    return v->o->was_us == 0 ? NULL : time_of(v, v->o->was_us);
}

static const char *step(const struct view *v)
{
    return v->o->step == 0 ? NULL : notify_case_text(v->c, "%" PRIu32, v->o->step);
}

static const char *what(const struct view *v)
{
    bool is_said = v->o->what != NULL && v->o->what[0] != '\0';
    return is_said ? notify_words_of(v->o->what, v->language) : milestone(v);
}

/* "" where it is told in time: the words around it must stand without it. */
static const char *announced_late(const struct view *v)
{
    int64_t late_us = v->now_us - v->o->reached_us;
    if (v->o->reached_us == 0 || late_us <= LATE_US)
        return "";
    const char *length = length_of(v, late_us);
    if (length == NULL)
        return NULL;
    return v->language == NOTIFY_ZH ? notify_case_text(v->c, "（此通知晚了 %s）", length)
                                    : notify_case_text(v->c, "(announced %s late)", length);
}

static const char *answer_text(const struct view *v)
{
    return v->answer;
}

static const char *person_name(const struct view *v, const char *key)
{
    const Callout__V1__Person *p = co_registry_person(v->c->world->registry, key);
    return p != NULL && p->name[0] != '\0' ? p->name : or_unknown(key);
}

/* Who took the act. */
static const char *by(const struct view *v)
{
    const Callout__V1__Event *e = v->o->event;
    if (e->body_case == BODY(CONSENT_CHANGED))
        return person_name(v, e->consent_changed->person);
    return e->body_case == BODY(COMMAND_APPLIED) ? person_name(v, e->command_applied->person)
                                                 : NULL;
}

/* ---- consent to remote access ---- */

/* NULL: the notice is about none. */
static const Callout__V1__Consent *consent_of(const struct view *v)
{
    const Callout__V1__Event *e = v->o->event;
    return e->body_case == BODY(CONSENT_CHANGED) ? e->consent_changed->consent : NULL;
}

static const char *joined(const struct view *v, const char *before, const char *next)
{
    if (before == NULL)
        return next;
    return notify_case_text(v->c, v->language == NOTIFY_ZH ? "%s、%s" : "%s, %s", before, next);
}

static const char *systems(const struct view *v)
{
    const Callout__V1__Consent *k = consent_of(v);
    const char *text = NULL;
    for (size_t i = 0; k != NULL && i < k->n_systems; i++)
        text = joined(v, text, k->systems[i]);
    return text;
}

static const char *persons(const struct view *v)
{
    const Callout__V1__Consent *k = consent_of(v);
    const char *text = NULL;
    for (size_t i = 0; k != NULL && i < k->n_persons; i++)
        text = joined(v, text, person_name(v, k->persons[i]));
    return k != NULL && text == NULL ? notify_words_of("whoever", v->language) : text;
}

static const char *valid_from(const struct view *v)
{
    const Callout__V1__Consent *k = consent_of(v);
    if (v->o->event->body_case == BODY(BOOKED))
        return time_of(v, v->o->event->booked->from_us);
    return k == NULL ? NULL : time_of(v, k->from_us);
}

static const char *valid_until(const struct view *v)
{
    const Callout__V1__Consent *k = consent_of(v);
    if (v->o->event->body_case == BODY(BOOKED))
        return time_of(v, v->o->event->booked->until_us);
    return k == NULL ? NULL : time_of(v, k->until_us);
}

/* ---- who is taken ---- */

static const char *slot(const struct view *v)
{
    const Callout__V1__Event *e = v->o->event;
    const Callout__V1__PolicyPack *p = v->c->policy;
    const char *key = e->body_case == BODY(BOOKED)           ? e->booked->slot
                      : e->body_case == BODY(NOBODY_TO_BOOK) ? e->nobody_to_book->slot
                                                             : NULL;
    for (size_t i = 0; key != NULL && p != NULL && i < p->n_staff; i++)
        if (strcmp(p->staff[i]->key, key) == 0)
            return named(v, p->staff[i]->title, key);
    return key;
}

/* Who is booked, or who would be, were it not for what is missing. */
static const char *booked(const struct view *v)
{
    const Callout__V1__Event *e = v->o->event;
    const char *resource = e->body_case == BODY(BOOKED)           ? e->booked->resource
                           : e->body_case == BODY(NOBODY_TO_BOOK) ? e->nobody_to_book->nearest
                                                                  : NULL;
    const char *slash = resource == NULL ? NULL : strchr(resource, '/');
    const char *key = slash == NULL ? resource : slash + 1;
    const struct co_object *o =
        key == NULL ? NULL : co_registry_get(v->c->world->registry, CO_KIND_RESOURCE, key);
    if (key == NULL)
        return NULL;
    return o != NULL      ? named(v, o->message->resource->name, key)
           : *key == '\0' ? "-"
                          : person_name(v, key);
}

static const char *duty(const struct view *v)
{
    const Callout__V1__Step *s = v->o->duty;
    return s == NULL ? NULL : named(v, s->title, s->key);
}

static const char *document(const struct view *v)
{
    const Callout__V1__Event *e = v->o->event;
    const Callout__V1__Document *d = NULL;
    if (e->body_case == BODY(STEP_HANDED_OVER))
        d = e->step_handed_over->document;
    else if (e->body_case == BODY(STEP_DONE))
        d = e->step_done->document;
    return d == NULL ? "" : notify_case_text(v->c, "%s %s", d->name, d->version);
}

/* ---- man-days ---- */

/* Hours and minutes: a day is as long as the contract says. */
static const char *hours(const struct view *v, int64_t minutes)
{
    return notify_case_text(v->c, "%s%" PRId64 ":%02d h", minutes < 0 ? "-" : "",
                            (minutes < 0 ? -minutes : minutes) / 60,
                            (int)((minutes < 0 ? -minutes : minutes) % 60));
}

static const char *left(const struct view *v)
{
    const Callout__V1__Event *e = v->o->event;
    return e->body_case == BODY(LOT_LOW) ? hours(v, e->lot_low->left_minutes) : NULL;
}

/* "" where nothing is: it is only low. */
static const char *missing(const struct view *v)
{
    const Callout__V1__Event *e = v->o->event;
    if (e->body_case != BODY(LOT_LOW))
        return NULL;
    return e->lot_low->missing_minutes == 0 ? "" : hours(v, e->lot_low->missing_minutes);
}

/* ---- advisories ---- */

/* NULL: the case is about none, or it has left the registry. */
static const Callout__V1__Advisory *advisory_of(const struct view *v)
{
    const struct co_object *o =
        co_registry_get(v->c->world->registry, CO_KIND_ADVISORY, v->c->state->advisory);
    return o == NULL ? NULL : o->message->advisory;
}

static const char *or_none(const struct view *v, const char *text)
{
    return text[0] != '\0' ? text : notify_words_of("none", v->language);
}

static const char *fix_plan(const struct view *v)
{
    const Callout__V1__Advisory *a = advisory_of(v);
    return a == NULL ? NULL : or_none(v, notify_text_pick(a->fix_plan, v->language));
}

static const char *workaround(const struct view *v)
{
    const Callout__V1__Advisory *a = advisory_of(v);
    return a == NULL ? NULL : or_none(v, notify_text_pick(a->workaround, v->language));
}

static const char *references(const struct view *v)
{
    const Callout__V1__Advisory *a = advisory_of(v);
    const char *text = a == NULL ? NULL : "";
    for (size_t i = 0; a != NULL && text != NULL && i < a->n_references; i++)
        text = notify_case_text(v->c, "%s%s%s", text, i == 0 ? "" : " ", a->references[i]);
    return text == NULL ? NULL : or_none(v, text);
}

/* At the time of the notice. */
static const char *concerned(const struct view *v)
{
    enum { PLACES_BYTES = 4000 };
    const struct co_registry *r = v->c->world->registry;
    const Callout__V1__Advisory *a = advisory_of(v);
    const Callout__V1__Contract *k = co_registry_contract(r, v->c->state->contract);
    struct co_buf places;
    if (a == NULL || k == NULL)
        return NULL;
    co_buf_init(&places, PLACES_BYTES);
    co_advisory_list_places(r, a, k, v->now_us, v->language == NOTIFY_ZH, &places);
    const char *text = places.err == CO_ENOMEM
                           ? NULL
                           : notify_case_text(v->c, "%s", or_none(v, co_buf_text(&places)));
    co_buf_done(&places);
    return text;
}

static const struct {
    const char *name;
    value *value;
} fields[NOTIFY_FIELDS] = {
    { "left", left },
    { "missing", missing },
    { "number", number },
    { "title", title },
    { "severity", severity },
    { "severity_name", severity_name },
    { "customer", customer },
    { "site", site },
    { "milestone", milestone },
    { "due", due },
    { "due_in", due_in },
    { "late", late },
    { "remaining", remaining },
    { "engineer", engineer },
    { "office", office },
    { "km", km },
    { "zone", zone },
    { "accept_by", accept_by },
    { "accept_in", accept_in },
    { "arrive_by", arrive_by },
    { "arrive_in", arrive_in },
    { "from", from },
    { "to", to },
    { "reason", reason },
    { "told", told },
    { "was", was },
    { "step", step },
    { "what", what },
    { "announced_late", announced_late },
    { "answer", answer_text },
    { "by", by },
    { "duty", duty },
    { "document", document },
    { "systems", systems },
    { "persons", persons },
    { "valid_from", valid_from },
    { "valid_until", valid_until },
    { "slot", slot },
    { "booked", booked },
    { "fix_plan", fix_plan },
    { "workaround", workaround },
    { "references", references },
    { "concerned", concerned },
};

struct notify_reader notify_fields_reader(const struct notify_case *c,
                                          const Callout__V1__Person *person)
{
    const Callout__V1__Calendar *own =
        person->calendar[0] == '\0' ? NULL
                                    : co_registry_calendar(c->world->registry, person->calendar);
    return (struct notify_reader){ .language = notify_language_of(person->language),
                                   .calendar = own != NULL ? own : c->calendar,
                                   .answer = "" };
}

void notify_fields_fill(struct notify_case *c, const struct notify_occasion *o,
                        struct notify_reader reader,
                        struct notify_field ret_fields[static NOTIFY_FIELDS])
{
    const struct view v = { .c = c,
                            .o = o,
                            .language = reader.language,
                            .calendar = reader.calendar,
                            .answer = reader.answer,
                            .told = reader.told,
                            .now_us = o->said_us != 0 ? o->said_us : c->world->now_us };
    for (size_t i = 0; i < NOTIFY_FIELDS; i++)
        ret_fields[i] = (struct notify_field){ fields[i].name, fields[i].value(&v),
                                               fields[i].value == answer_text };
}
