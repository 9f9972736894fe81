/* The shipped Chinese calendar, compiled, against the published data: every day of 2023 to 2026. */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "check_main.h"
#include "co_registry_calendar.h"
#include "co_yaml.h"

enum { FIRST = 2023, LAST = 2026 };

enum kind { BY_THE_WEEK, OFF, MAKEUP };

struct said {
    enum kind kind;
    char name[64];
};

static char problem[CO_CALENDAR_PROBLEM];
static struct said said[400 * (LAST - FIRST + 2)]; /* by day, from 1 December before FIRST */

static int64_t first_day(void)
{
    return co_date_days((struct co_date){ FIRST - 1, 12, 1 });
}

static int64_t day(const char *text)
{
    int64_t days = 0;
    ck_assert_msg(co_date_parse(text, &days) == CO_OK, "%s", text);
    return days;
}

static void read_year(int year)
{
    char path[512];
    json_error_t error;
    snprintf(path, sizeof(path), "%s/tests/data/holidays/%d.json", CALLOUT_SOURCE_DIR, year);
    json_t *json = json_load_file(path, 0, &error);
    ck_assert_msg(json != NULL, "%s: %s", path, error.text);
    const json_t *days = json_object_get(json, "days");
    ck_assert_uint_gt(json_array_size(days), 25);
    for (size_t i = 0; i < json_array_size(days); i++) {
        const json_t *d = json_array_get(days, i);
        int64_t at_day = day(json_string_value(json_object_get(d, "date"))) - first_day();
        ck_assert(at_day >= 0 && at_day < (int64_t)(sizeof(said) / sizeof(said[0])));
        said[at_day].kind = json_is_true(json_object_get(d, "isOffDay")) ? OFF : MAKEUP;
        snprintf(said[at_day].name, sizeof(said[at_day].name), "%s",
                 json_string_value(json_object_get(d, "name")));
    }
    json_decref(json);
}

static const Callout__V1__Calendar *load(struct co_yaml *y)
{
    const Callout__V1__Registry *all = NULL;
    co_yaml_load(y, CALLOUT_SOURCE_DIR "/calendars");
    ck_assert_int_eq(co_yaml_finish(y, &all), CO_OK);
    for (size_t i = 0; i < all->n_objects; i++)
        if (all->objects[i]->object_case == CALLOUT__V1__REGISTRY_OBJECT__OBJECT_CALENDAR &&
            strcmp(all->objects[i]->calendar->key, "cn-office") == 0)
            return all->objects[i]->calendar;
    ck_abort_msg("cn-office is not shipped");
    return NULL;
}

static const char *name_of(const Callout__V1__Calendar *c, int64_t of_day)
{
    for (size_t i = 0; i < c->n_exceptions; i++)
        if (c->exceptions[i]->day == of_day)
            return c->exceptions[i]->name;
    return "";
}

static void check_day(const Callout__V1__Calendar *text, const struct co_calendar *c,
                      int64_t of_day)
{
    const struct said *want = &said[of_day - first_day()];
    bool is_weekend = co_weekday_of_days(of_day) >= CO_SATURDAY;
    bool is_working = want->kind == BY_THE_WEEK ? !is_weekend : want->kind == MAKEUP;
    char date[CO_DATE_TEXT];
    int64_t from_us = 0, to_us = 0;
    co_date_format(of_day, date);
    ck_assert_msg(co_calendar_is_working_day(c, of_day) == is_working, "%s", date);
    ck_assert_msg(co_calendar_is_public_holiday(c, of_day) == (want->kind == OFF), "%s", date);
    ck_assert_msg(co_calendar_is_makeup_day(c, of_day) == (want->kind == MAKEUP), "%s", date);
    ck_assert_str_eq(name_of(text, of_day), want->name);
    ck_assert_int_eq(co_calendar_opening_us(c, of_day, &from_us), is_working ? CO_OK : CO_EINPUT);
    ck_assert_int_eq(co_calendar_closing_us(c, of_day, &to_us), is_working ? CO_OK : CO_EINPUT);
    int64_t midnight_us = of_day * CO_DAY_US - 8 * CO_HOUR_US;
    ck_assert(!is_working || from_us == midnight_us + 9 * CO_HOUR_US);
    ck_assert(!is_working || to_us == midnight_us + 18 * CO_HOUR_US);
}

START_TEST(every_day_of_2023_to_2026_is_what_the_published_data_say)
{
    struct co_yaml *y = co_yaml_new(NULL);
    const Callout__V1__Calendar *text = load(y);
    struct co_calendar *c = NULL;
    ck_assert_int_eq(co_registry_calendar_compile_all(text, &c, problem), CO_OK);
    for (int year = FIRST; year <= LAST; year++)
        read_year(year);
    int64_t end = co_date_days((struct co_date){ LAST + 1, 1, 1 });
    int checked = 0;
    for (int64_t d = first_day(); d < end; d++, checked++)
        check_day(text, c, d);
    ck_assert_int_eq(checked, 31 + 365 + 366 + 365 + 365);
    ck_assert(co_calendar_has_data(c, FIRST) && co_calendar_has_data(c, LAST));
    ck_assert(!co_calendar_has_data(c, FIRST - 1) && !co_calendar_has_data(c, LAST + 1));
    co_calendar_free(c);
    co_yaml_free(y);
}
END_TEST

CHECK_MAIN("calendar_days", every_day_of_2023_to_2026_is_what_the_published_data_say)
