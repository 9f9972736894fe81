/* callout whynot: for each engineer who does not go, why, and what would have to change. */
#include <string.h>

#include "co_assert.h"
#include "co_pbarena.h"
#include "whynot.h"

const struct cli_option cmd_whynot_options[] = {
    { "engineer", 0, "KEY", "only this engineer [all]" },
    { "offer", 0, "N", "as of when that offer was made [the newest choice]" },
    { "now", 0, NULL, "as of now: by the registry in force, and what everybody holds" },
    { "all", 0, NULL, "everybody, not only the nearest misses" },
    { NULL, 0, NULL, NULL },
};

enum { CHOICES_MAX = 1000 };

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

/* The choice that is asked for, where one was kept: of that offer, or (0) the newest. */
static int fetch_choice(struct whynot *w, uint64_t offer)
{
    struct cli *cli = w->cli;
    ProtobufCAllocator allocator = co_pbarena(cli->arena);
    Callout__V1__Query query = CALLOUT__V1__QUERY__INIT;
    Callout__V1__QueryResult *result = NULL;
    query.what = CALLOUT__V1__WHAT__WHAT_CHOICES;
    query.number = cli_text(cli, w->number);
    query.limit = offer == 0 ? 1 : CHOICES_MAX;
    int code = cli_query(cli, &query, &result);
    for (size_t i = 0; code == CLI_OK && w->choice == NULL && i < result->n_choices; i++) {
        Callout__V1__Choice *c = callout__v1__choice__unpack(&allocator, result->choices[i].len,
                                                             result->choices[i].data);
        if (c == NULL)
            return cli_fail(cli, CLI_FAILED, "%s answers with a choice that cannot be read",
                            cli->endpoint);
        if (offer == 0 || (c->generation == offer && c->engineer[0] != '\0'))
            w->choice = c;
    }
    if (code == CLI_OK && w->choice == NULL && offer != 0)
        return cli_fail(cli, CLI_NOT_FOUND, "nothing is kept of an offer %llu of %s",
                        (unsigned long long)offer, w->number);
    return code;
}

/* Before somebody is asked it is not a choice of before that matters. */
static bool is_chosen(const struct dispatch_order *o)
{
    return o->state->order != CALLOUT__V1__ORDER_STATE__ORDER_NONE &&
           o->state->order != CALLOUT__V1__ORDER_STATE__ORDER_DRAFTED &&
           o->state->order != CALLOUT__V1__ORDER_STATE__ORDER_SEEKING &&
           strcmp(o->state->told, "agreed_time") != 0;
}

/* ---- answering */

static int print(const struct whynot *w)
{
    return w->cli->is_json ? whynot_print_json(w) : whynot_print(w);
}

static int look(void *arg, const struct co_registry *registry, struct co_yaml *yaml)
{
    (void)yaml;
    struct whynot *w = arg;
    const char *only = cli_value_or(w->cli, "engineer", "");
    if (*only != '\0' && co_registry_engineer(registry, only) == NULL)
        return cli_fail(w->cli, CLI_NOT_FOUND, "there is no engineer '%s'", only);
    int code = w->choice != NULL ? whynot_then(w, registry) : whynot_now(w, registry);
    if (code != CLI_OK || w->choice == NULL || *only == '\0' || whynot_has(w, only) ||
        strcmp(only, w->choice->engineer) == 0)
        return code == CLI_OK ? print(w) : code;
    cli_note(w->cli, "%s was not among those looked at on %s; as of now:", only,
             cli_when(w->cli, w->choice->at_us));
    w->choice = NULL;
    w->count = 0;
    code = whynot_now(w, registry);
    return code == CLI_OK ? print(w) : code;
}

int cmd_whynot(struct cli *cli)
{
    struct whynot w = { .cli = cli, .number = cli->args->word[0], .chosen = "" };
    uint32_t offer = 0;
    if (!cli_read_count(cli, "offer", UINT32_MAX, &offer))
        return CLI_USAGE;
    if (cli_has(cli, "now") && cli_has(cli, "offer"))
        return cli_usage(cli, "--now and --offer: only one of them");
    if (cli_has(cli, "offer") && offer == 0)
        return cli_usage(cli, "--offer: from 1");
    int code = fetch_order(&w);
    if (code == CLI_OK)
        code = fetch_rule(&w);
    if (code == CLI_OK)
        code = cli_domain_now(cli, &w.now_us);
    if (code == CLI_OK && (offer != 0 || (!cli_has(cli, "now") && is_chosen(&w.order))))
        code = fetch_choice(&w, offer);
    if (code == CLI_OK)
        code = cli_claims_fetch(cli, &w.claims);
    return code == CLI_OK ? cli_registry_look(cli, 1, look, &w) : code;
}
