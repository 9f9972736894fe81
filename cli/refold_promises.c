#include "refold_impl.h"

#include <string.h>

#define BODY(name) CALLOUT__V1__EVENT__BODY_##name

/* Which clock an event is about; false: none. */
static bool clock_of(const Callout__V1__Event *e, const char **ret_milestone,
                     uint32_t *ret_generation)
{
    const ProtobufCFieldDescriptor *field = protobuf_c_message_descriptor_get_field(
        &callout__v1__event__descriptor, (unsigned)e->body_case);
    if (field == NULL || field->type != PROTOBUF_C_TYPE_MESSAGE)
        return false;
    const ProtobufCMessage *body;
    memcpy(&body, (const char *)e + field->offset, sizeof(body));
    const ProtobufCFieldDescriptor *milestone =
        protobuf_c_message_descriptor_get_field_by_name(body->descriptor, "milestone");
    const ProtobufCFieldDescriptor *generation =
        protobuf_c_message_descriptor_get_field_by_name(body->descriptor, "generation");
    if (milestone == NULL || generation == NULL)
        return false;
    memcpy(ret_milestone, (const char *)body + milestone->offset, sizeof(*ret_milestone));
    memcpy(ret_generation, (const char *)body + generation->offset, sizeof(*ret_generation));
    return true;
}

bool refold_is_of(const Callout__V1__Event *e, const Callout__V1__ClockAccount *c)
{
    const char *milestone = NULL;
    uint32_t generation = 0;
    return e != NULL && clock_of(e, &milestone, &generation) && generation == c->generation &&
           strcmp(milestone, c->milestone) == 0;
}

/* The promise that holds; NULL: none. */
static const Callout__V1__Promised *find_promise(const struct refold *r,
                                                 const Callout__V1__ClockAccount *c)
{
    const Callout__V1__Promised *p = NULL;
    for (size_t i = 0; i < r->entry_count; i++) {
        const Callout__V1__Event *e = r->entries[i].event;
        if (!refold_is_of(e, c))
            continue;
        if (e->body_case == BODY(PROMISED))
            p = e->promised;
        else if (e->body_case == BODY(WITHDRAWN) && e->withdrawn->kind == BODY(PROMISED))
            p = NULL;
    }
    return p;
}

static const char *announced(const Callout__V1__Promised *p, const Callout__V1__ClockAccount *c)
{
    bool is_silent = c->basis == NULL; /* not to be announced either */
    if (p == NULL)
        return is_silent ? NULL : "nothing";
    /* A clock that stands is announced with the time of before; its end is not known. */
    return !p->is_paused && p->due_us != c->due_us ? "another time" : NULL;
}

enum co_err refold_compare(struct refold *r)
{
    for (size_t i = 0; i < r->explanation->n_clocks; i++) {
        Callout__V1__ClockAccount *c = r->explanation->clocks[i];
        const char *instead = announced(find_promise(r, c), c);
        if (instead != NULL && (c->announced = co_arena_strdup(r->arena, instead)) == NULL)
            return CO_ENOMEM;
    }
    return CO_OK;
}
