#include "preview.h"

#include <stdlib.h>
#include <string.h>

#include "co_assert.h"
#include "co_pbarena.h"
#include "co_registry_calendar.h"

/* One version of a pack or a calendar. */
struct version {
    struct version *next;
    const char *key;
    uint64_t since;
    const Callout__V1__RegistryObject *object; /* NULL: there is none that can be used */
    struct co_calendar *compiled;
};

struct preview_versions {
    struct cli *cli;
    struct version *policies, *calendars;
};

struct preview_versions *preview_versions_new(struct cli *cli)
{
    struct preview_versions *v = calloc(1, sizeof(*v));
    if (v != NULL)
        v->cli = cli;
    return v;
}

void preview_versions_free(struct preview_versions *v)
{
    for (struct version *c = v == NULL ? NULL : v->calendars; c != NULL; c = c->next)
        co_calendar_free(c->compiled);
    free(v);
}

static int fetch(struct cli *cli, const char *kind, const Callout__V1__Pin *pin,
                 const Callout__V1__RegistryObject **ret)
{
    Callout__V1__Query query = CALLOUT__V1__QUERY__INIT;
    Callout__V1__QueryResult *result = NULL;
    query.what = CALLOUT__V1__WHAT__WHAT_OBJECT;
    query.kind = cli_text(cli, kind);
    query.key = pin->key;
    query.since = pin->since;
    int code = cli_query(cli, &query, &result);
    if (code != CLI_OK || result->n_objects != 1)
        return code;
    ProtobufCAllocator allocator = co_pbarena(cli->arena);
    size_t size = callout__v1__registry_object__get_packed_size(result->objects[0]);
    uint8_t *packed = co_arena_alloc(cli->arena, size + 1);
    if (packed == NULL)
        return cli_fail(cli, CLI_FAILED, "out of memory");
    (void)callout__v1__registry_object__pack(result->objects[0], packed);
    *ret = callout__v1__registry_object__unpack(&allocator, size, packed);
    return CLI_OK;
}

static int find(struct preview_versions *v, struct version **list, const char *kind,
                const Callout__V1__Pin *pin, struct version **ret)
{
    for (struct version *x = *list; x != NULL; x = x->next)
        if (x->since == pin->since && strcmp(x->key, pin->key) == 0) {
            *ret = x;
            return CLI_OK;
        }
    struct version *x = co_arena_alloc(v->cli->arena, sizeof(*x));
    if (x == NULL)
        return cli_fail(v->cli, CLI_FAILED, "out of memory");
    *x = (struct version){ .next = *list, .key = cli_text(v->cli, pin->key), .since = pin->since };
    int code = fetch(v->cli, kind, pin, &x->object);
    if (code == CLI_OK)
        *list = x;
    *ret = x;
    return code;
}

static int find_calendar(struct preview_versions *v, const Callout__V1__Pin *pin,
                         struct sla_named_calendar *ret)
{
    char problem[CO_CALENDAR_PROBLEM];
    struct version *x = NULL;
    *ret = (struct sla_named_calendar){ pin->key, NULL };
    int code = find(v, &v->calendars, "calendar", pin, &x);
    if (code != CLI_OK)
        return code;
    co_assert(x != NULL);
    bool is_there = x->object != NULL &&
                    x->object->object_case == CALLOUT__V1__REGISTRY_OBJECT__OBJECT_CALENDAR;
    if (is_there && x->compiled == NULL &&
        co_registry_calendar_compile_all(x->object->calendar, &x->compiled, problem) != CO_OK)
        x->object = NULL;
    ret->calendar = x->compiled;
    return CLI_OK;
}

/* The pins in force: a case that was rebased counts with the later ones. */
static Callout__V1__CalendarRebased pins_of(const Callout__V1__SlaState *state)
{
    Callout__V1__CalendarRebased pins = CALLOUT__V1__CALENDAR_REBASED__INIT;
    if (state->rebased != NULL)
        return *state->rebased;
    pins.calendar = state->opened->calendar;
    pins.contract_calendar = state->opened->contract_calendar;
    pins.calendars = state->opened->calendars;
    pins.n_calendars = state->opened->n_calendars;
    return pins;
}

int preview_versions_find(struct preview_versions *v, struct co_arena *arena,
                          const Callout__V1__SlaState *state,
                          const Callout__V1__PolicyPack **ret_policy,
                          struct sla_calendars *ret_calendars)
{
    Callout__V1__CalendarRebased pins = pins_of(state);
    struct sla_named_calendar *named =
        co_arena_alloc(arena, (pins.n_calendars + 1) * sizeof(*named));
    struct sla_calendars c = { .named = named };
    struct version *policy = NULL;
    *ret_policy = NULL;
    if (named == NULL || pins.calendar == NULL || state->opened->policy == NULL)
        return CLI_OK;
    int code = find(v, &v->policies, "policy", state->opened->policy, &policy);
    if (code == CLI_OK)
        code = find_calendar(v, pins.calendar, &c.site);
    if (code == CLI_OK && pins.contract_calendar != NULL)
        code = find_calendar(v, pins.contract_calendar, &c.contract);
    for (; code == CLI_OK && c.named_count < pins.n_calendars; c.named_count++)
        code = find_calendar(v, pins.calendars[c.named_count], &named[c.named_count]);
    if (code != CLI_OK)
        return code;
    co_assert(policy != NULL);
    *ret_calendars = c;
    if (policy->object != NULL &&
        policy->object->object_case == CALLOUT__V1__REGISTRY_OBJECT__OBJECT_POLICY &&
        c.site.calendar != NULL)
        *ret_policy = policy->object->policy;
    return CLI_OK;
}
