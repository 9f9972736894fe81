#include "co_buf.h"

#include "check_main.h"

START_TEST(bytes_text_and_integers_follow_each_other)
{
    struct co_buf b;
    co_buf_init(&b, 1000);
    ck_assert_str_eq(co_buf_text(&b), "");
    co_buf_append_u8(&b, 0x01);
    co_buf_append_be16(&b, 0x0203);
    co_buf_append_be32(&b, 0x04050607);
    co_buf_append_be64(&b, UINT64_C(0x08090a0b0c0d0e0f));
    co_buf_append(&b, "\x10", 1);
    co_buf_append(&b, NULL, 0);
    ck_assert_int_eq(b.err, CO_OK);
    ck_assert_uint_eq(b.len, 16);
    for (uint8_t i = 0; i < 16; i++)
        ck_assert_uint_eq(b.data[i], i + 1);
    co_buf_clear(&b);
    co_buf_append_text(&b, "level ");
    co_buf_printf(&b, "%d of %s", 1, "A");
    ck_assert_str_eq(co_buf_text(&b), "level 1 of A");
    co_buf_done(&b);
    ck_assert_str_eq(co_buf_text(&b), "");
}
END_TEST

START_TEST(it_grows_to_the_limit_and_not_over_it)
{
    struct co_buf b;
    co_buf_init(&b, 10000);
    for (int i = 0; i < 1000; i++)
        ck_assert_int_eq(co_buf_printf(&b, "%010d", i), CO_OK);
    ck_assert_uint_eq(b.len, 10000);
    ck_assert_int_eq(co_buf_append(&b, "", 0), CO_OK);
    ck_assert_int_eq(co_buf_append(&b, "x", 1), CO_EFULL);
    ck_assert_uint_le(b.cap, 10001);
    ck_assert_uint_eq(b.len, 10000);
    co_buf_done(&b);
}
END_TEST

START_TEST(the_first_failure_sticks_until_cleared)
{
    struct co_buf b;
    co_buf_init(&b, 4);
    ck_assert_int_eq(co_buf_append_text(&b, "abc"), CO_OK);
    ck_assert_int_eq(co_buf_append_text(&b, "de"), CO_EFULL);
    ck_assert_int_eq(co_buf_append_text(&b, "d"), CO_EFULL);
    ck_assert_int_eq(co_buf_printf(&b, "d"), CO_EFULL);
    ck_assert_int_eq(co_buf_append_be16(&b, 1), CO_EFULL);
    ck_assert_ptr_null(co_buf_reserve(&b, 0));
    ck_assert_str_eq(co_buf_text(&b), "abc");
    co_buf_clear(&b);
    ck_assert_int_eq(co_buf_append_text(&b, "de"), CO_OK);
    co_buf_done(&b);
}
END_TEST

START_TEST(the_bytes_can_be_moved_out)
{
    struct co_buf b;
    co_buf_init(&b, 100);
    size_t len = 9;
    ck_assert_ptr_null(co_buf_take(&b, &len));
    ck_assert_uint_eq(len, 0);
    uint8_t *room = co_buf_reserve(&b, 50);
    room[0] = 'a';
    room[1] = 'b';
    co_buf_added(&b, 2);
    uint8_t *data = co_buf_take(&b, &len);
    ck_assert_uint_eq(len, 2);
    ck_assert_str_eq((char *)data, "ab");
    ck_assert_uint_eq(b.len, 0);
    free(data);
    co_buf_done(&b);
}
END_TEST

CHECK_MAIN("co_buf", bytes_text_and_integers_follow_each_other,
           it_grows_to_the_limit_and_not_over_it, the_first_failure_sticks_until_cleared,
           the_bytes_can_be_moved_out)
