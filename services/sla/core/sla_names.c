#include "sla_names.h"

#include <string.h>

static void put(const ProtobufCEnumDescriptor *kind, int value, size_t prefix,
                char ret[static SLA_NAME_TEXT])
{
    const ProtobufCEnumValue *v = protobuf_c_enum_descriptor_get_value(kind, value);
    size_t n = 0;
    for (const char *p = v != NULL ? v->name + prefix : ""; *p != '\0' && n < SLA_NAME_TEXT - 1;
         p++)
        ret[n++] = (char)(*p >= 'A' && *p <= 'Z' ? *p - 'A' + 'a' : *p);
    ret[n] = '\0';
}

void sla_name_of_act(Callout__V1__Act act, char ret[static SLA_NAME_TEXT])
{
    put(&callout__v1__act__descriptor, (int)act, strlen("ACT_"), ret);
}

void sla_name_of_role(Callout__V1__Role role, char ret[static SLA_NAME_TEXT])
{
    put(&callout__v1__role__descriptor, (int)role, strlen("ROLE_"), ret);
}
