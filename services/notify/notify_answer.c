#include "notify_answer.h"

#include <jansson.h>

/* Where a robot says it. Others call "code" what is good in many ways (0, 1, 200); Feishu's errors
 * are far above. */
static const struct {
    const char *name;
    json_int_t good_from; /* what is no error */
    json_int_t good_until;
} codes[] = {
    { "errcode", 0, 0 },    /* DingTalk, WeCom */
    { "StatusCode", 0, 0 }, /* Feishu, before */
    { "code", 0, 999 },     /* Feishu */
};

int64_t notify_answer_error(const char *body, size_t len, const char **ret_name)
{
    json_error_t error;
    int64_t found = 0;
    json_t *answer = json_loadb(body, len, JSON_DISABLE_EOF_CHECK, &error);
    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]) && found == 0; i++) {
        const json_t *code = json_object_get(answer, codes[i].name);
        json_int_t value = json_integer_value(code); /* 0 where it is none */
        if (value >= codes[i].good_from && value <= codes[i].good_until)
            continue;
        found = value;
        *ret_name = codes[i].name;
    }
    json_decref(answer);
    return found;
}
