/* What people told us (commands and their verdicts), and what people were told (notices). */
#include "co_view_fold.h"

#include <string.h>

#include "co_buf.h"

static Callout__V1__HistoryRow *find_row(const Callout__V1__CaseView *v, uint64_t command_id)
{
    for (size_t i = v->n_history; i > 0; i--)
        if (v->history[i - 1]->command_id == command_id)
            return v->history[i - 1];
    return NULL;
}

/* A row at the end of the history; NULL: out of memory. */
static Callout__V1__HistoryRow *add_row(struct co_view_fold *f, const struct co_view_entry *e)
{
    Callout__V1__CaseView *v = f->view;
    Callout__V1__HistoryRow **list = co_view_room(f, v->history, v->n_history);
    Callout__V1__HistoryRow *row = co_arena_alloc(f->arena, sizeof(*row));
    if (list == NULL || row == NULL)
        return NULL;
    callout__v1__history_row__init(row);
    row->at_us = e->at_us;
    list[v->n_history++] = row;
    v->history = list;
    return row;
}

static bool is_of_step(Callout__V1__Act act)
{
    return act >= CALLOUT__V1__ACT__ACT_STEP_OPENED && act <= CALLOUT__V1__ACT__ACT_STEP_SKIPPED;
}

static enum co_err keep_received(struct co_view_fold *f, const Callout__V1__CommandReceived *c)
{
    const Callout__V1__CommandReceived **list = co_view_room(f, f->received, f->n_received);
    if (list == NULL)
        return CO_ENOMEM;
    list[f->n_received++] = c;
    f->received = list;
    return CO_OK;
}

/* NULL: it is not among those kept. */
static const Callout__V1__CommandReceived *find_received(const struct co_view_fold *f,
                                                         uint64_t command_id)
{
    for (size_t i = f->n_received; i > 0; i--)
        if (f->received[i - 1]->command_id == command_id)
            return f->received[i - 1];
    return NULL;
}

enum co_err co_view_received(struct co_view_fold *f, const struct co_view_entry *e)
{
    const Callout__V1__CommandReceived *c = e->event->command_received;
    Callout__V1__HistoryRow *row = add_row(f, e);
    if (row == NULL)
        return CO_ENOMEM;
    row->occurred_us = c->occurred_us;
    row->act = c->act;
    row->role = c->role;
    row->person = c->person;
    row->name = c->name;
    row->command_id = c->command_id;
    row->agreed_us = c->agreed_us;
    row->solved = c->solved;
    row->rating = c->rating;
    if (c->act == CALLOUT__V1__ACT__ACT_RESCHEDULE)
        return co_view_rescheduled(f, c);
    return is_of_step(c->act) ? keep_received(f, c) : CO_OK;
}

enum co_err co_view_resend_asked(struct co_view_fold *f, const struct co_view_entry *e)
{
    const Callout__V1__NoticeResendAsked *c = e->event->notice_resend_asked;
    Callout__V1__HistoryRow *row = add_row(f, e);
    if (row == NULL)
        return CO_ENOMEM;
    row->occurred_us = c->occurred_us;
    row->act = CALLOUT__V1__ACT__ACT_RESEND_NOTICE;
    row->person = c->person[0] != '\0' ? c->person : c->source;
    row->name = c->notice != NULL ? c->notice->obligation : row->name;
    row->command_id = c->command_id;
    return CO_OK;
}

static void append_act(struct co_buf *b, Callout__V1__Act act)
{
    const ProtobufCEnumValue *value =
        protobuf_c_enum_descriptor_get_value(&callout__v1__act__descriptor, (int)act);
    if (value == NULL)
        return;
    if (b->len > 0)
        (void)co_buf_append_text(b, ", ");
    for (const char *s = value->name + strlen("ACT_"); *s != '\0'; s++)
        (void)co_buf_append_u8(b, (uint8_t)(*s >= 'A' && *s <= 'Z' ? *s - 'A' + 'a' : *s));
}

/* "to be reported too: underway, contacted"; NULL when the arena is full. */
static char *missing_text(struct co_view_fold *f, const Callout__V1__CommandApplied *c)
{
    enum { NAMES_LIMIT = 1000 };
    struct co_buf names;
    co_buf_init(&names, NAMES_LIMIT);
    for (size_t i = 0; i < c->n_missing; i++)
        append_act(&names, c->missing[i]);
    static const char lead[] = "to be reported too: ";
    char *text = co_arena_alloc(f->arena, sizeof(lead) + names.len);
    if (text != NULL) {
        memcpy(text, lead, sizeof(lead) - 1);
        memcpy(text + sizeof(lead) - 1, co_buf_text(&names), names.len + 1);
    }
    co_buf_done(&names);
    return text;
}

enum co_err co_view_applied(struct co_view_fold *f, const struct co_view_entry *e)
{
    static char applied[] = "applied";
    const Callout__V1__CommandApplied *c = e->event->command_applied;
    co_view_order_act(f, c->act);
    f->is_archived = f->is_archived || c->act == CALLOUT__V1__ACT__ACT_ARCHIVE;
    Callout__V1__HistoryRow *row = find_row(f->view, c->command_id);
    if (row == NULL)
        return CO_OK;
    row->outcome = applied;
    if (c->act == CALLOUT__V1__ACT__ACT_CALLED_BACK && co_view_called(f, row) != CO_OK)
        return CO_ENOMEM;
    const Callout__V1__CommandReceived *step = find_received(f, c->command_id);
    if (step != NULL && co_view_step_act(f, step) != CO_OK)
        return CO_ENOMEM;
    if (c->n_missing == 0)
        return CO_OK;
    char *detail = missing_text(f, c);
    if (detail == NULL)
        return CO_ENOMEM;
    row->detail = detail;
    return CO_OK;
}

enum co_err co_view_refused(struct co_view_fold *f, const struct co_view_entry *e)
{
    static char refused[] = "refused";
    const Callout__V1__CommandRefused *c = e->event->command_refused;
    Callout__V1__HistoryRow *row = find_row(f->view, c->command_id);
    if (row == NULL)
        return CO_OK;
    row->outcome = refused;
    row->detail = c->reason;
    return CO_OK;
}

static Callout__V1__NoticeView *find_notice(const Callout__V1__CaseView *v, const char *obligation,
                                            uint32_t generation, const char *slot)
{
    for (size_t i = v->n_notices; i > 0; i--) {
        Callout__V1__NoticeView *n = v->notices[i - 1];
        if (n->generation == generation && strcmp(n->slot, slot) == 0 &&
            strcmp(n->obligation, obligation) == 0)
            return n;
    }
    return NULL;
}

static Callout__V1__NoticeView *get_notice(struct co_view_fold *f, char *obligation,
                                           uint32_t generation, char *slot)
{
    Callout__V1__CaseView *v = f->view;
    Callout__V1__NoticeView *notice = find_notice(v, obligation, generation, slot);
    if (notice != NULL)
        return notice;
    Callout__V1__NoticeView **list = co_view_room(f, v->notices, v->n_notices);
    notice = co_arena_alloc(f->arena, sizeof(*notice));
    if (list == NULL || notice == NULL)
        return NULL;
    callout__v1__notice_view__init(notice);
    notice->obligation = obligation;
    notice->generation = generation;
    notice->slot = slot;
    list[v->n_notices++] = notice;
    v->notices = list;
    return notice;
}

enum co_err co_view_notice_planned(struct co_view_fold *f, const struct co_view_entry *e)
{
    const Callout__V1__NoticePlanned *p = e->event->notice_planned;
    Callout__V1__NoticeView *notice = get_notice(f, p->obligation, p->generation, p->slot);
    if (notice == NULL)
        return CO_ENOMEM;
    notice->person = p->person;
    notice->channel = p->channel;
    notice->planned_us = p->planned_us;
    notice->not_before_us = p->not_before_us;
    notice->stands_for = p->stands_for;
    notice->why_him = p->why_him;
    return CO_OK;
}

enum co_err co_view_notice_settled(struct co_view_fold *f, const struct co_view_entry *e)
{
    const Callout__V1__NoticeSettled *s = e->event->notice_settled;
    Callout__V1__NoticeView *notice = get_notice(f, s->obligation, s->generation, s->slot);
    if (notice == NULL)
        return CO_ENOMEM;
    notice->state = s->state;
    notice->attempts = s->attempts;
    notice->detail = s->detail;
    notice->settled_us = s->settled_us;
    return CO_OK;
}

/* It is on its way again, whatever came of it before. */
enum co_err co_view_notice_resent(struct co_view_fold *f, const struct co_view_entry *e)
{
    Callout__V1__NoticeResent *r = e->event->notice_resent;
    if (r->notice == NULL)
        return CO_OK;
    Callout__V1__NoticeView *notice =
        get_notice(f, r->notice->obligation, r->notice->generation, r->notice->slot);
    Callout__V1__NoticeResent **list =
        notice == NULL ? NULL : co_view_room(f, notice->resent, notice->n_resent);
    if (list == NULL)
        return CO_ENOMEM;
    notice->channel = r->channel;
    if (r->to[0] != '\0') {
        notice->person = r->to;
        notice->stands_for = r->stands_for;
        notice->why_him = r->why;
    }
    notice->state = CALLOUT__V1__NOTICE_STATE__NOTICE_PLANNED;
    notice->settled_us = 0;
    list[notice->n_resent++] = r;
    notice->resent = list;
    return CO_OK;
}
