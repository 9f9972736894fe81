/* notify_people.h - roles by name, and how a person is reached. Who holds a role: notify_who.h.
 * Pure. */
#pragma once

#include "notify_case.h"

enum { NOTIFY_ROLE_TEXT = 32 };

/* "pm", "service_manager" ...; "role" for a number that is no role. */
void notify_people_role_name(Callout__V1__Role role, char to[static NOTIFY_ROLE_TEXT]);

/* The role that a slot begins with, "pm/0"; ROLE_NONE: none of ours. */
Callout__V1__Role notify_people_role_of(const char *slot);

/* Is there anybody this role could mean? There is no engineer before there is a work order, or
 * somebody is booked. */
bool notify_people_is_meant(const struct notify_case *c, Callout__V1__Role role);

/* The engineer who was booked last for the span of the case, "" where none is. */
const char *notify_people_booked(const struct notify_case *c);

/* A way to reach somebody: both are the registry's. */
struct notify_way {
    const Callout__V1__Channel *channel;
    const char *address;
};

enum { NOTIFY_WAYS_MAX = 8 };

/* The ways to reach a person, in the order in which they are tried: as he has them in `channels`;
 * else by webhook before mail, since whoever has one wants it. Returns how many. */
size_t notify_people_ways(const struct co_registry *registry, const Callout__V1__Person *person,
                          struct notify_way ret_ways[static NOTIFY_WAYS_MAX]);

/* By which channel, and at which address: the first of these ways.
 * NULL: none; *ret_why then says what is missing. */
const Callout__V1__Channel *notify_people_channel(const struct co_registry *registry,
                                                  const Callout__V1__Person *person,
                                                  const char **ret_address, const char **ret_why);
