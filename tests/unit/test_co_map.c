#include "co_map.h"
#include "co_strmap.h"

#include <stdio.h>

#include "check_main.h"
#include "co_rand.h"

static int values[2000];

START_TEST(a_map_agrees_with_an_array_over_random_work)
{
    enum { KEYS = 1000 };
    static int *model[KEYS];
    struct co_rand r;
    co_rand_init(&r, 1);
    struct co_map *m = co_map_new(KEYS);
    uint32_t len = 0;
    for (int step = 0; step < 50000; step++) {
        int64_t key = (int64_t)co_rand_below(&r, KEYS);
        int *value = &values[co_rand_below(&r, 2000)];
        switch (co_rand_below(&r, 3)) {
        case 0:
            len += model[key] == NULL;
            model[key] = value;
            ck_assert_int_eq(co_map_put(m, key * 65536 - 7, value), CO_OK);
            break;
        case 1:
            len -= model[key] != NULL;
            ck_assert_ptr_eq(co_map_take(m, key * 65536 - 7), model[key]);
            model[key] = NULL;
            break;
        default:
            ck_assert_ptr_eq(co_map_get(m, key * 65536 - 7), model[key]);
        }
        ck_assert_uint_eq(co_map_len(m), len);
    }
    co_map_free(m);
}
END_TEST

START_TEST(a_walk_meets_every_entry_once)
{
    struct co_map *m = co_map_new(1000);
    for (int64_t i = 0; i < 1000; i++)
        ck_assert_int_eq(co_map_put(m, i - 500, &values[i]), CO_OK);
    bool seen[1000] = { false };
    uint32_t pos = 0;
    int64_t key = 0;
    void *value = NULL;
    int count = 0;
    for (; co_map_next(m, &pos, &key, &value); count++) {
        ck_assert_ptr_eq(value, &values[key + 500]);
        ck_assert(!seen[key + 500]);
        seen[key + 500] = true;
    }
    ck_assert_int_eq(count, 1000);
    co_map_clear(m);
    pos = 0;
    ck_assert(!co_map_next(m, &pos, &key, &value));
    ck_assert_ptr_null(co_map_get(m, 1));
    co_map_free(m);
    co_map_free(NULL);
}
END_TEST

START_TEST(a_full_map_still_replaces_and_takes)
{
    struct co_map *m = co_map_new(2);
    ck_assert_int_eq(co_map_put(m, 1, &values[1]), CO_OK);
    ck_assert_int_eq(co_map_put(m, INT64_MIN, &values[2]), CO_OK);
    ck_assert_int_eq(co_map_put(m, 3, &values[3]), CO_EFULL);
    ck_assert_int_eq(co_map_put(m, 1, &values[4]), CO_OK);
    ck_assert_ptr_eq(co_map_get(m, 1), &values[4]);
    ck_assert_ptr_eq(co_map_take(m, INT64_MIN), &values[2]);
    ck_assert_int_eq(co_map_put(m, 3, &values[3]), CO_OK);
    co_map_free(m);
}
END_TEST

START_TEST(strings_are_found_by_what_they_say)
{
    static char key[2000][16];
    struct co_strmap *m = co_strmap_new(2000, 42);
    for (int i = 0; i < 2000; i++) {
        (void)snprintf(key[i], sizeof(key[i]), "key-%d", i);
        ck_assert_int_eq(co_strmap_put(m, key[i], &values[i]), CO_OK);
    }
    ck_assert_int_eq(co_strmap_put(m, "one more", &values[0]), CO_EFULL);
    for (int i = 0; i < 2000; i++) {
        char same[16];
        (void)snprintf(same, sizeof(same), "key-%d", i);
        ck_assert_ptr_eq(co_strmap_get(m, same), &values[i]);
        if (i % 2 == 0)
            ck_assert_ptr_eq(co_strmap_take(m, same), &values[i]);
    }
    ck_assert_uint_eq(co_strmap_len(m), 1000);
    ck_assert_ptr_null(co_strmap_get(m, "key-0"));
    ck_assert_ptr_null(co_strmap_get(m, ""));
    uint32_t pos = 0;
    const char *text = NULL;
    void *value = NULL;
    int count = 0;
    for (; co_strmap_next(m, &pos, &text, &value); count++)
        ck_assert_ptr_eq(co_strmap_get(m, text), value);
    ck_assert_int_eq(count, 1000);
    co_strmap_clear(m);
    ck_assert_uint_eq(co_strmap_len(m), 0);
    co_strmap_free(m);
    co_strmap_free(NULL);
}
END_TEST

CHECK_MAIN("co_map", a_map_agrees_with_an_array_over_random_work, a_walk_meets_every_entry_once,
           a_full_map_still_replaces_and_takes, strings_are_found_by_what_they_say)
