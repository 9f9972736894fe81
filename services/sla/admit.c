#include "admit.h"

#include <string.h>

#include "co_entitle.h"
#include "co_product.h"
#include "wide.h"

static enum co_err put_entitled(struct co_arena *arena, const struct co_entitlement *e,
                                Callout__V1__CaseOpened *o)
{
    Callout__V1__Entitled *entitled = sla_message_new(arena, &callout__v1__entitled__descriptor);
    char **others = co_arena_alloc(arena, CO_ENTITLE_OTHERS * sizeof(*others));
    if (entitled == NULL || others == NULL)
        return CO_ENOMEM;
    entitled->why = co_arena_strdup(arena, co_entitle_why_name(e->why));
    entitled->others = others;
    entitled->other_count = e->other_count;
    for (; entitled->n_others < e->others_kept; entitled->n_others++) {
        others[entitled->n_others] = co_arena_strdup(arena, e->others[entitled->n_others]->key);
        if (others[entitled->n_others] == NULL)
            return CO_ENOMEM;
    }
    o->entitled = entitled;
    return entitled->why == NULL ? CO_ENOMEM : CO_OK;
}

/* What our product can be integrated with, as the compatibility list says. */
static bool is_compatible(const struct co_registry *r, const char *target, const char *product)
{
    const struct co_object *object = co_registry_get(r, CO_KIND_COMPATIBILITY, target);
    const Callout__V1__Compatibility *x = object == NULL ? NULL : object->message->compatibility;
    bool fits = x != NULL && (x->n_products == 0 || product[0] == '\0');
    for (size_t i = 0; x != NULL && i < x->n_products; i++)
        fits = fits || strcmp(x->products[i], product) == 0;
    return fits;
}

/* The pack's condition for a target that is not on the list, beside those of the site. */
static enum co_err put_unlisted(const struct co_registry *r, struct co_arena *arena,
                                Callout__V1__CaseOpened *o)
{
    const Callout__V1__PolicyPack *pack = co_registry_policy(r, o->policy->key);
    if (pack == NULL || pack->unlisted[0] == '\0' || is_compatible(r, o->target, o->product))
        return CO_OK;
    char **list = co_arena_alloc(arena, (o->n_conditions + 1) * sizeof(*list));
    if (list == NULL)
        return CO_ENOMEM;
    for (size_t i = 0; i < o->n_conditions; i++)
        list[i] = o->conditions[i];
    list[o->n_conditions++] = pack->unlisted;
    o->conditions = list;
    return CO_OK;
}

/* The pack that the report asks for, or the one that the contract is about. */
static const char *pack_key(const Callout__V1__TicketSubmitted *ticket,
                            const Callout__V1__Contract *contract)
{
    return ticket->offering[0] != '\0' ? ticket->offering : contract->policy;
}

static enum co_err open_under(const struct co_registry *r, struct co_arena *arena,
                              const Callout__V1__TicketSubmitted *ticket,
                              const struct co_entitlement *e, const Callout__V1__Contract *contract,
                              struct sla_admission *ret_admission)
{
    Callout__V1__CaseOpened *o = sla_message_new(arena, &callout__v1__case_opened__descriptor);
    if (o == NULL)
        return CO_ENOMEM;
    const char *customer = contract->customer;
    if (customer[0] == '\0' && e->customer != NULL)
        customer = e->customer->key;
    o->customer = co_arena_strdup(arena, customer);
    o->contract = co_arena_strdup(arena, contract->key);
    o->site = co_arena_strdup(arena, ticket->site);
    o->product = co_arena_strdup(arena, ticket->product);
    o->version = co_arena_strdup(arena, ticket->version);
    if (o->customer == NULL || o->contract == NULL || o->site == NULL || o->product == NULL ||
        o->version == NULL)
        return CO_ENOMEM;
    o->is_version_open =
        ticket->version[0] == '\0' && e->product != NULL && e->product->n_versions > 0;
    bool has_own = e->site != NULL && e->site->calendar[0] != '\0';
    o->policy = sla_pin_of(r, arena, CO_KIND_POLICY, pack_key(ticket, contract));
    o->calendar =
        sla_pin_of(r, arena, CO_KIND_CALENDAR, has_own ? e->site->calendar : contract->calendar);
    o->terms = sla_pin_of(r, arena, CO_KIND_CONTRACT, contract->key);
    o->registry_version = co_registry_version(r);
    o->reported_us = ticket->occurred_us;
    o->dated_us = ticket->dated_us;
    o->dated_until_us = ticket->dated_until_us;
    o->origin = ticket->origin;
    o->target = ticket->target;
    if (o->policy == NULL || o->calendar == NULL || o->terms == NULL)
        return CO_EINPUT;
    o->man_days = co_arena_strdup(arena, co_registry_policy(r, o->policy->key)->man_days);
    if (o->man_days == NULL)
        return CO_ENOMEM;
    ret_admission->opened = o;
    if (e->version != NULL)
        o->community_until_us = co_product_community_until_us(e->product, e->version);
    enum co_err err = put_entitled(arena, e, o);
    if (err == CO_OK)
        err = sla_wide_open(r, arena, contract, e->site, o);
    return err != CO_OK ? err : put_unlisted(r, arena, o);
}

/* NULL: no memory. */
static Callout__V1__Text *copy_text(struct co_arena *arena, const Callout__V1__Text *text)
{
    Callout__V1__Text *copy = sla_message_new(arena, &callout__v1__text__descriptor);
    if (copy == NULL)
        return NULL;
    copy->zh = co_arena_strdup(arena, text->zh);
    copy->en = co_arena_strdup(arena, text->en);
    return copy->zh == NULL || copy->en == NULL ? NULL : copy;
}

static enum co_err hold(struct co_arena *arena, const struct co_entitlement *e,
                        struct sla_admission *ret_admission)
{
    Callout__V1__CaseHeld *h = sla_message_new(arena, &callout__v1__case_held__descriptor);
    if (h == NULL)
        return CO_ENOMEM;
    h->reason = co_arena_strdup(arena, co_entitle_reason_name(e->reason));
    h->field = co_arena_strdup(arena, e->field);
    h->value = co_arena_strdup(arena, e->value == NULL ? "" : e->value);
    h->contract = co_arena_strdup(arena, e->contract == NULL ? "" : e->contract->key);
    h->role = e->role;
    h->title = e->title == NULL ? NULL : copy_text(arena, e->title);
    bool has_title = h->title != NULL || e->title == NULL;
    if (h->reason == NULL || h->field == NULL || h->value == NULL || h->contract == NULL ||
        !has_title)
        return CO_ENOMEM;
    ret_admission->held = h;
    return CO_OK;
}

/* The contract that an approval names, or the one that the case would be under. */
static const Callout__V1__Contract *approved_contract(const struct co_registry *r,
                                                      const Callout__V1__CommandReceived *approval,
                                                      const struct co_entitlement *e)
{
    if (approval->name[0] != '\0')
        return co_registry_contract(r, approval->name);
    return e->contract == NULL ? NULL : e->contract->message->contract;
}

/* What is planned is judged by its date, which may lie in a contract that begins until then. The end of a contract is judged by the
 * last moment of it: its case may open before the contract begins, and after a standstill when it is over. */
static int64_t judged_at(const struct co_registry *r, const Callout__V1__TicketSubmitted *ticket)
{
    const char *kind = ticket->origin == NULL ? "" : ticket->origin->kind;
    const Callout__V1__Contract *contract = co_registry_contract(r, ticket->contract);
    if (strcmp(kind, "plan") == 0)
        return ticket->dated_us;
    return strcmp(kind, "renewal") == 0 && contract != NULL ? contract->until_us - 1 : ticket->occurred_us;
}

/* Why no case can be opened by this approval, or at all; NULL: it can. */
static const char *refusal(const struct co_registry *r, const Callout__V1__TicketSubmitted *ticket,
                           const Callout__V1__CommandReceived *approval, const Callout__V1__Contract *contract)
{
    if (contract == NULL)
        return approval == NULL || approval->name[0] == '\0'
                   ? "say under which contract (name): the report names none that is known"
                   : "there is no contract of this name";
    if (co_registry_policy(r, pack_key(ticket, contract)) == NULL)
        return "there is no policy pack of the name that the report asks for: "
               "withdraw it, and report it anew";
    return NULL;
}

enum co_err sla_admit(const struct co_registry *r, struct co_arena *arena,
                      const Callout__V1__TicketSubmitted *ticket,
                      const Callout__V1__CommandReceived *approval,
                      struct sla_admission *ret_admission)
{
    struct co_entitle_ask ask = { .customer = ticket->customer,
                                  .contract = ticket->contract,
                                  .site = ticket->site,
                                  .product = ticket->product,
                                  .at_us = judged_at(r, ticket),
                                  .version = ticket->version,
                                  .traits = ticket->traits,
                                  .trait_count = ticket->n_traits,
                                  .conditions = ticket->conditions,
                                  .condition_count = ticket->n_conditions,
                                  .offering = ticket->offering,
                                  .is_dated = ticket->dated_us != 0,
                                  .is_own =
                                      ticket->origin != NULL && ticket->origin->kind[0] != '\0' };
    struct co_entitlement e = co_entitle(r, &ask);
    *ret_admission = (struct sla_admission){ 0 };
    if (approval == NULL && e.reason != CO_ENTITLED)
        return hold(arena, &e, ret_admission);
    const Callout__V1__Contract *contract =
        approval == NULL ? e.contract->message->contract : approved_contract(r, approval, &e);
    ret_admission->refusal = refusal(r, ticket, approval, contract);
    if (ret_admission->refusal != NULL)
        return approval == NULL ? CO_EINPUT : CO_OK; /* there is nobody to be told */
    if (approval != NULL) {
        e.why = CO_ENTITLE_APPROVED;
        e.others_kept = e.other_count = 0;
    }
    return open_under(r, arena, ticket, &e, contract, ret_admission);
}
