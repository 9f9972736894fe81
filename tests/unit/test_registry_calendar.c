#include "co_registry_calendar.h"

#include "check_main.h"

START_TEST(a_calendar_of_the_registry_compiles)
{
    Callout__V1__Span span = CALLOUT__V1__SPAN__INIT;
    Callout__V1__Span *spans[] = { &span };
    Callout__V1__WorkDay work = CALLOUT__V1__WORK_DAY__INIT;
    Callout__V1__WorkDay off = CALLOUT__V1__WORK_DAY__INIT;
    Callout__V1__WorkDay *week[] = { &work, &work, &work, &work, &work, &off, &off };
    Callout__V1__Transition offset = CALLOUT__V1__TRANSITION__INIT;
    Callout__V1__Transition *offsets[] = { &offset };
    Callout__V1__DayException holiday = CALLOUT__V1__DAY_EXCEPTION__INIT;
    Callout__V1__DayException *days[] = { &holiday };
    Callout__V1__Calendar c = CALLOUT__V1__CALENDAR__INIT;
    uint32_t years[] = { 2026 };
    struct co_calendar *compiled = NULL;
    char problem[CO_CALENDAR_PROBLEM];
    struct co_date new_year = { 2026, 1, 1 };
    span.from_min = 540;
    span.until_min = 1080;
    work.spans = spans;
    work.n_spans = 1;
    offset.offset_s = 8 * 3600;
    holiday.day = (int32_t)co_date_days(new_year);
    c.week = week;
    c.n_week = 7;
    c.transitions = offsets;
    c.n_transitions = 1;
    c.exceptions = days;
    c.n_exceptions = 1;
    c.years = years;
    c.n_years = 1;
    ck_assert_int_eq(co_registry_calendar_compile(&c, 2025, 2027, &compiled, problem), CO_OK);
    ck_assert(co_calendar_is_public_holiday(compiled, holiday.day));
    ck_assert(co_calendar_is_working_day(compiled, holiday.day + 1)); /* a Friday */
    ck_assert(!co_calendar_is_working_day(compiled, holiday.day + 2));
    ck_assert(co_calendar_has_data(compiled, 2026));
    ck_assert(!co_calendar_has_data(compiled, 2027));
    co_calendar_free(compiled);
    ck_assert_int_eq(co_registry_calendar_compile_all(&c, &compiled, problem), CO_OK);
    int64_t day;
    ck_assert_int_eq(co_calendar_day_of(compiled,
                                        co_date_days((struct co_date){ 2038, 12, 31 }) * CO_DAY_US,
                                        &day),
                     CO_OK);
    co_calendar_free(compiled);
    uint32_t apart[] = { 1970, 2071 };
    c.years = apart;
    c.n_years = 2;
    ck_assert_int_eq(co_registry_calendar_compile_all(&c, &compiled, problem), CO_EINPUT);
    ck_assert_str_eq(problem, "a calendar covers 1 to 100 years, within 2 to 9998");
    apart[1] = UINT32_MAX;
    ck_assert_int_eq(co_registry_calendar_compile_all(&c, &compiled, problem), CO_EINPUT);
    c.n_years = 0; /* none known: a century */
    ck_assert_int_eq(co_registry_calendar_compile_all(&c, &compiled, problem), CO_OK);
    ck_assert_int_eq(co_calendar_day_of(compiled,
                                        co_date_days((struct co_date){ 2099, 12, 31 }) * CO_DAY_US,
                                        &day),
                     CO_OK);
    co_calendar_free(compiled);
    c.n_years = 1;
    c.n_week = 6;
    ck_assert_int_eq(co_registry_calendar_compile(&c, 2025, 2027, &compiled, problem), CO_EINPUT);
    ck_assert_str_eq(problem, "the week must have seven days");
    c.n_week = 7;
    span.until_min = UINT32_MAX;
    ck_assert_int_eq(co_registry_calendar_compile(&c, 2025, 2027, &compiled, problem), CO_EINPUT);
}
END_TEST

CHECK_MAIN("registry_calendar", a_calendar_of_the_registry_compiles)
