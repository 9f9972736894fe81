/* Notices about the steps of a pack. */
#include <inttypes.h>

#include "co_pack.h"
#include "notify_plan_impl.h"
#include "notify_recall.h"

#define ON(name) CALLOUT__V1__NOTICE_ON__NOTICE_ON_##name

static void tell(struct notify_case *c, const Callout__V1__Event *e, Callout__V1__NoticeOn on,
                 const char *step, const char *obligation)
{
    struct notify_occasion o = notify_plan_occasion(c, e, on, "", 0);
    o.duty = c->policy == NULL ? NULL : co_pack_duty(c->policy, step);
    o.obligation = obligation;
    if (obligation != NULL)
        (void)notify_tell_by_rules(c, &o);
}

/* Nobody needs to be asked for it any more. */
static void end_question(struct notify_case *c, const char *asked)
{
    if (asked != NULL)
        notify_recall_unsent(c, asked, "done meanwhile");
}

void notify_plan_step_opened(struct notify_case *c, const Callout__V1__Event *e)
{
    const Callout__V1__StepOpened *s = e->step_opened;
    tell(c, e, ON(STEP_OPENED), s->step,
         notify_case_text(c, "step_opened/%s/%" PRIu32, s->step, s->generation));
}

void notify_plan_step_handed_over(struct notify_case *c, const Callout__V1__Event *e)
{
    const Callout__V1__StepHandedOver *s = e->step_handed_over;
    end_question(c, notify_case_text(c, "step_opened/%s/%" PRIu32, s->step, s->generation));
    tell(c, e, ON(STEP_HANDED_OVER), s->step,
         notify_case_text(c, "step_handed_over/%s/%" PRIu32, s->step, s->generation));
}

void notify_plan_step_done(struct notify_case *c, const Callout__V1__Event *e)
{
    const Callout__V1__StepDone *s = e->step_done;
    end_question(c, notify_case_text(c, "step_opened/%s/%" PRIu32, s->step, s->generation));
    end_question(c, notify_case_text(c, "step_handed_over/%s/%" PRIu32, s->step, s->generation));
    tell(c, e, ON(STEP_DONE), s->step,
         notify_case_text(c, "step_done/%s/%" PRIu32, s->step, s->generation));
}
