#include "sla_events.h"

#include <string.h>

void *sla_message_new(struct co_arena *arena, const ProtobufCMessageDescriptor *type)
{
    void *message = co_arena_alloc(arena, type->sizeof_message);
    if (message != NULL)
        type->message_init(message);
    return message;
}

enum co_err sla_events_add(struct sla_events *list, struct co_arena *arena,
                           Callout__V1__Event *event)
{
    if (list->count == list->cap) {
        size_t grown = list->cap == 0 ? 16 : list->cap * 2;
        Callout__V1__Event **copy = co_arena_alloc(arena, grown * sizeof(copy[0]));
        if (copy == NULL)
            return CO_ENOMEM;
        if (list->count > 0)
            memcpy(copy, list->event, list->count * sizeof(copy[0]));
        list->event = copy;
        list->cap = grown;
    }
    list->event[list->count++] = event;
    return CO_OK;
}

void *sla_events_new(struct sla_events *list, struct co_arena *arena,
                     Callout__V1__Event__BodyCase kind, const ProtobufCMessageDescriptor *type)
{
    void *body = sla_message_new(arena, type);
    Callout__V1__Event *event = sla_message_new(arena, &callout__v1__event__descriptor);
    if (body == NULL || event == NULL)
        return NULL;
    event->body_case = kind;
    event->promised = body; /* every member of the union is a pointer to a message */
    return sla_events_add(list, arena, event) == CO_OK ? body : NULL;
}
