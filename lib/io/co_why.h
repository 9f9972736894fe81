/* co_why.h - one sentence for the operator, beside an enum co_err.
 *
 * Where a failure has a cause that a person can mend (a file, an option, an address), the function
 * takes a `struct co_why *` and, when it fails, says in it what is wrong, where, and what is
 * allowed. It is set on failure only. Never holds a secret. The caller logs it, once.
 */
#pragma once

#define CO_WHY_TEXT 512

struct co_why {
    char text[CO_WHY_TEXT]; /* UTF-8, one line, no full stop */
};

/* Writes the sentence, cut between characters when too long. NULL is allowed for `why`. */
void co_why_set(struct co_why *why, const char *format, ...) __attribute__((format(printf, 2, 3)));
