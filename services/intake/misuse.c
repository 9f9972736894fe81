#include "misuse.h"

#include "clients.h"
#include "co_clock.h"
#include "intake.h"
#include "intake_complaint.h"
#include "metrics.h"

void intake_misuse_note(struct intake *in, struct intake_client *client, Callout__V1__Request__BodyCase body,
                        const struct intake_complaint *complaint)
{
    struct intake_misuse *m = client == NULL ? &in->misuse : &client->misuse;
    m->met_mono_us = co_mono_us();
    co_log_holds(in->log, &m->condition, CO_LOG_WARN, "bad_requests", CO_S("client", client == NULL ? "" : client->key),
                 CO_S("kind", intake_body_name(body)), CO_S("code", intake_code_name(complaint->code)),
                 CO_S("field", complaint->field));
}

static void end_if_quiet(struct intake *in, struct intake_misuse *m, const char *client)
{
    if (m->condition.holds && co_mono_us() - m->met_mono_us > CO_LOG_REPEAT_US)
        co_log_ended(in->log, &m->condition, "bad_requests", CO_S("client", client));
}

static void look_at(struct intake_client *client, void *arg)
{
    end_if_quiet(arg, &client->misuse, client->key);
}

void intake_misuse_beat(struct intake *in)
{
    end_if_quiet(in, &in->misuse, "");
    intake_clients_each(in->clients, look_at, in);
}
