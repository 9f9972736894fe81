#include "co_fault.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "co_assert.h"
#include "co_rand.h"
#include "co_text.h"

enum { RULES_MAX = 32, WORD_MAX = 32 };

/* Every point there is; a new one is a line here. Effects, numbers, entries and COMMIT leave in one flush: between them there is
 * no step to die at. */
static const char *const points[] = {
    "received",       /* a request or entry arrived, nothing done with it */
    "decoded",        /* it is unpacked and checked */
    "decided",        /* what follows from it is computed, nothing written */
    "begun",          /* the transaction is open */
    "before_commit",  /* COMMIT has not left */
    "after_commit",   /* COMMIT is confirmed, nobody told */
    "publish",        /* a journal frame goes to the followers (message) */
    "before_reply",   /* the client's answer is ready */
    "after_reply",    /* it is handed to ZeroMQ */
    "reply",          /* the answer itself (message) */
    "lease_taken",    /* a lane is ours since this moment */
    "before_send",    /* a notice is marked as being sent, no byte left */
    "after_send",     /* the other side took it, nothing of that is written */
    "result_written", /* its outcome is committed */
};
enum { POINTS = sizeof(points) / sizeof(points[0]) };

enum action { PASS, DROP, DOUBLE, HOLD, KILL, STOP, ACTIONS };

static const char *const action_names[ACTIONS] = {
    [PASS] = "pass", [DROP] = "drop", [DOUBLE] = "double",
    [HOLD] = "hold", [KILL] = "kill", [STOP] = "stop",
};

struct rule {
    size_t point;
    enum action action;
    uint64_t nth;       /* 0: by probability */
    double probability; /* 0..1 */
    uint64_t passed;
};

struct co_fault {
    struct co_rand rand;
    size_t count;
    struct rule rules[RULES_MAX];
};

/* The index of `word` in the list, or n. */
static size_t find(const char *word, const char *const *list, size_t n)
{
    size_t i = 0;
    while (i < n && strcmp(list[i], word) != 0)
        i++;
    return i;
}

/* Copies up to the next `stop` or the end of text; false when too long. Moves *text behind it. */
static bool take_word(const char **text, char stop, char word[static WORD_MAX])
{
    const char *end = strchrnul(*text, stop);
    size_t len = (size_t)(end - *text);
    if (len >= WORD_MAX)
        return false;
    memcpy(word, *text, len);
    word[len] = '\0';
    *text = *end == '\0' ? end : end + 1;
    return true;
}

static bool read_when(const char *word, struct rule *rule)
{
    char *end;
    rule->probability = 1.0;
    if (word[0] == '\0')
        return true;
    errno = 0;
    if (strchr(word, '.') != NULL) {
        rule->probability = strtod(word, &end);
        return *end == '\0' && rule->probability >= 0.0 && rule->probability <= 1.0;
    }
    rule->nth = strtoull(word, &end, 10);
    return strspn(word, "0123456789") == strlen(word) && errno == 0 && rule->nth >= 1;
}

static enum co_err read_rule(const char *text, struct rule *ret_rule, struct co_why *why)
{
    char point[WORD_MAX];
    char action[WORD_MAX];
    char when[WORD_MAX];
    struct rule rule = { 0 };
    const char *rest = text;
    if (!take_word(&rest, ':', point) || !take_word(&rest, ':', action) ||
        !take_word(&rest, '\0', when)) {
        co_why_set(why, "CALLOUT_FAULT: \"%s\" has a word longer than %d", text, WORD_MAX - 1);
        return CO_EINPUT;
    }
    rule.point = find(point, points, POINTS);
    if (rule.point == POINTS) {
        const char *near = co_text_nearest(point, points, POINTS);
        co_why_set(why, "CALLOUT_FAULT: unknown point \"%s\"; did you mean \"%s\"?", point,
                   near != NULL ? near : points[0]);
        return CO_EINPUT;
    }
    rule.action = (enum action)find(action, action_names, ACTIONS);
    if (rule.action == ACTIONS) {
        co_why_set(why, "CALLOUT_FAULT: \"%s\": allowed are kill, stop, drop, double, hold", text);
        return CO_EINPUT;
    }
    if (!read_when(when, &rule)) {
        co_why_set(why, "CALLOUT_FAULT: \"%s\": the last word is a count >= 1 or 0.0..1.0", text);
        return CO_EINPUT;
    }
    *ret_rule = rule;
    return CO_OK;
}

static enum co_err read_rules(struct co_fault *f, const char *rules, struct co_why *why)
{
    while (*rules != '\0') {
        char text[3 * WORD_MAX];
        size_t len = strcspn(rules, ",");
        if (len >= sizeof(text) || f->count == RULES_MAX) {
            co_why_set(why, "CALLOUT_FAULT: more than %d rules, or one is too long", RULES_MAX);
            return CO_EINPUT;
        }
        memcpy(text, rules, len);
        text[len] = '\0';
        enum co_err err = read_rule(text, &f->rules[f->count], why);
        if (err != CO_OK)
            return err;
        f->count++;
        rules += len + (rules[len] == ',');
    }
    return CO_OK;
}

enum co_err co_fault_new(const char *rules, uint64_t seed, struct co_fault **ret_fault,
                         struct co_why *why)
{
    if (rules == NULL || rules[0] == '\0') {
        *ret_fault = NULL;
        return CO_OK;
    }
    struct co_fault *f = calloc(1, sizeof(*f));
    if (f == NULL) {
        co_why_set(why, "CALLOUT_FAULT: no memory");
        return CO_ENOMEM;
    }
    co_rand_init(&f->rand, seed);
    enum co_err err = read_rules(f, rules, why);
    if (err != CO_OK) {
        co_fault_free(f);
        return err;
    }
    *ret_fault = f;
    return CO_OK;
}

enum co_err co_fault_from_environment(struct co_fault **ret_fault, struct co_why *why)
{
    const char *seed = getenv("CALLOUT_FAULT_SEED");
    if (seed == NULL)
        seed = "0";
    char *end;
    errno = 0;
    uint64_t number = strtoull(seed, &end, 10);
    if (seed[0] < '0' || seed[0] > '9' || *end != '\0' || errno != 0) {
        co_why_set(why, "CALLOUT_FAULT_SEED: \"%s\" is not a number", seed);
        return CO_EINPUT;
    }
    return co_fault_new(getenv("CALLOUT_FAULT"), number, ret_fault, why);
}

void co_fault_free(struct co_fault *f)
{
    free(f);
}

static bool applies(struct co_fault *f, struct rule *rule)
{
    rule->passed++;
    if (rule->nth > 0)
        return rule->passed == rule->nth;
    return co_rand_unit(&f->rand) < rule->probability;
}

/* Every rule of the point counts this pass, so that what one rule does never shifts another. */
static enum action choose(struct co_fault *f, const char *point)
{
    size_t at = find(point, points, POINTS);
    co_assert(at < POINTS);
    enum action chosen = PASS;
    for (size_t i = 0; i < f->count; i++)
        if (f->rules[i].point == at && applies(f, &f->rules[i]) && chosen == PASS)
            chosen = f->rules[i].action;
    return chosen;
}

enum co_fault_message co_fault_message(struct co_fault *f, const char *point)
{
    static const enum co_fault_message verdicts[ACTIONS] = {
        [DROP] = CO_FAULT_DROP, [DOUBLE] = CO_FAULT_DOUBLE, [HOLD] = CO_FAULT_HOLD
    };
    if (f == NULL)
        return CO_FAULT_PASS;
    enum action action = choose(f, point);
    if (action == KILL || action == STOP)
        kill(getpid(), action == KILL ? SIGKILL : SIGSTOP);
    return verdicts[action];
}

void co_fault_point(struct co_fault *f, const char *point)
{
    (void)co_fault_message(f, point);
}
