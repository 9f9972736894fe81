#include "notify_people.h"

#include <string.h>

#include "co_address.h"
#include "co_roles.h"

#define ROLE(name) CALLOUT__V1__ROLE__ROLE_##name
#define KIND(name) CALLOUT__V1__CHANNEL_KIND__CHANNEL_##name

void notify_people_role_name(Callout__V1__Role role, char to[static NOTIFY_ROLE_TEXT])
{
    const ProtobufCEnumValue *value =
        protobuf_c_enum_descriptor_get_value(&callout__v1__role__descriptor, (int)role);
    const char *name = value == NULL ? "ROLE_ROLE" : value->name;
    size_t len = 0;
    for (const char *c = name + strlen("ROLE_"); *c != '\0' && len < NOTIFY_ROLE_TEXT - 1; c++)
        to[len++] = *c >= 'A' && *c <= 'Z' ? (char)(*c - 'A' + 'a') : *c;
    to[len] = '\0';
}

bool notify_people_is_meant(const struct notify_case *c, Callout__V1__Role role)
{
    return role != ROLE(NONE) && (role != ROLE(ENGINEER) || c->state->engineer[0] != '\0');
}

static size_t find_holders(const struct notify_case *c, Callout__V1__Role role,
                           const Callout__V1__Person *ret_persons[static NOTIFY_PERSONS_MAX])
{
    const struct co_registry *r = c->world->registry;
    if (role == ROLE(ENGINEER)) {
        ret_persons[0] = co_registry_person(r, c->state->engineer);
        return ret_persons[0] != NULL ? 1 : 0;
    }
    return co_roles_find(r, co_registry_contract(r, c->state->contract),
                         co_registry_site(r, c->state->site), role, ret_persons,
                         NOTIFY_PERSONS_MAX);
}

size_t notify_people_find(const struct notify_case *c, Callout__V1__Role role,
                          const Callout__V1__Person *ret_persons[static NOTIFY_PERSONS_MAX])
{
    const Callout__V1__Role ladder[] = { role, ROLE(PM), ROLE(DESK) };
    size_t count = 0;
    for (size_t i = 0; i < sizeof(ladder) / sizeof(ladder[0]) && count == 0; i++)
        count = find_holders(c, ladder[i], ret_persons);
    return count;
}

static const Callout__V1__Channel *first_of_kind(const struct co_registry *r,
                                                 Callout__V1__ChannelKind kind)
{
    for (uint32_t i = 0; i < co_registry_count(r, CO_KIND_CHANNEL); i++) {
        const Callout__V1__Channel *channel =
            co_registry_at(r, CO_KIND_CHANNEL, i)->message->channel;
        if (channel->kind == kind)
            return channel;
    }
    return NULL;
}

const Callout__V1__Channel *notify_people_channel(const struct co_registry *registry,
                                                  const Callout__V1__Person *person,
                                                  const char **ret_address, const char **ret_why)
{
    const Callout__V1__Channel *hook = first_of_kind(registry, KIND(WEBHOOK));
    const Callout__V1__Channel *mail = first_of_kind(registry, KIND(SMTP));
    *ret_address = person->webhook;
    if (hook != NULL && co_address_is_web(person->webhook))
        return hook;
    *ret_address = person->email;
    if (mail != NULL && co_address_is_mail(person->email))
        return mail;
    bool has_address = person->webhook[0] != '\0' || person->email[0] != '\0';
    if (!has_address && hook != NULL && hook->url[0] != '\0') {
        *ret_address = hook->url;
        return hook;
    }
    *ret_address = "";
    *ret_why = has_address ? "no channel for the person's addresses"
                           : "the person has neither webhook nor mail address";
    return NULL;
}
