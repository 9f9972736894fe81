/* Steps of a pack: who does them, what comes before, what they stand in the way of. */
#include <string.h>

#include "co_check.h"

#define ACT(name) CALLOUT__V1__ACT__ACT_##name

/* Decisions that a step may stand in the way of: those that sla answers. */
static const Callout__V1__Act blockable[] = { ACT(SIGN),           ACT(WAIVE),
                                              ACT(SET_SEVERITY),   ACT(AGREE),
                                              ACT(PROPOSE_TIME),   ACT(ARCHIVE),
                                              ACT(SESSION_STARTED) };

static size_t step_names(const Callout__V1__PolicyPack *x, const char *names[static CO_CHECK_NAMES])
{
    size_t n = 0;
    for (; n < x->n_steps && n < CO_CHECK_NAMES; n++)
        names[n] = x->steps[n]->key;
    return n;
}

void check_step_name(struct co_check *c, const char *field, const Callout__V1__PolicyPack *x,
                     const char *name)
{
    const char *known[CO_CHECK_NAMES];
    size_t n = step_names(x, known);
    if (n == 0)
        check_say(c, field, "a key among \"steps\"", "the pack has no steps");
    else
        (void)check_word(c, field, name, known, n);
}

void check_step_names(struct co_check *c, const char *field, const Callout__V1__PolicyPack *x,
                      char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t mark = check_push_index(c, field, i);
        check_step_name(c, "", x, names[i]);
        check_pop(c, mark);
    }
}

static void check_step_acts(struct co_check *c, const char *field, const Callout__V1__Act *acts,
                            size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t mark = check_push_index(c, field, i);
        check_enum(c, "", &callout__v1__act__descriptor, (int)acts[i]);
        check_pop(c, mark);
    }
}

static void check_blocks(struct co_check *c, const Callout__V1__Step *s)
{
    for (size_t i = 0; i < s->n_blocks; i++) {
        bool is_known = false;
        for (size_t k = 0; k < sizeof(blockable) / sizeof(blockable[0]); k++)
            is_known = is_known || blockable[k] == s->blocks[i];
        size_t mark = check_push_index(c, "blocks", i);
        if (!is_known)
            check_say(c, "",
                      "sign, waive, set_severity, agree, propose_time, archive, session_started",
                      "is no decision that a step can stand in the way of");
        check_pop(c, mark);
    }
}

static size_t find_step(const Callout__V1__PolicyPack *x, const char *key)
{
    size_t i = 0;
    while (i < x->n_steps && strcmp(x->steps[i]->key, key) != 0)
        i++;
    return i;
}

/* Whether `target` comes, at some remove, before `from`; each step is looked at once. */
static bool comes_before(const Callout__V1__PolicyPack *x, size_t target, size_t from, bool *seen)
{
    for (size_t k = 0; k < x->steps[from]->n_after; k++) {
        size_t before = find_step(x, x->steps[from]->after[k]);
        if (before == target)
            return true;
        if (before >= CO_CHECK_NAMES || before == x->n_steps || seen[before])
            continue;
        seen[before] = true;
        if (comes_before(x, target, before, seen))
            return true;
    }
    return false;
}

static bool waits_for_itself(const Callout__V1__PolicyPack *x, size_t i)
{
    bool seen[CO_CHECK_NAMES] = { false };
    return comes_before(x, i, i, seen);
}

static void check_one_step(struct co_check *c, const Callout__V1__PolicyPack *x, size_t i)
{
    const Callout__V1__Step *s = x->steps[i];
    check_name(c, "key", s->key);
    if (find_step(x, s->key) < i)
        check_say(c, "key", "each step once", "\"%.64s\" stands before", s->key);
    check_text(c, "title", s->title);
    check_roles(c, "responsible", s->responsible, s->n_responsible);
    if (s->n_responsible == 0)
        check_say(c, "responsible", "at least one role", "is needed: somebody has to do it");
    check_roles(c, "support", s->support, s->n_support);
    check_roles(c, "accepted_by", s->accepted_by, s->n_accepted_by);
    check_roles(c, "may_skip", s->may_skip, s->n_may_skip);
    check_step_acts(c, "open", s->open, s->n_open);
    check_step_acts(c, "done_by", s->done_by, s->n_done_by);
    check_step_names(c, "after", x, s->after, s->n_after);
    check_conditions(c, "only_conditions", x, s->only_conditions, s->n_only_conditions);
    check_conditions(c, "unless_conditions", x, s->unless_conditions, s->n_unless_conditions);
    check_blocks(c, s);
    if (s->phase[0] != '\0')
        check_name(c, "phase", s->phase);
    if (s->document && s->n_done_by > 0)
        check_say(c, "done_by", "without \"document\"", "an act hands no document over");
    if (waits_for_itself(x, i))
        check_say(c, "after", "steps that do not wait for this one", "\"%.64s\" waits for itself",
                  s->key);
}

void check_pack_steps(struct co_check *c, const Callout__V1__PolicyPack *x)
{
    for (size_t i = 0; i < x->n_steps; i++) {
        size_t mark = check_push_index(c, "steps", i);
        check_one_step(c, x, i);
        check_pop(c, mark);
    }
    if (x->n_steps > CO_CHECK_NAMES)
        check_say(c, "steps", "at most 256", "there are too many");
    check_step_names(c, "finish_steps", x, x->finish_steps, x->n_finish_steps);
    if (x->unlisted[0] != '\0')
        check_conditions(c, "unlisted", x, (char *const *)&x->unlisted, 1);
}
