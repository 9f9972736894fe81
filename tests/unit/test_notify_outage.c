#include "check_main.h"

#include "notify_outage.h"
#include "notify_world.h"

static const struct notify_outage aside = { NOTIFY_OUTAGE_ASIDE, "hook", "https://chat.example.com",
                                            "HTTP 500: its own trouble", NOON + 999999 };

static void put_desk(void)
{
    static Callout__V1__RoleHolder holder;
    static Callout__V1__RoleHolder *holders[] = { &holder };
    callout__v1__role_holder__init(&holder);
    holder.role = ROLE(DESK);
    holder.person = own("deskman");
    PUT(Desk, desk, x.key = own("main"), x.n_holders = 1, x.holders = holders);
}

START_TEST(the_desk_is_told_which_way_does_not_work_and_why)
{
    put_desk();
    put_person("deskman", "en", "desk@example.com", "");
    is_opened();
    notify_outage_tell(c, &aside);
    journal_is("planned set_aside/1771300800 g1 desk/0 deskman mail\n");
    ck_assert_str_eq(c->notices[0]->subject,
                     "Notices do not get through: hook (https://chat.example.com)");
    ck_assert_ptr_nonnull(strstr(c->notices[0]->body, "at last: HTTP 500: its own trouble. "));
}
END_TEST

START_TEST(it_is_told_once_and_its_end_by_itself)
{
    put_desk();
    is_opened();
    notify_outage_tell(c, &aside);
    notify_outage_tell(c, &aside);
    struct notify_outage back = aside;
    back.kind = NOTIFY_OUTAGE_BACK;
    notify_outage_tell(c, &back);
    journal_is("planned set_aside/1771300800 g1 desk/0 deskman mail\n"
               "planned taken_back/1771300800 g1 desk/0 deskman mail\n");
    ck_assert_str_eq(c->notices[1]->subject, "通知渠道已恢复：hook (https://chat.example.com)");
}
END_TEST

START_TEST(without_a_desk_the_project_manager_is_told_that_an_address_is_gone)
{
    struct notify_outage gone = { NOTIFY_OUTAGE_GONE, "hook", "person eng", "HTTP 410: gone",
                                  NOON };
    is_opened();
    notify_outage_tell(c, &gone);
    journal_is("planned gone/1771300800 g1 desk/0 pm mail\n");
    ck_assert_str_eq(c->notices[0]->subject, "通知地址已失效：hook (person eng)");
}
END_TEST

CHECK_MAIN_WITH("notify_outage", set_up, tear_down,
                the_desk_is_told_which_way_does_not_work_and_why,
                it_is_told_once_and_its_end_by_itself,
                without_a_desk_the_project_manager_is_told_that_an_address_is_gone)
