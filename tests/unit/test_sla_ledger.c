/* Where the time went: each row of the table of acts, what counts first, and that nothing is lost.
 */
#include <stdio.h>
#include <string.h>

#include "check_main.h"
#include "sla_ledger.h"
#include "sla_random.h"

enum { HISTORIES = 3000 };

static struct world w;

static void setup(void)
{
    world_init(&w);
    world_signer(&w, ROLE(PM));
    world_signer(&w, ROLE(CUSTOMER));
    world_open(&w, 2);
}

static void teardown(void)
{
    world_done(&w);
}

/* "queue 10, remote 20": holders with their minutes, from the report to `minute`. */
static const char *told(int64_t minute)
{
    static char text[1000];
    struct sla_fold_input in = world_fold_input(&w, minute);
    struct sla_fold fold;
    struct sla_ledger l;
    ck_assert_int_eq(sla_fold(&in, w.arena, &fold), CO_OK);
    ck_assert_int_eq(sla_ledger(&in, &fold, w.arena, &l), CO_OK);
    text[0] = '\0';
    for (size_t i = 0; i < l.span_count; i++) {
        const struct sla_ledger_span *s = &l.spans[i];
        size_t len = strlen(text);
        (void)snprintf(text + len, sizeof(text) - len, "%s%s %lld", i == 0 ? "" : ", ",
                       sla_holder_name(s->holder),
                       (long long)((s->until_us - s->from_us) / MINUTE));
    }
    return text;
}

static const struct {
    Callout__V1__Act before[3]; /* at minutes 1, 2, 3 */
    Callout__V1__Act act;       /* at minute 10 */
    const char *told;           /* at minute 30 */
} rows[] = {
    { { 0 }, ACT(NOTE), "queue 30" },
    { { 0 }, ACT(CASE_ACCEPTED), "queue 10, remote 20" },
    { { 0 }, ACT(CONTACTED), "queue 10, remote 20" },
    { { 0 }, ACT(PROCESS_STARTED), "queue 10, remote 20" },
    { { 0 }, ACT(VENDOR_JOINED), "queue 10, remote 20" },
    { { 0 }, ACT(EXPERT_JOINED), "queue 10, expert 20" },
    { { ACT(CONTACTED) }, ACT(EXPERT_JOINED), "queue 1, remote 9, expert 20" },
    { { ACT(EXPERT_JOINED) }, ACT(CONTACTED), "queue 1, expert 29" },
    { { ACT(CONTACTED) }, ACT(ONSITE_REQUESTED), "queue 1, remote 29" },
    { { ACT(CONTACTED) }, ACT(REMOTE_GAVE_UP), "queue 1, remote 9, queue 20" },
    { { ACT(EXPERT_JOINED) }, ACT(REMOTE_GAVE_UP), "queue 1, expert 9, queue 20" },
    { { ACT(CONTACTED) }, ACT(UNDERWAY), "queue 1, remote 9, travel 20" },
    { { ACT(UNDERWAY) }, ACT(CONTACTED), "queue 1, travel 29" },
    { { ACT(UNDERWAY) }, ACT(EXPERT_JOINED), "queue 1, travel 29" },
    { { ACT(UNDERWAY) }, ACT(REMOTE_GAVE_UP), "queue 1, travel 29" },
    { { ACT(UNDERWAY) }, ACT(ARRIVED), "queue 1, travel 9, onsite 20" },
    { { 0 }, ACT(ARRIVED), "queue 10, onsite 20" },
    { { ACT(ARRIVED) }, ACT(INVESTIGATED), "queue 1, onsite 29" },
    { { 0 }, ACT(WAITING_CUSTOMER), "queue 10, customer 20" },
    { { ACT(CONTACTED), ACT(WAITING_CUSTOMER) },
      ACT(CUSTOMER_ANSWERED),
      "queue 1, remote 1, customer 8, remote 20" },
    { { ACT(CONTACTED), ACT(WAITING_CUSTOMER) }, ACT(ARRIVED), "queue 1, remote 1, customer 28" },
    { { ACT(CONTACTED), ACT(WAITING_VENDOR) },
      ACT(VENDOR_ANSWERED),
      "queue 1, remote 1, vendor 8, remote 20" },
    { { ACT(WAITING_VENDOR), ACT(WAITING_CUSTOMER) },
      ACT(CUSTOMER_ANSWERED),
      "queue 1, vendor 1, customer 8, vendor 20" },
    { { ACT(ARRIVED), ACT(HARDWARE_FAULT) },
      ACT(HARDWARE_READY),
      "queue 1, onsite 1, vendor 8, onsite 20" },
    { { ACT(ARRIVED) }, ACT(RESTORED), "queue 1, onsite 9, customer 20" },
    { { ACT(ARRIVED), ACT(HARDWARE_FAULT) },
      ACT(RESTORED),
      "queue 1, onsite 1, vendor 8, customer 20" },
    { { ACT(ARRIVED), ACT(RESTORED) }, ACT(RELAPSED), "queue 1, onsite 1, customer 8, queue 20" },
    { { ACT(CONTACTED) }, ACT(CANCEL), "queue 1, remote 9" },
};

START_TEST(each_act_says_in_whose_hands_the_case_is)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        teardown();
        setup();
        for (size_t k = 0; k < 3; k++)
            if (rows[i].before[k] != ACT(NONE))
                world_input(&w, 1 + (int64_t)k, rows[i].before[k]);
        world_input(&w, 10, rows[i].act);
        ck_assert_str_eq(told(30), rows[i].told);
    }
}
END_TEST

START_TEST(a_restored_case_is_the_customers_until_he_signs_and_ours_until_it_is_closed)
{
    world_input(&w, 5, ACT(CONTACTED));
    world_input(&w, 20, ACT(RESTORED));
    world_by(&w, 50, ACT(SIGN), ROLE(CUSTOMER));
    ck_assert_str_eq(told(100), "queue 5, remote 15, customer 30, queue 50");
    world_by(&w, 60, ACT(SIGN), ROLE(PM));
    ck_assert_str_eq(told(100), "queue 5, remote 15, customer 30, queue 10");
}
END_TEST

START_TEST(what_became_known_late_counts_when_it_happened)
{
    world_input(&w, 50, ACT(ARRIVED));
    world_input(&w, 10, ACT(CONTACTED));
    world_input(&w, 30, ACT(UNDERWAY));
    ck_assert_str_eq(told(60), "queue 10, remote 20, travel 20, onsite 10");
}
END_TEST

START_TEST(what_is_said_to_have_happened_before_the_report_counts_as_of_then)
{
    world_input(&w, -20, ACT(CONTACTED));
    ck_assert_str_eq(told(60), "remote 60");
}
END_TEST

START_TEST(until_it_is_taken_on_a_case_is_held)
{
    w.opened->reported_us = T0 - 40 * MINUTE;
    world_input(&w, 10, ACT(CONTACTED));
    ck_assert_str_eq(told(60), "held 40, queue 10, remote 50");
    struct sla_ledger l;
    ck_assert_int_eq(sla_ledger_held(T0, T0 + HOUR, w.arena, &l), CO_OK);
    ck_assert_int_eq(l.length_us[SLA_HOLDER_HELD], HOUR);
    ck_assert_int_eq(sla_ledger_held(T0, T0 - HOUR, w.arena, &l), CO_OK);
    ck_assert_uint_eq(l.span_count, 0);
}
END_TEST

static void exclude(int64_t minute, Callout__V1__Act act, const char *name, const char *cause)
{
    Callout__V1__SlaInput *input = world_input(&w, minute, act);
    input->name = world_text(&w, name);
    input->cause = world_text(&w, cause);
}

static void list_flood(Callout__V1__Condition *cause, Callout__V1__Condition **list)
{
    callout__v1__condition__init(cause);
    cause->key = world_text(&w, "flood");
    list[0] = cause;
    w.pack->excluded = list;
    w.pack->n_excluded = 1;
}

START_TEST(an_exclusion_counts_first_and_only_for_the_causes_of_the_pack)
{
    Callout__V1__Condition cause, *list[1];
    world_input(&w, 5, ACT(WAITING_CUSTOMER));
    exclude(10, ACT(EXCLUDED), "north", "flood");
    exclude(40, ACT(EXCLUSION_ENDED), "north", "flood");
    ck_assert_str_eq(told(60), "queue 5, customer 55");
    list_flood(&cause, list);
    ck_assert_str_eq(told(60), "queue 5, customer 5, excluded 30, customer 20");
}
END_TEST

START_TEST(of_two_exclusions_the_last_one_to_end_counts)
{
    Callout__V1__Condition cause, *list[1];
    list_flood(&cause, list);
    exclude(10, ACT(EXCLUDED), "north", "flood");
    exclude(20, ACT(EXCLUDED), "river", "flood");
    exclude(30, ACT(EXCLUSION_ENDED), "north", "flood");
    exclude(40, ACT(EXCLUSION_ENDED), "river", "flood");
    ck_assert_str_eq(told(60), "queue 10, excluded 30, queue 20");
}
END_TEST

/* People work from 9 to 18, T0 is 9 on a Monday. */
START_TEST(nights_are_closed_where_the_promise_that_governs_counts_working_time)
{
    Callout__V1__Milestone *m = world_milestone(&w, "report", ACT(REPORTED), ACT(RESTORED));
    world_target(&w, m, 2, TARGET(WORKING), 20 * HOUR);
    world_input(&w, 60, ACT(CONTACTED));
    ck_assert_str_eq(told(25 * 60), "queue 60, remote 480, closed 900, remote 60");
    world_input(&w, 8 * 60, ACT(WAITING_CUSTOMER));
    ck_assert_str_eq(told(25 * 60), "queue 60, remote 420, customer 1020");
}
END_TEST

START_TEST(nights_are_ours_where_it_counts_running_time_or_is_not_shown_to_customers)
{
    Callout__V1__Milestone *late = world_milestone(&w, "report", ACT(REPORTED), ACT(RESTORED));
    world_target(&w, late, 2, TARGET(WORKING), 20 * HOUR);
    Callout__V1__Milestone *soon = world_milestone(&w, "restore", ACT(REPORTED), ACT(RESTORED));
    world_target(&w, soon, 2, TARGET(RUNNING), 20 * HOUR);
    ck_assert_str_eq(told(25 * 60), "queue 1500");
    soon->internal = true;
    ck_assert_str_eq(told(25 * 60), "queue 540, closed 900, queue 60");
}
END_TEST

START_TEST(when_the_promise_that_governs_is_met_the_next_one_does)
{
    Callout__V1__Milestone *soon = world_milestone(&w, "response", ACT(REPORTED), ACT(CONTACTED));
    world_target(&w, soon, 2, TARGET(RUNNING), HOUR);
    Callout__V1__Milestone *late = world_milestone(&w, "report", ACT(REPORTED), ACT(RESTORED));
    world_target(&w, late, 2, TARGET(WORKING), 20 * HOUR);
    world_input(&w, 12 * 60, ACT(CONTACTED)); /* at 21:00 */
    ck_assert_str_eq(told(25 * 60), "queue 720, closed 720, remote 60");
}
END_TEST

/* -- the property */

static void check_whole(const struct sla_ledger *l, uint64_t seed)
{
    int64_t sum = 0, at_us = l->from_us;
    int64_t length_us[SLA_HOLDERS] = { 0 };
    for (size_t i = 0; i < SLA_HOLDERS; i++)
        sum += l->length_us[i];
    ck_assert_msg(sum == l->until_us - l->from_us, "seed %llu: the parts do not add up",
                  (unsigned long long)seed);
    for (size_t i = 0; i < l->span_count; i++) {
        const struct sla_ledger_span *s = &l->spans[i];
        ck_assert_msg(s->from_us == at_us && s->until_us > s->from_us, "seed %llu: a gap",
                      (unsigned long long)seed);
        ck_assert_msg(i == 0 || s->holder != l->spans[i - 1].holder, "seed %llu: cut in two",
                      (unsigned long long)seed);
        length_us[s->holder] += s->until_us - s->from_us;
        at_us = s->until_us;
    }
    ck_assert_int_eq(at_us, l->until_us);
    ck_assert_int_eq(memcmp(length_us, l->length_us, sizeof(length_us)), 0);
}

static void sort_inputs(struct random_history *h, Callout__V1__SlaInput **list, size_t count)
{
    for (size_t i = 0; i < h->count; i++) {
        size_t at = count + i;
        for (; at > 0 && list[at - 1]->occurred_us > h->inputs[i].occurred_us; at--)
            list[at] = list[at - 1];
        list[at] = &h->inputs[i];
    }
}

START_TEST(the_parts_of_any_history_add_up_to_the_whole)
{
    struct world r;
    random_pack(&r, CALLOUT__V1__ON_WITHDRAWN__ON_WITHDRAWN_UNDO);
    struct co_arena *arena = co_arena_new((size_t)64 * 1024 * 1024);
    struct co_arena *scratch = co_arena_new((size_t)64 * 1024 * 1024);
    uint32_t seen = 0;
    for (uint64_t seed = 1; seed <= HISTORIES; seed++) {
        static struct random_history h;
        struct sla_events said = { 0 };
        struct sla_fold fold;
        struct sla_ledger l;
        co_arena_reset(arena);
        random_history(&h, seed);
        struct sla_case c = random_case(&r, &h, arena, scratch, &said);
        size_t count = c.state->n_inputs;
        Callout__V1__SlaInput **list = co_arena_alloc(arena, (count + h.count) * sizeof(list[0]));
        memcpy(list, c.state->inputs, count * sizeof(list[0]));
        sort_inputs(&h, list, count);
        struct sla_fold_input in = { .policy = r.pack,
                                     .calendars = world_calendars(&r),
                                     .opened = c.state->opened,
                                     .inputs = list,
                                     .input_count = count + h.count,
                                     .now_us = T0 + (int64_t)(seed % RANDOM_END) * MINUTE };
        ck_assert_int_eq(sla_fold(&in, arena, &fold), CO_OK);
        ck_assert_int_eq(sla_ledger(&in, &fold, arena, &l), CO_OK);
        check_whole(&l, seed);
        for (size_t i = 0; i < SLA_HOLDERS; i++)
            seen |= l.length_us[i] > 0 ? 1u << i : 0;
    }
    ck_assert_msg((seen >> SLA_HOLDER_CLOSED & 1) != 0 && (seen >> SLA_HOLDER_HELD & 1) != 0,
                  "seen: %x", seen);
    co_arena_free(arena);
    co_arena_free(scratch);
    world_done(&r);
}
END_TEST

CHECK_MAIN_WITH("sla_ledger", setup, teardown, each_act_says_in_whose_hands_the_case_is,
                a_restored_case_is_the_customers_until_he_signs_and_ours_until_it_is_closed,
                what_became_known_late_counts_when_it_happened,
                what_is_said_to_have_happened_before_the_report_counts_as_of_then,
                until_it_is_taken_on_a_case_is_held,
                an_exclusion_counts_first_and_only_for_the_causes_of_the_pack,
                of_two_exclusions_the_last_one_to_end_counts,
                nights_are_closed_where_the_promise_that_governs_counts_working_time,
                nights_are_ours_where_it_counts_running_time_or_is_not_shown_to_customers,
                when_the_promise_that_governs_is_met_the_next_one_does,
                the_parts_of_any_history_add_up_to_the_whole)
