#include "trace_way.h"

#include <string.h>

#include "co_writer.h"

#define BODY(name) CALLOUT__V1__EVENT__BODY_##name
#define BIT(name) (UINT64_C(1) << BODY(name))

/* What the services look at: an entry follows from the latest of these before it. */
static const struct reader {
    const char *service;
    uint64_t kinds;
} readers[] = {
    { "sla", BIT(TICKET_SUBMITTED) | BIT(COMMAND_RECEIVED) | BIT(SITE_LOCATED) },
    { "dispatch", BIT(TICKET_SUBMITTED) | BIT(COMMAND_RECEIVED) | BIT(CASE_OPENED) | BIT(PROMISED) | BIT(MET) | BIT(STOPPED) |
                      BIT(SEVERITY_CHANGED) | BIT(WITHDRAWN) | BIT(CASE_CLOSED) | BIT(COMMAND_APPLIED) | BIT(ACT_MADE) },
    { "notify", ~(BIT(NOTICE_PLANNED) | BIT(NOTICE_SETTLED) | BIT(NOTICE_RESENT)) },
};

static uint64_t kinds_read_by(const char *service)
{
    for (size_t i = 0; i < sizeof(readers) / sizeof(readers[0]); i++)
        if (strcmp(readers[i].service, service) == 0)
            return readers[i].kinds;
    return 0;
}

static const char *kind_of(const Callout__V1__Event *e)
{
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field(&callout__v1__event__descriptor, (unsigned)e->body_case);
    return field == NULL ? "unknown" : field->name;
}

int64_t trace_way_due_us(const Callout__V1__Event *e)
{
    switch ((unsigned)e->body_case) {
    case BODY(WARNED):
        return e->warned->reached_us;
    case BODY(BREACHED):
        return e->breached->due_us;
    case BODY(ESCALATED):
        return e->escalated->reached_us;
    default:
        return 0;
    }
}

static uint64_t command_of(const Callout__V1__Event *e)
{
    switch ((unsigned)e->body_case) {
    case BODY(COMMAND_RECEIVED):
        return e->command_received->command_id;
    case BODY(COMMAND_APPLIED):
        return e->command_applied->command_id;
    case BODY(COMMAND_REFUSED):
        return e->command_refused->command_id;
    case BODY(NOTICE_RESEND_ASKED):
        return e->notice_resend_asked->command_id;
    case BODY(NOTICE_RESENT):
        return e->notice_resent->command_id;
    default:
        return 0;
    }
}

struct name {
    const char *obligation, *slot;
    uint32_t generation;
};

static struct name notice_of(const Callout__V1__Event *e)
{
    switch ((unsigned)e->body_case) {
    case BODY(NOTICE_PLANNED):
        return (struct name){ e->notice_planned->obligation, e->notice_planned->slot, e->notice_planned->generation };
    case BODY(NOTICE_SETTLED):
        return (struct name){ e->notice_settled->obligation, e->notice_settled->slot, e->notice_settled->generation };
    case BODY(NOTICE_RESENT):
        return (struct name){ e->notice_resent->notice->obligation, e->notice_resent->notice->slot, e->notice_resent->notice->generation };
    default:
        return (struct name){ "", "", 0 };
    }
}

static bool is_same_notice(const Callout__V1__Event *a, const Callout__V1__Event *b)
{
    struct name x = notice_of(a), y = notice_of(b);
    return x.obligation[0] != '\0' && x.generation == y.generation && strcmp(x.obligation, y.obligation) == 0 &&
           strcmp(x.slot, y.slot) == 0;
}

/* Does the step follow from that one by what it says itself: the same command, the same notice? */
static bool is_named(const struct trace_step *of, const struct trace_step *by)
{
    uint64_t command = command_of(of->event);
    if (command != 0)
        return command_of(by->event) == command;
    return is_same_notice(of->event, by->event);
}

static bool is_looked_at(const struct trace_step *of, const struct trace_step *by)
{
    unsigned kind = (unsigned)by->event->body_case, made = (unsigned)of->event->body_case;
    bool is_about_report = made == BODY(CASE_OPENED) || made == BODY(CASE_HELD);
    if (is_about_report && kind == BODY(SITE_LOCATED))
        return false;
    bool is_read = kind < 64 && (kinds_read_by(of->service) >> kind & 1) != 0;
    return is_read && (strcmp(by->service, of->service) != 0 || kind == BODY(ACT_MADE) || kind == BODY(COMMAND_APPLIED));
}

/* The latest before it that says so itself; else of its trace; else of those that its service looks at. */
static size_t find_cause(const struct trace_step *steps, size_t of)
{
    size_t traced = of, latest = of;
    if (trace_way_due_us(steps[of].event) != 0)
        return of;
    for (size_t i = of; i-- > 0;) {
        if (is_named(&steps[of], &steps[i]))
            return i;
        if (!is_looked_at(&steps[of], &steps[i]))
            continue;
        latest = latest == of ? i : latest;
        if (traced == of && steps[of].trace[0] != '\0' && strcmp(steps[i].trace, steps[of].trace) == 0)
            traced = i;
    }
    return traced != of ? traced : latest;
}

void trace_way_find(struct trace_step *steps, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct trace_step *s = &steps[i];
        s->service = co_writer_of(s->event);
        s->kind = kind_of(s->event);
        s->since_first_us = s->at_us - steps[0].at_us;
        s->since_before_us = i == 0 ? 0 : s->at_us - steps[i - 1].at_us;
        s->due_us = trace_way_due_us(s->event);
        co_trace_id(s->event->traceparent, s->trace);
        s->cause = find_cause(steps, i);
        int64_t known_us = s->due_us > steps[0].at_us ? s->due_us : steps[0].at_us; /* a late report's timers were due before it */
        s->lag_us = s->at_us - (s->due_us != 0 ? known_us : steps[s->cause].at_us);
    }
}
