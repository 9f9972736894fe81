/* notify_turn.h - what loading and deciding a turn of notify share. */
#pragma once

#include "notify.h"

enum { NOTIFY_TAKEOVER_MAX = 500 }; /* rows of one look at what the owner before left */
enum { NOTIFY_NOT_READ = -1 };

/* What of a case is read. */
enum notify_want {
    NOTIFY_WANT_CASE = 1, /* its state and words */
    NOTIFY_WANT_OPEN = 2, /* its notices that are not settled */
    NOTIFY_WANT_ALL = 4   /* with OPEN: all its notices */
};

struct notify_wanted {
    int64_t case_id;
    unsigned what;
};

/* How many messages this turn is about to start at a server. */
struct notify_started {
    const char *url;
    uint32_t count;
};

enum { NOTIFY_STARTED_MAX = 64 }; /* servers counted; more than these are taken as having none */

struct notify_turn {
    struct notify_service *service;
    struct co_turn *t;
    struct notify_world world;
    struct notify_patience patience;
    struct notify_wanted *wanted; /* rising by case, once each */
    size_t wanted_count;
    struct notify_case **cases; /* in decide: those of `wanted`, then those found by a takeover */
    size_t case_count;
    size_t case_cap;
    struct notify_started started[NOTIFY_STARTED_MAX];
    size_t started_count;
    size_t news_told; /* of those kept, notify_news.h */
    int cases_at;     /* indices of results, or NOTIFY_NOT_READ */
    int words_at;
    int notices_at;
    int sending_at;
};

/* notify_load.c: the first step of a turn */
enum co_err notify_load(void *service, struct co_turn *t);

/* notify_open.c: the cases of the turn as the tables have them */
CO_MUST_CHECK enum co_err notify_open_cases(struct notify_turn *n);
struct notify_case *notify_open_find(const struct notify_turn *n, int64_t case_id);
/* Adds a case that was not wanted, behind the others; in the order of ids. NULL: out of memory. */
struct notify_case *notify_open_add(struct notify_turn *n, int64_t case_id);
/* NULL: not read. */
const PGresult *notify_open_result(const struct notify_turn *n, int index);

/* notify_turn.c: the versions the case is under; while it is held, those its contract would bring.
 * CO_EAGAIN: they are being fetched; CO_EINPUT: there are none. */
CO_MUST_CHECK enum co_err notify_turn_versions(struct notify_turn *n, struct notify_case *c);

/* notify_settle.c: what came of sends that ended. CO_EAGAIN, CO_ENOMEM. */
CO_MUST_CHECK enum co_err notify_settle_flights(struct notify_turn *n);
/* ... and of what was being sent when the lane came to us. CO_ENOMEM. */
CO_MUST_CHECK enum co_err notify_settle_left(struct notify_turn *n);
