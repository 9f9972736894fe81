#include "sla_pack.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "co_registry_calendar.h"

static void say_problems(const struct co_yaml *y)
{
    for (size_t i = 0; i < co_yaml_problem_count(y); i++) {
        const struct co_yaml_problem *p = co_yaml_problem_at(y, i);
        printf("%s:%u: %s: %s\n", p->file, p->line, p->key, p->message);
    }
}

/* The samples name a client's key; it is read while they are loaded. */
static void make_keys(char dir[static 64], char path[static 128])
{
    snprintf(dir, 64, "/tmp/callout-keys-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(dir));
    snprintf(path, 128, "%s/sample.pub", dir);
    FILE *key = fopen(path, "w");
    ck_assert_ptr_nonnull(key);
    fputs("public = rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7\n", key);
    fclose(key);
}

static void load(struct pack_files *f, const char *more)
{
    const Callout__V1__Registry *all = NULL;
    char keys[64];
    char key[128];
    make_keys(keys, key);
    f->yaml = co_yaml_new(keys);
    co_yaml_load(f->yaml, CALLOUT_SOURCE_DIR "/calendars");
    co_yaml_load(f->yaml, CALLOUT_SOURCE_DIR "/policies");
    if (more != NULL) {
        char path[512];
        snprintf(path, sizeof(path), CALLOUT_SOURCE_DIR "/%s", more);
        co_yaml_load(f->yaml, path);
    }
    unlink(key);
    rmdir(keys);
    enum co_err err = co_yaml_finish(f->yaml, &all);
    say_problems(f->yaml);
    ck_assert_int_eq(err, CO_OK);
    f->registry = co_registry_new(1000);
    for (size_t i = 0; i < all->n_objects; i++)
        ck_assert_int_eq(co_registry_put_message(f->registry, all->objects[i], 1), CO_OK);
}

static void compile(struct pack_files *f)
{
    uint32_t count = co_registry_count(f->registry, CO_KIND_CALENDAR);
    ck_assert_uint_le(count, 16);
    for (uint32_t i = 0; i < count; i++) {
        const struct co_object *o = co_registry_at(f->registry, CO_KIND_CALENDAR, i);
        char problem[CO_CALENDAR_PROBLEM];
        enum co_err err =
            co_registry_calendar_compile_all(o->message->calendar, &f->compiled[i], problem);
        ck_assert_int_eq(err, CO_OK);
        f->named[i] = (struct sla_named_calendar){ o->key, f->compiled[i] };
        f->calendar_count++;
    }
}

/* The world owns what it has loaded as its pack; nothing in a pack is written by the fold. */
static Callout__V1__PolicyPack *pack_of(const struct pack_files *f, const char *name)
{
    const struct co_object *o = co_registry_get(f->registry, CO_KIND_POLICY, name);
    ck_assert_ptr_nonnull(o);
    return o->message->policy;
}

void pack_begin(struct world *w, struct pack_files *f, const char *more, const char *pack,
                const char *calendar, uint32_t severity)
{
    *f = (struct pack_files){ .calendar_count = 0 };
    world_init(w);
    load(f, more);
    compile(f);
    w->pack = pack_of(f, pack);
    w->named = f->named;
    w->named_count = f->calendar_count;
    for (size_t i = 0; i < f->calendar_count; i++)
        if (strcmp(f->named[i].key, calendar) == 0)
            w->site = f->named[i];
    ck_assert_ptr_nonnull(w->site.calendar);
    world_open(w, severity);
}

void pack_end(struct world *w, struct pack_files *f)
{
    world_done(w);
    for (size_t i = 0; i < f->calendar_count; i++)
        co_calendar_free(f->compiled[i]);
    co_registry_free(f->registry);
    co_yaml_free(f->yaml);
}

void pack_contract(struct world *w, const struct pack_files *f, const char *contract,
                   const char *site)
{
    const struct co_object *k = co_registry_get(f->registry, CO_KIND_CONTRACT, contract);
    const Callout__V1__Site *s = co_registry_site(f->registry, site);
    ck_assert(k != NULL && s != NULL);
    w->opened->targets = k->message->contract->targets;
    w->opened->n_targets = k->message->contract->n_targets;
    for (size_t i = 0; i < s->n_conditions; i++)
        world_set(w, 0, s->conditions[i]);
}

const Callout__V1__Promised *pack_promise(const struct world *w, const char *milestone,
                                          uint32_t generation)
{
    const Callout__V1__Promised *found = NULL;
    for (size_t i = 0; i < w->fold.output_count; i++) {
        const Callout__V1__Event *e = w->fold.outputs[i];
        if (e->body_case == BODY(PROMISED) && e->promised->generation == generation &&
            strcmp(e->promised->milestone, milestone) == 0)
            found = e->promised;
    }
    return found;
}

int64_t pack_due(const struct world *w, const char *milestone, uint32_t generation)
{
    const Callout__V1__Promised *p = pack_promise(w, milestone, generation);
    ck_assert_msg(p != NULL, "%s/%u is not promised", milestone, generation);
    return p->due_us == 0 ? -1 : (p->due_us - T0) / MINUTE;
}

static const char *milestone_of(const Callout__V1__Event *e)
{
    switch ((int)e->body_case) {
    case BODY(BREACHED):
        return e->breached->milestone;
    case BODY(MET):
        return e->met->milestone;
    case BODY(STOPPED):
        return e->stopped->milestone;
    case BODY(ESCALATED):
        return e->escalated->milestone;
    default:
        return "";
    }
}

size_t pack_count(const struct world *w, Callout__V1__Event__BodyCase body, const char *milestone)
{
    size_t count = 0;
    for (size_t i = 0; i < w->fold.output_count; i++)
        count += w->fold.outputs[i]->body_case == body &&
                 strcmp(milestone_of(w->fold.outputs[i]), milestone) == 0;
    return count;
}

int64_t pack_acted(const struct world *w, const char *what)
{
    for (size_t i = 0; i < w->fold.output_count; i++) {
        const Callout__V1__Event *e = w->fold.outputs[i];
        if (e->body_case == BODY(ACTED) && strcmp(e->acted->what, what) == 0)
            return (e->acted->acted_us - T0) / MINUTE;
    }
    return -1;
}
