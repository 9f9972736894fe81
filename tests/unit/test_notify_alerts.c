/* Alerts at pagers are resolved when their case is closed, and acknowledged where somebody takes
 * care. */
#include "check_main.h"

#include "notify_alert.h"
#include "notify_route.h"
#include "notify_world.h"

static void put_paged(const char *key, const char *channel)
{
    static char *channels[1];
    channels[0] = own(channel);
    PUT(Person, person, x.key = own(key), x.name = own(key), x.email = own("p@example.com"),
        x.n_channels = 1, x.channels = channels);
}

/* The project manager and the director are told of breaches by that pager. */
static void are_paged(Callout__V1__ChannelKind kind)
{
    put_channel("pager", kind, "https://pager.example.com/");
    put_paged("pm", "pager");
    put_paged("dir", "pager");
    (void)add_rule(ON(BREACHED), "", ROLE(PM), ROLE(DIRECTOR));
    is_opened();
    is_breached();
    journal[0] = '\0';
}

static void is_closed(void)
{
    HAPPENS(CASE_CLOSED, case_closed, CaseClosed, x->how = own("signed"));
}

static void is_acknowledged(uint64_t command_id)
{
    HAPPENS(COMMAND_APPLIED, command_applied, CommandApplied, x->command_id = command_id,
            x->act = CALLOUT__V1__ACT__ACT_ACKNOWLEDGED);
}

START_TEST(the_alert_of_two_who_share_a_pager_is_resolved_once_when_the_case_is_closed)
{
    are_paged(CALLOUT__V1__CHANNEL_KIND__CHANNEL_PAGERDUTY);
    everything_is_sent();
    is_closed();
    journal_is("planned resolved/breached/response/1 g1 pm/0 pm pager\n");
    ck_assert_str_eq(c->notices[2]->subject, c->notices[0]->subject);
    ck_assert(c->notices[2]->life.alone);
    is_closed();
    journal_is("");
}
END_TEST

START_TEST(an_alert_that_was_not_sent_yet_is_not_sent_after_the_case_is_closed)
{
    are_paged(CALLOUT__V1__CHANNEL_KIND__CHANNEL_ALERTMANAGER);
    is_closed();
    journal_is("settled breached/response/1 g1 pm/0 6 the case is closed\n"
               "settled breached/response/1 g1 director/0 6 the case is closed\n");
}
END_TEST

START_TEST(what_may_be_at_the_pager_is_resolved_and_not_repeated)
{
    are_paged(CALLOUT__V1__CHANNEL_KIND__CHANNEL_PAGERDUTY);
    start_due();
    struct notify_happening doubt = { .input = NOTIFY_DOUBT };
    (void)notify_case_happened(c, c->notices[0], doubt, "no answer");
    journal[0] = '\0';
    is_closed();
    ck_assert(c->notices[0]->life.recalled && c->notices[0]->life.next_us == INT64_MAX);
    ck_assert_ptr_nonnull(
        strstr(journal, "planned resolved/breached/response/1 g1 pm/0 pm pager\n"));
}
END_TEST

START_TEST(what_was_corrected_is_over_already)
{
    are_paged(CALLOUT__V1__CHANNEL_KIND__CHANNEL_PAGERDUTY);
    everything_is_sent();
    is_withdrawn(false, false);
    everything_is_sent();
    journal[0] = '\0';
    is_closed();
    journal_is("");
}
END_TEST

START_TEST(who_is_told_by_mail_is_told_nothing_of_alerts)
{
    (void)add_rule(ON(BREACHED), "", ROLE(PM), ROLE(NONE));
    is_opened();
    is_breached();
    everything_is_sent();
    journal[0] = '\0';
    is_acknowledged(5);
    is_closed();
    journal_is("");
}
END_TEST

START_TEST(somebody_takes_care_and_the_alert_is_acknowledged_once_and_resolved_later)
{
    are_paged(CALLOUT__V1__CHANNEL_KIND__CHANNEL_PAGERDUTY);
    everything_is_sent();
    is_acknowledged(5);
    journal_is("planned acknowledged/breached/response/1 g1 pm/0 pm pager\n");
    is_acknowledged(6);
    journal_is("");
    everything_is_sent();
    journal[0] = '\0';
    is_closed();
    journal_is("planned resolved/breached/response/1 g1 pm/0 pm pager\n");
}
END_TEST

START_TEST(what_went_up_to_a_pager_is_acknowledged_there_too)
{
    static Callout__V1__Act acknowledged[] = { CALLOUT__V1__ACT__ACT_ACKNOWLEDGED };
    static Callout__V1__EscalationStep step, *steps[] = { &step };
    are_paged(CALLOUT__V1__CHANNEL_KIND__CHANNEL_PAGERDUTY);
    everything_is_sent();
    callout__v1__escalation_step__init(&step);
    step.after_us = MINUTE;
    step.roles = roles_of(ROLE(PM), ROLE(NONE));
    step.n_roles = 1;
    Callout__V1__NoticeRule *rule = add_rule(ON(OPENED), "", ROLE(PM), ROLE(NONE));
    rule->answers = acknowledged;
    rule->n_answers = 1;
    rule->unanswered = steps;
    rule->n_unanswered = 1;
    is_opened();
    everything_is_sent();
    world.now_us += MINUTE;
    everything_is_sent();
    is_acknowledged(5);
    ck_assert_ptr_nonnull(
        strstr(journal, "planned acknowledged/unanswered/opened/0 g1 pm/0 pm pager\n"));
}
END_TEST

START_TEST(a_pager_that_knows_no_such_thing_is_not_told_that_somebody_takes_care)
{
    are_paged(CALLOUT__V1__CHANNEL_KIND__CHANNEL_ALERTMANAGER);
    everything_is_sent();
    is_acknowledged(5);
    journal_is("");
}
END_TEST

START_TEST(what_tells_a_pager_goes_to_no_person_by_another_channel)
{
    struct notify_way way;
    struct notify_notice n = { .obligation = "resolved/breached/response/1",
                               .person = "pm",
                               .channel = "pager",
                               .tried = "" };
    ck_assert(!notify_route_next(c, &n, &way));
    n.obligation = "breached/response/1";
    ck_assert(notify_route_next(c, &n, &way));
}
END_TEST

START_TEST(an_alert_has_one_key_at_every_stage)
{
    static const struct {
        const char *obligation;
        enum notify_alert_stage stage;
        const char *key;
    } cases[] = {
        { "breached/response/1", NOTIFY_ALERT_BEGINS, "C-1/breached/response/1" },
        { "acknowledged/breached/response/1", NOTIFY_ALERT_ACKNOWLEDGED,
          "C-1/breached/response/1" },
        { "resolved/breached/response/1", NOTIFY_ALERT_OVER, "C-1/breached/response/1" },
        { "withdrawn/breached/response/1", NOTIFY_ALERT_OVER, "C-1/breached/response/1" },
        { "closed", NOTIFY_ALERT_OVER, "C-1/closed" },
        { "opened", NOTIFY_ALERT_BEGINS, "C-1/opened" },
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct notify_message m = {
            .number = "C-1", .obligation = cases[i].obligation, .subject = "", .brief = ""
        };
        struct notify_alert a;
        notify_alert_of(&m, &a);
        ck_assert_int_eq(a.stage, cases[i].stage);
        ck_assert_str_eq(a.key, cases[i].key);
    }
}
END_TEST

START_TEST(the_summary_of_an_alert_is_the_line_of_its_rule_else_its_subject)
{
    struct notify_message m = {
        .number = "C-1", .obligation = "opened", .subject = "late", .brief = ""
    };
    struct notify_alert a;
    notify_alert_of(&m, &a);
    ck_assert_str_eq(a.summary, "late");
    m.brief = "C-1 late";
    notify_alert_of(&m, &a);
    ck_assert_str_eq(a.summary, "C-1 late");
}
END_TEST

START_TEST(an_alert_is_named_after_its_obligation_and_as_severe_as_its_case)
{
    static const char *const severities[] = { "warning", "critical", "error", "warning", "info" };
    struct notify_message m = {
        .number = "C-1", .obligation = "breached/response/1", .subject = "late", .brief = ""
    };
    struct notify_alert a;
    for (uint32_t level = 0; level < 5; level++) {
        m.severity = level;
        notify_alert_of(&m, &a);
        ck_assert_str_eq(a.severity, severities[level]);
    }
    ck_assert_str_eq(a.name, "breached");
    ck_assert_str_eq(a.about, "response/1");
    m.obligation = "closed";
    notify_alert_of(&m, &a);
    ck_assert_str_eq(a.about, "");
}
END_TEST

CHECK_MAIN_WITH("notify_alerts", set_up, tear_down,
                the_alert_of_two_who_share_a_pager_is_resolved_once_when_the_case_is_closed,
                an_alert_that_was_not_sent_yet_is_not_sent_after_the_case_is_closed,
                what_may_be_at_the_pager_is_resolved_and_not_repeated,
                what_was_corrected_is_over_already, who_is_told_by_mail_is_told_nothing_of_alerts,
                somebody_takes_care_and_the_alert_is_acknowledged_once_and_resolved_later,
                what_went_up_to_a_pager_is_acknowledged_there_too,
                a_pager_that_knows_no_such_thing_is_not_told_that_somebody_takes_care,
                what_tells_a_pager_goes_to_no_person_by_another_channel,
                an_alert_has_one_key_at_every_stage,
                the_summary_of_an_alert_is_the_line_of_its_rule_else_its_subject,
                an_alert_is_named_after_its_obligation_and_as_severe_as_its_case)
