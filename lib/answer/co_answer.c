#include "co_answer.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

const Callout__V1__Act co_answer_acts[CO_ANSWERS] = {
    CALLOUT__V1__ACT__ACT_ACCEPT,        CALLOUT__V1__ACT__ACT_DECLINE,
    CALLOUT__V1__ACT__ACT_ACKNOWLEDGED,  CALLOUT__V1__ACT__ACT_CALL_ME_BACK,
    CALLOUT__V1__ACT__ACT_CONSENT_GIVEN, CALLOUT__V1__ACT__ACT_CONSENT_REFUSED,
};

uint32_t co_answer_bit(Callout__V1__Act act)
{
    for (uint32_t i = 0; i < CO_ANSWERS; i++)
        if (co_answer_acts[i] == act)
            return UINT32_C(1) << i;
    return 0;
}

static void mark_of(const uint8_t *secret, int64_t case_id, Callout__V1__Act act,
                    char to[static CO_ANSWER_MARK + 1])
{
    uint8_t what[sizeof(uint64_t) + 1], hash[crypto_generichash_BYTES];
    for (size_t i = 0; i < sizeof(uint64_t); i++)
        what[i] = (uint8_t)((uint64_t)case_id >> (8 * i));
    what[sizeof(uint64_t)] = (uint8_t)act;
    (void)crypto_generichash(hash, sizeof(hash), what, sizeof(what), secret, CO_ANSWER_SECRET);
    for (size_t i = 0; i < CO_ANSWER_MARK; i++)
        to[i] = alphabet[hash[i] & 0x1f]; /* 5 bits of a byte each: 50 in all */
    to[CO_ANSWER_MARK] = '\0';
}

void co_answer_code(const uint8_t secret[static CO_ANSWER_SECRET], int64_t case_id,
                    Callout__V1__Act act, char to[static CO_ANSWER_TEXT])
{
    char number[CO_NUMBER_TEXT], mark[CO_ANSWER_MARK + 1];
    co_number_format(case_id, number);
    mark_of(secret, case_id, act, mark);
    (void)snprintf(to, CO_ANSWER_TEXT, "%s-%s", number, mark);
}

/* As people write it; 0: no character of a code. */
static char canonical(char c)
{
    if (c >= 'a' && c <= 'z')
        c = (char)(c - 'a' + 'A');
    if (c == 'O')
        c = '0';
    if (c == 'I' || c == 'L')
        c = '1';
    return c != '\0' && strchr(alphabet, c) != NULL ? c : '\0';
}

bool co_answer_read(const char *text, int64_t *ret_case, char ret_mark[static CO_ANSWER_MARK + 1])
{
    char number[CO_ANSWER_TEXT * 2];
    size_t end = strlen(text), left = CO_ANSWER_MARK;
    ret_mark[CO_ANSWER_MARK] = '\0';
    while (left > 0 && end > 0) {
        char c = text[--end];
        if (c == ' ' || c == '-')
            continue;
        if ((ret_mark[--left] = canonical(c)) == '\0')
            return false;
    }
    if (left > 0 || end >= sizeof(number))
        return false;
    memcpy(number, text, end);
    number[end] = '\0';
    return co_number_parse(number, ret_case) == CO_OK;
}

bool co_answer_is(const uint8_t secret[static CO_ANSWER_SECRET], int64_t case_id,
                  Callout__V1__Act act, const char mark[static CO_ANSWER_MARK + 1])
{
    char right[CO_ANSWER_MARK + 1];
    mark_of(secret, case_id, act, right);
    return sodium_memcmp(right, mark, CO_ANSWER_MARK) == 0;
}
