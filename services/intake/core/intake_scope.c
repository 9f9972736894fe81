#include "intake_scope.h"

#include <string.h>

#include "co_entitle.h"

#define LIMITED "the key of %s is limited to some contracts or customers"

bool intake_scope_is_limited(const Callout__V1__Client *client)
{
    return client != NULL && client->n_contracts + client->n_customers > 0;
}

static bool is_among(const char *key, char *const *keys, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(keys[i], key) == 0)
            return true;
    return false;
}

static bool has_customer(const Callout__V1__Client *client, const char *customer)
{
    return is_among(customer, client->customers, client->n_customers);
}

bool intake_scope_has_case(const Callout__V1__Client *client, const struct intake_scope_case *c)
{
    if (!intake_scope_is_limited(client) || has_customer(client, c->customer))
        return true;
    if (c->contract == NULL)
        return false;
    if (c->contract[0] != '\0')
        return is_among(c->contract, client->contracts, client->n_contracts);
    return c->source != NULL && strcmp(c->source, client->key) == 0;
}

bool intake_scope_has_contract(const Callout__V1__Client *client, const struct co_registry *r, const char *contract)
{
    const Callout__V1__Contract *known = co_registry_contract(r, contract);
    return !intake_scope_is_limited(client) || is_among(contract, client->contracts, client->n_contracts) ||
           (known != NULL && has_customer(client, known->customer));
}

/* One that may be named: of the scope, or the one whose contract is. */
static bool may_name_customer(const Callout__V1__Client *client, const struct co_registry *r, const char *customer)
{
    if (has_customer(client, customer))
        return true;
    for (size_t i = 0; i < client->n_contracts; i++) {
        const Callout__V1__Contract *c = co_registry_contract(r, client->contracts[i]);
        if (c != NULL && strcmp(c->customer, customer) == 0)
            return true;
    }
    return false;
}

static bool may_name_site(const Callout__V1__Client *client, const struct co_registry *r, const char *site)
{
    const Callout__V1__Site *known = co_registry_site(r, site);
    return known != NULL && may_name_customer(client, r, known->customer);
}

bool intake_scope_has_object(const Callout__V1__Client *client, const struct co_registry *r, const struct co_object *o)
{
    if (!intake_scope_is_limited(client))
        return true;
    switch (o->kind) {
    case CO_KIND_PRODUCT:
    case CO_KIND_CALENDAR:
    case CO_KIND_POLICY:
    case CO_KIND_AREA:
    case CO_KIND_COMPATIBILITY:
        return true;
    case CO_KIND_CUSTOMER:
        return may_name_customer(client, r, o->key);
    case CO_KIND_SITE:
        return may_name_customer(client, r, o->message->site->customer);
    case CO_KIND_CONTRACT:
        return intake_scope_has_contract(client, r, o->key);
    case CO_KIND_PLAN:
        return intake_scope_has_contract(client, r, o->message->plan->contract);
    case CO_KIND_CLIENT:
        return strcmp(o->key, client->key) == 0;
    case CO_KIND_NONE:
    case CO_KIND_PERSON:
    case CO_KIND_OFFICE:
    case CO_KIND_ENGINEER:
    case CO_KIND_CHANNEL:
    case CO_KIND_DESK:
    case CO_KIND_EXCLUSION:
    case CO_KIND_ROSTER:
    case CO_KIND_ADVISORY:
    case CO_KIND_RESOURCE:
    case CO_KINDS:
        break;
    }
    return false;
}

/* ---- requests ---- */

/* What is asked, where it is looked at, and how the refusal begins. */
struct look {
    const Callout__V1__Client *client;
    const struct co_registry *registry;
    int64_t now_us;
    struct co_arena *arena;
    struct intake_complaint *complaint;
};

/* The same words whether there is such a thing or not. */
static enum co_err forbid(const struct look *k, const char *field, const char *what, char *const *allowed, size_t n)
{
    intake_complain(k->complaint, k->arena, CALLOUT__V1__CODE__CODE_FORBIDDEN, field, LIMITED ", and this %s is none of theirs",
                    k->client->key, what);
    for (size_t i = 0; i < n; i++)
        intake_allow(k->complaint, "%s", allowed[i]);
    return CO_EINPUT;
}

static void allow_contracts(const struct look *k)
{
    for (size_t i = 0; i < k->client->n_contracts; i++)
        intake_allow(k->complaint, "%s", k->client->contracts[i]);
}

static enum co_err forbid_contract(const struct look *k, const char *field)
{
    return forbid(k, field, "contract", k->client->contracts, k->client->n_contracts);
}

/* By the registry version that is stamped on the ticket, it must not be served under somebody else's contract. sla decides by that version or a
 * newer one: a change in between may still give it to another contract, where the client does not see it. */
static enum co_err check_ticket(const struct look *k, const Callout__V1__Request *request)
{
    const Callout__V1__SubmitTicket *t = request->submit;
    const struct co_entitle_ask ask = { .customer = t->customer, .contract = t->contract, .site = t->site, .product = t->product,
                                        .at_us = t->occurred_us == 0 ? k->now_us : t->occurred_us, .version = t->version,
                                        .traits = t->traits, .trait_count = t->n_traits, .conditions = t->conditions,
                                        .condition_count = t->n_conditions, .offering = t->offering, .is_dated = t->dated_us != 0 };
    if (t->contract[0] != '\0' && !intake_scope_has_contract(k->client, k->registry, t->contract))
        return forbid_contract(k, "submit.contract");
    if (t->customer[0] != '\0' && !may_name_customer(k->client, k->registry, t->customer))
        return forbid(k, "submit.customer", "customer", k->client->customers, k->client->n_customers);
    if (t->site[0] != '\0' && !may_name_site(k->client, k->registry, t->site))
        return forbid(k, "submit.site", "site", NULL, 0);
    struct co_entitlement e = co_entitle(k->registry, &ask);
    if (e.contract == NULL || intake_scope_has_contract(k->client, k->registry, e.contract->key))
        return CO_OK;
    intake_complain(k->complaint, k->arena, CALLOUT__V1__CODE__CODE_FORBIDDEN, "submit.contract",
                    LIMITED ", and this ticket would be under another one", k->client->key);
    allow_contracts(k);
    return CO_EINPUT;
}

/* Without a name sla approves under the contract that it finds then, which may be somebody else's. */
static enum co_err check_command(const struct look *k, const Callout__V1__Request *request)
{
    const Callout__V1__Command *c = request->command;
    if (c->act != CALLOUT__V1__ACT__ACT_APPROVE || (c->name[0] != '\0' && intake_scope_has_contract(k->client, k->registry, c->name)))
        return CO_OK;
    if (c->name[0] != '\0')
        return forbid_contract(k, "command.name");
    intake_complain(k->complaint, k->arena, CALLOUT__V1__CODE__CODE_FORBIDDEN, "command.name",
                    LIMITED ": name the contract under which the case is approved", k->client->key);
    allow_contracts(k);
    return CO_EINPUT;
}

static enum co_err check_contracts(const struct look *k, const Callout__V1__Query *q)
{
    for (size_t i = 0; i < q->n_keys; i++)
        if (!intake_scope_has_contract(k->client, k->registry, q->keys[i]))
            return forbid_contract(k, "query.keys");
    return CO_OK;
}

/* "plan/KEY/...", "renewal/CONTRACT/...", "advisory/KEY/CONTRACT": which contract is it about? "": nobody's. */
static const char *contract_of_opened(const struct look *k, const char *key)
{
    char *copy = co_arena_strdup(k->arena, key);
    char *first = copy == NULL ? NULL : strchr(copy, '/');
    if (first == NULL)
        return "";
    *first++ = '\0';
    char *second = strchr(first, '/');
    if (second != NULL)
        *second++ = '\0';
    if (strcmp(copy, "renewal") == 0)
        return first;
    if (strcmp(copy, "advisory") == 0)
        return second == NULL ? "" : second;
    const struct co_object *plan = strcmp(copy, "plan") == 0 ? co_registry_get(k->registry, CO_KIND_PLAN, first) : NULL;
    return plan == NULL ? "" : plan->message->plan->contract;
}

static enum co_err check_opened(const struct look *k, const Callout__V1__Query *q)
{
    for (size_t i = 0; i < q->n_keys; i++)
        if (!intake_scope_has_contract(k->client, k->registry, contract_of_opened(k, q->keys[i])))
            return forbid(k, "query.keys", "key", NULL, 0);
    return CO_OK;
}

static enum co_err check_object(const struct look *k, const Callout__V1__Query *q)
{
    if (strcmp(q->kind, "contract") == 0 && !intake_scope_has_contract(k->client, k->registry, q->key))
        return forbid_contract(k, "query.key");
    return CO_OK;
}

static enum co_err check_notices(const struct look *k, const Callout__V1__Query *q)
{
    if (q->number[0] != '\0')
        return CO_OK;
    intake_complain(k->complaint, k->arena, CALLOUT__V1__CODE__CODE_FORBIDDEN, "query.number", LIMITED ": name the case",
                    k->client->key);
    return CO_EINPUT;
}

/* What a client with a scope may ask; nothing else. Without a function: each case is looked at when it is read. */
static const struct question {
    Callout__V1__What what;
    enum co_err (*check)(const struct look *k, const Callout__V1__Query *q);
} questions[] = {
    { CALLOUT__V1__WHAT__WHAT_CASE, NULL },
    { CALLOUT__V1__WHAT__WHAT_CASES, NULL },
    { CALLOUT__V1__WHAT__WHAT_ENTRIES, NULL },
    { CALLOUT__V1__WHAT__WHAT_COMMAND, NULL },
    { CALLOUT__V1__WHAT__WHAT_ORDER, NULL },
    { CALLOUT__V1__WHAT__WHAT_CHOICES, NULL },
    { CALLOUT__V1__WHAT__WHAT_REGISTRY, NULL },
    { CALLOUT__V1__WHAT__WHAT_NOTICES, check_notices },
    { CALLOUT__V1__WHAT__WHAT_OBJECT, check_object },
    { CALLOUT__V1__WHAT__WHAT_LOTS, check_contracts },
    { CALLOUT__V1__WHAT__WHAT_POSTINGS, check_contracts },
    { CALLOUT__V1__WHAT__WHAT_OPENED, check_opened },
};

static enum co_err check_everybodys(const struct look *k)
{
    intake_complain(k->complaint, k->arena, CALLOUT__V1__CODE__CODE_FORBIDDEN, "", LIMITED ", and this is about all of them",
                    k->client->key);
    return CO_EINPUT;
}

static enum co_err check_query(const struct look *k, const Callout__V1__Request *request)
{
    for (size_t i = 0; i < sizeof(questions) / sizeof(questions[0]); i++)
        if (questions[i].what == request->query->what)
            return questions[i].check == NULL ? CO_OK : questions[i].check(k, request->query);
    return check_everybodys(k);
}

static enum co_err check_nothing(const struct look *k, const Callout__V1__Request *request)
{
    (void)k;
    (void)request;
    return CO_OK;
}

static const struct body {
    Callout__V1__Request__BodyCase body;
    enum co_err (*check)(const struct look *k, const Callout__V1__Request *request);
} bodies[] = {
    { CALLOUT__V1__REQUEST__BODY_SUBMIT, check_ticket },  { CALLOUT__V1__REQUEST__BODY_COMMAND, check_command },
    { CALLOUT__V1__REQUEST__BODY_QUERY, check_query },    { CALLOUT__V1__REQUEST__BODY_ANSWER, check_nothing },
    { CALLOUT__V1__REQUEST__BODY_PING, check_nothing },
};

enum co_err intake_scope_check(const Callout__V1__Client *client, const struct co_registry *r, const Callout__V1__Request *request,
                               int64_t now_us, struct co_arena *arena, struct intake_complaint *c)
{
    const struct look k = { client, r, now_us, arena, c };
    if (!intake_scope_is_limited(client))
        return CO_OK;
    for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++)
        if (bodies[i].body == request->body_case)
            return bodies[i].check(&k, request);
    return check_everybodys(&k);
}
