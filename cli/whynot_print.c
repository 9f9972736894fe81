/* Why others do not go, for people and for programs. */
#include <jansson.h>
#include <string.h>

#include "cli_table.h"
#include "co_time.h"
#include "whynot.h"

enum { MISSES = 10 };

/* Keys of those who are asked now, or of who goes: "a, b"; "": nobody. */
static const char *engaged(const struct whynot *w)
{
    const Callout__V1__OfferMade *offer = dispatch_offers_get(&w->order, 0);
    const char *keys = offer == NULL ? w->order.state->engineer : offer->engineer;
    for (size_t i = 1; (offer = dispatch_offers_get(&w->order, i)) != NULL; i++)
        keys = cli_format(w->cli, "%s, %s", keys, offer->engineer);
    return keys;
}

static bool is_shown(const struct whynot *w, const struct why_row *r)
{
    const char *only = cli_value_or(w->cli, "engineer", "");
    return *only == '\0' || strcmp(only, r->miss.candidate->engineer) == 0;
}

/* What the order waits for before anybody is asked. */
enum wait { WAIT_NOTHING, WAIT_CONFIRMATION, WAIT_AGREED_TIME };

static enum wait waits_for(const struct whynot *w)
{
    const Callout__V1__DispatchState *s = w->order.state;
    if (s->order == CALLOUT__V1__ORDER_STATE__ORDER_DRAFTED)
        return WAIT_CONFIRMATION;
    bool is_open = s->engineer[0] == '\0' && s->named[0] == '\0';
    return w->choice == NULL && is_open && w->need.deadline_us == 0 ? WAIT_AGREED_TIME
                                                                    : WAIT_NOTHING;
}

/* ---- for people */

static void print_counts(const struct whynot *w, size_t shown)
{
    size_t counts[DISPATCH_WHYS] = { 0 };
    for (size_t i = shown; i < w->count; i++)
        counts[w->row[i].miss.why]++;
    for (size_t i = 0; w->choice != NULL && i < w->choice->n_rest; i++) {
        enum dispatch_why why = dispatch_why_of(w->choice->rest[i]->why);
        if (why != DISPATCH_WHYS)
            counts[why] += w->choice->rest[i]->count;
    }
    for (enum dispatch_why why = 0; why < DISPATCH_WHYS; why++)
        if (counts[why] > 0)
            (void)fprintf(w->cli->out, "  and %zu more: %s\n", counts[why], dispatch_why_text(why));
    if (w->beyond > 0)
        (void)fprintf(w->cli->out, "  and %zu more: farther away than those who were looked at\n",
                      w->beyond);
}

static void print_table(const struct whynot *w)
{
    struct cli_table t;
    bool is_one = cli_has(w->cli, "engineer");
    size_t limit = is_one || cli_has(w->cli, "all") ? w->count : MISSES, shown = 0;
    cli_table_init(&t, w->cli, "engineer|>level|from|>distance|>journey|why not|possible with");
    for (; shown < w->count && shown < limit; shown++) {
        const struct why_row *r = &w->row[shown];
        const struct dispatch_candidate *c = r->miss.candidate;
        if (is_shown(w, r))
            CLI_TABLE_ADD(&t, c->engineer, cli_format(w->cli, "%u", c->skill), c->office,
                          cli_km(w->cli, c->km),
                          cli_length(w->cli, c->travel_us / CO_MINUTE_US * CO_MINUTE_US),
                          dispatch_why_text(r->miss.why), r->with);
    }
    if (w->count == 0)
        (void)fprintf(w->cli->out, "there is nobody else\n");
    else
        cli_table_print(&t, 0);
    if (!is_one)
        print_counts(w, shown);
}

static void print_when(const struct whynot *w)
{
    static const char *const words[] = { "as of now", "once the task order is confirmed",
                                         "once the time of arrival is agreed" };
    const Callout__V1__Choice *c = w->choice;
    if (c == NULL)
        (void)fprintf(w->cli->out, "\n%s, %s would be asked\n\n", words[waits_for(w)],
                      w->chosen[0] != '\0' ? w->chosen : "nobody");
    else if (c->engineer[0] != '\0')
        (void)fprintf(w->cli->out, "\nas of %s, when %s was asked (offer %llu)\n\n",
                      cli_when(w->cli, c->at_us), c->engineer, (unsigned long long)c->generation);
    else
        (void)fprintf(w->cli->out, "\nas of %s, when nobody could be asked (%s)\n\n",
                      cli_when(w->cli, c->at_us), c->missing);
}

int whynot_print(const struct whynot *w)
{
    const Callout__V1__DispatchState *s = w->order.state;
    const char *state = dispatch_state_name((enum dispatch_state)s->order);
    const char *who = engaged(w);
    int64_t deadline_us = w->choice != NULL ? w->choice->deadline_us : w->need.deadline_us;
    (void)fprintf(w->cli->out, "%s: %s%s%s, level %u", w->number, state, *who != '\0' ? ", " : "",
                  who, s->severity);
    if (deadline_us != 0)
        (void)fprintf(w->cli->out, ", on site by %s", cli_when(w->cli, deadline_us));
    print_when(w);
    print_table(w);
    return CLI_OK;
}

/* ---- for programs */

static json_t *rows_of(const struct whynot *w)
{
    json_t *rows = json_array();
    for (size_t i = 0; i < w->count; i++) {
        const struct why_row *r = &w->row[i];
        const struct dispatch_candidate *c = r->miss.candidate;
        if (is_shown(w, r))
            (void)json_array_append_new(
                rows,
                json_pack("{s:s, s:s, s:i, s:f, s:I, s:s, s:s, s:s, s:b}", "engineer", c->engineer,
                          "office", c->office, "level", (int)c->skill, "km", c->km, "travel_us",
                          (json_int_t)c->travel_us, "reason", dispatch_why_name(r->miss.why), "why",
                          dispatch_why_text(r->miss.why), "possible_with", r->with, "is_now",
                          r->is_now));
    }
    return rows;
}

static json_t *rest_of(const struct whynot *w)
{
    json_t *rest = json_object();
    if (w->beyond > 0)
        (void)json_object_set_new(rest, "beyond", json_integer((json_int_t)w->beyond));
    for (size_t i = 0; w->choice != NULL && i < w->choice->n_rest; i++)
        (void)json_object_set_new(rest, w->choice->rest[i]->why,
                                  json_integer((json_int_t)w->choice->rest[i]->count));
    return rest;
}

static json_t *asked_now(const struct whynot *w)
{
    json_t *asked = json_array();
    for (size_t i = 0; i < dispatch_offers_count(&w->order); i++)
        (void)json_array_append_new(asked,
                                    json_string(dispatch_offers_get(&w->order, i)->engineer));
    return asked;
}

int whynot_print_json(const struct whynot *w)
{
    static const char *const words[] = { "", "confirmation", "agreed_time" };
    const Callout__V1__Choice *c = w->choice;
    json_t *all = json_pack(
        "{s:s, s:s, s:s, s:o, s:s, s:b, s:I, s:I, s:s, s:s, s:s, s:o, s:o}", "number", w->number,
        "order", dispatch_state_name((enum dispatch_state)w->order.state->order), "engineer",
        w->order.state->engineer, "asked_now", asked_now(w), "waits_for", words[waits_for(w)],
        "is_now", c == NULL, "at_us", (json_int_t)(c == NULL ? w->now_us : c->at_us), "offer",
        (json_int_t)(c == NULL ? 0 : c->generation), "asked", c == NULL ? "" : c->engineer,
        "missing", c == NULL ? "" : c->missing, "would_be_asked_now", w->chosen, "not_chosen",
        rows_of(w), "and_more", rest_of(w));
    int status = all == NULL ? -1 : json_dumpf(all, w->cli->out, JSON_INDENT(2));
    json_decref(all);
    (void)fputc('\n', w->cli->out);
    return status == 0 ? CLI_OK : CLI_FAILED;
}
