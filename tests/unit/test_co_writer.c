#include "co_writer.h"

#include <string.h>

#include "check_main.h"

START_TEST(acts_of_the_work_order_belong_to_dispatch)
{
    ck_assert_str_eq(co_writer_of_act(CALLOUT__V1__ACT__ACT_ACCEPT), "dispatch");
    ck_assert_str_eq(co_writer_of_act(CALLOUT__V1__ACT__ACT_DECLINE), "dispatch");
    ck_assert_str_eq(co_writer_of_act(CALLOUT__V1__ACT__ACT_ARRIVED), "sla");
    ck_assert_str_eq(co_writer_of_act(CALLOUT__V1__ACT__ACT_RESEND_NOTICE), "notify");
}
END_TEST

START_TEST(every_kind_of_entry_has_a_writer)
{
    const ProtobufCMessageDescriptor *d = &callout__v1__event__descriptor;
    for (unsigned i = 0; i < d->n_fields; i++) {
        Callout__V1__Event event = CALLOUT__V1__EVENT__INIT;
        Callout__V1__CommandApplied applied = CALLOUT__V1__COMMAND_APPLIED__INIT;
        Callout__V1__CommandRefused refused = CALLOUT__V1__COMMAND_REFUSED__INIT;
        if (strcmp(d->fields[i].name, "traceparent") == 0)
            continue;
        event.body_case = (Callout__V1__Event__BodyCase)d->fields[i].id;
        if (event.body_case == CALLOUT__V1__EVENT__BODY_COMMAND_APPLIED)
            event.command_applied = &applied;
        if (event.body_case == CALLOUT__V1__EVENT__BODY_COMMAND_REFUSED)
            event.command_refused = &refused;
        ck_assert_msg(co_writer_of(&event)[0] != '\0', "%s", d->fields[i].name);
    }
}
END_TEST

START_TEST(a_verdict_is_of_the_service_that_owns_the_act)
{
    Callout__V1__Event event = CALLOUT__V1__EVENT__INIT;
    Callout__V1__CommandApplied applied = CALLOUT__V1__COMMAND_APPLIED__INIT;
    event.body_case = CALLOUT__V1__EVENT__BODY_COMMAND_APPLIED;
    event.command_applied = &applied;
    applied.act = CALLOUT__V1__ACT__ACT_ACCEPT;
    ck_assert_str_eq(co_writer_of(&event), "dispatch");
    applied.act = CALLOUT__V1__ACT__ACT_ARRIVED;
    ck_assert_str_eq(co_writer_of(&event), "sla");
    event.body_case = CALLOUT__V1__EVENT__BODY_NOTICE_RESEND_ASKED;
    ck_assert_str_eq(co_writer_of(&event), "intake");
}
END_TEST

CHECK_MAIN("co_writer", acts_of_the_work_order_belong_to_dispatch, every_kind_of_entry_has_a_writer,
           a_verdict_is_of_the_service_that_owns_the_act)
