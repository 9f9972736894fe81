/* What fields and values of the protocol are called in YAML. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "co_yaml_impl.h"

static const struct {
    const ProtobufCMessageDescriptor *type;
    const char *field;
    const char *name;
} renamed[] = {
    { &callout__v1__position__descriptor, "latitude", "lat" },
    { &callout__v1__position__descriptor, "longitude", "lon" },
};

/* Points in time; every other field that ends in _us is a length of time. */
static const struct {
    const ProtobufCMessageDescriptor *type;
    const char *field;
} times[] = {
    { &callout__v1__contract__descriptor, "from_us" },
    { &callout__v1__contract__descriptor, "until_us" },
    { &callout__v1__product__descriptor, "until_us" },
    { &callout__v1__product_version__descriptor, "until_us" },
    { &callout__v1__exclusion__descriptor, "from_us" },
    { &callout__v1__exclusion__descriptor, "until_us" },
    { &callout__v1__skill__descriptor, "until_us" },
    { &callout__v1__roster_span__descriptor, "from_us" },
    { &callout__v1__roster_span__descriptor, "until_us" },
    { &callout__v1__product_version__descriptor, "community_until_us" },
    { &callout__v1__lot__descriptor, "from_us" },
    { &callout__v1__lot__descriptor, "until_us" },
    { &callout__v1__lot__descriptor, "roll_until_us" },
    { &callout__v1__plan__descriptor, "from_us" },
    { &callout__v1__plan__descriptor, "until_us" },
    { &callout__v1__plan_date__descriptor, "at_us" },
    { &callout__v1__plan_date__descriptor, "moved_to_us" },
    { &callout__v1__advisory__descriptor, "issued_us" },
};

static bool is_us(const ProtobufCFieldDescriptor *f)
{
    size_t len = strlen(f->name);
    return f->type == PROTOBUF_C_TYPE_INT64 && len > 3 && strcmp(f->name + len - 3, "_us") == 0;
}

void co_yaml_field_name(const ProtobufCMessageDescriptor *d, const ProtobufCFieldDescriptor *f,
                        char name[static CO_YAML_NAME])
{
    snprintf(name, CO_YAML_NAME, "%s", f->name);
    if (is_us(f))
        name[strlen(name) - 3] = '\0';
    for (size_t i = 0; i < sizeof(renamed) / sizeof(renamed[0]); i++)
        if (renamed[i].type == d && strcmp(renamed[i].field, f->name) == 0)
            snprintf(name, CO_YAML_NAME, "%s", renamed[i].name);
}

bool co_yaml_is_time(const ProtobufCMessageDescriptor *d, const ProtobufCFieldDescriptor *f)
{
    for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++)
        if (times[i].type == d && strcmp(times[i].field, f->name) == 0)
            return true;
    return false;
}

bool co_yaml_is_duration(const ProtobufCMessageDescriptor *d, const ProtobufCFieldDescriptor *f)
{
    return is_us(f) && !co_yaml_is_time(d, f);
}

/* Length of the words that the names of all values begin with, the last underscore included. */
static size_t prefix_of(const ProtobufCEnumDescriptor *d)
{
    size_t len = strlen(d->values[0].name);
    for (unsigned i = 1; i < d->n_values; i++) {
        size_t same = 0;
        while (same < len && d->values[i].name[same] == d->values[0].name[same])
            same++;
        len = same;
    }
    while (len > 0 && d->values[0].name[len - 1] != '_')
        len--;
    return len;
}

void co_yaml_enum_name(const ProtobufCEnumDescriptor *d, unsigned i, char name[static CO_YAML_NAME])
{
    snprintf(name, CO_YAML_NAME, "%s", d->values[i].name + prefix_of(d));
    for (char *c = name; *c != '\0'; c++)
        *c = (char)tolower((unsigned char)*c);
}
