#include "notify_state.h"

#include <stddef.h>

#include "co_assert.h"

#define STATE(name) CALLOUT__V1__NOTICE_STATE__NOTICE_##name
enum { STATES = STATE(GATHERED) + 1, CROWDED_MOST = 30 };

struct rule {
    Callout__V1__NoticeState next;
    unsigned effects;
    const char *why; /* NULL: nothing changes */
};

static const struct rule rules[STATES][NOTIFY_INPUTS] = {
    [STATE(PLANNED)][NOTIFY_START] = { STATE(SENDING), NOTIFY_SEND, "it is due" },
    [STATE(PLANNED)][NOTIFY_CROWDED] = { STATE(PLANNED), NOTIFY_RETRY, "no room at its server" },
    [STATE(PLANNED)][NOTIFY_ASIDE] = { STATE(PLANNED), NOTIFY_RETRY, "its server is set aside" },
    [STATE(PLANNED)][NOTIFY_ENDED] = { STATE(FAILED), NOTIFY_SETTLE, "its address is gone" },
    [STATE(PLANNED)][NOTIFY_LIMITED] = { STATE(PLANNED), NOTIFY_RETRY, "too many in a minute" },
    [STATE(PLANNED)][NOTIFY_GATHER] = { STATE(GATHERED), NOTIFY_SETTLE, "told with others" },
    [STATE(CANCELLED)][NOTIFY_ANEW] = { STATE(PLANNED), NOTIFY_RETRY, "needed after all" },
    [STATE(UNKNOWN)][NOTIFY_LIMITED] = { STATE(UNKNOWN), NOTIFY_RETRY, "too many in a minute" },
    [STATE(GATHERED)][NOTIFY_RECALL] = { STATE(GATHERED), NOTIFY_CORRECT, "no longer true" },
    [STATE(PLANNED)][NOTIFY_RESEND] = { STATE(PLANNED), NOTIFY_RETRY, "sent now, on demand" },
    [STATE(FAILED)][NOTIFY_RESEND] = { STATE(PLANNED), NOTIFY_RETRY, "sent again, on demand" },
    [STATE(UNKNOWN)][NOTIFY_RESEND] = { STATE(UNKNOWN), NOTIFY_RETRY, "sent again, on demand" },
    [STATE(PLANNED)][NOTIFY_CONFIRM] = { STATE(CANCELLED), NOTIFY_SETTLE, "the person has it" },
    [STATE(PLANNED)][NOTIFY_ENOUGH] = { STATE(CANCELLED), NOTIFY_SETTLE, "not needed any more" },
    [STATE(PLANNED)][NOTIFY_RECALL] = { STATE(CANCELLED), NOTIFY_SETTLE, "no longer true" },
    [STATE(SENDING)][NOTIFY_CROWDED] = { STATE(PLANNED), NOTIFY_RETRY, "no room at its server" },
    [STATE(SENDING)][NOTIFY_ASIDE] = { STATE(PLANNED), NOTIFY_RETRY, "its server is set aside" },
    [STATE(SENDING)][NOTIFY_TAKEN] = { STATE(ACCEPTED), NOTIFY_SETTLE, "the next server took it" },
    [STATE(SENDING)][NOTIFY_REFUSED] = { STATE(FAILED), NOTIFY_SETTLE, "refused for good" },
    [STATE(SENDING)][NOTIFY_LATER] = { STATE(PLANNED), NOTIFY_RETRY, "not taken, tried again" },
    [STATE(SENDING)][NOTIFY_DOUBT] = { STATE(UNKNOWN), NOTIFY_RETRY, "the answer is missing" },
    [STATE(SENDING)][NOTIFY_LOST] = { STATE(UNKNOWN), NOTIFY_RETRY, "the sender is gone" },
    [STATE(SENDING)][NOTIFY_CONFIRM] = { STATE(DELIVERED), NOTIFY_SETTLE, "the person has it" },
    [STATE(SENDING)][NOTIFY_RECALL] = { STATE(SENDING), NOTIFY_CORRECT, "no longer true" },
    [STATE(UNKNOWN)][NOTIFY_START] = { STATE(SENDING), NOTIFY_SEND, "repeated under its key" },
    [STATE(UNKNOWN)][NOTIFY_CROWDED] = { STATE(UNKNOWN), NOTIFY_RETRY, "no room at its server" },
    [STATE(UNKNOWN)][NOTIFY_ASIDE] = { STATE(UNKNOWN), NOTIFY_RETRY, "its server is set aside" },
    [STATE(UNKNOWN)][NOTIFY_ENDED] = { STATE(UNKNOWN), NOTIFY_SETTLE, "its address is gone" },
    [STATE(UNKNOWN)][NOTIFY_CONFIRM] = { STATE(DELIVERED), NOTIFY_SETTLE, "the person has it" },
    [STATE(UNKNOWN)][NOTIFY_ENOUGH] = { STATE(UNKNOWN), NOTIFY_SETTLE, "not needed any more" },
    [STATE(UNKNOWN)][NOTIFY_RECALL] = { STATE(UNKNOWN), NOTIFY_CORRECT, "no longer true" },
    [STATE(ACCEPTED)][NOTIFY_CONFIRM] = { STATE(DELIVERED), NOTIFY_SETTLE, "the person has it" },
    [STATE(ACCEPTED)][NOTIFY_RECALL] = { STATE(ACCEPTED), NOTIFY_CORRECT, "no longer true" },
    [STATE(DELIVERED)][NOTIFY_RECALL] = { STATE(DELIVERED), NOTIFY_CORRECT, "no longer true" },
};

/* It comes before an attempt, or says that what was begun was none. */
static bool is_untried(enum notify_input input)
{
    return input == NOTIFY_CROWDED || input == NOTIFY_ASIDE || input == NOTIFY_LIMITED;
}

/* What a retry becomes when no further attempt is made. */
static struct notify_step without_retry(struct notify_step step, const char *why)
{
    step.effects = NOTIFY_SETTLE;
    step.why = why;
    step.life.next_us = INT64_MAX;
    if (step.life.state == STATE(PLANNED))
        step.life.state = step.life.recalled ? STATE(CANCELLED) : STATE(FAILED);
    return step;
}

/* What becomes of it when its channel is given up: the next one begins at once. */
static struct notify_step without_channel(struct notify_step step, const struct notify_happening *h,
                                          const char *why)
{
    if (!h->has_next || step.life.recalled)
        return without_retry(step, why);
    step.effects = NOTIFY_REROUTE | NOTIFY_RETRY;
    step.why = why;
    step.life.state = step.life.doubted ? STATE(UNKNOWN) : STATE(PLANNED);
    step.life.spent = step.life.attempts;
    step.life.way_us = step.life.next_us = h->now_us;
    return step;
}

/* Half of the time it has waited already, within bounds: many that wait for one server look
 * again ever more seldom, and none waits much longer than it must. */
static int64_t crowded_us(const struct notify_life *life, const struct notify_patience *p,
                          const struct notify_happening *h)
{
    int64_t wait = (h->now_us - life->since_us) / 2;
    int64_t most = p->crowded_us * CROWDED_MOST;
    wait = wait < p->crowded_us ? p->crowded_us : wait < most ? wait : most;
    return co_backoff_us(&(struct co_backoff){ wait, wait }, 1, h->random);
}

static int64_t wait_us(const struct notify_life *life, const struct notify_patience *p,
                       const struct notify_happening *h)
{
    if (h->input == NOTIFY_LIMITED)
        return h->retry_after_us;
    uint32_t failures = life->attempts > life->spent ? life->attempts - life->spent : 1;
    int64_t wait = is_untried(h->input) ? crowded_us(life, p, h)
                                        : co_backoff_us(&p->backoff, failures, h->random);
    int64_t wish =
        h->retry_after_us < p->retry_after_max_us ? h->retry_after_us : p->retry_after_max_us;
    return wish > wait ? wish : wait;
}

static struct notify_step with_retry(struct notify_step step, const struct notify_patience *p,
                                     const struct notify_happening *h)
{
    struct notify_life *life = &step.life;
    if (life->recalled)
        return without_retry(step, "no longer true");
    bool is_attempt = !is_untried(h->input);
    if (life->state == STATE(UNKNOWN) && is_attempt) {
        if (h->on_unknown == NOTIFY_ASK)
            return without_retry(step, "may have been sent; not repeated on this channel");
        if (h->on_unknown == NOTIFY_NEXT_CHANNEL)
            return without_channel(step, h, "may have been sent; not repeated on this channel");
    }
    if (life->attempts - life->spent >= p->attempts && is_attempt)
        return without_channel(step, h, "given up after the last attempt");
    life->next_us = h->now_us + wait_us(life, p, h);
    if (life->next_us > life->since_us + p->give_up_us)
        return without_retry(step, "given up: too late");
    if (h->has_next && h->input != NOTIFY_LIMITED &&
        life->next_us > life->way_us + p->next_channel_us)
        return without_channel(step, h, "its channel takes too long");
    return step;
}

/* Somebody wants it sent, and answers for it: patience begins anew. */
static struct notify_step resent(struct notify_step step, const struct notify_happening *h)
{
    step.life.spent = step.life.attempts;
    step.life.since_us = step.life.way_us = step.life.next_us = h->now_us;
    return step;
}

/* At its time, or now where that has passed. */
static struct notify_step planned_anew(struct notify_step step, const struct notify_happening *h)
{
    step.life.spent = step.life.attempts;
    step.life.since_us = step.life.since_us > h->now_us ? step.life.since_us : h->now_us;
    step.life.way_us = step.life.next_us = step.life.since_us;
    return step;
}

/* Once an attempt may have been taken, no later refusal makes the notice unsent. */
static void keep_doubt(struct notify_life *life, enum notify_input input)
{
    if (input == NOTIFY_DOUBT || input == NOTIFY_LOST)
        life->doubted = true;
    if (life->doubted && (life->state == STATE(PLANNED) || life->state == STATE(FAILED)))
        life->state = STATE(UNKNOWN);
}

/* Does it go by the next channel at once? Nobody waits for a server that is set aside; but what may
 * have been taken there is repeated there, where the receiver tells repeats by its key. */
static bool leaves_channel(const struct notify_life *life, const struct notify_happening *h)
{
    bool is_lost = h->input == NOTIFY_REFUSED || h->input == NOTIFY_ENDED ||
                   (h->input == NOTIFY_ASIDE && !life->doubted);
    return is_lost && h->has_next;
}

struct notify_step notify_state_step(struct notify_life life, const struct notify_patience *p,
                                     const struct notify_happening *h)
{
    co_assert((unsigned)life.state < STATES && h->input < NOTIFY_INPUTS);
    const struct rule *rule = &rules[life.state][h->input];
    bool is_start = h->input == NOTIFY_START || is_untried(h->input) || h->input == NOTIFY_ENDED ||
                    h->input == NOTIFY_GATHER;
    bool is_settled = h->input == NOTIFY_ENOUGH && life.next_us == INT64_MAX;
    bool is_early = is_start && life.state != STATE(SENDING) && h->now_us < life.next_us;
    bool is_over = (h->input == NOTIFY_RESEND || h->input == NOTIFY_ANEW) && life.recalled;
    if (rule->why == NULL || is_early || is_over || is_settled)
        return (struct notify_step){ life, NOTIFY_UNCHANGED, "nothing changes" };

    bool is_waiting = life.next_us != INT64_MAX;
    life.attempts += h->input == NOTIFY_START ? 1 : 0;
    life.attempts -= is_untried(h->input) && life.state == STATE(SENDING) ? 1 : 0;
    life.state = rule->next;
    life.next_us = INT64_MAX;
    life.recalled = life.recalled || h->input == NOTIFY_RECALL;
    keep_doubt(&life, h->input);
    struct notify_step step = { life, rule->effects, rule->why };
    if (h->input == NOTIFY_RECALL && life.state == STATE(UNKNOWN) && is_waiting)
        step.effects |= NOTIFY_SETTLE; /* the repeat that would have come does not */
    if (h->input == NOTIFY_RESEND)
        return resent(step, h);
    if (h->input == NOTIFY_ANEW)
        return planned_anew(step, h);
    if (leaves_channel(&life, h))
        return without_channel(step, h, rule->why);
    return (step.effects & NOTIFY_RETRY) != 0 ? with_retry(step, p, h) : step;
}
