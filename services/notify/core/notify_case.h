/* notify_case.h - what is known of one case and its notices during one turn.
 *
 * Pure. The shell fills it from the tables, lets entries, due times and ends of sends change it,
 * and writes what is marked as new or changed in the same transaction as the entries emitted.
 * Memory comes from the turn's arena and is never freed singly; running out of it sticks in `err`.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "callout/v1/notify_state.pb-c.h"
#include "co_answer.h"
#include "co_arena.h"
#include "co_registry.h"
#include "co_rosters.h"
#include "notify_state.h"

/* Its texts last as long as the turn: those of a table row are the result's, new ones the arena's,
 * none the registry's. */
struct notify_notice {
    const char *obligation;
    uint32_t generation;
    const char *slot;
    const char *person;     /* registry key; "": nobody */
    const char *stands_for; /* key of who he is told for, as his delegate; "": for himself */
    const char *why_him;    /* why he is told, where it is not that he holds the role; else "" */
    int64_t recheck_us;     /* its first attempt waits until then, and who is told is looked at
                               once more; 0: not */
    const char *channel;    /* registry key; "": none */
    const char *address;    /* mail address or URL; NULL where not loaded, with all texts */
    const char *subject;
    const char *body;
    const char *html; /* other forms of it (notify_forms.h), never changed; NULL: none */
    const char *markdown;
    const char *brief;
    const char
        *plain_subject; /* both before they say for whom; only of what is planned in this turn */
    const char *plain_body;
    const uint8_t *secret; /* CO_ANSWER_SECRET bytes; NULL: nothing is answered by a code */
    uint32_t answers;      /* bits of what is, co_answer_bit() */
    int64_t answer_by_us;
    struct notify_life life;
    const char *trace; /* traceparent of what it was planned for; "": none. NULL in what is to be
                          planned: the case's */
    const char *tried; /* keys of channels that were given up, blanks between them */
    const char *detail;
    int64_t settled_us; /* INT64_MAX: not settled */
    bool is_new;        /* not in the table yet */
    bool is_changed;    /* differs from the table */
    bool is_rewritten;  /* its address or words, too */
    bool is_to_send;    /* `sending` is to be committed now */
    /* It is due, but what would cancel it may not be read yet. */
    bool is_put_back;
    /* Of a new one: when it is due; 0: at once. */
    int64_t not_before_us;
};

/* What a decision may look at beside the case. */
struct notify_world {
    struct co_arena *arena;
    const struct co_registry *registry;     /* in force */
    const struct co_rosters *rosters;       /* its rosters; NULL: nobody has one */
    const struct notify_patience *patience; /* in domain time */
    int64_t pace; /* domain time that goes by in a unit of real time, at least 1 */
    int64_t now_us;
    bool is_behind; /* what was journaled before the lane came to us is not all read yet */
    /* Is there room for one more at the notice's server? *ret_wait_us: see notify_send_room(). */
    enum notify_room (*room)(void *arg, const struct notify_notice *n, int64_t *ret_wait_us);
    /* How many more messages may go to the notice's person by its channel; where none may, after
     * which domain time one may. With `is_counted` one is begun now. */
    uint32_t (*limit)(void *arg, const struct notify_notice *n, bool is_counted,
                      int64_t *ret_wait_us);
    /* Random bytes for a notice that asks for an answer. */
    void (*secret)(void *arg, uint8_t ret_secret[static CO_ANSWER_SECRET]);
    const char *answer_url; /* a code behind it is a link; NULL: there are no links */
    /* Journals the event in this turn; false: out of memory. */
    bool (*emit)(void *arg, int64_t case_id, const Callout__V1__Event *event);
    void *arg;
};

struct notify_case {
    const struct notify_world *world;
    int64_t case_id;
    Callout__V1__NotifyCase *state;
    bool is_state_changed;
    bool is_whole;                         /* it was loaded with its state and all of its notices */
    const Callout__V1__PolicyPack *policy; /* NULL: the case has none (yet) */
    const Callout__V1__Calendar *calendar; /* NULL: times are shown in UTC */
    const char *title;                     /* "": not known */
    const Callout__V1__Promised *coming;   /* the promise that replaces, later in this turn, what
                                              is being withdrawn now; NULL: not known */
    const char *trace; /* traceparent of the entry at work, else the case's; "": none */
    struct notify_notice **notices;
    size_t count;
    size_t cap;
    enum co_err err; /* CO_OK or CO_ENOMEM */
};

/* `state` NULL: nothing is known yet. NULL: out of memory. */
struct notify_case *notify_case_new(const struct notify_world *world, int64_t case_id,
                                    Callout__V1__NotifyCase *state);

/* Adds a notice as the table has it. NULL: out of memory. */
struct notify_notice *notify_case_add(struct notify_case *c, const struct notify_notice *row);

/* NULL: not there. */
struct notify_notice *notify_case_find(const struct notify_case *c, const char *obligation,
                                       uint32_t generation, const char *slot);

/* Adds a new notice (identity, person, channel, texts, when it is due are taken from `n`) and
 * journals NoticePlanned. With `failure` it is settled as failed at once, with that
 * detail; with `is_double` as cancelled. */
struct notify_notice *notify_case_plan(struct notify_case *c, const struct notify_notice *n,
                                       const char *failure, bool is_double);

/* Journals an event of the case; out of memory sticks in c->err. */
void notify_case_emit(struct notify_case *c, const Callout__V1__Event *event);

/* Something happened to the notice; returns the effects. Journals NoticeSettled where it settles.
 */
unsigned notify_case_happened(struct notify_case *c, struct notify_notice *n,
                              struct notify_happening h, const char *detail);

/* For a field of a message that is only read: protobuf-c's texts are not const. */
char *notify_case_lend(const char *text);

/* From the arena. NULL, with c->err set: out of memory. */
char *notify_case_text(struct notify_case *c, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* A copy; "", with c->err set: out of memory. */
const char *notify_case_keep(struct notify_case *c, const char *text);
void *notify_case_alloc(struct notify_case *c, size_t size);

/* The rest of the case: how often that was announced and taken back. */
uint32_t notify_case_times_gone(const struct notify_case *c, const char *obligation);
void notify_case_note_gone(struct notify_case *c, const char *obligation);
uint32_t notify_case_severity(const struct notify_case *c);

/* Which notices of before the entry concerns, so that they must be loaded. */
enum notify_needs { NOTIFY_NEEDS_NONE, NOTIFY_NEEDS_UNSETTLED, NOTIFY_NEEDS_ALL };
enum notify_needs notify_case_needs(const Callout__V1__Event *e);

/* What is planned from here on carries the trace of the entry; where it has none, that of the case's
 * first that had one. */
void notify_case_follow(struct notify_case *c, const Callout__V1__Event *e);

/* Takes in what the entry says about the case. Texts are borrowed from it until the turn is over.
 */
void notify_case_learn(struct notify_case *c, const Callout__V1__Event *e);
