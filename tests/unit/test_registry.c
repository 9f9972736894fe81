#include "co_registry.h"

#include <stdio.h>

#include "check_main.h"
#include "registry_help.h"

START_TEST(what_is_put_is_found_with_the_version_that_brought_it)
{
    struct co_registry *r = co_registry_new(10);
    put_customer(r, "bank");
    put_site(r, "bank-1", "bank", "");
    ck_assert_str_eq(co_registry_site(r, "bank-1")->customer, "bank");
    ck_assert_ptr_null(co_registry_site(r, "bank"));
    ck_assert_ptr_null(co_registry_site(r, ""));
    ck_assert_ptr_null(co_registry_person(r, "bank-1"));

    Callout__V1__Customer c = CALLOUT__V1__CUSTOMER__INIT;
    Callout__V1__RegistryObject o = CALLOUT__V1__REGISTRY_OBJECT__INIT;
    c.key = (char[]){ "bank" };
    o.object_case = CALLOUT__V1__REGISTRY_OBJECT__OBJECT_CUSTOMER;
    o.customer = &c;
    ck_assert_int_eq(co_registry_put_message(r, &o, 7), CO_OK);
    Callout__V1__Pin pin;
    ck_assert(co_registry_pin(r, CO_KIND_CUSTOMER, "bank", &pin));
    ck_assert_uint_eq(pin.since, 7);
    ck_assert_str_eq(pin.key, "bank");
    ck_assert_ptr_null(co_registry_customer(r, "bank")->name);
    ck_assert(!co_registry_pin(r, CO_KIND_CUSTOMER, "shop", &pin));
    co_registry_set_version(r, 9);
    ck_assert_uint_eq(co_registry_version(r), 9);
    co_registry_free(r);
}
END_TEST

START_TEST(objects_of_a_kind_come_in_key_order_whatever_the_order_of_putting)
{
    struct co_registry *r = co_registry_new(100);
    for (int i = 0; i < 100; i++) {
        char key[16];
        snprintf(key, sizeof(key), "p-%02d", i * 37 % 100);
        put_product(r, key);
    }
    put_product(r, (char[]){ "p-50" });
    ck_assert_uint_eq(co_registry_count(r, CO_KIND_PRODUCT), 100);
    for (uint32_t i = 1; i < 100; i++)
        ck_assert_str_lt(co_registry_at(r, CO_KIND_PRODUCT, i - 1)->key,
                         co_registry_at(r, CO_KIND_PRODUCT, i)->key);
    ck_assert(co_registry_remove(r, CO_KIND_PRODUCT, "p-50"));
    ck_assert(!co_registry_remove(r, CO_KIND_PRODUCT, "p-50"));
    ck_assert_str_eq(co_registry_at(r, CO_KIND_PRODUCT, 50)->key, "p-51");
    ck_assert_uint_eq(co_registry_count(r, CO_KIND_PRODUCT), 99);
    co_registry_free(r);
}
END_TEST

START_TEST(a_full_registry_still_replaces)
{
    struct co_registry *r = co_registry_new(1);
    put_customer(r, "a");
    put_customer(r, "a");
    Callout__V1__Customer c = CALLOUT__V1__CUSTOMER__INIT;
    Callout__V1__RegistryObject o = CALLOUT__V1__REGISTRY_OBJECT__INIT;
    c.key = (char[]){ "b" };
    o.object_case = CALLOUT__V1__REGISTRY_OBJECT__OBJECT_CUSTOMER;
    o.customer = &c;
    ck_assert_int_eq(co_registry_put_message(r, &o, 1), CO_EFULL);
    ck_assert_ptr_null(co_registry_customer(r, "b"));
    ck_assert_ptr_nonnull(co_registry_customer(r, "a"));
    co_registry_free(r);
}
END_TEST

START_TEST(bytes_that_are_no_object_change_nothing)
{
    static const struct {
        const char *bytes;
        size_t len;
    } bad[] = {
        { "", 0 },                             /* no member is set */
        { "\x0a", 1 },                         /* cut off */
        { "\xfa\x01\x00", 3 },                 /* only an unknown field */
        { "\x0a\x05\x0a\x03\x61\xff\x61", 7 }, /* a key that is not UTF-8 */
    };
    struct co_registry *r = co_registry_new(10);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        ck_assert_int_eq(co_registry_put(r, (const uint8_t *)bad[i].bytes, bad[i].len, 1),
                         CO_EINPUT);
    static uint8_t huge[CO_OBJECT_LIMIT_BYTES + 1];
    ck_assert_int_eq(co_registry_put(r, huge, sizeof(huge), 1), CO_EINPUT);
    ck_assert_uint_eq(co_registry_bytes(r), 0);
    co_registry_free(r);
}
END_TEST

START_TEST(a_small_object_that_would_unpack_to_much_is_refused)
{
    struct co_registry *r = co_registry_new(10);
    static uint8_t bytes[200000];
    /* contract { holders {} holders {} ... }: two bytes each become a message of 48 */
    size_t inner = sizeof(bytes) - 4;
    bytes[0] = 0x3a;
    bytes[1] = (uint8_t)((inner & 0x7f) | 0x80);
    bytes[2] = (uint8_t)((inner >> 7 & 0x7f) | 0x80);
    bytes[3] = (uint8_t)(inner >> 14);
    for (size_t i = 4; i < sizeof(bytes); i += 2)
        bytes[i] = 0x52;
    ck_assert_int_eq(co_registry_put(r, bytes, sizeof(bytes), 1), CO_EINPUT);
    co_registry_free(r);
}
END_TEST

START_TEST(the_same_object_has_the_same_bytes_however_it_was_written)
{
    /* customer { key "a" name { en "b" } }: plain; with an unknown field; with fields swapped */
    static const char plain[] = "\x0a\x08\x0a\x01"
                                "a\x12\x03\x12\x01"
                                "b";
    static const char extra[] = "\x0a\x0a\x0a\x01"
                                "a\x12\x03\x12\x01"
                                "b\x78\x01";
    static const char swapped[] = "\x0a\x08\x12\x03\x12\x01"
                                  "b\x0a\x01"
                                  "a";
    static const struct {
        const char *bytes;
        size_t len;
    } way[] = { { plain, sizeof(plain) - 1 },
                { extra, sizeof(extra) - 1 },
                { swapped, sizeof(swapped) - 1 } };
    struct co_registry *r = co_registry_new(10);
    for (size_t i = 0; i < 3; i++) {
        ck_assert_int_eq(co_registry_put(r, (const uint8_t *)way[i].bytes, way[i].len, 1), CO_OK);
        const struct co_object *o = co_registry_get(r, CO_KIND_CUSTOMER, "a");
        ck_assert_uint_eq(o->len, sizeof(plain) - 1);
        ck_assert_mem_eq(o->bytes, plain, o->len);
    }
    co_registry_free(r);
}
END_TEST

static void put_contract(struct co_registry *r, char *key, char *customer)
{
    Callout__V1__Contract c = CALLOUT__V1__CONTRACT__INIT;
    c.key = key;
    c.customer = customer;
    PUT(r, CONTRACT, contract, &c);
}

START_TEST(the_contracts_of_a_customer_follow_every_change)
{
    struct co_registry *r = co_registry_new(10);
    put_contract(r, "3", "b");
    put_contract(r, "1", "b");
    put_contract(r, "2", "a");
    put_contract(r, "4", "c");
    const struct co_object *const *first = NULL;
    ck_assert_uint_eq(co_registry_contracts_of(r, "b", &first), 2);
    ck_assert_str_eq(first[0]->key, "1");
    ck_assert_str_eq(first[1]->key, "3");
    put_contract(r, "3", "a"); /* goes to another customer */
    ck_assert_uint_eq(co_registry_contracts_of(r, "b", &first), 1);
    ck_assert_uint_eq(co_registry_contracts_of(r, "a", &first), 2);
    ck_assert(co_registry_remove(r, CO_KIND_CONTRACT, "1"));
    ck_assert_uint_eq(co_registry_contracts_of(r, "b", &first), 0);
    ck_assert_uint_eq(co_registry_contracts_of(r, "bb", &first), 0);
    co_registry_free(r);
}
END_TEST

START_TEST(a_kind_has_one_name)
{
    for (enum co_kind k = CO_KIND_CUSTOMER; k < CO_KINDS; k++)
        ck_assert_int_eq(co_kind_parse(co_kind_name(k)), k);
    ck_assert_int_eq(co_kind_parse("none"), CO_KIND_NONE);
    ck_assert_int_eq(co_kind_parse("Site"), CO_KIND_NONE);
}
END_TEST

START_TEST(fifty_thousand_engineers_fit_in_memory)
{
    enum { PEOPLE = 50000 };
    struct co_registry *r = co_registry_new(2 * PEOPLE + 1000);
    for (int i = 0; i < PEOPLE; i++) {
        char key[32];
        char email[64];
        snprintf(key, sizeof(key), "engineer-%05d", i);
        snprintf(email, sizeof(email), "engineer-%05d@example.com", i);
        Callout__V1__Engineer e = CALLOUT__V1__ENGINEER__INIT;
        e.key = key;
        e.office = (char[]){ "office-000" };
        e.skill = 2;
        e.products = STRINGS((char[]){ "storage" }, (char[]){ "virtualisation" });
        e.n_products = 2;
        PUT(r, ENGINEER, engineer, &e);
        Callout__V1__Person p = CALLOUT__V1__PERSON__INIT;
        p.key = key;
        p.name = (char[]){ "样例工程师" };
        p.email = email;
        p.phone = (char[]){ "+86 10 0000 0000" };
        PUT(r, PERSON, person, &p);
    }
    ck_assert_uint_eq(co_registry_count(r, CO_KIND_ENGINEER), PEOPLE);
    ck_assert_uint_lt(co_registry_bytes(r), (size_t)60 * 1024 * 1024);
    ck_assert_str_eq(co_registry_person(r, "engineer-40000")->email, "engineer-40000@example.com");
    co_registry_free(r);
}
END_TEST

CHECK_MAIN("registry", what_is_put_is_found_with_the_version_that_brought_it,
           objects_of_a_kind_come_in_key_order_whatever_the_order_of_putting,
           a_full_registry_still_replaces, bytes_that_are_no_object_change_nothing,
           a_small_object_that_would_unpack_to_much_is_refused,
           the_same_object_has_the_same_bytes_however_it_was_written,
           the_contracts_of_a_customer_follow_every_change, a_kind_has_one_name,
           fifty_thousand_engineers_fit_in_memory)
