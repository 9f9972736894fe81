#include "notify_due.h"

#include <inttypes.h>
#include <string.h>

#include "co_buf.h"
#include "co_text.h"
#include "notify_again.h"
#include "notify_kept.h"
#include "notify_key.h"
#include "notify_quiet.h"
#include "notify_text.h"

#define STATE(name) CALLOUT__V1__NOTICE_STATE__NOTICE_##name

struct due {
    struct notify_case *c;
    struct notify_notice *n;
    bool is_done;
};

/* ---- the words of a message that tells of several ---- */

static const struct {
    const char *and, *more;         /* behind the first subject, around how many more */
    const char *lead, *lead_behind; /* above the other subjects, the same */
    const char *cut;
} texts[NOTIFY_LANGUAGES] = {
    [NOTIFY_ZH] = { "（另有 ", " 条）", "另有 ", " 条：", "……其余请见案例" },
    [NOTIFY_EN] = { " and ", " more", "And ", " more:", "... the rest stand with their cases" },
};

static enum notify_language language_of(const struct due *d)
{
    const Callout__V1__Person *p = co_registry_person(d->c->world->registry, d->n->person);
    return notify_language_of(p == NULL ? "" : p->language);
}

static const char *write_subject(const struct due *first, size_t more,
                                 enum notify_language language)
{
    struct co_buf b;
    co_buf_init(&b, NOTIFY_SUBJECT_BYTES);
    (void)co_buf_printf(&b, "%s%s%zu%s", first->n->subject, texts[language].and, more,
                        texts[language].more);
    const char *subject =
        b.err == CO_OK ? notify_case_keep(first->c, co_buf_text(&b)) : first->n->subject;
    co_buf_done(&b);
    return subject;
}

/* What the first says, and the subjects of the others, as many as there is room for. */
static const char *write_body(struct due *const *items, size_t count, enum notify_language language)
{
    struct co_buf b;
    size_t room = NOTIFY_BODY_BYTES - strlen(texts[language].cut) - 1;
    co_buf_init(&b, NOTIFY_BODY_BYTES);
    (void)co_buf_append_text(&b, items[0]->n->body);
    (void)co_buf_append_text(&b, "\n\n");
    (void)co_buf_printf(&b, "%s%zu%s", texts[language].lead, count - 1,
                        texts[language].lead_behind);
    for (size_t i = 1; i < count; i++) {
        bool is_fitting = b.len + strlen(items[i]->n->subject) + 3 <= room;
        (void)co_buf_append_text(&b, is_fitting ? "\n- " : "\n");
        (void)co_buf_append_text(&b, is_fitting ? items[i]->n->subject : texts[language].cut);
        if (!is_fitting)
            break;
    }
    const char *body = notify_case_keep(items[0]->c, co_buf_text(&b));
    co_buf_done(&b);
    return body;
}

/* ---- several in one ---- */

static bool is_gatherable(const struct due *d)
{
    const struct notify_notice *n = d->n;
    bool is_digest = co_text_begins(n->obligation, "digest/");
    return !d->is_done && !n->life.alone && !is_digest && !n->life.doubted &&
           n->life.state == STATE(PLANNED) && n->address != NULL && n->subject != NULL;
}

static bool is_to_the_same(const struct due *a, const struct due *b)
{
    return strcmp(a->n->person, b->n->person) == 0 && strcmp(a->n->channel, b->n->channel) == 0 &&
           strcmp(a->n->address, b->n->address) == 0;
}

/* Those from `at` on that can be told with it; returns how many. */
static size_t find_group(struct due *due, size_t at, size_t count, struct due **ret_group)
{
    size_t n = 0;
    for (size_t i = at; is_gatherable(&due[at]) && i < count; i++)
        if (is_gatherable(&due[i]) && is_to_the_same(&due[at], &due[i]))
            ret_group[n++] = &due[i];
    return n;
}

static struct notify_notice *plan_digest(struct due *const *group, size_t count)
{
    struct notify_case *c = group[0]->c;
    const struct notify_notice *first = group[0]->n;
    enum notify_language language = language_of(group[0]);
    struct notify_notice digest = *first;
    digest.obligation = notify_case_text(c, "digest/%s", first->obligation);
    digest.subject = write_subject(group[0], count - 1, language);
    digest.body = write_body(group, count, language);
    digest.html = digest.markdown = digest.brief = NULL;
    digest.answers = 0; /* the codes in its words are those of the first notice */
    digest.secret = NULL;
    digest.not_before_us = 0;
    digest.recheck_us = 0;
    return digest.obligation == NULL ? NULL : notify_case_plan(c, &digest, NULL, false);
}

static void start(struct notify_case *c, struct notify_notice *n)
{
    struct notify_happening h = { .input = NOTIFY_START };
    int64_t wait_us;
    (void)c->world->limit(c->world->arg, n, true, &wait_us);
    (void)notify_case_happened(c, n, h, NULL);
}

static void gather(struct due *const *group, size_t count)
{
    struct notify_case *c = group[0]->c;
    char key[NOTIFY_KEY_TEXT];
    struct notify_notice *digest = plan_digest(group, count);
    if (digest == NULL)
        return;
    struct notify_id id = { c->case_id, digest->obligation, digest->generation, digest->slot };
    bool has_key = notify_key_format(&id, digest->life.planned_us, key) == CO_OK;
    for (size_t i = 0; i < count; i++) {
        struct notify_happening h = { .input = NOTIFY_GATHER };
        const char *detail =
            notify_case_text(group[i]->c, "told in %s", has_key ? key : digest->obligation);
        (void)notify_case_happened(group[i]->c, group[i]->n, h, detail);
        group[i]->is_done = true;
    }
    start(c, digest);
}

/* ---- one after the other ---- */

static void hold_back(struct due *d, int64_t wait_us)
{
    struct notify_happening h = { .input = NOTIFY_LIMITED, .retry_after_us = wait_us };
    (void)notify_case_happened(d->c, d->n, h, "held back: too many in a minute");
}

/* What becomes of one that its server does not take now. */
static const struct {
    enum notify_input input;
    const char *detail; /* NULL: as it was */
} without_room[] = {
    [NOTIFY_ROOM_CROWDED] = { NOTIFY_CROWDED, NULL },
    [NOTIFY_ROOM_ASIDE] = { NOTIFY_ASIDE, "its server is set aside" },
    [NOTIFY_ROOM_GONE] = { NOTIFY_ENDED, "its address is gone (HTTP 410): not used until its entry "
                                         "in the registry changes" },
};

static void turn_away(struct due *d, enum notify_room room, int64_t wait_us)
{
    struct notify_happening h = { .input = without_room[room].input, .retry_after_us = wait_us };
    (void)notify_case_happened(d->c, d->n, h, without_room[room].detail);
}

static void begin(struct due *due, size_t at, size_t count, struct due **group)
{
    struct due *d = &due[at];
    const struct notify_world *w = d->c->world;
    int64_t limit_us, wait_us;
    uint32_t left = w->limit(w->arg, d->n, false, &limit_us);
    bool is_last = left == 1, has_waited = left > 0 && notify_quiet_has_waited(d->n);
    size_t others = is_last || has_waited ? find_group(due, at, count, group) : 0;
    enum notify_room room = left == 0 ? NOTIFY_ROOM : w->room(w->arg, d->n, &wait_us);
    if (left == 0)
        hold_back(d, limit_us);
    else if (room != NOTIFY_ROOM)
        turn_away(d, room, wait_us);
    else if (others > 1)
        gather(group, others);
    else
        start(d->c, d->n);
    d->is_done = true;
}

static bool is_put_back(const struct notify_case *c, const struct notify_notice *n)
{
    return (c->world->is_behind && notify_quiet_has_waited(n)) ||
           (!c->is_whole && notify_again_waits(c, n));
}

static size_t collect(struct notify_case *const *cases, size_t count, struct due *ret_due)
{
    size_t n = 0;
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < cases[i]->count; j++) {
            struct notify_notice *notice = cases[i]->notices[j];
            if (notice->life.next_us > cases[i]->world->now_us)
                continue;
            notice->is_put_back = is_put_back(cases[i], notice);
            if (notice->is_put_back)
                continue;
            if (ret_due != NULL)
                ret_due[n] = (struct due){ cases[i], notice, false };
            n++;
        }
    return n;
}

static void start_all(struct notify_case *const *cases, size_t count)
{
    size_t n = count == 0 ? 0 : collect(cases, count, NULL);
    if (n == 0)
        return;
    struct due *due = notify_case_alloc(cases[0], n * sizeof(*due));
    struct due **group = notify_case_alloc(cases[0], n * sizeof(struct due *));
    if (due == NULL || group == NULL)
        return;
    (void)collect(cases, count, due);
    for (size_t i = 0; i < n; i++)
        if (due[i].n->life.alone)
            begin(due, i, n, group);
    for (size_t i = 0; i < n; i++)
        if (!due[i].is_done)
            begin(due, i, n, group);
}

void notify_due_start(struct notify_case *const *cases, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (cases[i]->is_whole)
            notify_again_look(cases[i]);
    start_all(cases, count);
    for (size_t i = 0; i < count; i++)
        if (cases[i]->is_whole)
            notify_kept_forget(cases[i]);
}
