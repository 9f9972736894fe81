#include "sla_random.h"

#include "co_assert.h"
#include "sla_events.h"
#include "sla_wide.h"

/* -- a pack with everything in it */

static void make_arrival(struct world *w, Callout__V1__OnWithdrawn how)
{
    Callout__V1__Milestone *limit = world_milestone(w, "remote_limit", ACT(NONE), ACT(RESTORED));
    world_start_unless_cancelled(w, limit, ACT(CONTACTED));
    world_minutes(w, limit, 120, 180, 180, 300);
    world_cancel(w, limit, ACT(ONSITE_REQUESTED));
    world_pause(w, limit, ACT(WAITING_CUSTOMER), ACT(CUSTOMER_ANSWERED));
    world_pause(w, limit, ACT(CONSENT_ASKED), ACT(CONSENT_GIVEN));
    world_pause(w, limit, ACT(CONSENT_ASKED), ACT(CONSENT_REFUSED));
    Callout__V1__Action *a = world_on_breach(w, limit, ACTION(ACT));
    a->act = ACT(ONSITE_REQUESTED);
    a->on_withdrawn = how;
    Callout__V1__Milestone *arrival = world_arrival(w);
    world_start(w, arrival, ACT(REMOTE_GAVE_UP));
    world_target(w, arrival, 4, TARGET(AGREED), 0);
    arrival->cutoff_minute = 960;
    world_target(w, arrival, 3, TARGET(NTH_WORKING_DAY), 2);
    world_warn(w, arrival, 75, 0);
    world_cancel(w, arrival, ACT(RESTORED));
}

static void make_restore(struct world *w, Callout__V1__OnWithdrawn how)
{
    Callout__V1__Milestone *restore = world_milestone(w, "restore", ACT(ARRIVED), ACT(RESTORED));
    world_minutes(w, restore, 180, 180, 120, 0);
    world_suspend(w, restore, ACT(HARDWARE_FAULT), ACT(HARDWARE_READY));
    restore->same_day = true;
    world_warn(w, restore, 0, 30 * MINUTE);
    world_on_breach(w, restore, ACTION(RAISE))->on_withdrawn = how;
    Callout__V1__Action *a = world_on_breach(w, restore, ACTION(PROPOSE));
    a->what = world_text(w, "consult");
    a->on_withdrawn = how;
    Callout__V1__Milestone *down = world_milestone(w, "down", ACT(NONE), ACT(RESTORED));
    world_minutes(w, down, 0, 60, 60, 60);
    world_by_condition(w, down, "down");
    a = world_on_breach(w, down, ACTION(RAISE_TO));
    a->level = 1;
    a->on_withdrawn = how;
    a->unless_condition = world_text(w, "standby");
}

static void make_commitment(struct world *w, Callout__V1__OnWithdrawn how)
{
    Callout__V1__Milestone *m = world_milestone(w, "commitment", ACT(REPORTED), ACT(RESTORED));
    world_from_contract(w, m, 1, TARGET(RUNNING), 200 * MINUTE);
    world_from_contract(w, m, 2, TARGET(WORKING), 5 * HOUR);
    world_from_contract(w, m, 3, TARGET(NONE), 0);
    world_figure(w, "commitment", 2, TARGET(RUNNING), 330 * MINUTE);
    world_figure(w, "commitment", 3, TARGET(NTH_WORKING_DAY), 2);
    world_only(w, m, "inside");
    world_unless(w, m, "standby");
    world_pause(w, m, ACT(WAITING_VENDOR), ACT(VENDOR_ANSWERED));
    world_pause_by(w, m, "no_access");
    world_warn(w, m, 40, 0);
    Callout__V1__Action *a = world_at_warning(w, m, ACTION(START));
    a->milestone = world_text(w, "director");
    a->on_withdrawn = how;
    world_warn(w, m, 80, 0);
    world_at_warning(w, m, ACTION(RAISE))->on_withdrawn = how;
    world_ladder(w, m, 0);
    world_ladder(w, m, 45 * MINUTE);
    m->ladder_repeat_us = 60 * MINUTE;
    m->ladder_times = 3;
    m = world_milestone(w, "director", ACT(NONE), ACT(EXPERT_JOINED));
    world_minutes(w, m, 60, 60, 60, 60);
    world_ladder(w, m, 30 * MINUTE);
    a = world_on_breach(w, m, ACTION(TELL));
    a->what = world_text(w, "nobody");
    a->on_withdrawn = how;
    m = world_milestone(w, "hardware", ACT(HARDWARE_FAULT), ACT(HARDWARE_READY));
    for (uint32_t level = 1; level <= 3; level++)
        world_target(w, m, level, TARGET(AGREED), 0);
    world_agree(w, m, ACT(HARDWARE_EXPECTED));
    world_warn(w, m, 50, 0);
}

/* Duties of both sides, of which clocks depend. */
static void make_steps(struct world *w)
{
    (void)world_step(w, "scope", ROLE(PM), NULL);
    Callout__V1__Step *s = world_step(w, "access", ROLE(CUSTOMER), "scope");
    world_opened_by(w, s, ACT(CONTACTED));
    world_opened_by(w, s, ACT(STEP_OPENED));
    world_needed_only(w, s, "inside");
    s = world_step(w, "paper", ROLE(ENGINEER), "access");
    world_accepted_by(w, s, ROLE(CUSTOMER));
    world_accepted_by(w, s, ROLE(PM));
    world_done_by(w, world_step(w, "look", ROLE(ENGINEER), NULL), ACT(INVESTIGATED));
    world_finishes(w, "paper");
    world_finishes(w, "look");
    Callout__V1__Milestone *m = world_milestone(w, "engagement", ACT(NONE), ACT(NONE));
    world_minutes(w, m, 200, 300, 400, 500);
    world_start_step(w, m, "scope");
    world_stop_step(w, m, "paper");
    world_pause_step(w, m, "access");
    world_warn(w, m, 50, 0);
}

static void make_dated(struct world *w, Callout__V1__OnWithdrawn how)
{
    w->opened->dated_us = T0 + 600 * MINUTE;
    Callout__V1__Milestone *m = world_milestone(w, "prepared", ACT(REPORTED), ACT(PROCESS_STARTED));
    for (uint32_t level = 1; level <= 3; level++)
        world_target(w, m, level, TARGET(DATED), -60 * MINUTE);
    world_warn(w, m, 50, 0);
    world_warn(w, m, 0, 60 * MINUTE);
    world_on_breach(w, m, ACTION(RAISE))->on_withdrawn = how;
    m = world_milestone(w, "written", ACT(CONTACTED), ACT(RESTORED));
    for (uint32_t level = 1; level <= 4; level++)
        world_target(w, m, level, TARGET(DATED_END), 120 * MINUTE);
    world_ladder(w, m, 30 * MINUTE);
}

void random_pack(struct world *w, Callout__V1__OnWithdrawn how)
{
    world_init(w);
    world_excluded(w, "storm");
    world_condition(w, "inside");
    world_condition(w, "no_access");
    world_condition(w, "down");
    world_condition(w, "workaround");
    world_condition(w, "standby");
    world_bar(w, 3, 2, "workaround", NULL);
    world_waiver(w, ROLE(CUSTOMER));
    world_waiver(w, ROLE(DIRECTOR));
    world_signer(w, ROLE(CUSTOMER));
    world_signer(w, ROLE(PM));
    Callout__V1__Milestone *m = world_milestone(w, "response", ACT(REPORTED), ACT(CONTACTED));
    world_minutes(w, m, 30, 30, 60, 240);
    world_warn(w, m, 50, 0);
    world_warn(w, m, 90, 0);
    world_on_warning(w, m, ACTION(PROPOSE))->what = world_text(w, "hurry");
    m = world_milestone(w, "report", ACT(ARRIVED), ACT(INVESTIGATED));
    world_target(w, m, 1, TARGET(WORKING), 4 * HOUR);
    world_target(w, m, 2, TARGET(WORKING), 8 * HOUR);
    world_target(w, m, 4, TARGET(PERIOD_WORKING_DAYS), 1);
    world_pause(w, m, ACT(WAITING_CUSTOMER), ACT(CUSTOMER_ANSWERED));
    world_pause(w, m, ACT(WAITING_VENDOR), ACT(VENDOR_ANSWERED));
    make_arrival(w, how);
    make_restore(w, how);
    make_commitment(w, how);
    make_dated(w, how);
    m = world_milestone(w, "replace", ACT(REPORTED), ACT(RESTORED));
    for (uint32_t level = 1; level <= 4; level++)
        world_target(w, m, level, TARGET(PERIOD_DAYS), 2);
    world_pause_by(w, m, "no_access");
    world_warn(w, m, 50, 0);
    make_steps(w);
}

/* -- a random history */

static const Callout__V1__Act acts[] = {
    ACT(CONTACTED),
    ACT(CONTACTED),
    ACT(PROCESS_STARTED),
    ACT(ONSITE_REQUESTED),
    ACT(REMOTE_GAVE_UP),
    ACT(ARRIVED),
    ACT(ARRIVED),
    ACT(INVESTIGATED),
    ACT(HARDWARE_FAULT),
    ACT(HARDWARE_READY),
    ACT(RESTORED),
    ACT(RELAPSED),
    ACT(WAITING_CUSTOMER),
    ACT(CUSTOMER_ANSWERED),
    ACT(WAITING_VENDOR),
    ACT(VENDOR_ANSWERED),
    ACT(CONDITION_SET),
    ACT(CONDITION_SET),
    ACT(CONDITION_CLEARED),
    ACT(SIGN),
    ACT(SIGN),
    ACT(WAIVE),
    ACT(WAIVE),
    ACT(SET_SEVERITY),
    ACT(SET_SEVERITY),
    ACT(AGREE),
    ACT(LOCATED),
    ACT(LOCATED),
    ACT(ACKNOWLEDGED),
    ACT(HARDWARE_EXPECTED),
    ACT(EXPERT_JOINED),
    ACT(STEP_OPENED),
    ACT(STEP_DONE),
    ACT(STEP_DONE),
    ACT(STEP_DONE),
    ACT(STEP_ACCEPTED),
    ACT(STEP_ACCEPTED),
    ACT(STEP_RETURNED),
    ACT(STEP_SKIPPED),
    ACT(RESCHEDULE),
    ACT(RESCHEDULE),
};
static char *step_names[] = { "scope", "access", "paper", "paper", "look" };

/* They come in some of the histories only, many at once. */
static const Callout__V1__Act consent_acts[] = {
    ACT(CONSENT_ASKED),   ACT(CONSENT_ASKED),   ACT(CONSENT_GIVEN),   ACT(CONSENT_GIVEN),
    ACT(CONSENT_GIVEN),   ACT(CONSENT_CHANGED), ACT(CONSENT_CHANGED), ACT(CONSENT_WITHDRAWN),
    ACT(CONSENT_REFUSED), ACT(CONSENT_NOBODY),  ACT(CONSENT_SILENT),  ACT(SESSION_STARTED),
    ACT(SESSION_STARTED), ACT(SESSION_STARTED), ACT(SESSION_ENDED),
};
static char *conditions[] = { "down",   "workaround", "standby",   "unheard_of",
                              "inside", "inside",     "no_access", "no_access" };
static const Callout__V1__Role roles[] = { ROLE(CUSTOMER), ROLE(DIRECTOR), ROLE(PM) };

uint64_t random_pick(struct random_history *h, uint64_t bound)
{
    return co_rand_below(&h->rand, bound);
}

/* Many fall on whole half hours, so that inputs and due times meet. */
static int64_t pick_time(struct random_history *h)
{
    int64_t minute = co_rand_between(&h->rand, -10, 900);
    if (random_pick(h, 10) == 0)
        minute = co_rand_between(&h->rand, 0, 5000);
    return T0 + (random_pick(h, 2) == 0 ? minute / 30 * 30 : minute) * MINUTE;
}

static int64_t pick_delay(struct random_history *h)
{
    switch (random_pick(h, 4)) {
    case 0:
    case 1:
        return 0;
    case 2:
        return co_rand_between(&h->rand, 0, 60) * MINUTE;
    default:
        return co_rand_between(&h->rand, 0, 2000) * MINUTE;
    }
}

/* Of one of two keys, into one or two systems, for one of two persons, or for both. */
static void make_consent(struct random_history *h, size_t i)
{
    static char *keys[] = { "db", "web" };
    static char *systems[] = { "db1", "db2" };
    static char *persons[] = { "li", "wu" };
    Callout__V1__SlaInput *input = &h->inputs[i];
    Callout__V1__Consent *c = &h->consents[i];
    callout__v1__consent__init(c);
    input->act = consent_acts[random_pick(h, sizeof(consent_acts) / sizeof(consent_acts[0]))];
    input->name = keys[random_pick(h, 2)];
    input->person = persons[random_pick(h, 2)];
    if (random_pick(h, 3) == 0)
        return; /* by the key alone */
    size_t first = (size_t)random_pick(h, 2);
    c->systems = systems + first;
    c->n_systems = 1 + (first == 0 ? (size_t)random_pick(h, 2) : 0);
    first = (size_t)random_pick(h, 2);
    c->persons = persons + first;
    c->n_persons = (size_t)random_pick(h, first == 0 ? 3 : 2);
    c->from_us = input->occurred_us + co_rand_between(&h->rand, -2, 2) * 30 * MINUTE;
    c->until_us = input->occurred_us + co_rand_between(&h->rand, -1, 20) * 30 * MINUTE;
    if (input->act != ACT(SESSION_STARTED))
        c->key = input->name;
    input->consent = c;
}

static void make_input(struct random_history *h, size_t i)
{
    Callout__V1__SlaInput *input = &h->inputs[i];
    callout__v1__sla_input__init(input);
    input->act = random_pick(h, 60) == 0 ? ACT(CANCEL)
                                         : acts[random_pick(h, sizeof(acts) / sizeof(acts[0]))];
    input->occurred_us = pick_time(h);
    input->seq = i + 10;
    input->role = roles[random_pick(h, 3)];
    input->name = input->act >= ACT(STEP_OPENED) ? step_names[random_pick(h, 5)]
                                                 : conditions[random_pick(h, 8)];
    input->severity = (uint32_t)random_pick(h, 5);
    input->agreed_us = pick_time(h);
    input->from_us = pick_time(h);
    input->until_us = random_pick(h, 2) == 0 ? 0 : input->from_us + 60 * MINUTE;
    static const double kms[] = { 10, 50, 500 };
    input->km = kms[random_pick(h, 3)];
    if (h->seed % 3 == 0 && random_pick(h, 2) == 0)
        make_consent(h, i);
    h->arrives_us[i] = input->occurred_us + pick_delay(h);
    if (h->arrives_us[i] < T0)
        h->arrives_us[i] = T0;
}

/* -- exclusions and calendars */

static int64_t no_later_than_the_end(int64_t us)
{
    int64_t end_us = T0 + (RANDOM_END - 1) * MINUTE;
    return us < T0 ? T0 : us > end_us ? end_us : us;
}

static struct random_wide *add_wide(struct random_history *h, int64_t arrives_us)
{
    struct random_wide *x = &h->wides[h->wide_count++];
    callout__v1__exclusion__init(&x->exclusion);
    x->arrives_us = no_later_than_the_end(arrives_us);
    return x;
}

/* Said one to three times, each time anew; the last time maybe taken back. */
static void make_exclusion(struct random_history *h, char *key)
{
    static char storm[] = "storm";
    static char strike[] = "strike";
    int64_t arrives_us = pick_time(h) + pick_delay(h);
    size_t times = 1 + (size_t)random_pick(h, 3);
    for (size_t i = 0; i < times; i++) {
        struct random_wide *x = add_wide(h, arrives_us);
        x->exclusion.key = key;
        x->exclusion.cause = random_pick(h, 6) == 0 ? strike : storm;
        x->exclusion.from_us = pick_time(h);
        if (random_pick(h, 5) != 0)
            x->exclusion.until_us =
                x->exclusion.from_us + co_rand_between(&h->rand, 0, 40) * 30 * MINUTE;
        x->is_withdrawn = i > 0 && i + 1 == times && random_pick(h, 2) == 0;
        arrives_us += pick_delay(h) / 4;
    }
}

static void make_wides(struct random_history *h)
{
    static char keys[RANDOM_KEYS][4] = { "x0", "x1" };
    for (size_t i = 0; i < RANDOM_KEYS; i++)
        if (random_pick(h, 3) == 0)
            make_exclusion(h, keys[i]);
    if (random_pick(h, 5) == 0)
        add_wide(h, pick_time(h))->is_rebase = true;
}

void random_learn(struct random_known *known, struct random_wide *x)
{
    known->version++;
    if (x->is_rebase) {
        known->is_rebased = true;
        return;
    }
    size_t i = 0;
    while (i < known->count && known->exclusions[i]->key != x->exclusion.key)
        i++;
    if (x->is_withdrawn && i < known->count)
        known->exclusions[i] = known->exclusions[--known->count];
    else if (!x->is_withdrawn)
        known->exclusions[i] = &x->exclusion;
    if (i == known->count && !x->is_withdrawn)
        known->count++;
}

void random_catch_up(struct sla_case *c, struct world *w, struct random_known *known,
                     struct sla_events *ret)
{
    struct sla_wide wide = { .registry_version = known->version,
                             .calendars = known->is_rebased ? world_later(w, c->arena) : NULL,
                             .exclusions = known->exclusions,
                             .exclusion_count = known->count };
    enum co_err err = sla_case_catch_up(c, &wide, ret);
    co_assert(err == CO_OK);
    c->calendars.site.calendar = c->state->rebased != NULL ? w->later : w->calendar;
}

void random_history(struct random_history *h, uint64_t seed)
{
    *h = (struct random_history){ .seed = seed };
    co_rand_init(&h->rand, seed);
    h->count = 3 + (size_t)random_pick(h, RANDOM_INPUTS_MAX - 3);
    for (size_t i = 0; i < h->count; i++)
        make_input(h, i);
    h->approved_us = random_pick(h, 4) == 0 ? T0 + 20 * MINUTE : 0;
    h->stated = (uint32_t)(seed % 4) + 1;
    make_wides(h);
}

/* -- opening */

static void *make(struct co_arena *arena, const ProtobufCMessageDescriptor *type)
{
    void *message = sla_message_new(arena, type);
    co_assert(message != NULL);
    return message;
}

Callout__V1__TicketSubmitted *random_ticket(const struct random_history *h, struct co_arena *arena)
{
    static char key[] = "down";
    static char *down[] = { key };
    Callout__V1__TicketSubmitted *t = make(arena, &callout__v1__ticket_submitted__descriptor);
    t->occurred_us = T0;
    t->stated_severity = h->stated;
    t->onsite = h->seed % 7 == 0;
    t->conditions = down;
    t->n_conditions = h->seed % 5 == 0;
    return t;
}

Callout__V1__CommandReceived *random_approval(const struct random_history *h,
                                              struct co_arena *arena)
{
    Callout__V1__CommandReceived *m = make(arena, &callout__v1__command_received__descriptor);
    m->act = ACT(APPROVE);
    m->occurred_us = h->approved_us;
    m->command_id = 2;
    return m;
}

/* What is known of exclusions by then. */
static void take_known(struct random_history *h, struct co_arena *arena,
                       Callout__V1__CaseOpened *opened)
{
    struct random_known known = { .count = 0 };
    for (size_t i = 0; i < h->wide_count; i++)
        if (h->wides[i].arrives_us <= T0 && !h->wides[i].is_rebase)
            random_learn(&known, &h->wides[i]);
    opened->exclusions =
        co_arena_memdup(arena, known.exclusions, known.count * sizeof(known.exclusions[0]));
    opened->n_exclusions = known.count;
}

static Callout__V1__CaseOpened *make_opened(const struct world *w, struct random_history *h,
                                            struct co_arena *arena)
{
    static char key[] = "inside";
    static char *inside[] = { key };
    Callout__V1__CaseOpened *opened = co_arena_memdup(arena, w->opened, sizeof(*w->opened));
    co_assert(opened != NULL);
    opened->conditions = inside;
    opened->n_conditions = h->seed % 3 == 0;
    take_known(h, arena, opened);
    return opened;
}

struct sla_case random_case(const struct world *w, struct random_history *h, struct co_arena *arena,
                            struct co_arena *scratch, struct sla_events *ret)
{
    struct sla_case c = {
        .arena = arena, .scratch = scratch, .calendars = world_calendars(w), .now_us = T0
    };
    struct sla_admission opens = { .opened = make_opened(w, h, arena) };
    struct sla_admission holds = { .held = make(arena, &callout__v1__case_held__descriptor) };
    enum co_err err = sla_state_new(arena, &c.state);
    co_assert(err == CO_OK);
    c.policy = h->approved_us == 0 ? w->pack : NULL;
    err = sla_case_submitted(&c, 1, random_ticket(h, arena), h->approved_us == 0 ? opens : holds,
                             ret);
    co_assert(err == CO_OK);
    c.policy = w->pack;
    if (h->approved_us != 0)
        err = sla_case_command(&c, 2, random_approval(h, arena), opens, ret);
    co_assert(err == CO_OK && c.state->opened != NULL);
    return c;
}
