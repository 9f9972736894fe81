#include "co_number.h"

#include <string.h>

#include "check_main.h"
#include "co_rand.h"

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/* Check's macros cost more than what is tested here, so they are left for what went wrong. */
static void is_refused(const char *text)
{
    int64_t id = -1;
    if (co_number_parse(text, &id) != CO_EINPUT || id != -1)
        ck_abort_msg("%s was not refused", text);
}

static void reads_as(const char *text, int64_t id)
{
    int64_t got = -1;
    if (co_number_parse(text, &got) != CO_OK || got != id)
        ck_abort_msg("%s was read as %lld", text, (long long)got);
}

/* Ids of every length. */
static int64_t random_id(struct co_rand *r)
{
    return (int64_t)(co_rand_next(r) >> co_rand_between(r, 1, 54)) | 256;
}

START_TEST(the_text_is_fixed_by_a_vector)
{
    static const struct {
        int64_t id;
        const char *text;
    } vectors[] = {
        { 1, "C-12" },
        { 256, "C-805" },
        { 1280, "C-180D" },
        { (3187 << 8) + 11, "C-RWRBV" },
        { INT64_MAX, "C-7ZZZZZZZZZZZZ6" },
    };
    char text[CO_NUMBER_TEXT];
    for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
        co_number_format(vectors[i].id, text);
        ck_assert_str_eq(text, vectors[i].text);
        reads_as(text, vectors[i].id);
    }
    ck_assert_uint_eq(strlen(text), CO_NUMBER_TEXT - 1);
}
END_TEST

START_TEST(id_holds_n_and_lane)
{
    int64_t id = co_number_id(5, 200);
    ck_assert_int_eq(id, 5 * 256 + 200);
    ck_assert_uint_eq(co_number_lane(id), 200);
    ck_assert_int_gt(co_number_id(CO_NUMBER_MAX_N, 255), 0);
}
END_TEST

START_TEST(what_was_written_is_read_back)
{
    struct co_rand r;
    co_rand_init(&r, 1);
    for (int i = 0; i < 20000; i++) {
        char text[CO_NUMBER_TEXT];
        int64_t id = random_id(&r);
        co_number_format(id, text);
        reads_as(text, id);
        reads_as(text + 2, id);
    }
}
END_TEST

START_TEST(every_single_wrong_character_is_caught)
{
    struct co_rand r;
    co_rand_init(&r, 2);
    for (int i = 0; i < 300; i++) {
        char text[CO_NUMBER_TEXT];
        co_number_format(random_id(&r), text);
        for (size_t at = 2; text[at] != '\0'; at++) {
            char right = text[at];
            for (const char *c = alphabet; *c != '\0'; c++) {
                text[at] = *c;
                if (*c != right)
                    is_refused(text);
            }
            text[at] = right;
        }
    }
}
END_TEST

START_TEST(every_swap_of_neighbours_is_caught)
{
    struct co_rand r;
    co_rand_init(&r, 3);
    for (int i = 0; i < 5000; i++) {
        char text[CO_NUMBER_TEXT];
        co_number_format(random_id(&r), text);
        for (size_t at = 2; text[at + 1] != '\0'; at++) {
            char c = text[at];
            if (c == text[at + 1])
                continue;
            text[at] = text[at + 1];
            text[at + 1] = c;
            is_refused(text);
            text[at + 1] = text[at];
            text[at] = c;
        }
    }
}
END_TEST

START_TEST(people_may_write_it_as_they_like)
{
    reads_as("C-180D", 1280);
    reads_as("c-180d", 1280);
    reads_as("180D", 1280);
    reads_as(" c i8o-d ", 1280);
    reads_as("C-L8 0-D", 1280);
}
END_TEST

START_TEST(a_first_digit_c_is_not_taken_for_the_prefix)
{
    char text[CO_NUMBER_TEXT];
    int64_t id = 12 * 32 * 32 + 5 * 32 + 7;
    co_number_format(id, text);
    ck_assert_int_eq(text[2], 'C');
    reads_as(text, id);
    reads_as(text + 2, id);
}
END_TEST

START_TEST(what_is_no_number_is_refused)
{
    static const char *const bad[] = {
        "",
        "C-",
        "C",
        "-",
        "C-1",
        "180E",
        "180U",
        "180D!",
        "C-0180D",
        "00",
        "C-故障",
        "C-8000000000000A",
        "C-ZZZZZZZZZZZZZZ",
        "C-7ZZZZZZZZZZZZZZZZZ",
        "180D\n",
    };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        is_refused(bad[i]);
}
END_TEST

START_TEST(older_cases_come_first)
{
    char younger[CO_NUMBER_TEXT], older[CO_NUMBER_TEXT];
    static const int64_t ids[] = { 31, 1280, 1281, 32767, 32768, INT64_C(1) << 40 };
    for (size_t i = 1; i < sizeof(ids) / sizeof(ids[0]); i++) {
        co_number_format(ids[i - 1], older);
        co_number_format(ids[i], younger);
        ck_assert_int_lt(co_number_order(older, younger), 0);
        ck_assert_int_gt(co_number_order(younger, older), 0);
        ck_assert_int_eq(co_number_order(older, older), 0);
    }
}
END_TEST

CHECK_MAIN("co_number", the_text_is_fixed_by_a_vector, id_holds_n_and_lane,
           what_was_written_is_read_back, every_single_wrong_character_is_caught,
           every_swap_of_neighbours_is_caught, people_may_write_it_as_they_like,
           a_first_digit_c_is_not_taken_for_the_prefix, what_is_no_number_is_refused,
           older_cases_come_first)
