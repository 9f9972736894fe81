#include "co_registry_diff.h"

#include "check_main.h"
#include "registry_help.h"

START_TEST(a_difference_is_added_changed_removed_in_key_order)
{
    struct co_registry *r;
    struct co_registry *to = co_registry_new(10);
    struct co_change rows[4];
    r = co_registry_new(10);
    put_customer(r, "a");
    put_customer(r, "b");
    put_customer(r, "c");
    put_customer(to, "b");
    put_customer(to, "d");
    put_site(to, "c", "b", "");
    Callout__V1__Customer other = CALLOUT__V1__CUSTOMER__INIT;
    other.key = (char[]){ "c" };
    PUT(to, CUSTOMER, customer, &other);

    struct co_registry_diff d = co_registry_diff(r, to, true, rows, 4);
    ck_assert_uint_eq(d.added, 2);
    ck_assert_uint_eq(d.changed, 1);
    ck_assert_uint_eq(d.removed, 1);
    ck_assert_uint_eq(d.unchanged, 1);
    ck_assert_uint_eq(d.row_count, 4);
    ck_assert_str_eq(rows[0].object->key, "a");
    ck_assert_str_eq(co_change_name(rows[0].how), "removed");
    ck_assert_str_eq(rows[1].object->key, "c");
    ck_assert_str_eq(co_change_name(rows[1].how), "changed");
    ck_assert_str_eq(rows[2].object->key, "d");
    ck_assert_int_eq(rows[3].object->kind, CO_KIND_SITE);

    d = co_registry_diff(r, to, false, rows, 1);
    ck_assert_uint_eq(d.removed, 0);
    ck_assert_uint_eq(d.added, 2);
    ck_assert_uint_eq(d.row_count, 1);
    co_registry_free(to);
    co_registry_free(r);
}
END_TEST

CHECK_MAIN("registry_diff", a_difference_is_added_changed_removed_in_key_order)
