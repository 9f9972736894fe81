#include "check_main.h"

#include "notify_people.h"
#include "notify_route.h"
#include "notify_world.h"

static struct notify_notice *the_notice(void)
{
    return notify_case_find(c, "opened", 1, "pm/0");
}

/* One notice to the project manager, who has a mail address and, where wanted, a webhook. */
static void is_told(const char *email, const char *hook)
{
    put_person("pm", "en", email, hook);
    (void)add_rule(ON(OPENED), "", ROLE(PM), ROLE(NONE));
    is_opened();
    next_turn();
    journal[0] = '\0';
}

static void comes_back(enum notify_input input, const char *detail)
{
    struct notify_happening h = { .input = input };
    start_due();
    (void)notify_case_happened(c, the_notice(), h, detail);
}

static void is_demanded(const char *slot, const char *channel)
{
    Callout__V1__NoticeName *name = co_arena_alloc(arena, sizeof(*name));
    callout__v1__notice_name__init(name);
    name->obligation = own("opened");
    name->slot = own(slot);
    HAPPENS(NOTICE_RESEND_ASKED, notice_resend_asked, NoticeResendAsked, x->notice = name,
            x->source = own("ops"), x->command_id = 9, x->channel = own(channel));
}

START_TEST(what_the_webhook_refuses_goes_by_mail_to_the_same_person)
{
    is_told("pm@example.com", "http://hooks.example.com/pm");
    ck_assert_str_eq(the_notice()->channel, "hook");
    comes_back(NOTIFY_REFUSED, "410 gone");
    journal_is("resent opened pm/0 by mail after hook: 410 gone \n");
    ck_assert_str_eq(the_notice()->channel, "mail");
    ck_assert_str_eq(the_notice()->address, "pm@example.com");
    ck_assert(the_notice()->is_rewritten);
    comes_back(NOTIFY_REFUSED, "550 no such user");
    journal_is("settled opened g1 pm/0 3 550 no such user\n");
}
END_TEST

START_TEST(a_person_s_own_order_of_channels_is_kept)
{
    struct notify_way ways[NOTIFY_WAYS_MAX];
    char mail[] = "mail", hook[] = "hook", gone[] = "gone";
    char *order[] = { mail, gone, hook };
    PUT(Person, person, x.key = own("pm"), x.email = own("pm@example.com"),
        x.webhook = own("http://hooks.example.com/pm"), x.channels = order, x.n_channels = 3);
    ck_assert_uint_eq(notify_people_ways(registry, co_registry_person(registry, "pm"), ways), 2);
    ck_assert_str_eq(ways[0].channel->key, "mail");
    ck_assert_str_eq(ways[1].address, "http://hooks.example.com/pm");
}
END_TEST

START_TEST(patience_is_the_policy_s_for_the_severity_at_the_time_it_was_planned)
{
    Callout__V1__NoticePatience own_patience = CALLOUT__V1__NOTICE_PATIENCE__INIT;
    Callout__V1__NoticePatience *list[] = { &own_patience };
    own_patience.severity = 2;
    own_patience.give_up_us = 20 * MINUTE;
    pack.patience = list;
    pack.n_patience = 1;
    is_told("pm@example.com", "");
    own_patience.severity = 3;
    ck_assert_int_eq(notify_route_patience(c, the_notice()).give_up_us, 20 * MINUTE);
    ck_assert_int_eq(notify_route_patience(c, the_notice()).next_channel_us,
                     patience.next_channel_us);
    world.pace = 60;
    ck_assert_int_eq(notify_route_patience(c, the_notice()).give_up_us, 1200 * MINUTE);
    world.pace = 1;
    the_notice()->life.give_up_s = 0;
    ck_assert_int_eq(notify_route_patience(c, the_notice()).give_up_us, patience.give_up_us);
}
END_TEST

START_TEST(on_demand_it_goes_where_the_person_is_reached_now)
{
    is_told("wrong@example.com", "");
    comes_back(NOTIFY_REFUSED, "550 no such user");
    journal[0] = '\0';
    put_person("pm", "en", "right@example.com", "");
    is_demanded("pm/0", "");
    journal_is("resent opened pm/0 by mail after mail: 550 no such user ops\napplied\n");
    ck_assert_int_eq(the_notice()->life.state, STATE(PLANNED));
    ck_assert_str_eq(the_notice()->address, "right@example.com");
    ck_assert(the_notice()->settled_us == INT64_MAX);
    comes_back(NOTIFY_TAKEN, "250");
    journal_is("settled opened g1 pm/0 2 250\n");
}
END_TEST

START_TEST(a_demand_that_makes_no_sense_is_refused_with_the_reason)
{
    is_told("pm@example.com", "");
    is_demanded("pm/7", "");
    journal_is("refused: the case has no such notice\n");
    is_demanded("pm/0", "hook");
    journal_is("refused: pm has no address for the channel hook\n");
    comes_back(NOTIFY_TAKEN, "250");
    journal[0] = '\0';
    is_demanded("pm/0", "");
    journal_is("refused: it was taken: sent again it would be told twice\n");
    the_notice()->life.state = STATE(FAILED);
    the_notice()->address = NULL;
    is_demanded("pm/0", "");
    journal_is("refused: its words were erased\n");
}
END_TEST

CHECK_MAIN_WITH("notify_route", set_up, tear_down,
                what_the_webhook_refuses_goes_by_mail_to_the_same_person,
                a_person_s_own_order_of_channels_is_kept,
                patience_is_the_policy_s_for_the_severity_at_the_time_it_was_planned,
                on_demand_it_goes_where_the_person_is_reached_now,
                a_demand_that_makes_no_sense_is_refused_with_the_reason)
