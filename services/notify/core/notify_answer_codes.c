#include "notify_answer_codes.h"

#include <string.h>

#include "co_time.h"

static const uint8_t *secret_of(struct notify_case *c, const struct notify_notice *n)
{
    for (size_t i = 0; i < c->count; i++) {
        const struct notify_notice *other = c->notices[i];
        if (other->is_new && other->secret != NULL && strcmp(other->person, n->person) == 0 &&
            strcmp(other->obligation, n->obligation) == 0)
            return other->secret;
    }
    uint8_t *secret = notify_case_alloc(c, CO_ANSWER_SECRET);
    if (secret != NULL)
        c->world->secret(c->world->arg, secret);
    return secret;
}

/* An offer is answered as long as it stands. */
static int64_t until_of(const struct notify_case *c, const struct notify_occasion *o,
                        const Callout__V1__NoticeRule *rule)
{
    if (o->on == CALLOUT__V1__NOTICE_ON__NOTICE_ON_OFFERED)
        return o->event->offered->accept_by_us;
    int64_t from_us = o->at_us > c->world->now_us ? o->at_us : c->world->now_us;
    return from_us + (rule->answer_for_us > 0 ? rule->answer_for_us : CO_DAY_US);
}

void notify_answer_codes_give(struct notify_case *c, const struct notify_occasion *o,
                              const Callout__V1__NoticeRule *rule, struct notify_notice *n)
{
    uint32_t answers = 0;
    for (size_t i = 0; rule != NULL && i < rule->n_answers; i++)
        answers |= co_answer_bit(rule->answers[i]);
    if (answers == 0)
        return;
    n->secret = secret_of(c, n);
    n->answers = answers;
    n->answer_by_us = until_of(c, o, rule);
}

static const char *const words[CO_ANSWERS][NOTIFY_LANGUAGES] = {
    { "接受", "accept" },
    { "拒绝", "decline" },
    { "我来处理", "I take care of it" },
    { "请回电", "call me back" },
    { "同意", "I agree" },
    { "不同意", "I do not agree" },
};

const char *notify_answer_codes_text(struct notify_case *c, const struct notify_notice *n,
                                     enum notify_language language)
{
    bool is_zh = language == NOTIFY_ZH;
    const char *text = is_zh ? "答复：" : "Answer: ";
    const char *between = "", *url = c->world->answer_url != NULL ? c->world->answer_url : "";
    char code[CO_ANSWER_TEXT];
    if (n->secret == NULL)
        return "";
    for (size_t i = 0; i < CO_ANSWERS && text != NULL; i++) {
        if ((n->answers >> i & 1) == 0)
            continue;
        co_answer_code(n->secret, c->case_id, co_answer_acts[i], code);
        text = notify_case_text(c, "%s%s%s %s%s", text, between, words[i][language], url, code);
        between = is_zh ? "；" : "; ";
    }
    return text != NULL ? text : "";
}
