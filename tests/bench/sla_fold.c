/* How long one fold of a typical case takes, and one look at a case (fold and difference), and how
 * much memory of the turn: 8 milestones, 20 inputs. Aim: a fold under 20 us on one core. */
#include <stdio.h>
#include <time.h>

#include "co_assert.h"
#include "sla_case.h"
#include "sla_world.h"

enum { ROUNDS = 20000 };

static void make_pack(struct world *w)
{
    world_condition(w, "down");
    Callout__V1__Milestone *m = world_milestone(w, "response", ACT(REPORTED), ACT(CONTACTED));
    world_minutes(w, m, 30, 30, 30, 15);
    world_warn(w, m, 50, 0);
    m = world_milestone(w, "expert", ACT(REPORTED), ACT(EXPERT_JOINED));
    world_minutes(w, m, 60, 60, 60, 60);
    m = world_milestone(w, "start", ACT(REPORTED), ACT(PROCESS_STARTED));
    world_minutes(w, m, 30, 30, 60, 0);
    m = world_milestone(w, "remote", ACT(CONTACTED), ACT(RESTORED));
    world_minutes(w, m, 120, 180, 180, 0);
    world_cancel(w, m, ACT(ONSITE_REQUESTED));
    world_warn(w, world_arrival(w), 75, 0);
    m = world_milestone(w, "restore", ACT(ARRIVED), ACT(RESTORED));
    world_minutes(w, m, 180, 180, 120, 0);
    world_warn(w, m, 75, 0);
    world_on_breach(w, m, ACTION(RAISE));
    m = world_milestone(w, "report", ACT(ARRIVED), ACT(INVESTIGATED));
    world_target(w, m, 2, TARGET(WORKING), 4 * HOUR);
    world_pause(w, m, ACT(WAITING_CUSTOMER), ACT(CUSTOMER_ANSWERED));
    m = world_milestone(w, "replace", ACT(REPORTED), ACT(RESTORED));
    world_target(w, m, 2, TARGET(PERIOD_DAYS), 2);
    world_signer(w, ROLE(PM));
    world_signer(w, ROLE(CUSTOMER));
}

static void make_case(struct world *w)
{
    static const Callout__V1__Act acts[] = {
        ACT(CASE_ACCEPTED),     ACT(CONTACTED),        ACT(PROCESS_STARTED), ACT(EXPERT_JOINED),
        ACT(REMOTE_GAVE_UP),    ACT(ONSITE_REQUESTED), ACT(UNDERWAY),        ACT(ARRIVED),
        ACT(INVESTIGATED),      ACT(FINDING_GIVEN),    ACT(RECOMMENDED),     ACT(WAITING_CUSTOMER),
        ACT(CUSTOMER_ANSWERED), ACT(CONSULTED),        ACT(RESTORED),
    };
    world_open(w, 2);
    world_locate(w, 0, 35);
    for (size_t i = 0; i < sizeof(acts) / sizeof(acts[0]); i++)
        world_input(w, 10 + (int64_t)i * 20, acts[i]);
    world_by(w, 400, ACT(SIGN), ROLE(CUSTOMER));
    world_by(w, 410, ACT(SIGN), ROLE(PM));
}

static double now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static size_t fold_once(struct world *w, struct co_arena *arena)
{
    struct sla_fold_input in = world_fold_input(w, 1000);
    struct sla_fold f;
    co_arena_reset(arena);
    enum co_err err = sla_fold(&in, arena, &f);
    co_assert(err == CO_OK && f.is_closed);
    return f.output_count;
}

static void look_once(struct world *w, struct co_arena *arena, Callout__V1__SlaState *state)
{
    struct sla_case c = { .arena = arena,
                          .state = state,
                          .policy = w->pack,
                          .calendars = world_calendars(w),
                          .now_us = T0 + 1000 * MINUTE };
    struct sla_events events = { 0 };
    struct sla_fold f;
    enum co_err err = sla_case_advance(&c, &events, &f);
    co_assert(err == CO_OK);
}

int main(void)
{
    struct world w;
    world_init(&w);
    make_pack(&w);
    make_case(&w);
    struct co_arena *arena = co_arena_new((size_t)64 * 1024 * 1024);
    co_assert(arena != NULL);

    double start_us = now_us();
    for (int i = 0; i < ROUNDS; i++)
        (void)fold_once(&w, arena);
    double fold_us = (now_us() - start_us) / ROUNDS;
    size_t output_count = fold_once(&w, arena);
    printf("fold: %zu milestones, %zu inputs, %zu outputs: %.2f us, %zu bytes\n",
           w.pack->n_milestones, w.input_count, output_count, fold_us, co_arena_used(arena));

    Callout__V1__SlaState state = CALLOUT__V1__SLA_STATE__INIT;
    state.opened = w.opened;
    state.inputs = w.inputs;
    state.n_inputs = w.input_count;
    look_once(&w, w.arena, &state);
    start_us = now_us();
    for (int i = 0; i < ROUNDS; i++) {
        Callout__V1__SlaState copy = state;
        co_arena_reset(arena);
        look_once(&w, arena, &copy);
    }
    printf("look: %zu announced: %.2f us, state of %zu bytes\n", state.n_announced,
           (now_us() - start_us) / ROUNDS, callout__v1__sla_state__get_packed_size(&state));
    co_arena_free(arena);
    world_done(&w);
    return 0;
}
