/* The messages that people write shorter than field by field. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "co_keys.h"
#include "co_yaml_impl.h"
#include "co_yaml_target.h"

/* Text: a plain string is English. */
static bool read_text(struct co_yaml_source *s, const yaml_node_t *n, const char *text,
                      ProtobufCMessage *m)
{
    (void)n;
    char *copy = co_yaml_strdup(s->y, text);
    if (copy == NULL)
        return false;
    ((Callout__V1__Text *)(void *)m)->en = copy;
    return true;
}

static const char *write_text(const ProtobufCMessage *m, char *buf, size_t size)
{
    (void)buf;
    (void)size;
    const Callout__V1__Text *t = (const void *)m;
    return t->zh[0] == '\0' && t->en[0] != '\0' ? t->en : NULL;
}

static bool read_threshold(struct co_yaml_source *s, const yaml_node_t *n, const char *text,
                           ProtobufCMessage *m)
{
    if (co_yaml_threshold_parse(text, (void *)m))
        return true;
    co_yaml_complain(s, n, CO_YAML_THRESHOLDS, "\"%.64s\" is no warning", text);
    return false;
}

/* Threshold with actions: {at: 80%, actions: [...]}. */
static bool read_threshold_at(struct co_yaml_source *s, const struct co_yaml_pair *pair,
                              ProtobufCMessage *m)
{
    const char *text = co_yaml_scalar(s, pair->value);
    return text != NULL && read_threshold(s, pair->value, text, m);
}

static const char *write_threshold_at(const ProtobufCMessage *m, char *buf, size_t size)
{
    return co_yaml_threshold_format((const void *)m, buf, size) ? buf : NULL;
}

static const char *write_threshold(const ProtobufCMessage *m, char *buf, size_t size)
{
    const Callout__V1__Threshold *t = (const void *)m;
    return t->n_actions == 0 ? write_threshold_at(m, buf, size) : NULL;
}

/* Condition: key: title. */
static bool read_condition(struct co_yaml_source *s, const struct co_yaml_pair *pair,
                           ProtobufCMessage *m)
{
    Callout__V1__Condition *c = (void *)m;
    Callout__V1__Text *title = co_yaml_alloc(s->y, sizeof(*title));
    c->key = co_yaml_strdup(s->y, pair->key);
    c->title = title;
    if (title == NULL || c->key == NULL)
        return false;
    callout__v1__text__init(title);
    if (pair->value->type != YAML_SCALAR_NODE)
        return co_yaml_read_message(s, pair->value, &title->base);
    const char *text = co_yaml_scalar(s, pair->value);
    return text != NULL && read_text(s, pair->value, text, &title->base);
}

static int write_condition(yaml_document_t *doc, const ProtobufCMessage *m, char *buf, size_t size)
{
    const Callout__V1__Condition *c = (const void *)m;
    snprintf(buf, size, "%s", c->key);
    if (c->title == NULL)
        return 0;
    const char *text = write_text(&c->title->base, NULL, 0);
    return text != NULL ? co_yaml_add_text(doc, text)
                        : co_yaml_write_message(doc, &c->title->base, NULL);
}

/* Target: severity: text. */
bool co_yaml_read_target(struct co_yaml_source *s, const struct co_yaml_pair *pair,
                         ProtobufCMessage *m)
{
    Callout__V1__Target *t = (void *)m;
    const char *name = NULL;
    const char *text = co_yaml_scalar(s, pair->value);
    if (text == NULL || !co_yaml_read_unsigned(s, pair->key_node, pair->key, &t->severity))
        return false;
    if (!co_yaml_target_parse(text, t, &name)) {
        co_yaml_complain(s, pair->value, CO_YAML_TARGETS, "\"%.64s\" is no target", text);
        return false;
    }
    char *copy = name == NULL ? NULL : co_yaml_strdup(s->y, name);
    if (copy != NULL)
        t->table = copy;
    return name == NULL || copy != NULL;
}

int co_yaml_write_target(yaml_document_t *doc, const ProtobufCMessage *m, char *buf, size_t size)
{
    const Callout__V1__Target *t = (const void *)m;
    char text[256];
    snprintf(buf, size, "%" PRIu32, t->severity);
    return co_yaml_target_format(t, text, sizeof(text)) ? co_yaml_add_plain(doc, text) : 0;
}

/* Distance: office: km. */
static bool read_distance(struct co_yaml_source *s, const struct co_yaml_pair *pair,
                          ProtobufCMessage *m)
{
    Callout__V1__Distance *d = (void *)m;
    d->office = co_yaml_strdup(s->y, pair->key);
    return d->office != NULL && co_yaml_read_double(s, pair->value, &d->km);
}

static int write_distance(yaml_document_t *doc, const ProtobufCMessage *m, char *buf, size_t size)
{
    const Callout__V1__Distance *d = (const void *)m;
    char text[64];
    snprintf(buf, size, "%s", d->office);
    snprintf(text, sizeof(text), "%.17g", d->km);
    return co_yaml_add_plain(doc, text);
}

/* CoveredVersions: product: [version, ...]. */
static bool read_versions(struct co_yaml_source *s, const struct co_yaml_pair *pair,
                          ProtobufCMessage *m)
{
    Callout__V1__CoveredVersions *v = (void *)m;
    size_t count = co_yaml_list_len(s, pair->value);
    v->product = co_yaml_strdup(s->y, pair->key);
    v->versions = co_yaml_alloc(s->y, (count + 1) * sizeof(v->versions[0]));
    if (v->product == NULL || v->versions == NULL)
        return false;
    bool ok = pair->value->type == YAML_SEQUENCE_NODE;
    for (size_t i = 0; i < count; i++) {
        const char *text = co_yaml_scalar(s, co_yaml_list_item(s, pair->value, i));
        char *copy = text == NULL ? NULL : co_yaml_strdup(s->y, text);
        ok = copy != NULL && ok;
        if (copy != NULL)
            v->versions[v->n_versions++] = copy;
    }
    return ok;
}

static int write_versions(yaml_document_t *doc, const ProtobufCMessage *m, char *buf, size_t size)
{
    const Callout__V1__CoveredVersions *v = (const void *)m;
    int list = yaml_document_add_sequence(doc, NULL, YAML_FLOW_SEQUENCE_STYLE);
    snprintf(buf, size, "%s", v->product);
    for (size_t i = 0; list != 0 && i < v->n_versions; i++) {
        int item = co_yaml_add_text(doc, v->versions[i]);
        if (item == 0 || !yaml_document_append_sequence_item(doc, list, item))
            return 0;
    }
    return list;
}

/* The key of a file below the directory of keys; NULL: complained. */
static char *read_key(struct co_yaml_source *s, const yaml_node_t *node)
{
    char path[4096];
    char key[CO_KEY_TEXT];
    struct co_why why;
    const char *name = co_yaml_scalar(s, node);
    if (name == NULL)
        return NULL;
    if (s->y->key_dir == NULL || strchr(name, '/') != NULL || name[0] == '.' || name[0] == '\0') {
        co_yaml_complain(s, node, "the name of a file in the key directory",
                         s->y->key_dir == NULL ? "no key directory was given"
                                               : "this is no such name");
        return NULL;
    }
    snprintf(path, sizeof(path), "%s/%s", s->y->key_dir, name);
    if (co_keys_read_public(path, key, &why) != CO_OK) {
        co_yaml_complain(s, node, "a file made by callout keygen", "%s", why.text);
        return NULL;
    }
    return co_yaml_strdup(s->y, key);
}

/* Client: public_key_file: NAME, or [NAME, ...] while one key replaces another. */
static bool read_key_file(struct co_yaml_source *s, const struct co_yaml_pair *pair,
                          ProtobufCMessage *m)
{
    Callout__V1__Client *c = (void *)m;
    if (pair->value->type != YAML_SEQUENCE_NODE) {
        c->public_key = read_key(s, pair->value);
        return c->public_key != NULL;
    }
    size_t n = co_yaml_list_len(s, pair->value);
    if (n == 0 || c->n_public_keys > 0) {
        co_yaml_complain(s, pair->value, "[NAME, NAME]",
                         n == 0 ? "is empty" : "cannot be beside public_keys");
        return false;
    }
    c->public_keys = co_yaml_alloc(s->y, n * sizeof(char *));
    for (size_t i = 0; c->public_keys != NULL && i < n; i++) {
        char *key = read_key(s, co_yaml_list_item(s, pair->value, i));
        if (key == NULL)
            return false;
        if (i == 0)
            c->public_key = key;
        else
            c->public_keys[c->n_public_keys++] = key;
    }
    return c->public_keys != NULL;
}

/* PolicyPack: extends: NAME, the pack it is made from. It is no field: the joined pack is whole. */
static bool read_extends(struct co_yaml_source *s, const struct co_yaml_pair *pair,
                         ProtobufCMessage *m)
{
    (void)m;
    const char *text = co_yaml_scalar(s, pair->value);
    s->extends = text == NULL ? NULL : co_yaml_strdup(s->y, text);
    s->extends_line = co_yaml_line(pair->value);
    return s->extends != NULL;
}

static const struct co_yaml_short shorts[] = {
    { .type = &callout__v1__text__descriptor, .read = read_text, .write = write_text },
    { .type = &callout__v1__threshold__descriptor,
      .read = read_threshold,
      .write = write_threshold,
      .read_extra = read_threshold_at,
      .extra = "at",
      .write_extra = write_threshold_at,
      .extra_fields = 1U << 0 | 1U << 1 }, /* percent, before_us */
    { .type = &callout__v1__contract_target__descriptor,
      .read_list = co_yaml_read_figures,
      .write_list = co_yaml_write_figures },
    { .type = &callout__v1__policy_pack__descriptor,
      .read_extra = read_extends,
      .extra = "extends" },
    { .type = &callout__v1__shift_rule__descriptor,
      .read_extra = co_yaml_read_hours,
      .extra = "hours",
      .write_extra = co_yaml_write_hours,
      .extra_fields = 1U << 2 | 1U << 3 }, /* from_min, until_min */
    { .type = &callout__v1__quiet_hours__descriptor,
      .read = co_yaml_read_quiet,
      .write = co_yaml_write_quiet,
      .read_extra = co_yaml_read_quiet_hours,
      .extra = "hours",
      .write_extra = co_yaml_write_quiet_hours,
      .extra_fields = 1U << 0 | 1U << 1 }, /* from_min, until_min */
    { .type = &callout__v1__condition__descriptor,
      .read_pair = read_condition,
      .write_pair = write_condition },
    { .type = &callout__v1__target__descriptor,
      .read_pair = co_yaml_read_target,
      .write_pair = co_yaml_write_target,
      .is_flow = true },
    { .type = &callout__v1__role_holder__descriptor,
      .read_list = co_yaml_read_holders,
      .write_list = co_yaml_write_holders },
    { .type = &callout__v1__covered_versions__descriptor,
      .read_pair = read_versions,
      .write_pair = write_versions },
    { .type = &callout__v1__distance__descriptor,
      .read_pair = read_distance,
      .write_pair = write_distance },
    { .type = &callout__v1__client__descriptor,
      .read_extra = read_key_file,
      .extra = "public_key_file",
      .limits = 1U << 6 | 1U << 7 }, /* contracts, customers */
};

const struct co_yaml_short *co_yaml_short_of(const ProtobufCMessageDescriptor *type)
{
    for (size_t i = 0; i < sizeof(shorts) / sizeof(shorts[0]); i++)
        if (shorts[i].type == type)
            return &shorts[i];
    return NULL;
}
