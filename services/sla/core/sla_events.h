/* sla_events.h - a list of events in an arena. */
#pragma once

#include <stddef.h>

#include "callout/v1/event.pb-c.h"
#include "co_arena.h"
#include "co_err.h"

/* {0} is the empty list. The events and the list belong to the arena. */
struct sla_events {
    Callout__V1__Event **event;
    size_t count;
    size_t cap;
};

/* A message of that type, initialised; NULL: no memory. */
void *sla_message_new(struct co_arena *arena, const ProtobufCMessageDescriptor *type);

/* CO_ENOMEM: the list is unchanged. */
CO_MUST_CHECK enum co_err sla_events_add(struct sla_events *list, struct co_arena *arena,
                                         Callout__V1__Event *event);

/* Appends an event of that kind and returns its body, to be filled; NULL: no memory. */
void *sla_events_new(struct sla_events *list, struct co_arena *arena,
                     Callout__V1__Event__BodyCase kind, const ProtobufCMessageDescriptor *type);
