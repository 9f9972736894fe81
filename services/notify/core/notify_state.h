/* notify_state.h - the life of one notice: what a happening makes of it, and when to try again.
 *
 * Pure. The shell saves the life after each step in one transaction with the step's journal entry;
 * `sending` is saved before the first byte leaves, so what a crash leaves behind is never taken
 * for unsent. Times are Unix microseconds.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "callout/v1/event.pb-c.h"
#include "co_backoff.h"

enum notify_input {
    NOTIFY_START,   /* there is room to send it; nothing changes before life.next_us */
    NOTIFY_CROWDED, /* no room at its server now; whatever was begun has not been tried */
    NOTIFY_ASIDE,   /* its server is set aside; whatever was begun has not been tried */
    NOTIFY_ENDED,   /* its address is gone for good: it is not tried */
    NOTIFY_LIMITED, /* too many went to the person, or by the channel, within a minute */
    NOTIFY_GATHER,  /* it is told in one message with others */
    NOTIFY_TAKEN,   /* the next server took it */
    NOTIFY_REFUSED, /* the next server will not take it, whatever we do */
    NOTIFY_LATER,   /* certainly not taken, worth another try */
    NOTIFY_DOUBT,   /* it may have been taken: the answer is missing */
    NOTIFY_LOST,    /* whoever was sending it is gone */
    NOTIFY_CONFIRM, /* the person has it: not by us, or he would not have answered */
    NOTIFY_ENOUGH,  /* what it is told for has come: it is true, and not tried any more */
    NOTIFY_RECALL,  /* what it says is no longer true */
    NOTIFY_ANEW,    /* what it is told for had not come after all */
    NOTIFY_RESEND,  /* somebody wants it sent now, whatever came of it before */
    NOTIFY_INPUTS
};

/* Whether the server of a notice takes one more now. */
enum notify_room {
    NOTIFY_ROOM,
    NOTIFY_ROOM_CROWDED, /* no room, or it asked to be left alone */
    NOTIFY_ROOM_ASIDE,   /* it is set aside */
    NOTIFY_ROOM_GONE     /* the address is gone for good */
};

/* What a channel makes of a notice of which nobody knows whether it was sent. */
enum notify_on_unknown {
    NOTIFY_REPEAT_WITH_KEY, /* sends it again; the receiver tells repeats by the key */
    NOTIFY_NEXT_CHANNEL,    /* tells the person by his next channel; where he has none, as below */
    NOTIFY_ASK              /* leaves it to people */
};

enum notify_effect {                        /* bits of notify_step.effects */
                     NOTIFY_SEND = 1 << 0,  /* start the sender once this is committed */
                     NOTIFY_RETRY = 1 << 1, /* wake at life.next_us */
                     NOTIFY_SETTLE = 1
                                     << 2, /* write NoticeSettled: nothing more happens by itself */
                     NOTIFY_CORRECT =
                         1 << 3, /* it is out: the person must be told that it no longer holds */
                     NOTIFY_UNCHANGED = 1 << 4, /* not meaningful in this state */
                     NOTIFY_REROUTE = 1 << 5,   /* it goes by the person's next channel now */
};

struct notify_life {
    Callout__V1__NoticeState state;
    uint32_t attempts;
    bool doubted;   /* an earlier attempt may have been taken */
    bool recalled;  /* no further attempt */
    uint32_t spent; /* attempts made before the way it goes now was begun */
    int64_t planned_us;
    int64_t since_us;   /* patience counts from here: when it was planned, or last sent again on
                         * demand */
    int64_t way_us;     /* when the way it goes now was begun */
    uint32_t give_up_s; /* real time; 0: as the patience has it */
    uint32_t next_channel_s;
    bool alone;      /* is never told together with others */
    int64_t next_us; /* when it is to be sent; INT64_MAX: not by itself */
};

struct notify_patience {
    struct co_backoff backoff;
    uint32_t attempts;       /* after so many by one channel that one is given up */
    int64_t give_up_us;      /* no attempt later than this after it was planned */
    int64_t next_channel_us; /* nor by a channel later than this after its first, where the person
                              * has another one */
    int64_t crowded_us;      /* how long to stand back where there is no room, at first */
    int64_t retry_after_max_us; /* a receiver's wish to wait is followed up to this */
};

struct notify_happening {
    enum notify_input input;
    int64_t now_us;
    int64_t retry_after_us; /* with NOTIFY_LATER and _CROWDED: the receiver's wish; with _ASIDE:
                             * when one may try it; 0: none */
    enum notify_on_unknown on_unknown;
    uint64_t random;
    bool has_next; /* the person has another channel, not tried yet */
};

struct notify_step {
    struct notify_life life;
    unsigned effects;
    const char *why; /* a sentence; static */
};

struct notify_step notify_state_step(struct notify_life life, const struct notify_patience *p,
                                     const struct notify_happening *h);
