#include "co_pins.h"

#include <stdio.h>

#include "check_main.h"

static struct co_pins *pins;

static void begin(void)
{
    pins = co_pins_new(3);
}

static void end(void)
{
    co_pins_free(pins);
}

static struct co_pin *touch(const char *key, uint64_t turn)
{
    return co_pins_touch(pins, CO_KIND_POLICY, key, 1, turn);
}

/* As if its text had come. */
static void answer(const char *key, uint64_t turn)
{
    touch(key, turn)->state = CO_PIN_MISSING;
}

static bool is_known(const char *key, uint64_t turn)
{
    return touch(key, turn)->state == CO_PIN_MISSING;
}

START_TEST(a_pin_is_found_by_kind_key_and_version)
{
    struct co_pin *pin = touch("gold", 1);
    ck_assert_ptr_eq(touch("gold", 2), pin);
    ck_assert_int_eq(pin->state, CO_PIN_WANTED);
    ck_assert_str_eq(pin->key, "gold");
    ck_assert_ptr_ne(co_pins_touch(pins, CO_KIND_POLICY, "gold", 2, 2), pin);
    ck_assert_ptr_ne(co_pins_touch(pins, CO_KIND_CALENDAR, "gold", 1, 2), pin);
    ck_assert_uint_eq(co_pins_count(pins), 3);
}
END_TEST

START_TEST(the_least_recently_touched_makes_room)
{
    answer("a", 1);
    answer("b", 2);
    answer("c", 3);
    answer("a", 4);
    answer("d", 5);
    ck_assert_uint_eq(co_pins_count(pins), 3);
    ck_assert(is_known("a", 6));
    ck_assert(is_known("c", 7));
    ck_assert(is_known("d", 8));
    ck_assert(!is_known("b", 9));
}
END_TEST

START_TEST(what_was_touched_in_this_turn_stays)
{
    answer("a", 7);
    answer("b", 7);
    answer("c", 7);
    ck_assert_ptr_null(touch("d", 7));
    ck_assert(is_known("a", 7));
    ck_assert_ptr_nonnull(touch("d", 8));
    ck_assert(is_known("a", 9)); /* "b" was the oldest */
}
END_TEST

START_TEST(what_is_being_fetched_stays)
{
    touch("a", 1)->state = CO_PIN_FETCHING;
    answer("b", 2);
    touch("c", 3)->state = CO_PIN_FETCHING;
    ck_assert_ptr_nonnull(touch("d", 4));
    ck_assert_int_eq(touch("a", 5)->state, CO_PIN_FETCHING);
    ck_assert_int_eq(touch("c", 5)->state, CO_PIN_FETCHING);
    touch("d", 5)->state = CO_PIN_FETCHING;
    ck_assert_ptr_null(touch("e", 6));
}
END_TEST

START_TEST(many_times_the_limit_passes_through)
{
    for (unsigned i = 0; i < 10000; i++) {
        char key[200];
        (void)snprintf(key, sizeof(key), "%0*u", (int)(i % 150), i);
        ck_assert_ptr_nonnull(touch(key, i));
        ck_assert_str_eq(touch(key, i)->key, key);
        ck_assert_uint_le(co_pins_count(pins), 3);
    }
}
END_TEST

CHECK_MAIN_WITH("co_pins", begin, end, a_pin_is_found_by_kind_key_and_version, the_least_recently_touched_makes_room,
                what_was_touched_in_this_turn_stays, what_is_being_fetched_stays, many_times_the_limit_passes_through)
