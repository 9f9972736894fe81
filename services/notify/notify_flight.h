/* notify_flight.h - attempts between the commit of `sending` and the commit of their outcome.
 *
 * A flight is the tag of a message at the sender, and afterwards the local event that brings its
 * outcome into a turn. It is listed under its notice's identity and number until then, so that a
 * lane that comes back to this process is not taken for one that somebody else left.
 */
#pragma once

#include "notify.h"

struct notify_flight {
    bool is_takeover; /* no attempt: look for what the lane's owner before left in the air, in cases
                       * after case_id */
    bool is_waiting;  /* the outcome is there, but its lane was lost; perhaps it comes back */
    struct notify_flight *next; /* while waiting: of the same lane; else: landed with others */
    struct notify_flight *previous;
    int lane;
    uint32_t lane_life;
    int64_t case_id;
    const char *obligation;
    uint32_t generation;
    const char *slot;
    const char *channel;           /* registry key */
    const char *url;               /* of its server, as notify_flight_url() */
    uint32_t attempts;             /* which one this is */
    Callout__V1__ChannelKind kind; /* of its channel, once it is at the sender */
    struct notify_outcome outcome;
    int64_t ended_us;                    /* real time */
    struct notify_gone_address *address; /* where it goes; NULL: a channel that has no such end */
    bool is_news;                        /* that its address is gone was not known yet */
    char key[];                          /* of the list; the texts above lie behind it */
};

/* Starts the attempt of a notice whose `sending` is committed. Whatever stands in the way becomes
 * its outcome, in a turn to come. Out of memory: nothing happens; the notice is found when the lane
 * changes hands. */
void notify_flight_start(struct notify_service *s, int lane, const struct notify_case *c,
                         const struct notify_notice *n);

/* Posts a look for what is left of the owner before, in cases after that one. */
void notify_flight_post_takeover(struct notify_service *s, int lane, int64_t after_case_id);

/* The latest attempt of this notice, where it is under way or waiting here; NULL: it is not. */
const struct notify_flight *notify_flight_find(const struct notify_service *s, int64_t case_id,
                                               const struct notify_notice *n);

/* Keeps an outcome whose lane was lost, until the lane comes back. */
void notify_flight_keep_waiting(struct notify_service *s, struct notify_flight *f);
void notify_flight_forget_waiting(struct notify_service *s, int lane);

/* To be called once at the start, and once at the end: what landed goes into turns at once. */
void notify_flight_open(struct notify_service *s, uv_loop_t *loop);
void notify_flight_close(struct notify_service *s);

/* Attempts under way, without those that wait for their lane. */
uint32_t notify_flight_count(const struct notify_service *s);

/* The address of the notice's server: where the recipient is named in the message, the channel's.
 */
const char *notify_flight_url(const Callout__V1__Channel *channel, const struct notify_notice *n);

/* Does its end say something that the desk is told? */
bool notify_flight_is_news(const struct notify_flight *f);

/* NULL is allowed. */
void notify_flight_free(struct notify_service *s, struct notify_flight *f);

/* What the sender asks and tells; arg is the service. */
extern const struct notify_send_hooks notify_flight_hooks;

/* Frees whatever is left. */
void notify_flight_free_all(struct notify_service *s);
