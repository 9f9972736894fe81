/* Consent to remote access, and who is in by it. */
#include <string.h>

#include "sla_lists.h"
#include "sla_run.h"

#define STATE(name) ((char *)(uintptr_t)(name)) /* messages have no constant texts */

/* -- looking up */

static const char *key_of(const Callout__V1__SlaInput *input)
{
    const Callout__V1__Consent *c = input->consent;
    return c != NULL && c->key[0] != '\0' ? c->key : input->name;
}

const struct sla_consent *sla_consent_find(const struct sla_fold *fold, const char *key)
{
    for (size_t i = 0; i < fold->consent_count; i++)
        if (strcmp(fold->consents[i]->key, key) == 0)
            return fold->consents[i];
    return NULL;
}

static struct sla_consent *get(struct sla_run *run, const Callout__V1__SlaInput *input)
{
    struct sla_fold *out = run->out;
    const char *key = key_of(input);
    for (size_t i = 0; i < out->consent_count; i++)
        if (strcmp(out->consents[i]->key, key) == 0)
            return out->consents[i];
    struct sla_consent **list =
        sla_run_room(run, out->consents, out->consent_count, &run->consent_cap);
    struct sla_consent *c = sla_run_alloc(run, sizeof(*c));
    if (list == NULL || c == NULL)
        return NULL;
    c->key = key;
    out->consents = list;
    list[out->consent_count++] = c;
    return c;
}

bool sla_consent_names(const Callout__V1__Consent *c, const char *person)
{
    return c->n_persons == 0 || sla_has_text(c->persons, c->n_persons, person);
}

const char *sla_consent_lacks(const Callout__V1__Consent *c, char *const *systems, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!sla_has_text(c->systems, c->n_systems, systems[i]))
            return systems[i];
    return NULL;
}

/* -- sessions */

static void say_session(struct sla_run *run, const struct sla_session *s, const char *why)
{
    Callout__V1__SessionChanged *e = sla_run_emit(run, CALLOUT__V1__EVENT__BODY_SESSION_CHANGED,
                                                  &callout__v1__session_changed__descriptor);
    if (e == NULL)
        return;
    e->ordinal = s->ordinal;
    e->is_over = s->is_over;
    e->consent = STATE(s->consent);
    e->person = STATE(s->person);
    e->at_us = run->time_us;
    e->why = STATE(why);
}

static void end_session(struct sla_run *run, struct sla_session *s, const char *why)
{
    s->is_over = true;
    say_session(run, s, why);
}

/* Why the session cannot go on; NULL: it can. */
static const char *why_over(const struct sla_run *run, const struct sla_consent *c,
                            const struct sla_session *s)
{
    const Callout__V1__Consent *given = c->given;
    if (run->is_closing)
        return "closed";
    if (given == NULL)
        return strcmp(c->state, "withdrawn") == 0 ? "withdrawn" : "expired";
    bool is_covered = given->from_us <= run->time_us && sla_consent_names(given, s->person) &&
                      sla_consent_lacks(given, s->systems, s->system_count) == NULL;
    return is_covered ? NULL : "narrowed";
}

static void review_sessions(struct sla_run *run, const struct sla_consent *c)
{
    for (size_t i = 0; i < run->out->session_count; i++) {
        struct sla_session *s = run->out->sessions[i];
        if (s->is_over || strcmp(s->consent, c->key) != 0)
            continue;
        const char *why = why_over(run, c, s);
        if (why != NULL)
            end_session(run, s, why);
    }
}

struct sla_session *sla_session_find(const struct sla_fold *fold, const char *key,
                                     const char *person)
{
    for (size_t i = fold->session_count; i > 0; i--) {
        struct sla_session *s = fold->sessions[i - 1];
        if (!s->is_over && strcmp(s->consent, key) == 0 && strcmp(s->person, person) == 0)
            return s;
    }
    return NULL;
}

/* Into what: as was said, else whatever the consent lets him into. */
static void set_systems(struct sla_session *s, const Callout__V1__SlaInput *input,
                        const struct sla_consent *c)
{
    const Callout__V1__Consent *said = input->consent;
    const Callout__V1__Consent *from = said != NULL && said->n_systems > 0 ? said : c->terms;
    s->systems = from->systems;
    s->system_count = from->n_systems;
}

void sla_session_start(struct sla_run *run, const Callout__V1__SlaInput *input)
{
    struct sla_fold *out = run->out;
    const struct sla_consent *c = sla_consent_find(out, key_of(input));
    if (c == NULL || !c->was_given || sla_session_find(out, c->key, input->person) != NULL)
        return;
    struct sla_session **list =
        sla_run_room(run, out->sessions, out->session_count, &run->session_cap);
    struct sla_session *s = sla_run_alloc(run, sizeof(*s));
    if (list == NULL || s == NULL)
        return;
    out->sessions = list;
    list[out->session_count++] = s;
    s->ordinal = (uint32_t)out->session_count;
    s->consent = c->key;
    s->person = input->person;
    set_systems(s, input, c);
    say_session(run, s, "");
    review_sessions(run, c);
}

void sla_session_end(struct sla_run *run, const Callout__V1__SlaInput *input)
{
    struct sla_session *s = sla_session_find(run->out, key_of(input), input->person);
    if (s != NULL)
        end_session(run, s, "ended");
}

/* -- while an answer is waited for */

bool sla_consent_is_waited_for(const struct sla_fold *fold)
{
    for (size_t i = 0; i < fold->consent_count; i++)
        if (fold->consents[i]->asked != NULL)
            return true;
    return false;
}

static void note_waiting(struct sla_run *run)
{
    struct sla_fold *out = run->out;
    bool is_waiting = sla_consent_is_waited_for(out);
    bool was_waiting =
        out->wait_count > 0 && out->waits[out->wait_count - 1]->until_us == INT64_MAX;
    if (is_waiting == was_waiting)
        return;
    if (was_waiting) {
        out->waits[out->wait_count - 1]->until_us = run->time_us;
        return;
    }
    struct sla_wait_span **list = sla_run_room(run, out->waits, out->wait_count, &run->wait_cap);
    struct sla_wait_span *span = sla_run_alloc(run, sizeof(*span));
    if (list == NULL || span == NULL)
        return;
    *span = (struct sla_wait_span){ run->time_us, INT64_MAX };
    out->waits = list;
    list[out->wait_count++] = span;
}

/* -- changes */

static void say(struct sla_run *run, struct sla_consent *c, const char *state,
                Callout__V1__Consent *terms, char *person)
{
    c->state = state;
    c->terms = terms;
    c->person = person;
    c->changed_us = run->time_us;
    note_waiting(run);
    Callout__V1__ConsentChanged *e = sla_run_emit(run, CALLOUT__V1__EVENT__BODY_CONSENT_CHANGED,
                                                  &callout__v1__consent_changed__descriptor);
    if (e == NULL)
        return;
    e->ordinal = ++run->consent_ordinal;
    e->state = STATE(state);
    e->consent = terms;
    e->person = person;
    e->changed_us = run->time_us;
    review_sessions(run, c);
}

/* The terms that the act says; NULL: it says none. */
static Callout__V1__Consent *said_by(struct sla_run *run, const Callout__V1__SlaInput *input)
{
    Callout__V1__Consent *said = input->consent;
    if (said == NULL || said->n_systems == 0 || said->key[0] != '\0')
        return said != NULL && said->n_systems > 0 ? said : NULL;
    Callout__V1__Consent *copy = sla_run_message(run, &callout__v1__consent__descriptor);
    if (copy == NULL)
        return NULL;
    *copy = *said;
    copy->key = input->name;
    return copy;
}

void sla_consent_ask(struct sla_run *run, const Callout__V1__SlaInput *input)
{
    Callout__V1__Consent *terms = said_by(run, input);
    struct sla_consent *c = terms != NULL ? get(run, input) : NULL;
    if (c == NULL)
        return;
    c->asked = terms;
    say(run, c, "asked", terms, input->person);
}

/* In force from now on: what was said, else what was asked for. */
static void grant(struct sla_run *run, const Callout__V1__SlaInput *input, struct sla_consent *c,
                  Callout__V1__Consent *terms, const char *state)
{
    if (terms == NULL)
        return;
    c->given = terms;
    c->asked = NULL;
    c->was_given = true;
    say(run, c, state, terms, input->person);
}

void sla_consent_give(struct sla_run *run, const Callout__V1__SlaInput *input)
{
    Callout__V1__Consent *terms = said_by(run, input);
    struct sla_consent *c = get(run, input);
    if (c != NULL)
        grant(run, input, c, terms != NULL ? terms : c->asked, "given");
}

void sla_consent_change(struct sla_run *run, const Callout__V1__SlaInput *input)
{
    struct sla_consent *c = get(run, input);
    if (c != NULL && c->given != NULL)
        grant(run, input, c, said_by(run, input), "changed");
}

static void end_consent(struct sla_run *run, struct sla_consent *c, const char *state, char *person)
{
    Callout__V1__Consent *terms = c->given != NULL ? c->given : c->asked;
    c->given = NULL;
    c->asked = NULL;
    say(run, c, state, terms, person);
}

void sla_consent_withdraw(struct sla_run *run, const Callout__V1__SlaInput *input)
{
    struct sla_consent *c = get(run, input);
    if (c != NULL && c->given != NULL)
        end_consent(run, c, "withdrawn", input->person);
}

/* Asked without getting it; what was given before holds on. */
void sla_consent_fail(struct sla_run *run, const Callout__V1__SlaInput *input)
{
    struct sla_consent *c = get(run, input);
    if (c == NULL || c->asked == NULL)
        return;
    Callout__V1__Consent *terms = c->given != NULL ? c->given : c->asked;
    c->asked = NULL;
    say(run, c,
        input->act == ACT(CONSENT_REFUSED)  ? "refused"
        : input->act == ACT(CONSENT_NOBODY) ? "nobody"
                                            : "silent",
        terms, input->person);
}

/* -- the end of its time, and of the case */

static int64_t ends_us(const struct sla_consent *c)
{
    int64_t given_us = c->given != NULL ? c->given->until_us : INT64_MAX;
    int64_t asked_us = c->asked != NULL ? c->asked->until_us : INT64_MAX;
    return given_us < asked_us ? given_us : asked_us;
}

static struct sla_consent *first_to_end(const struct sla_fold *fold)
{
    struct sla_consent *first = NULL;
    for (size_t i = 0; i < fold->consent_count; i++)
        if (first == NULL || ends_us(fold->consents[i]) < ends_us(first))
            first = fold->consents[i];
    return first;
}

int64_t sla_consent_next_us(const struct sla_run *run)
{
    const struct sla_consent *c = first_to_end(run->out);
    return c != NULL ? ends_us(c) : INT64_MAX;
}

/* What was given ends; what was only asked for was never answered. */
void sla_consent_expire(struct sla_run *run)
{
    static char nobody[] = "";
    struct sla_consent *c = first_to_end(run->out);
    bool is_given = c->given != NULL && c->given->until_us <= run->time_us;
    if (is_given) {
        Callout__V1__Consent *terms = c->given;
        c->given = NULL;
        say(run, c, "ended", terms, nobody);
        return;
    }
    Callout__V1__Consent *terms = c->given != NULL ? c->given : c->asked;
    c->asked = NULL;
    say(run, c, "silent", terms, nobody);
    if (!sla_consent_is_waited_for(run->out))
        for (size_t i = 0; i < run->slot_count; i++)
            sla_hold_unasked(run, &run->slots[i]);
}

void sla_consent_close(struct sla_run *run)
{
    static char nobody[] = "";
    run->is_closing = true;
    for (size_t i = 0; i < run->out->consent_count; i++) {
        struct sla_consent *c = run->out->consents[i];
        if (c->given != NULL || c->asked != NULL)
            end_consent(run, c, "ended", nobody);
    }
}
