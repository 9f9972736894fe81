#include "co_pg_places.h"

#include <string.h>

#include "check_main.h"

static struct co_pg_place place[CO_PG_PLACES];
static PQconninfoOption *info;

static size_t parse(const char *text)
{
    const char *why;
    PQconninfoFree(info);
    info = co_pg_info(text, &why);
    ck_assert_ptr_nonnull(info);
    return co_pg_places(info, place);
}

static void is_place(size_t i, const char *host, const char *address, const char *port)
{
    ck_assert_str_eq(place[i].host, host);
    ck_assert_str_eq(place[i].address, address);
    ck_assert_str_eq(place[i].port, port);
}

START_TEST(a_list_of_hosts_is_taken_apart_with_its_ports)
{
    ck_assert_uint_eq(parse("host=a,10.0.0.2,/run/pg port=1,2,3 dbname=x"), 3);
    is_place(0, "a", "", "1");
    is_place(1, "10.0.0.2", "", "2");
    is_place(2, "/run/pg", "", "3");
}
END_TEST

START_TEST(one_port_is_for_all)
{
    ck_assert_uint_eq(parse("host=a,b port=7"), 2);
    is_place(1, "b", "", "7");
}
END_TEST

START_TEST(a_uri_may_have_several_hosts_and_addresses_of_version_6)
{
    ck_assert_uint_eq(parse("postgresql://u:p@a:1,b,[::1]:3/x?target_session_attrs=read-write"), 3);
    is_place(0, "a", "", "1");
    is_place(1, "b", "", "");
    is_place(2, "::1", "", "3");
}
END_TEST

START_TEST(hostaddr_goes_with_its_host)
{
    ck_assert_uint_eq(parse("host=a,b hostaddr=10.0.0.1,10.0.0.2"), 2);
    is_place(1, "b", "10.0.0.2", "");
    ck_assert_uint_eq(parse("hostaddr=10.0.0.1,10.0.0.2"), 2);
    is_place(0, "", "10.0.0.1", "");
}
END_TEST

START_TEST(what_does_not_fit_is_left_to_libpq)
{
    ck_assert_uint_eq(parse("host=a,b port=1,2,3"), 0);
    ck_assert_uint_eq(parse("host=a,b hostaddr=10.0.0.1"), 0);
    ck_assert_uint_eq(parse("dbname=x"), 0);
    ck_assert_uint_eq(parse("host=1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17"), 0);
}
END_TEST

START_TEST(only_names_are_looked_up)
{
    ck_assert_uint_eq(parse("host=db.example,10.0.0.1,::1,/run/pg,@abstract hostaddr=,,,,"), 5);
    ck_assert(co_pg_place_is_name(&place[0]));
    for (size_t i = 1; i < 5; i++)
        ck_assert(!co_pg_place_is_name(&place[i]));
    ck_assert_uint_eq(parse("host=db.example hostaddr=10.0.0.1"), 1);
    ck_assert(!co_pg_place_is_name(&place[0]));
}
END_TEST

static const char *value_of(const struct co_pg_params *params, const char *keyword)
{
    for (size_t i = 0; i < params->count; i++)
        if (strcmp(params->keyword[i], keyword) == 0)
            return params->value[i];
    return "none";
}

START_TEST(all_that_the_connection_string_says_stays_but_where)
{
    struct co_pg_params params;
    (void)parse("postgresql://u:p@a,b/x?sslmode=verify-full&keepalives_idle=7");
    co_pg_params_init(&params, info);
    co_pg_params_set(&params, "host", "a");
    co_pg_params_set(&params, "hostaddr", "");
    co_pg_params_default(&params, "keepalives_idle", "10");
    co_pg_params_default(&params, "keepalives_count", "3");
    ck_assert_str_eq(value_of(&params, "user"), "u");
    ck_assert_str_eq(value_of(&params, "password"), "p");
    ck_assert_str_eq(value_of(&params, "sslmode"), "verify-full");
    ck_assert_str_eq(value_of(&params, "host"), "a");
    ck_assert_str_eq(value_of(&params, "hostaddr"), "none");
    ck_assert_str_eq(value_of(&params, "keepalives_idle"), "7");
    ck_assert_str_eq(value_of(&params, "keepalives_count"), "3");
    ck_assert_ptr_null(params.keyword[params.count]);
}
END_TEST

START_TEST(what_is_no_connection_string_is_refused_without_the_password_in_it)
{
    static const char *const bad[] = {
        "postgresql://u:p%zzcanary@a/x", "postgresql://u:canary@a,b@c/x", "postgresql://u:p@canary@a/x", "postgresql://u:p@canary@a:1,b:2/x",
        "postgresql://u:canary/more@a/x", "postgresql://u:pw@[canary/x", "password = canary more host=a", "host=a canary=b",
        "postgresql://u:p@@canary@a/x", "postgresql://u:p@a/x?canary=y",
    };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        const char *why = NULL;
        ck_assert_msg(co_pg_info(bad[i], &why) == NULL, "%s", bad[i]);
        ck_assert_msg(why != NULL && strstr(why, "canary") == NULL && strstr(why, "%40") != NULL, "%s: %s", bad[i], why);
    }
    ck_assert_uint_eq(parse("postgresql://u:p%40%25%2F%3A@a/x"), 1);
    ck_assert_str_eq(co_pg_option(info, "password"), "p@%/:");
    ck_assert_uint_eq(parse("host=@abstract,/run/p@g"), 2);
}
END_TEST

static void end(void)
{
    PQconninfoFree(info);
    info = NULL;
}

CHECK_MAIN_WITH("co_pg_places", NULL, end, a_list_of_hosts_is_taken_apart_with_its_ports, one_port_is_for_all,
                a_uri_may_have_several_hosts_and_addresses_of_version_6, hostaddr_goes_with_its_host, what_does_not_fit_is_left_to_libpq,
                what_is_no_connection_string_is_refused_without_the_password_in_it, only_names_are_looked_up, all_that_the_connection_string_says_stays_but_where)
