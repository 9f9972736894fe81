#include "notify_route.h"

#include <string.h>

#include "notify_alerts.h"

#define STATE(name) CALLOUT__V1__NOTICE_STATE__NOTICE_##name
#define SECOND_US INT64_C(1000000)
#define BODY(name) CALLOUT__V1__EVENT__BODY_##name

enum { GATHER_FROM = 2 }; /* the worst level is told one by one, unless the policy says otherwise */

/* ---- how long ---- */

void notify_route_begin(const struct notify_case *c, struct notify_notice *n)
{
    const Callout__V1__PolicyPack *pack = c->policy;
    uint32_t severity = notify_case_severity(c);
    uint32_t gather_from = pack == NULL || pack->gather_from == 0 ? GATHER_FROM : pack->gather_from;
    n->life.alone = severity != 0 && severity < gather_from;
    for (size_t i = 0; pack != NULL && i < pack->n_patience; i++) {
        const Callout__V1__NoticePatience *own = pack->patience[i];
        if (own->severity != severity)
            continue;
        n->life.give_up_s = (uint32_t)(own->give_up_us / SECOND_US);
        n->life.next_channel_s = (uint32_t)(own->next_channel_us / SECOND_US);
    }
}

struct notify_patience notify_route_patience(const struct notify_case *c,
                                             const struct notify_notice *n)
{
    struct notify_patience p = *c->world->patience;
    if (n->life.give_up_s > 0)
        p.give_up_us = n->life.give_up_s * c->world->pace * SECOND_US;
    if (n->life.next_channel_s > 0)
        p.next_channel_us = n->life.next_channel_s * c->world->pace * SECOND_US;
    return p;
}

/* ---- by which channel ---- */

/* `keys` are words with blanks between them. */
static bool has_word(const char *keys, const char *key)
{
    size_t len = strlen(key);
    for (const char *at = keys; *at != '\0'; at += strspn(at, " ")) {
        size_t word = strcspn(at, " ");
        if (word == len && strncmp(at, key, len) == 0)
            return true;
        at += word;
    }
    return false;
}

bool notify_route_next(const struct notify_case *c, const struct notify_notice *n,
                       struct notify_way *ret_way)
{
    struct notify_way ways[NOTIFY_WAYS_MAX];
    const Callout__V1__Person *person =
        notify_alerts_is_sign(n) ? NULL : co_registry_person(c->world->registry, n->person);
    size_t count = person == NULL ? 0 : notify_people_ways(c->world->registry, person, ways);
    for (size_t i = 0; i < count; i++) {
        const char *key = ways[i].channel->key;
        if (strcmp(key, n->channel) == 0 || has_word(n->tried, key))
            continue;
        *ret_way = ways[i];
        return true;
    }
    return false;
}

static Callout__V1__NoticeName name_of(const struct notify_notice *n)
{
    Callout__V1__NoticeName name = CALLOUT__V1__NOTICE_NAME__INIT;
    name.obligation = notify_case_lend(n->obligation);
    name.generation = n->generation;
    name.slot = notify_case_lend(n->slot);
    return name;
}

/* `asked` NULL: by itself. `to`: another person; "": the same. */
static void emit_resent_to(struct notify_case *c, const struct notify_notice *n, const char *to,
                           const char *before, const char *why,
                           const Callout__V1__NoticeResendAsked *asked)
{
    Callout__V1__NoticeName name = name_of(n);
    Callout__V1__NoticeResent resent = CALLOUT__V1__NOTICE_RESENT__INIT;
    Callout__V1__Event event = CALLOUT__V1__EVENT__INIT;
    resent.notice = &name;
    resent.channel = notify_case_lend(n->channel);
    resent.before = notify_case_lend(before);
    resent.why = notify_case_lend(why);
    resent.resent_us = c->world->now_us;
    resent.to = notify_case_lend(to);
    resent.stands_for = notify_case_lend(to[0] == '\0' ? "" : n->stands_for);
    if (asked != NULL) {
        resent.command_id = asked->command_id;
        resent.source = asked->source;
        resent.person = asked->person;
    }
    event.body_case = BODY(NOTICE_RESENT);
    event.notice_resent = &resent;
    notify_case_emit(c, &event);
}

static void emit_resent(struct notify_case *c, const struct notify_notice *n, const char *before,
                        const char *why, const Callout__V1__NoticeResendAsked *asked)
{
    emit_resent_to(c, n, "", before, why, asked);
}

static void set_way(struct notify_case *c, struct notify_notice *n, const struct notify_way *way)
{
    n->channel = notify_case_keep(c, way->channel->key);
    n->is_changed = true;
    if (n->address != NULL && strcmp(n->address, way->address) == 0)
        return;
    n->address = notify_case_keep(c, way->address);
    n->is_rewritten = true;
}

void notify_route_turn(struct notify_case *c, struct notify_notice *n, const struct notify_way *way,
                       const char *why)
{
    const char *before = n->channel;
    const char *tried =
        n->tried[0] == '\0' ? before : notify_case_text(c, "%s %s", n->tried, before);
    n->tried = tried != NULL ? tried : n->tried;
    set_way(c, n, way);
    emit_resent(c, n, before, why, NULL);
}

void notify_route_give(struct notify_case *c, struct notify_notice *n, const char *person,
                       const struct notify_way *way)
{
    const char *before = n->channel;
    n->person = notify_case_keep(c, person);
    n->tried = "";
    set_way(c, n, way);
    n->is_rewritten = true;
    emit_resent_to(c, n, n->person, before, n->why_him, NULL);
}

void notify_route_anew(struct notify_case *c, struct notify_notice *n, const char *why)
{
    struct notify_happening anew = { .input = NOTIFY_ANEW };
    if ((notify_case_happened(c, n, anew, why) & NOTIFY_UNCHANGED) == 0)
        emit_resent(c, n, n->channel, why, NULL);
}

/* ---- on demand ---- */

static const char *refusal_of_state(const struct notify_notice *n)
{
    static const char *const texts[] = {
        [STATE(SENDING)] = "it is being sent at this moment",
        [STATE(ACCEPTED)] = "it was taken: sent again it would be told twice",
        [STATE(DELIVERED)] = "the person has it",
        [STATE(CANCELLED)] = "it is no longer true, or the person was told already",
        [STATE(GATHERED)] = "it was told in one message with others: send that one again",
    };
    if (n->life.recalled)
        return "what it says is no longer true";
    return (size_t)n->life.state < sizeof(texts) / sizeof(texts[0]) ? texts[n->life.state] : NULL;
}

/* The way it goes now: of the channel asked for, else the first. Returns why there is none, NULL
 * where memory was out; whether there is one stands in *ret_way. */
static const char *find_way(struct notify_case *c, const struct notify_notice *n,
                            const char *wanted, struct notify_way *ret_way)
{
    struct notify_way ways[NOTIFY_WAYS_MAX];
    const Callout__V1__Person *person = co_registry_person(c->world->registry, n->person);
    if (n->person[0] == '\0')
        return notify_case_text(c, "there is nobody to tell: %s", n->detail);
    if (person == NULL)
        return notify_case_text(c, "%s is not in the registry any more", n->person);
    size_t count = notify_people_ways(c->world->registry, person, ways);
    for (size_t i = 0; i < count; i++)
        if (wanted[0] == '\0' || strcmp(ways[i].channel->key, wanted) == 0) {
            *ret_way = ways[i];
            return NULL;
        }
    return wanted[0] == '\0'
               ? notify_case_text(c, "there is no way to reach %s", n->person)
               : notify_case_text(c, "%s has no address for the channel %s", n->person, wanted);
}

static void refuse(struct notify_case *c, const Callout__V1__NoticeResendAsked *asked,
                   const char *why)
{
    Callout__V1__CommandRefused refused = CALLOUT__V1__COMMAND_REFUSED__INIT;
    Callout__V1__Event event = CALLOUT__V1__EVENT__INIT;
    refused.command_id = asked->command_id;
    refused.act = CALLOUT__V1__ACT__ACT_RESEND_NOTICE;
    refused.reason = notify_case_lend(why);
    event.body_case = BODY(COMMAND_REFUSED);
    event.command_refused = &refused;
    notify_case_emit(c, &event);
}

static void apply(struct notify_case *c, const Callout__V1__NoticeResendAsked *asked)
{
    Callout__V1__CommandApplied applied = CALLOUT__V1__COMMAND_APPLIED__INIT;
    Callout__V1__Event event = CALLOUT__V1__EVENT__INIT;
    applied.command_id = asked->command_id;
    applied.act = CALLOUT__V1__ACT__ACT_RESEND_NOTICE;
    event.body_case = BODY(COMMAND_APPLIED);
    event.command_applied = &applied;
    notify_case_emit(c, &event);
}

/* Why it is not sent again; NULL: it is. */
static const char *resend(struct notify_case *c, const Callout__V1__NoticeResendAsked *asked,
                          struct notify_notice *n)
{
    struct notify_way way = { .channel = NULL };
    struct notify_happening h = { .input = NOTIFY_RESEND };
    const char *before = n->channel;
    const char *why = refusal_of_state(n);
    if (why == NULL && (n->address == NULL || n->subject == NULL))
        why = "its words were erased";
    if (why == NULL)
        why = find_way(c, n, asked->channel, &way);
    if (way.channel == NULL)
        return why == NULL ? "" : why;
    (void)notify_case_happened(c, n, h, NULL);
    n->tried = "";
    set_way(c, n, &way);
    emit_resent(c, n, before, n->detail, asked);
    return NULL;
}

void notify_route_resend(struct notify_case *c, const Callout__V1__NoticeResendAsked *asked)
{
    const Callout__V1__NoticeName *name = asked->notice;
    uint32_t generation = name == NULL || name->generation == 0 ? 1 : name->generation;
    struct notify_notice *n =
        name == NULL ? NULL : notify_case_find(c, name->obligation, generation, name->slot);
    const char *why = n == NULL ? "the case has no such notice" : resend(c, asked, n);
    if (why != NULL)
        refuse(c, asked, why);
    else
        apply(c, asked);
}
