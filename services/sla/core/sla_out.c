#include "sla_run.h"

#include <string.h>

void *sla_run_alloc(struct sla_run *run, size_t size)
{
    void *p = co_arena_alloc(run->arena, size);
    if (p == NULL)
        run->err = CO_ENOMEM;
    else
        memset(p, 0, size);
    return p;
}

char *sla_run_text(struct sla_run *run, const char *text)
{
    char *copy = co_arena_strdup(run->arena, text);
    if (copy == NULL)
        run->err = CO_ENOMEM;
    return copy;
}

void *sla_run_message(struct sla_run *run, const ProtobufCMessageDescriptor *type)
{
    void *message = sla_run_alloc(run, type->sizeof_message);
    if (message != NULL)
        type->message_init(message);
    return message;
}

void *sla_run_room(struct sla_run *run, void *list, size_t count, size_t *cap)
{
    if (count < *cap)
        return list;
    size_t grown = *cap == 0 ? 32 : *cap * 2;
    void *copy = sla_run_alloc(run, grown * sizeof(void *));
    if (copy == NULL)
        return NULL;
    if (count > 0)
        memcpy(copy, list, count * sizeof(void *));
    *cap = grown;
    return copy;
}

static Callout__V1__Event *emit(struct sla_run *run, Callout__V1__Event__BodyCase kind)
{
    struct sla_fold *out = run->out;
    if (out->output_count == SLA_OUTPUTS_MAX) {
        run->err = CO_EINPUT;
        return NULL;
    }
    Callout__V1__Event **list =
        sla_run_room(run, out->outputs, out->output_count, &run->output_cap);
    Callout__V1__Event *event = sla_run_message(run, &callout__v1__event__descriptor);
    if (list == NULL || event == NULL)
        return NULL;
    event->body_case = kind;
    out->outputs = list;
    out->outputs[out->output_count++] = event;
    return event;
}

void *sla_run_emit(struct sla_run *run, Callout__V1__Event__BodyCase kind,
                   const ProtobufCMessageDescriptor *type)
{
    void *body = sla_run_message(run, type);
    Callout__V1__Event *event = body != NULL ? emit(run, kind) : NULL;
    if (event == NULL)
        return NULL;
    event->promised = body; /* every member of the union is a pointer to a message */
    return body;
}

void sla_run_emit_acted(struct sla_run *run, Callout__V1__Acted *acted)
{
    Callout__V1__Event *event = emit(run, CALLOUT__V1__EVENT__BODY_ACTED);
    if (event != NULL)
        event->acted = acted;
}
