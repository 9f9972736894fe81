/* callout whynot: for each engineer who does not go, why, and what would have to change. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "callout/v1/dispatch_state.pb-c.h"
#include "cli_claims.h"
#include "cli_registry.h"
#include "cli_table.h"
#include "co_assert.h"
#include "co_pbarena.h"
#include "co_time.h"
#include "dispatch_map.h"
#include "dispatch_offers.h"

const struct cli_option cmd_whynot_options[] = {
    { "engineer", 0, "KEY", "only this engineer [all]" },
    { "all", 0, NULL, "everybody, not only the nearest misses" },
    { NULL, 0, NULL, NULL },
};

enum { MISSES = 10, CLASSES = 4 };

struct why_row {
    const struct dispatch_candidate *candidate;
    enum dispatch_why why;
};

struct whynot {
    struct cli *cli;
    const char *number;
    int64_t now_us;
    struct dispatch_order order;
    const Callout__V1__DispatchRule *rule;
    struct cli_claims claims;
    const struct co_registry *registry;
    struct dispatch_need need;
    struct why_row *row;
    size_t count;
    const char *chosen; /* who would be asked now, or "" */
};

/* How far somebody is from going: 0 only others are better; 1 his time; 2 his own word; 3 what he
 * is able to do. */
static unsigned class_of(enum dispatch_why why)
{
    static const unsigned char class[DISPATCH_WHYS] = {
        [DISPATCH_OFF_DUTY] = 1, [DISPATCH_BUSY] = 1,     [DISPATCH_DAY_FULL] = 1,
        [DISPATCH_SILENT] = 2,   [DISPATCH_RECALLED] = 2, [DISPATCH_DECLINED] = 2,
        [DISPATCH_UNSOLVED] = 2, [DISPATCH_SKILL] = 3,    [DISPATCH_UNQUALIFIED] = 3,
        [DISPATCH_PRODUCT] = 3,
    };
    return class[why];
}

static int by_miss(const void *a, const void *b)
{
    const struct why_row *x = a, *y = b;
    unsigned cx = class_of(x->why), cy = class_of(y->why);
    if (cx != cy)
        return cx < cy ? -1 : 1;
    if (x->candidate->travel_us != y->candidate->travel_us)
        return x->candidate->travel_us < y->candidate->travel_us ? -1 : 1;
    return strcmp(x->candidate->engineer, y->candidate->engineer);
}

/* ---- what would make it possible */

static const char *from_what(const struct whynot *w, const char *engineer)
{
    Callout__V1__ClaimRow *const *held;
    size_t count = cli_claims_of(&w->claims, engineer, &held);
    return count == 0 ? ""
                      : cli_format(w->cli, "taken off %s (%s)", held[0]->number, held[0]->state);
}

static const char *change(const struct whynot *w, const struct why_row *r)
{
    const struct dispatch_candidate *c = r->candidate;
    int64_t there_us = w->now_us + w->rule->offer_min_us + w->rule->preparation_us + c->travel_us;
    switch (r->why) {
    case DISPATCH_BUSY:
        return from_what(w, c->engineer);
    case DISPATCH_OFF_DUTY:
        return c->free_from_us == DISPATCH_NEVER_ON_DUTY
                   ? "a shift"
                   : cli_format(w->cli, "on duty from %s", cli_when(w->cli, c->free_from_us));
    case DISPATCH_DAY_FULL:
        return cli_format(w->cli, "%u visits a day", c->per_day + 1);
    case DISPATCH_SKILL:
        return cli_format(w->cli, "level %u, he has %u", w->need.min_skill, c->skill);
    case DISPATCH_PRODUCT:
        return cli_format(w->cli, "%s among his products", w->order.state->product);
    case DISPATCH_UNQUALIFIED:
        return "a qualification that the policy asks for";
    case DISPATCH_SILENT:
    case DISPATCH_RECALLED:
        return "the next round, or the project manager names him";
    case DISPATCH_DECLINED:
    case DISPATCH_UNSOLVED:
        return "the project manager names him";
    case DISPATCH_LATER:
        return cli_format(w->cli, "an arrival by %s", cli_when(w->cli, there_us));
    case DISPATCH_PICKED:
    case DISPATCH_FIT:
    case DISPATCH_FARTHER:
    case DISPATCH_LOADED:
    case DISPATCH_UNFAIR:
    case DISPATCH_TIE:
        return w->chosen[0] == '\0' ? "" : cli_format(w->cli, "%s declines", w->chosen);
    case DISPATCH_WHYS:
        break;
    }
    return "";
}

/* ---- printing */

/* Who is asked now, or goes. */
static bool is_engaged(const struct whynot *w, const char *engineer)
{
    return dispatch_offers_find(&w->order, engineer, 0) != NULL ||
           strcmp(engineer, w->order.state->engineer) == 0;
}

/* Their keys, "a, b"; "": nobody. */
static const char *engaged(const struct whynot *w)
{
    const Callout__V1__OfferMade *offer = dispatch_offers_get(&w->order, 0);
    const char *keys = offer == NULL ? w->order.state->engineer : offer->engineer;
    for (size_t i = 1; (offer = dispatch_offers_get(&w->order, i)) != NULL; i++)
        keys = cli_format(w->cli, "%s, %s", keys, offer->engineer);
    return keys;
}

static bool is_shown(const struct whynot *w, const struct why_row *r)
{
    const char *only = cli_value_or(w->cli, "engineer", "");
    return *only == '\0' || strcmp(only, r->candidate->engineer) == 0;
}

static void print_counts(const struct whynot *w, size_t shown)
{
    size_t counts[DISPATCH_WHYS] = { 0 };
    for (size_t i = shown; i < w->count; i++)
        counts[w->row[i].why]++;
    for (enum dispatch_why why = 0; why < DISPATCH_WHYS; why++)
        if (counts[why] > 0)
            (void)fprintf(w->cli->out, "  and %zu more: %s\n", counts[why], dispatch_why_text(why));
}

static void print_table(const struct whynot *w)
{
    struct cli_table t;
    bool is_all = cli_has(w->cli, "all") || cli_has(w->cli, "engineer");
    size_t limit = is_all ? w->count : MISSES, shown = 0;
    cli_table_init(&t, w->cli, "engineer|>level|from|>distance|>journey|why not|possible with");
    for (; shown < w->count && shown < limit; shown++) {
        const struct why_row *r = &w->row[shown];
        const struct dispatch_candidate *c = r->candidate;
        if (is_shown(w, r))
            CLI_TABLE_ADD(&t, c->engineer, cli_format(w->cli, "%u", c->skill), c->office,
                          cli_km(w->cli, c->km),
                          cli_length(w->cli, c->travel_us / CO_MINUTE_US * CO_MINUTE_US),
                          dispatch_why_text(r->why), change(w, r));
    }
    if (w->count == 0)
        (void)fprintf(w->cli->out, "there is nobody else\n");
    else
        cli_table_print(&t, 0);
    print_counts(w, shown);
}

/* What the order waits for before anybody is asked. */
enum wait { WAIT_NOTHING, WAIT_CONFIRMATION, WAIT_AGREED_TIME };

static enum wait waits_for(const struct whynot *w)
{
    const Callout__V1__DispatchState *s = w->order.state;
    if (s->order == CALLOUT__V1__ORDER_STATE__ORDER_DRAFTED)
        return WAIT_CONFIRMATION;
    bool is_open = s->engineer[0] == '\0' && s->named[0] == '\0';
    return is_open && w->need.deadline_us == 0 ? WAIT_AGREED_TIME : WAIT_NOTHING;
}

static int print_json(const struct whynot *w)
{
    static const char *const words[] = { "", "confirmation", "agreed_time" };
    json_t *rows = json_array();
    for (size_t i = 0; i < w->count; i++) {
        const struct why_row *r = &w->row[i];
        if (is_shown(w, r))
            (void)json_array_append_new(
                rows,
                json_pack("{s:s, s:s, s:i, s:f, s:I, s:s, s:s}", "engineer", r->candidate->engineer,
                          "office", r->candidate->office, "level", (int)r->candidate->skill, "km",
                          r->candidate->km, "travel_us", (json_int_t)r->candidate->travel_us, "why",
                          dispatch_why_text(r->why), "possible_with", change(w, r)));
    }
    json_t *asked = json_array();
    for (size_t i = 0; i < dispatch_offers_count(&w->order); i++)
        (void)json_array_append_new(asked,
                                    json_string(dispatch_offers_get(&w->order, i)->engineer));
    json_t *all =
        json_pack("{s:s, s:s, s:s, s:o, s:s, s:s, s:o}", "number", w->number, "order",
                  dispatch_state_name((enum dispatch_state)w->order.state->order), "engineer",
                  w->order.state->engineer, "asked_now", asked, "waits_for", words[waits_for(w)],
                  "would_be_asked_now", w->chosen, "not_chosen", rows);
    int status = all == NULL ? -1 : json_dumpf(all, w->cli->out, JSON_INDENT(2));
    json_decref(all);
    (void)fputc('\n', w->cli->out);
    return status == 0 ? CLI_OK : CLI_FAILED;
}

static void print_head(const struct whynot *w)
{
    const Callout__V1__DispatchState *s = w->order.state;
    const char *state = dispatch_state_name((enum dispatch_state)s->order);
    const char *who = engaged(w);
    (void)fprintf(w->cli->out, "%s: %s%s%s, level %u", w->number, state, *who != '\0' ? ", " : "",
                  who, s->severity);
    if (w->need.deadline_us != 0)
        (void)fprintf(w->cli->out, ", on site by %s", cli_when(w->cli, w->need.deadline_us));
    static const char *const words[] = { "as of now", "once the task order is confirmed",
                                         "once the time of arrival is agreed" };
    (void)fprintf(w->cli->out, "\n%s, %s would be asked\n\n", words[waits_for(w)],
                  w->chosen[0] != '\0' ? w->chosen : "nobody");
}

/* ---- computing */

static bool is_own_claim(const struct whynot *w, const Callout__V1__ClaimRow *claim)
{
    return strcmp(claim->number, w->number) == 0;
}

static void fill_in_claims(const struct whynot *w, struct dispatch_pool *pool)
{
    for (size_t i = 0; i < pool->count; i++) {
        Callout__V1__ClaimRow *const *held;
        size_t count = cli_claims_of(&w->claims, pool->candidates[i].engineer, &held);
        for (size_t k = 0; k < count; k++)
            pool->candidates[i].claims += !is_own_claim(w, held[k]);
    }
}

static int compute(struct whynot *w, struct dispatch_map *map)
{
    struct dispatch_pool pool;
    w->need = dispatch_seek_need(&w->order, w->rule, w->now_us);
    if (dispatch_map_pool(map, &w->order, &w->need, true, &pool) != CO_OK)
        return cli_fail(w->cli, CLI_FAILED, "%s", co_err_name(CO_ENOMEM));
    enum dispatch_why *whys = co_arena_alloc(w->cli->arena, (pool.count + 1) * sizeof(*whys));
    w->row = co_arena_alloc(w->cli->arena, (pool.count + 1) * sizeof(*w->row));
    if (whys == NULL || w->row == NULL)
        return cli_fail(w->cli, CLI_FAILED, "%s", co_err_name(CO_ENOMEM));
    fill_in_claims(w, &pool);
    struct dispatch_choice choice = dispatch_choose(&w->need, pool.candidates, pool.count, whys);
    w->chosen = choice.pick == DISPATCH_NO_PICK ? "" : pool.candidates[choice.pick].engineer;
    for (size_t i = 0; i < pool.count; i++) {
        if (!is_engaged(w, pool.candidates[i].engineer) && i != choice.pick)
            w->row[w->count++] = (struct why_row){ &pool.candidates[i], whys[i] };
    }
    qsort(w->row, w->count, sizeof(*w->row), by_miss);
    return CLI_OK;
}

static int look(void *arg, const struct co_registry *registry, struct co_yaml *yaml)
{
    (void)yaml;
    struct whynot *w = arg;
    struct co_road_estimate road = { DISPATCH_ROAD_FIXED_KM, DISPATCH_ROAD_FACTOR };
    const char *only = cli_value_or(w->cli, "engineer", "");
    if (*only != '\0' && co_registry_engineer(registry, only) == NULL)
        return cli_fail(w->cli, CLI_NOT_FOUND, "there is no engineer '%s'", only);
    struct dispatch_map *map = dispatch_map_new(registry, road);
    if (map == NULL)
        return cli_fail(w->cli, CLI_FAILED, "%s", co_err_name(CO_ENOMEM));
    w->registry = registry;
    int code = compute(w, map);
    if (code == CLI_OK && w->cli->is_json) {
        code = print_json(w);
    } else if (code == CLI_OK) {
        print_head(w);
        print_table(w);
    }
    dispatch_map_free(map);
    return code;
}

/* ---- asking */

static int fetch_order(struct whynot *w)
{
    struct cli *cli = w->cli;
    Callout__V1__Query query = CALLOUT__V1__QUERY__INIT;
    Callout__V1__QueryResult *result = NULL;
    query.what = CALLOUT__V1__WHAT__WHAT_ORDER;
    query.number = cli_text(cli, w->number);
    int code = cli_query(cli, &query, &result);
    if (code != CLI_OK)
        return code;
    if (result->order_state.len == 0)
        return cli_fail(cli, CLI_NOT_FOUND, "%s has no work order (yet)", w->number);
    ProtobufCAllocator allocator = co_pbarena(cli->arena);
    Callout__V1__DispatchState *state = callout__v1__dispatch_state__unpack(
        &allocator, result->order_state.len, result->order_state.data);
    if (state == NULL)
        return cli_fail(cli, CLI_FAILED, "%s answers with an order that cannot be read",
                        cli->endpoint);
    dispatch_order_init(&w->order, cli->arena, state);
    return CLI_OK;
}

/* The rule of the policy that the case is under. */
static int fetch_rule(struct whynot *w)
{
    co_assert(w->order.state != NULL);
    const Callout__V1__Pin *pin = w->order.state->policy;
    Callout__V1__Query query = CALLOUT__V1__QUERY__INIT;
    Callout__V1__QueryResult *result = NULL;
    if (pin == NULL)
        return cli_fail(w->cli, CLI_REFUSED, "%s is not taken on yet: nobody is sought", w->number);
    query.what = CALLOUT__V1__WHAT__WHAT_OBJECT;
    query.kind = cli_text(w->cli, "policy");
    query.key = cli_text(w->cli, pin->key);
    query.since = pin->since;
    int code = cli_query(w->cli, &query, &result);
    if (code != CLI_OK)
        return code;
    ProtobufCAllocator allocator = co_pbarena(w->cli->arena);
    uint8_t *packed = NULL;
    size_t size = 0;
    if (result->n_objects > 0 && result->objects[0]->policy->dispatch != NULL) {
        size = callout__v1__dispatch_rule__get_packed_size(result->objects[0]->policy->dispatch);
        packed = co_arena_alloc(w->cli->arena, size + 1);
        if (packed != NULL)
            (void)callout__v1__dispatch_rule__pack(result->objects[0]->policy->dispatch, packed);
    }
    w->rule = packed != NULL ? callout__v1__dispatch_rule__unpack(&allocator, size, packed) : NULL;
    return w->rule != NULL
               ? CLI_OK
               : cli_fail(w->cli, CLI_REFUSED, "policy %s sends nobody to sites", pin->key);
}

int cmd_whynot(struct cli *cli)
{
    struct whynot w = { .cli = cli, .number = cli->args->word[0], .chosen = "" };
    int code = fetch_order(&w);
    if (code == CLI_OK)
        code = fetch_rule(&w);
    if (code == CLI_OK)
        code = cli_domain_now(cli, &w.now_us);
    if (code == CLI_OK)
        code = cli_claims_fetch(cli, &w.claims);
    return code == CLI_OK ? cli_registry_look(cli, 1, look, &w) : code;
}
