#include "notify_quiet.h"

#include "co_time.h"
#include "notify_people.h"
#include "notify_text.h"

#define ROLE(name) CALLOUT__V1__ROLE__ROLE_##name
#define STATE(name) CALLOUT__V1__NOTICE_STATE__NOTICE_##name

enum { USUAL_SEVERITY = 1 }; /* breaks through where a person says nothing else */

/* A reading of the clock there as a moment. */
static int64_t moment_of(const Callout__V1__Calendar *calendar, int64_t local_us)
{
    int64_t near_us = local_us - notify_text_offset(calendar, local_us) * CO_SECOND_US;
    return local_us - notify_text_offset(calendar, near_us) * CO_SECOND_US;
}

int64_t notify_quiet_end(const struct notify_case *c, const Callout__V1__Person *person, int64_t us)
{
    const Callout__V1__QuietHours *quiet = person->quiet;
    if (quiet == NULL)
        return 0;
    const Callout__V1__Calendar *calendar =
        co_registry_calendar(c->world->registry, person->calendar);
    int32_t offset_s = notify_text_offset(calendar, us);
    int64_t today = co_days_of_us(us, offset_s), local_us = us + offset_s * CO_SECOND_US;
    for (int64_t day = today - 1; day <= today; day++) { /* they may have begun yesterday */
        int64_t from_us = day * CO_DAY_US + quiet->from_min * CO_MINUTE_US;
        int64_t until_us = day * CO_DAY_US + quiet->until_min * CO_MINUTE_US;
        if (from_us <= local_us && local_us < until_us)
            return moment_of(calendar, until_us);
    }
    return 0;
}

static bool is_between(int64_t us, int64_t from_us, int64_t until_us)
{
    return us > from_us && us < until_us;
}

static bool can_wait(const struct notify_case *c, const struct notify_occasion *o,
                     const Callout__V1__Person *person, const struct notify_notice *n,
                     int64_t until_us)
{
    uint32_t severity = notify_case_severity(c), through = person->quiet->but_severity;
    bool is_bad = severity == 0 || severity <= (through == 0 ? USUAL_SEVERITY : through);
    bool is_offer = o->on == CALLOUT__V1__NOTICE_ON__NOTICE_ON_OFFERED ||
                    notify_people_role_of(n->slot) == ROLE(ENGINEER);
    bool is_answered = n->secret != NULL && n->answer_by_us < until_us;
    return !is_bad && !is_offer && !is_answered &&
           !is_between(o->due_us, n->life.next_us, until_us);
}

/* Lengths of time in the words count from now, and will be read later. */
static void say_as_of(struct notify_case *c, const Callout__V1__Person *person,
                      struct notify_notice *n)
{
    static const struct {
        const char *lead, *behind;
    } words[NOTIFY_LANGUAGES] = {
        [NOTIFY_ZH] = { "（以上是 ", " 的情况；免打扰时段结束后发出。）" },
        [NOTIFY_EN] = { "(As of ", "; it waited for the end of quiet hours.)" },
    };
    char time[NOTIFY_TIME_TEXT];
    struct co_buf body;
    enum notify_language language = notify_language_of(person->language);
    const Callout__V1__Calendar *calendar =
        co_registry_calendar(c->world->registry, person->calendar);
    notify_text_time(c->world->now_us, notify_text_offset(calendar, c->world->now_us), time);
    co_buf_init(&body, NOTIFY_BODY_BYTES);
    (void)co_buf_printf(&body, "%s\n%s%s%s", n->body, words[language].lead, time,
                        words[language].behind);
    n->body = body.err == CO_OK ? notify_case_keep(c, co_buf_text(&body)) : n->body;
    n->html = n->markdown = n->brief = NULL; /* the plain one is what says it */
    co_buf_done(&body);
}

void notify_quiet_hold(struct notify_case *c, const struct notify_occasion *o,
                       const Callout__V1__Person *person, struct notify_notice *n)
{
    int64_t until_us = notify_quiet_end(c, person, n->life.next_us);
    if (n->life.state != STATE(PLANNED) || until_us == 0 || !can_wait(c, o, person, n, until_us))
        return;
    uint32_t minute = person->quiet->until_min % (24 * 60);
    const char *detail =
        notify_case_text(c, "quiet hours until %02u:%02u", minute / 60, minute % 60);
    n->life.next_us = n->life.since_us = n->life.way_us = until_us;
    n->detail = detail != NULL ? detail : n->detail;
    say_as_of(c, person, n);
}

bool notify_quiet_has_waited(const struct notify_notice *n)
{
    return n->life.state == STATE(PLANNED) && n->life.attempts == 0 &&
           n->life.since_us > n->life.planned_us;
}
