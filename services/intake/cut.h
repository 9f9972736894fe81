/* cut.h - ends connections of the door that were opened with a key which is nobody's any more.
 *
 * libzmq has no call for that. But each message says by which descriptor it came (ZMQ_SRCFD), and whose the key is: so the
 * connections are known. Shutting the descriptor down is for libzmq as if the other side had closed it. Descriptors are known
 * again by the number of their inode, so that one that was closed and given to another connection is not taken for the first.
 */
#pragma once

#include <zmq.h>

struct intake_cut;
struct intake_key;

struct intake_cut *intake_cut_new(void); /* NULL: out of memory */
void intake_cut_free(struct intake_cut *cut);

/* A place where the door listens, as bound. At most two. */
void intake_cut_add_endpoint(struct intake_cut *cut, const char *endpoint);

/* Whose the connection is that this message came by; frames[0] is the way back. NULL: nobody's. */
void intake_cut_note(struct intake_cut *cut, zmq_msg_t *frames, size_t count, const struct intake_key *key);

/* Ends every connection of the door but those of keys that are somebody's. Who never sent anything is not known: he is cut off too, and
 * connects again. Returns how many; -1: the descriptors of this process cannot be listed. */
int intake_cut_end(struct intake_cut *cut);
