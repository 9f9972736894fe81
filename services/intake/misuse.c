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

/* ---- wrong codes ---- */

bool intake_misuse_is_paused(const struct intake_client *client, uint32_t *ret_wait_ms)
{
    int64_t wait_us = intake_guess_wait_us(&client->guess, co_mono_us());
    *ret_wait_ms = (uint32_t)((wait_us + 999) / 1000);
    return wait_us > 0;
}

void intake_misuse_wrong_code(struct intake *in, struct intake_client *client)
{
    struct intake_guess_limits limits = { (uint32_t)in->config->wrong_codes_limit, in->config->answer_pause_ms * 1000,
                                          in->config->answer_pause_limit_ms * 1000 };
    bool is_pause = intake_guess_wrong(&client->guess, &limits, co_mono_us());
    intake_metrics_wrong_code(in->metrics, is_pause);
    if (is_pause)
        co_log_line(in->log, CO_LOG_WARN, "answers_paused", CO_S("client", client->key),
                     CO_I("pause_ms", client->guess.pause_us / 1000));
}

void intake_misuse_right_code(struct intake_client *client)
{
    intake_guess_right(&client->guess);
}
