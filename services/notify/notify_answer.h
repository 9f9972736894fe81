/* notify_answer.h - what the body of a good HTTP answer says: chat robots answer 200 whatever came
 * of it, with an error code in the body.
 *
 * Pure but for jansson's memory.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define NOTIFY_ANSWER_BYTES 4096 /* no robot says more; a longer body is none of theirs */

/* The error code in the body, *ret_name being what it is called there (static). 0: there is none,
 * or the body is nothing we know. */
int64_t notify_answer_error(const char *body, size_t len, const char **ret_name);
