/* Customers, sites, people, offices, contracts, channels and clients. */
#include <math.h>
#include <string.h>

#include "co_sms_form.h"
#include "co_address.h"
#include "co_calendar.h"
#include "co_check.h"
#include "co_plan.h"
#include "co_registry_calendar.h"
#include "co_roles.h"

enum { PER_MINUTE_MAX = 6000, SERVICE_LEVEL_MAX = 9 };


void check_refs(struct co_check *c, const char *field, enum co_kind kind, char *const *keys,
                size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t mark = check_push_index(c, field, i);
        check_ref(c, "", kind, keys[i], true);
        check_pop(c, mark);
    }
}

/* What may be a password is not said again. */
static void check_url(struct co_check *c, const char *field, const char *url, bool is_good,
                      const char *allowed)
{
    if (is_good)
        return;
    if (strchr(url, '@') != NULL)
        check_say(c, field, allowed, "an address with a login is not taken");
    else
        check_say(c, field, allowed, "\"%.80s\" is no address for this", url);
}

static void check_web(struct co_check *c, const char *field, const char *url)
{
    check_url(c, field, url, co_address_is_web(url), "http:// or https://, without a login");
}

static void check_mail(struct co_check *c, const char *field, const char *address)
{
    if (!co_address_is_mail(address))
        check_say(c, field, "name@host in plain ASCII, at most 254 characters",
                  "\"%.80s\" is no mail address", address);
}

static void check_regions(struct co_check *c, char *const *regions, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t mark = check_push_index(c, "regions", i);
        if (regions[i][0] == '\0')
            check_say(c, "", "the name of an area", "is empty");
        for (size_t j = 0; j < i; j++)
            if (strcmp(regions[i], regions[j]) == 0)
                check_say(c, "", "each area once", "\"%.64s\" stands before", regions[i]);
        check_pop(c, mark);
    }
}

void check_customer(struct co_check *c, const Callout__V1__Customer *x)
{
    check_text(c, "name", x->name);
}

void check_site(struct co_check *c, const Callout__V1__Site *x)
{
    check_ref(c, "customer", CO_KIND_CUSTOMER, x->customer, true);
    check_text(c, "name", x->name);
    check_ref(c, "contact", CO_KIND_PERSON, x->contact, false);
    check_ref(c, "calendar", CO_KIND_CALENDAR, x->calendar, false);
    check_site_conditions(c, x);
    check_site_installed(c, x);
    check_regions(c, x->regions, x->n_regions);
    if (x->position != NULL)
        check_position(c, x->position);
    check_is_in_areas(c, x->position, x->regions, x->n_regions);
    for (size_t i = 0; i < x->n_distances; i++) {
        size_t mark = check_push_index(c, "distances", i);
        check_ref(c, "office", CO_KIND_OFFICE, x->distances[i]->office, true);
        check_range(c, "km", x->distances[i]->km, 0, 20000);
        check_pop(c, mark);
    }
}

/* The way from delegate to delegate: it ends, and soon. */
static void check_delegate(struct co_check *c, const Callout__V1__Person *x)
{
    const Callout__V1__Person *p = x;
    check_ref(c, "delegate", CO_KIND_PERSON, x->delegate, false);
    for (int i = 0; p != NULL && p->delegate[0] != '\0'; i++) {
        p = co_registry_person(c->registry, p->delegate);
        if (p == x) {
            check_say(c, "delegate", "somebody else",
                      i == 0 ? "nobody stands in for himself"
                             : "the delegates lead back to \"%.64s\"",
                      x->key);
            return;
        }
        if (i == CO_DELEGATES_MAX) {
            check_say(c, "delegate", "at most 4 delegates one behind the other",
                      "the delegates behind \"%.64s\" are too many", x->delegate);
            return;
        }
    }
}

static void check_quiet(struct co_check *c, const Callout__V1__Person *x)
{
    size_t mark = check_push(c, "quiet");
    check_range(c, "from_min", x->quiet->from_min, 0, 1439);
    check_range(c, "until_min", x->quiet->until_min, 1, 2879);
    check_range(c, "but_severity", x->quiet->but_severity, 0, 9);
    if (x->quiet->until_min <= x->quiet->from_min)
        check_say(c, "until_min", "after from_min; 1440 and more: past midnight",
                  "they end before they begin");
    else if (x->quiet->until_min - x->quiet->from_min >= 1440)
        check_say(c, "", "less than a day", "no hour is left to tell anything");
    check_pop(c, mark);
    if (x->calendar[0] == '\0')
        check_say(c, "calendar", "the calendar of the person",
                  "is needed: quiet hours are in his local time");
}

void check_person(struct co_check *c, const Callout__V1__Person *x)
{
    static const char *const languages[] = { "", "zh", "en", "zh+en", "en+zh" };
    if (x->name[0] == '\0')
        check_say(c, "name", "", "is needed");
    check_word(c, "language", x->language, languages, sizeof(languages) / sizeof(languages[0]));
    if (x->email[0] != '\0')
        check_mail(c, "email", x->email);
    if (x->webhook[0] != '\0')
        check_web(c, "webhook", x->webhook);
    check_ref(c, "calendar", CO_KIND_CALENDAR, x->calendar, false);
    check_delegate(c, x);
    if (x->quiet != NULL)
        check_quiet(c, x);
    check_range(c, "per_minute", x->per_minute, 0, PER_MINUTE_MAX);
    check_refs(c, "channels", CO_KIND_CHANNEL, x->channels, x->n_channels);
    for (size_t i = 0; i < x->n_channels; i++) {
        const Callout__V1__Channel *channel = co_registry_channel(c->registry, x->channels[i]);
        size_t mark = check_push_index(c, "channels", i);
        if (channel != NULL && channel->kind == CALLOUT__V1__CHANNEL_KIND__CHANNEL_SMTP &&
            x->email[0] == '\0')
            check_say(c, "", "email of the person", "%s is mail, and the person has no address",
                      channel->key);
        if (channel != NULL && channel->kind == CALLOUT__V1__CHANNEL_KIND__CHANNEL_SMS &&
            x->phone[0] == '\0')
            check_say(c, "", "phone of the person",
                      "%s sends text messages, and the person has no number", channel->key);
        if (channel != NULL && channel->kind == CALLOUT__V1__CHANNEL_KIND__CHANNEL_WEBHOOK &&
            x->webhook[0] == '\0' && channel->url[0] == '\0')
            check_say(c, "", "webhook of the person, or url of the channel",
                      "neither the person nor %s says where to", channel->key);
        check_pop(c, mark);
    }
}

void check_office(struct co_check *c, const Callout__V1__Office *x)
{
    check_text(c, "name", x->name);
    if (x->position == NULL)
        check_say(c, "position", "{lat: ..., lon: ...}", "is needed");
    else
        check_position(c, x->position);
    check_range(c, "road_fixed_km", x->road_fixed_km, 0, 1000);
    if (x->road_factor < 0 || x->road_factor > 0)
        check_range(c, "road_factor", x->road_factor, 1, 10);
    else if (x->road_fixed_km > 0)
        check_say(c, "road_factor", "1 to 10", "is needed where road_fixed_km is given");
}

static void check_skills(struct co_check *c, const Callout__V1__Engineer *x)
{
    for (size_t i = 0; i < x->n_skills; i++) {
        const Callout__V1__Skill *skill = x->skills[i];
        size_t mark = check_push_index(c, "skills", i);
        check_key(c, "key", skill->key);
        check_range(c, "level", skill->level, 0, 3);
        for (size_t j = 0; j < i; j++)
            if (strcmp(skill->key, x->skills[j]->key) == 0)
                check_say(c, "key", "each skill once", "\"%.64s\" stands before", skill->key);
        if (skill->level == 0 && co_registry_product(c->registry, skill->key) != NULL)
            check_say(c, "level", "1 to 3", "is needed: \"%.64s\" is a product", skill->key);
        check_pop(c, mark);
    }
}

void check_engineer(struct co_check *c, const Callout__V1__Engineer *x)
{
    const Callout__V1__Person *p = co_registry_person(c->registry, x->key);
    check_ref(c, "office", CO_KIND_OFFICE, x->office, true);
    check_range(c, "skill", x->skill, 1, 3);
    check_range(c, "capacity", x->capacity, 0, 100);
    check_refs(c, "products", CO_KIND_PRODUCT, x->products, x->n_products);
    check_skills(c, x);
    check_range(c, "visits_per_day", x->visits_per_day, 0, 50);
    if (p == NULL)
        check_say(c, "key", "the key of a person",
                  "no person of the same key says how to tell him");
    else if (p->email[0] == '\0' && p->webhook[0] == '\0')
        check_say(c, "key", "email or webhook of the person of the same key",
                  "nothing says how to tell him");
}

static void check_holders(struct co_check *c, Callout__V1__RoleHolder *const *holders, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t mark = check_push_index(c, "holders", i);
        check_enum(c, "role", &callout__v1__role__descriptor, (int)holders[i]->role);
        check_ref(c, "person", CO_KIND_PERSON, holders[i]->person, true);
        for (size_t j = 0; j < i; j++)
            if (holders[j]->role == holders[i]->role &&
                strcmp(holders[j]->person, holders[i]->person) == 0)
                check_say(c, "person", "each holder of a role once", "\"%.64s\" stands before",
                          holders[i]->person);
        check_pop(c, mark);
    }
}

static void check_contract_sites(struct co_check *c, const Callout__V1__Contract *x)
{
    check_refs(c, "sites", CO_KIND_SITE, x->sites, x->n_sites);
    for (size_t i = 0; i < x->n_sites; i++) {
        const Callout__V1__Site *site = co_registry_site(c->registry, x->sites[i]);
        size_t mark = check_push_index(c, "sites", i);
        if (site != NULL && strcmp(site->customer, x->customer) != 0)
            check_say(c, "", "sites of the contract's customer", "\"%s\" belongs to \"%.64s\"",
                      x->sites[i], site->customer);
        check_pop(c, mark);
    }
}

static void check_excluded_causes(struct co_check *c, const Callout__V1__Contract *x)
{
    for (size_t i = 0; i < x->n_excluded_causes; i++) {
        const Callout__V1__Condition *cause = x->excluded_causes[i];
        size_t mark = check_push_index(c, "excluded_causes", i);
        check_key(c, "key", cause->key);
        check_text(c, "title", cause->title);
        for (size_t k = 0; k < i; k++)
            if (strcmp(x->excluded_causes[k]->key, cause->key) == 0)
                check_say(c, "key", "each cause once", "\"%.64s\" stands before", cause->key);
        check_pop(c, mark);
    }
}

void check_contract(struct co_check *c, const Callout__V1__Contract *x)
{
    check_ref(c, "customer", CO_KIND_CUSTOMER, x->customer, true);
    check_text(c, "name", x->name);
    check_ref(c, "policy", CO_KIND_POLICY, x->policy, true);
    check_refs(c, "offerings", CO_KIND_POLICY, x->offerings, x->n_offerings);
    check_ref(c, "calendar", CO_KIND_CALENDAR, x->calendar, true);
    if (x->from_us == 0)
        check_say(c, "from", "RFC 3339", "is needed");
    if (x->until_us <= x->from_us)
        check_say(c, "until", "a time after \"from\"", "the service period ends before it begins");
    check_contract_sites(c, x);
    check_refs(c, "products", CO_KIND_PRODUCT, x->products, x->n_products);
    check_contract_versions(c, x);
    check_range(c, "service_level", x->service_level, 0, SERVICE_LEVEL_MAX);
    check_holders(c, x->holders, x->n_holders);
    check_contract_figures(c, x);
    check_contract_renewal(c, x);
    check_contract_lots(c, x);
    check_excluded_causes(c, x);
    check_contract_liability(c, x);
}

/* What channels post to that are nobody's own. */
static void check_posting(struct co_check *c, const Callout__V1__Channel *x)
{
    bool is_robot = x->kind == CALLOUT__V1__CHANNEL_KIND__CHANNEL_DINGTALK ||
                    x->kind == CALLOUT__V1__CHANNEL_KIND__CHANNEL_WECOM ||
                    x->kind == CALLOUT__V1__CHANNEL_KIND__CHANNEL_FEISHU;
    bool is_sms = x->kind == CALLOUT__V1__CHANNEL_KIND__CHANNEL_SMS;
    bool is_pager = x->kind == CALLOUT__V1__CHANNEL_KIND__CHANNEL_PAGERDUTY;
    if (is_robot || is_sms || is_pager ||
        x->kind == CALLOUT__V1__CHANNEL_KIND__CHANNEL_ALERTMANAGER)
        check_web(c, "url", x->url);
    if (is_robot && strchr(x->url, '?') != NULL)
        check_say(c, "url",
                  "the address up to the question mark; the token belongs into secret_file",
                  "has a query");
    if ((is_robot || is_pager) && x->secret_file[0] == '\0')
        check_say(c, "secret_file", "the name of a file with the token, or the routing key",
                  "is needed");
    if (is_sms && x->body[0] != '\0') {
        static const struct co_sms_fields any = { "1", "t", "C-1", "s", "b", "k" };
        json_t *filled = co_sms_form_fill(x->body, &any);
        if (filled == NULL)
            check_say(
                c, "body",
                "a JSON object; {phone} {template} {number} {subject} {text} {key} in its texts",
                "cannot be filled in");
        json_decref(filled);
    }
    if (!is_sms && (x->template_id[0] != '\0' || x->body[0] != '\0'))
        check_say(c, x->body[0] != '\0' ? "body" : "template_id", "kind: sms",
                  "belongs to text messages");
}

void check_channel(struct co_check *c, const Callout__V1__Channel *x)
{
    check_enum(c, "kind", &callout__v1__channel_kind__descriptor, (int)x->kind);
    if (x->kind == CALLOUT__V1__CHANNEL_KIND__CHANNEL_SMTP) {
        check_url(c, "url", x->url, co_address_is_mail_server(x->url),
                  "smtp:// or smtps://; a login belongs into secret_file");
        check_mail(c, "from", x->from);
    }
    if (x->kind == CALLOUT__V1__CHANNEL_KIND__CHANNEL_WEBHOOK && x->url[0] != '\0')
        check_web(c, "url", x->url);
    check_posting(c, x);
    check_range(c, "per_minute", x->per_minute, 0, PER_MINUTE_MAX);
    check_range(c, "per_person_minute", x->per_person_minute, 0, PER_MINUTE_MAX);
    if (strchr(x->secret_file, '/') != NULL || x->secret_file[0] == '.')
        check_say(c, "secret_file", "the name of a file, without directory",
                  "\"%.80s\" is no such name", x->secret_file);
}

void check_desk(struct co_check *c, const Callout__V1__Desk *x)
{
    check_holders(c, x->holders, x->n_holders);
}

void check_exclusion(struct co_check *c, const Callout__V1__Exclusion *x)
{
    check_text(c, "title", x->title);
    check_cause(c, "cause", x->cause);
    check_regions(c, x->regions, x->n_regions);
    if (x->from_us == 0)
        check_say(c, "from", "RFC 3339", "is needed");
    if (x->until_us != 0 && x->until_us <= x->from_us)
        check_say(c, "until", "a time after \"from\", or left out: not over yet",
                  "the exclusion ends before it begins");
}

void check_calendar(struct co_check *c, const Callout__V1__Calendar *x)
{
    struct co_calendar *calendar = NULL;
    char problem[CO_CALENDAR_PROBLEM];
    if (x->zone[0] == '\0')
        check_say(c, "zone", "an IANA name, for example Asia/Shanghai", "is needed");
    for (size_t i = 1; i < x->n_exceptions; i++)
        if (x->exceptions[i - 1]->day >= x->exceptions[i]->day) {
            size_t mark = check_push_index(c, "exceptions", i);
            check_say(c, "date", "rising, each day once", "is not after the day before it");
            check_pop(c, mark);
        }
    enum co_err err = co_registry_calendar_compile_all(x, &calendar, problem);
    co_calendar_free(calendar);
    if (err == CO_EINPUT)
        check_say(c, "", "", "%s", problem);
    else if (err != CO_OK)
        c->is_out_of_memory = true;
}
