/* registry_help.h - short ways to put objects into a registry under test. */
#pragma once

#include <check.h>
#include <string.h>

#include "co_registry.h"

#define PUT(registry, case_, member_, value)                                                       \
    do {                                                                                           \
        Callout__V1__RegistryObject wrapped_ = CALLOUT__V1__REGISTRY_OBJECT__INIT;                 \
        wrapped_.object_case = CALLOUT__V1__REGISTRY_OBJECT__OBJECT_##case_;                       \
        wrapped_.member_ = (value);                                                                \
        ck_assert_int_eq(co_registry_put_message((registry), &wrapped_, 1), CO_OK);                \
    } while (0)

#define STRINGS(...) ((char *[]){ __VA_ARGS__ })

static inline void put_customer(struct co_registry *r, char *key)
{
    Callout__V1__Customer c = CALLOUT__V1__CUSTOMER__INIT;
    Callout__V1__Text name = CALLOUT__V1__TEXT__INIT;
    c.key = key;
    name.en = key;
    c.name = &name;
    PUT(r, CUSTOMER, customer, &c);
}

static inline void put_product(struct co_registry *r, char *key)
{
    Callout__V1__Product p = CALLOUT__V1__PRODUCT__INIT;
    Callout__V1__Text name = CALLOUT__V1__TEXT__INIT;
    p.key = key;
    name.en = key;
    p.name = &name;
    PUT(r, PRODUCT, product, &p);
}

static inline void put_person(struct co_registry *r, char *key)
{
    Callout__V1__Person p = CALLOUT__V1__PERSON__INIT;
    p.key = key;
    p.name = key;
    PUT(r, PERSON, person, &p);
}

static inline void put_site(struct co_registry *r, char *key, char *customer, char *contact)
{
    Callout__V1__Site s = CALLOUT__V1__SITE__INIT;
    Callout__V1__Text name = CALLOUT__V1__TEXT__INIT;
    s.key = key;
    s.customer = customer;
    s.contact = contact;
    name.en = key;
    s.name = &name;
    PUT(r, SITE, site, &s);
}
