#include "notify_people.h"

#include <string.h>

#include "co_address.h"

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

Callout__V1__Role notify_people_role_of(const char *slot)
{
    char name[NOTIFY_ROLE_TEXT];
    const ProtobufCEnumDescriptor *d = &callout__v1__role__descriptor;
    for (unsigned i = 0; i < d->n_values; i++) {
        notify_people_role_name((Callout__V1__Role)d->values[i].value, name);
        size_t len = strlen(name);
        if (strncmp(slot, name, len) == 0 && slot[len] == '/')
            return (Callout__V1__Role)d->values[i].value;
    }
    return ROLE(NONE);
}

bool notify_people_is_meant(const struct notify_case *c, Callout__V1__Role role)
{
    return role != ROLE(NONE) && (role != ROLE(ENGINEER) || c->state->engineer[0] != '\0' ||
                                  *notify_people_booked(c) != '\0');
}

const char *notify_people_booked(const struct notify_case *c)
{
    size_t count = c->state->n_booked;
    return count == 0 ? "" : c->state->booked[count - 1]->engineer;
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

/* The person's address for that channel; NULL: he has none. */
static const char *address_for(const Callout__V1__Channel *channel,
                               const Callout__V1__Person *person)
{
    if (channel->kind == KIND(SMTP))
        return co_address_is_mail(person->email) ? person->email : NULL;
    if (channel->kind == KIND(SMS))
        return person->phone[0] != '\0' ? person->phone : NULL;
    if (channel->kind == KIND(WEBHOOK) && co_address_is_web(person->webhook))
        return person->webhook;
    return channel->url[0] != '\0' ? channel->url : NULL;
}

static size_t add_way(struct notify_way *ways, size_t count, const Callout__V1__Channel *channel,
                      const char *address)
{
    if (channel == NULL || address == NULL || count == NOTIFY_WAYS_MAX)
        return count;
    ways[count] = (struct notify_way){ channel, address };
    return count + 1;
}

/* A webhook without an address of the person's own takes what nobody has an address for. */
static size_t usual_ways(const struct co_registry *r, const Callout__V1__Person *person,
                         struct notify_way *ways)
{
    const Callout__V1__Channel *hook = first_of_kind(r, KIND(WEBHOOK));
    const Callout__V1__Channel *mail = first_of_kind(r, KIND(SMTP));
    bool has_hook = co_address_is_web(person->webhook);
    bool has_address = person->webhook[0] != '\0' || person->email[0] != '\0';
    size_t count = 0;
    if (hook != NULL && (has_hook || !has_address))
        count = add_way(ways, count, hook, address_for(hook, person));
    if (mail != NULL)
        count = add_way(ways, count, mail, address_for(mail, person));
    return count;
}

size_t notify_people_ways(const struct co_registry *registry, const Callout__V1__Person *person,
                          struct notify_way ret_ways[static NOTIFY_WAYS_MAX])
{
    size_t count = 0;
    if (person->n_channels == 0)
        return usual_ways(registry, person, ret_ways);
    for (size_t i = 0; i < person->n_channels; i++) {
        const Callout__V1__Channel *channel = co_registry_channel(registry, person->channels[i]);
        if (channel != NULL)
            count = add_way(ret_ways, count, channel, address_for(channel, person));
    }
    return count;
}

const Callout__V1__Channel *notify_people_channel(const struct co_registry *registry,
                                                  const Callout__V1__Person *person,
                                                  const char **ret_address, const char **ret_why)
{
    struct notify_way ways[NOTIFY_WAYS_MAX];
    bool has_address = person->webhook[0] != '\0' || person->email[0] != '\0';
    *ret_address = "";
    if (notify_people_ways(registry, person, ways) > 0) {
        *ret_address = ways[0].address;
        return ways[0].channel;
    }
    *ret_why = has_address ? "no channel for the person's addresses"
                           : "the person has neither webhook nor mail address";
    return NULL;
}
