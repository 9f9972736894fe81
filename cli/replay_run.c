#include "replay_run.h"

#include <stdlib.h>
#include <string.h>

#include "co_map.h"
#include "co_replay_play.h"
#include "co_time.h"

enum { KEY_MAX = 128, TITLE_MAX = 200, EVENT_BYTES = 4 * 1024 * 1024, PATIENCE_MS = 60000 };

#define ACT(name) CALLOUT__V1__ACT__ACT_##name

/* What is known of an incident's case. */
struct place {
    const char *number; /* NULL: not reported so far */
    unsigned commands;
    uint64_t stirred; /* the round in which something happened to it last */
};

struct run {
    struct replay *r;
    struct replay_suite *suite;
    struct co_replay_players *players;
    struct place *place;    /* per incident */
    struct co_map *case_of; /* case id -> its place */
    struct co_arena *event; /* for one entry */
    struct cli_progress progress;
    size_t next;    /* step of the plan */
    int64_t now_us; /* domain time */
    struct replay_due due;
    uint64_t round; /* ends when everybody was told of everything; from 1 */
    bool is_heard;  /* intake knows the time it is */
};

static bool grow(struct run *run)
{
    const struct co_replay_log *log = run->r->log;
    run->players = co_replay_players_new(run->r->map, log);
    run->place = calloc(log->incidents + 1, sizeof(run->place[0]));
    run->case_of = co_map_new((uint32_t)log->incidents + 1);
    run->event = co_arena_new(EVENT_BYTES);
    return run->players != NULL && run->place != NULL && run->case_of != NULL && run->event != NULL;
}

static void shrink(struct run *run)
{
    co_replay_players_free(run->players);
    co_map_free(run->case_of);
    co_arena_free(run->event);
    free(run->place);
}

/* Players hear what concerns their cases; the tally takes everything. */
static int on_entry(void *arg, const struct co_entry_raw *entry)
{
    struct run *run = arg;
    struct cli *cli = run->r->cli;
    co_arena_reset(run->event);
    const Callout__V1__Event *event = co_event_unpack(run->event, entry->body);
    if (event == NULL)
        return cli_fail(cli, CLI_FAILED, "entry %lld of the journal cannot be read",
                        (long long)entry->seq);
    enum co_err err = co_replay_tally_take(run->r->tally, (uint64_t)entry->case_id, event);
    struct place *place = co_map_get(run->case_of, entry->case_id);
    if (place != NULL)
        place->stirred = run->round;
    if (err == CO_OK && place != NULL)
        err = co_replay_players_hear(run->players, (uint32_t)(place - run->place), entry->at_us,
                                     event);
    return err == CO_OK ? CLI_OK : cli_fail(cli, CLI_FAILED, "%s", co_err_name(err));
}

static int rest(struct run *run, enum replay_rest which)
{
    int code = replay_suite_rest(run->suite, which, on_entry, run, &run->due);
    run->round += which == REPLAY_TOLD;
    return code;
}

static int call(struct run *run, Callout__V1__Request *request, Callout__V1__Reply **ret_reply)
{
    return cli_call(run->r->cli, request, PATIENCE_MS, ret_reply);
}

/* Intake must not think that what happened now lies in the future. */
static int await_intake(struct run *run)
{
    Callout__V1__Request request = CALLOUT__V1__REQUEST__INIT;
    Callout__V1__Ping ping = CALLOUT__V1__PING__INIT;
    request.body_case = CALLOUT__V1__REQUEST__BODY_PING;
    request.ping = &ping;
    int64_t end_ms = cli_mono_ms() + PATIENCE_MS;
    while (!run->is_heard) {
        Callout__V1__Reply *reply = NULL;
        int code = call(run, &request, &reply);
        if (code != CLI_OK)
            return code;
        run->is_heard =
            reply->body_case == CALLOUT__V1__REPLY__BODY_PONG && reply->pong->now_us >= run->now_us;
        if (!run->is_heard && cli_mono_ms() > end_ms)
            return cli_fail(run->r->cli, CLI_UNAVAILABLE, "intake does not follow the clock");
    }
    return CLI_OK;
}

static int submit(struct run *run, const struct co_replay_step *step)
{
    struct replay *r = run->r;
    const struct co_replay_incident *incident = &r->log->incident[step->incident];
    const Callout__V1__ReplaySite *site = co_replay_site(r->map, incident);
    if (site == NULL)
        return cli_fail(r->cli, CLI_REFUSED,
                        "the mapping has no place for incident %s of country '%s'", incident->key,
                        incident->country);
    char title[TITLE_MAX * 3];
    co_replay_title(r->map, incident, title, sizeof(title));
    Callout__V1__SubmitTicket t = CALLOUT__V1__SUBMIT_TICKET__INIT;
    t.key = cli_text(r->cli, incident->key);
    t.customer = site->customer;
    t.site = site->site;
    t.product = r->map->product;
    t.title = title;
    t.stated_severity = co_replay_severity(r->map, incident);
    t.occurred_us = step->at_us;
    Callout__V1__Request request = CALLOUT__V1__REQUEST__INIT;
    request.body_case = CALLOUT__V1__REQUEST__BODY_SUBMIT;
    request.submit = &t;
    Callout__V1__Reply *reply = NULL;
    int code = call(run, &request, &reply);
    if (code != CLI_OK)
        return code;
    if (reply->body_case != CALLOUT__V1__REPLY__BODY_SUBMITTED)
        return cli_fail(r->cli, CLI_FAILED, "intake answers a ticket with something else");
    struct place *place = &run->place[step->incident];
    place->number = cli_text(r->cli, reply->submitted->number);
    r->tickets++;
    return co_map_put(run->case_of, (int64_t)reply->submitted->case_id, place) == CO_OK
               ? CLI_OK
               : cli_fail(r->cli, CLI_FAILED, "out of memory");
}

static bool is_answer(Callout__V1__Act act)
{
    return act == ACT(ACCEPT) || act == ACT(DECLINE);
}

/* A verdict that refuses is counted from the journal: the suite may have good reasons. */
static int command(struct run *run, const struct co_replay_step *step)
{
    struct replay *r = run->r;
    struct place *place = &run->place[step->incident];
    char number[KEY_MAX], person[KEY_MAX], name[KEY_MAX];
    const char *key =
        cli_format(r->cli, "%s/%u", r->log->incident[step->incident].key, ++place->commands);
    (void)snprintf(number, sizeof(number), "%s", place->number);
    (void)snprintf(person, sizeof(person), "%s", step->person == NULL ? "" : step->person);
    (void)snprintf(name, sizeof(name), "%s", step->name == NULL ? "" : step->name);
    Callout__V1__Command c = CALLOUT__V1__COMMAND__INIT;
    c.key = cli_text(r->cli, key);
    c.number = number;
    c.act = step->act;
    c.occurred_us = step->at_us;
    c.role = step->role;
    c.person = person;
    c.name = name;
    c.agreed_us = step->agreed_us;
    c.order_generation = is_answer(step->act) ? step->generation : 0;
    Callout__V1__Request request = CALLOUT__V1__REQUEST__INIT;
    request.body_case = CALLOUT__V1__REQUEST__BODY_COMMAND;
    request.command = &c;
    Callout__V1__Reply *reply = NULL;
    int code = call(run, &request, &reply);
    if (code != CLI_OK)
        cli_note(r->cli, "  incident %s, %s", key, cli_act(r->cli, step->act));
    r->commands += code == CLI_OK;
    return code;
}

static int send_step(struct run *run, const struct co_replay_step *step)
{
    int code = await_intake(run);
    if (code == CLI_OK)
        code = step->act == ACT(REPORTED) ? submit(run, step) : command(run, step);
    return code;
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* The next request up to now: of log and players the earlier one, the log's first. */
static bool take(struct run *run, struct co_replay_step *ret_step)
{
    const struct co_replay_plan *plan = run->r->plan;
    int64_t log_us = run->next < plan->steps ? plan->step[run->next].at_us : INT64_MAX;
    if (log_us <= run->now_us && log_us <= co_replay_players_next_us(run->players)) {
        *ret_step = plan->step[run->next++];
        return true;
    }
    if (co_replay_players_take(run->players, earlier(log_us - 1, run->now_us), ret_step))
        return true;
    if (log_us > run->now_us)
        return false;
    *ret_step = plan->step[run->next++];
    return true;
}

/* What one row of the log does besides to its case, in one go: the verdict on one act is there
 * before the next is sent. But a case must be there before anything can happen to it. */
static bool goes_with(const struct run *run, const struct co_replay_step *step)
{
    const struct co_replay_plan *plan = run->r->plan;
    const struct co_replay_step *next = run->next < plan->steps ? &plan->step[run->next] : NULL;
    return next != NULL && next->incident == step->incident && next->at_us == step->at_us &&
           step->act != ACT(REPORTED) && co_replay_players_next_us(run->players) > step->at_us;
}

/* The requests of a moment. */
static int send_all(struct run *run)
{
    struct co_replay_step step;
    int code = CLI_OK;
    while (code == CLI_OK && take(run, &step)) {
        if (run->place[step.incident].stirred == run->round)
            code = rest(run, REPLAY_TOLD);
        if (code == CLI_OK)
            code = send_step(run, &step);
        while (code == CLI_OK && goes_with(run, &step) && take(run, &step))
            code = send_step(run, &step);
        if (code == CLI_OK)
            code = rest(run, REPLAY_DECIDED);
    }
    return code;
}

static int64_t on_grid(const struct run *run, int64_t us)
{
    int64_t grid_us = run->r->map->grid_us > 0 ? run->r->map->grid_us : CO_MINUTE_US;
    return us == INT64_MAX ? us : (us + grid_us - 1) / grid_us * grid_us;
}

/* On the grid; but what is due in dispatch has a moment of its own, and all that was due in sla
 * before it has one right before. */
static int64_t next_moment(const struct run *run)
{
    const struct co_replay_plan *plan = run->r->plan;
    const struct replay_due *due = &run->due;
    int64_t log_us = run->next < plan->steps ? plan->step[run->next].at_us : INT64_MAX;
    int64_t asked_us = earlier(log_us, co_replay_players_next_us(run->players));
    int64_t other_us = earlier(asked_us, earlier(due->sla_us, due->notify_us));
    int64_t moment_us = on_grid(run, other_us);
    if (due->dispatch_us > moment_us)
        return moment_us;
    return due->sla_us < due->dispatch_us ? due->dispatch_us - 1 : due->dispatch_us;
}

static bool has_requests(const struct run *run)
{
    const struct co_replay_plan *plan = run->r->plan;
    return plan->step[run->next].at_us <= run->now_us ||
           co_replay_players_next_us(run->players) <= run->now_us;
}

/* What is due comes first, then the requests. */
static int live_through(struct run *run, int64_t moment_us)
{
    run->now_us = moment_us;
    run->is_heard = false;
    int code = replay_suite_step(run->suite, moment_us);
    if (code == CLI_OK && has_requests(run)) {
        code = rest(run, REPLAY_DECIDED);
        if (code == CLI_OK)
            code = send_all(run);
    }
    return code == CLI_OK ? rest(run, REPLAY_TOLD) : code;
}

static void show_progress(struct run *run)
{
    const struct replay *r = run->r;
    char date[CO_TIME_TEXT];
    co_time_format(run->now_us, date);
    cli_progress_bar(r->cli, &run->progress, run->next, r->plan->steps,
                     "%.10s  %llu tickets, %llu commands", date, (unsigned long long)r->tickets,
                     (unsigned long long)r->commands);
}

/* To the last row of the log; what is still running then stays open. */
static int play(struct run *run)
{
    const struct co_replay_plan *plan = run->r->plan;
    int code = rest(run, REPLAY_TOLD);
    while (code == CLI_OK && run->next < plan->steps) {
        show_progress(run);
        code = live_through(run, next_moment(run));
    }
    cli_progress_end(run->r->cli, &run->progress);
    return code;
}

int replay_run(struct replay *r, struct replay_suite *suite)
{
    struct run run = { .r = r, .suite = suite, .now_us = r->from_us, .round = 1 };
    int code = grow(&run) ? play(&run) : cli_fail(r->cli, CLI_FAILED, "out of memory");
    r->until_us = run.now_us;
    shrink(&run);
    return code;
}
