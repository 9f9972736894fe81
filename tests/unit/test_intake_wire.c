#include "intake_wire.h"

#include <string.h>

#include "check_main.h"
#include "co_rand.h"

static struct co_arena *arena;
static struct intake_complaint complaint;
static uint8_t bytes[4096];

static void set_up(void)
{
    arena = co_arena_new(1 << 20);
    memset(&complaint, 0, sizeof(complaint));
}

static void tear_down(void)
{
    co_arena_free(arena);
}

static enum co_err look(size_t len)
{
    return intake_wire_check(arena, &callout__v1__request__descriptor, bytes, len, &complaint);
}

/* A request with a ticket, packed; the byte after `mark` in it becomes `byte`. */
static enum co_err look_at(const char *mark, uint8_t byte)
{
    static char id[] = "id", title[] = "title-mark", key[] = "key-mark", trait0[] = "zero", trait1[] = "trait-mark";
    char *traits[] = { trait0, trait1 };
    Callout__V1__Request r = CALLOUT__V1__REQUEST__INIT;
    Callout__V1__SubmitTicket t = CALLOUT__V1__SUBMIT_TICKET__INIT;
    r.request_id = id;
    r.body_case = CALLOUT__V1__REQUEST__BODY_SUBMIT;
    r.submit = &t;
    t.key = key;
    t.title = title;
    t.traits = traits;
    t.n_traits = 2;
    size_t len = callout__v1__request__pack(&r, bytes);
    uint8_t *at = mark == NULL ? NULL : memmem(bytes, len, mark, strlen(mark));
    if (at != NULL)
        *at = byte;
    return look(len);
}

START_TEST(what_is_utf8_passes)
{
    ck_assert_int_eq(look_at(NULL, 0), CO_OK);
    ck_assert_int_eq(look(0), CO_OK);
}
END_TEST

START_TEST(a_nul_in_a_text_is_found_and_named)
{
    ck_assert_int_eq(look_at("title-mark", 0), CO_EINPUT);
    ck_assert_str_eq(complaint.field, "submit.title");
    ck_assert_str_eq(complaint.allowed[0], "UTF-8 without NUL");
    ck_assert_int_eq(complaint.code, CALLOUT__V1__CODE__CODE_INVALID);
}
END_TEST

START_TEST(bytes_that_are_not_utf8_are_found_in_lists_too)
{
    ck_assert_int_eq(look_at("key-mark", 0xff), CO_EINPUT);
    ck_assert_str_eq(complaint.field, "submit.key");
    ck_assert_int_eq(look_at("trait-mark", 0xc0), CO_EINPUT);
    ck_assert_str_eq(complaint.field, "submit.traits[1]");
}
END_TEST

START_TEST(a_length_beyond_the_end_is_not_followed)
{
    memcpy(bytes, "\x0a\x7f", 2); /* request_id, 127 bytes */
    ck_assert_int_eq(look(2), CO_EINPUT);
    ck_assert_str_eq(complaint.field, "");
    ck_assert_str_eq(complaint.allowed[0], "callout.v1.Request");
    memcpy(bytes, "\x52\x02\x0a\x7f", 4); /* submit { key of 127 bytes } */
    ck_assert_int_eq(look(4), CO_EINPUT);
    ck_assert_str_eq(complaint.field, "submit");
}
END_TEST

START_TEST(fields_that_the_schema_does_not_have_are_passed_over)
{
    memcpy(bytes, "\xfa\x7f\x02\xff\xff", 5); /* field 2047, bytes that are not UTF-8 */
    ck_assert_int_eq(look(5), CO_OK);
}
END_TEST

START_TEST(any_bytes_are_safe)
{
    struct co_rand r;
    co_rand_init(&r, 7);
    for (int i = 0; i < 20000; i++) {
        size_t len = (size_t)co_rand_below(&r, 64);
        for (size_t k = 0; k < len; k++)
            bytes[k] = (uint8_t)(co_rand_below(&r, 4) == 0 ? 0x52 : co_rand_next(&r));
        uint8_t *copy = malloc(len + 1); /* so that a sanitizer sees a step too far */
        memcpy(copy, bytes, len);
        (void)!intake_wire_check(arena, &callout__v1__request__descriptor, copy, len, &complaint);
        free(copy);
        co_arena_reset(arena);
    }
}
END_TEST

CHECK_MAIN_WITH("intake_wire", set_up, tear_down, what_is_utf8_passes, a_nul_in_a_text_is_found_and_named,
                bytes_that_are_not_utf8_are_found_in_lists_too, a_length_beyond_the_end_is_not_followed,
                fields_that_the_schema_does_not_have_are_passed_over, any_bytes_are_safe)
