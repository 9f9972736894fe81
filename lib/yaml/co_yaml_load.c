/* Files, documents and their top-level keys. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "co_yaml_impl.h"

#define DEPTH_MAX 8 /* directories in directories */
#define MEMORY_LIMIT_BYTES ((size_t)1024 * 1024 * 1024)

/* Top-level keys that hold many objects: KEY: {...}. */
static const struct {
    const char *name;
    enum co_kind kind;
} sections[] = {
    { "customers", CO_KIND_CUSTOMER },   { "sites", CO_KIND_SITE },
    { "persons", CO_KIND_PERSON },       { "offices", CO_KIND_OFFICE },
    { "engineers", CO_KIND_ENGINEER },   { "products", CO_KIND_PRODUCT },
    { "contracts", CO_KIND_CONTRACT },   { "channels", CO_KIND_CHANNEL },
    { "clients", CO_KIND_CLIENT },       { "desks", CO_KIND_DESK },
    { "exclusions", CO_KIND_EXCLUSION }, { "rosters", CO_KIND_ROSTER },
    { "areas", CO_KIND_AREA },           { "plans", CO_KIND_PLAN },
    { "advisories", CO_KIND_ADVISORY },  { "compatibility", CO_KIND_COMPATIBILITY },
    { "resources", CO_KIND_RESOURCE },
};
#define SECTIONS (sizeof(sections) / sizeof(sections[0]))

const char *co_yaml_section(enum co_kind kind)
{
    for (size_t i = 0; i < SECTIONS; i++)
        if (sections[i].kind == kind)
            return sections[i].name;
    return co_kind_name(kind);
}

struct co_yaml *co_yaml_new(const char *key_dir)
{
    struct co_yaml *y = calloc(1, sizeof(*y));
    if (y == NULL)
        return NULL;
    y->arena = co_arena_new(MEMORY_LIMIT_BYTES);
    if (y->arena != NULL && key_dir != NULL)
        y->key_dir = co_arena_strdup(y->arena, key_dir);
    if (y->arena != NULL && (key_dir == NULL || y->key_dir != NULL))
        return y;
    co_yaml_free(y);
    return NULL;
}

void co_yaml_free(struct co_yaml *y)
{
    if (y != NULL)
        co_arena_free(y->arena);
    free(y);
}

size_t co_yaml_problem_count(const struct co_yaml *y)
{
    return y->problem_count;
}

const struct co_yaml_problem *co_yaml_problem_at(const struct co_yaml *y, size_t i)
{
    return i < y->problem_count ? &y->problem[i] : NULL;
}

Callout__V1__RegistryObject *co_yaml_wrap(struct co_yaml *y, enum co_kind kind,
                                          ProtobufCMessage **ret_body)
{
    const ProtobufCMessageDescriptor *whole = &callout__v1__registry_object__descriptor;
    const ProtobufCFieldDescriptor *f =
        protobuf_c_message_descriptor_get_field(whole, (unsigned)kind);
    const ProtobufCMessageDescriptor *type = f->descriptor;
    Callout__V1__RegistryObject *o = co_yaml_alloc(y, sizeof(*o));
    ProtobufCMessage *body = co_yaml_alloc(y, type->sizeof_message);
    if (o == NULL || body == NULL)
        return NULL;
    callout__v1__registry_object__init(o);
    protobuf_c_message_init(type, body);
    o->object_case = (Callout__V1__RegistryObject__ObjectCase)kind;
    *(ProtobufCMessage **)(void *)((char *)o + f->offset) = body;
    *ret_body = body;
    return o;
}

void co_yaml_add_object(struct co_yaml_source *s, const yaml_node_t *n,
                        Callout__V1__RegistryObject *message, struct co_yaml_object **ret_object)
{
    struct co_yaml_object *o = co_yaml_alloc(s->y, sizeof(*o));
    if (o == NULL)
        return;
    *o = (struct co_yaml_object){ .message = message, .file = s->file, .line = co_yaml_line(n) };
    if (co_yaml_list_add(s->y, &s->y->objects, o) && ret_object != NULL)
        *ret_object = o;
}

/* KEY: {...} */
static void read_object(struct co_yaml_source *s, enum co_kind kind,
                        const struct co_yaml_pair *pair)
{
    ProtobufCMessage *body = NULL;
    Callout__V1__RegistryObject *o = co_yaml_wrap(s->y, kind, &body);
    size_t count = 0;
    const struct co_yaml_pair *pairs = o == NULL ? NULL : co_yaml_pairs(s, pair->value, &count);
    if (pairs == NULL)
        return;
    const ProtobufCFieldDescriptor *key = &body->descriptor->fields[0];
    char *text = co_yaml_strdup(s->y, pair->key);
    if (text == NULL)
        return;
    *(char **)(void *)((char *)body + key->offset) = text;
    co_yaml_read_pairs(s, pairs, count, key, body);
    co_yaml_add_object(s, pair->key_node, o, NULL);
}

static void read_section(struct co_yaml_source *s, enum co_kind kind, const yaml_node_t *n)
{
    size_t count = 0;
    const struct co_yaml_pair *pairs = co_yaml_pairs(s, n, &count);
    for (size_t i = 0; pairs != NULL && i < count; i++) {
        size_t mark = co_yaml_push(s, pairs[i].key);
        read_object(s, kind, &pairs[i]);
        co_yaml_pop(s, mark);
    }
}

static void read_policy(struct co_yaml_source *s, const struct co_yaml_pair *pair)
{
    ProtobufCMessage *body = NULL;
    Callout__V1__RegistryObject *o = co_yaml_wrap(s->y, CO_KIND_POLICY, &body);
    struct co_yaml_object *object = NULL;
    if (o == NULL)
        return;
    s->extends = NULL;
    s->has_places = true;
    co_yaml_read_message(s, pair->value, body);
    s->has_places = false;
    co_yaml_add_object(s, pair->key_node, o, &object);
    if (object == NULL)
        return;
    object->extends = s->extends;
    object->extends_line = s->extends_line;
}

static void read_top(struct co_yaml_source *s, const struct co_yaml_pair *pair)
{
    const char *names[SECTIONS + 3] = { "policy", "calendar", "holidays" };
    if (strcmp(pair->key, "policy") == 0) {
        read_policy(s, pair);
        return;
    }
    for (size_t i = 0; i < SECTIONS; i++) {
        names[i + 3] = sections[i].name;
        if (strcmp(sections[i].name, pair->key) != 0)
            continue;
        read_section(s, sections[i].kind, pair->value);
        return;
    }
    co_yaml_unknown(s, pair->key_node, pair->key, names, SECTIONS + 3);
}

static bool has_key(const struct co_yaml_pair *pairs, size_t count, const char *key)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(pairs[i].key, key) == 0)
            return true;
    return false;
}

static void read_document(struct co_yaml_source *s)
{
    size_t count = 0;
    const yaml_node_t *root = yaml_document_get_root_node(&s->doc);
    const struct co_yaml_pair *pairs = root == NULL ? NULL : co_yaml_pairs(s, root, &count);
    if (pairs == NULL)
        return; /* nothing but comments is fine */
    if (s->y->whole != NULL) {
        (void)co_yaml_read_pairs(s, pairs, count, NULL, s->y->whole);
        return;
    }
    if (has_key(pairs, count, "calendar")) {
        co_yaml_read_calendar(s, pairs, count);
        return;
    }
    if (has_key(pairs, count, "holidays")) {
        co_yaml_read_holidays(s, pairs, count);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        size_t mark = co_yaml_push(s, pairs[i].key);
        read_top(s, &pairs[i]);
        co_yaml_pop(s, mark);
    }
}

static void say_syntax(struct co_yaml_source *s, const yaml_parser_t *p)
{
    const char *what = p->problem == NULL ? "cannot be read" : p->problem;
    unsigned line = (unsigned)p->problem_mark.line + 1;
    if (p->error == YAML_MEMORY_ERROR)
        s->y->is_out_of_memory = true;
    else
        co_yaml_complain_at(s->y, s->file, line, "", "one YAML document in UTF-8",
                            "not YAML: %s%s%s", what, p->context == NULL ? "" : " ",
                            p->context == NULL ? "" : p->context);
}

static void read_stream(struct co_yaml_source *s, yaml_parser_t *p)
{
    if (!yaml_parser_load(p, &s->doc)) {
        say_syntax(s, p);
        return;
    }
    read_document(s);
    yaml_document_delete(&s->doc);
    if (!yaml_parser_load(p, &s->doc)) {
        say_syntax(s, p);
        return;
    }
    const yaml_node_t *second = yaml_document_get_root_node(&s->doc);
    if (second != NULL)
        co_yaml_complain_at(s->y, s->file, co_yaml_line(second), "", "one document in a file",
                            "a second document begins here");
    yaml_document_delete(&s->doc);
}

static enum co_err outcome(const struct co_yaml *y, size_t problems_before)
{
    if (y->is_out_of_memory)
        return CO_ENOMEM;
    return y->problem_count > problems_before || y->problem_count == CO_YAML_PROBLEMS_MAX
               ? CO_EINPUT
               : CO_OK;
}

enum co_err co_yaml_load_text(struct co_yaml *y, const char *name, const char *text, size_t len)
{
    size_t before = y->problem_count;
    struct co_yaml_source s = { .y = y, .file = co_yaml_strdup(y, name) };
    yaml_parser_t parser;
    if (s.file == NULL || !yaml_parser_initialize(&parser))
        return CO_ENOMEM;
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, len);
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    read_stream(&s, &parser);
    yaml_parser_delete(&parser);
    return outcome(y, before);
}

static enum co_err cannot_read(struct co_yaml *y, const char *path, int error)
{
    const char *file = co_yaml_strdup(y, path);
    if (file != NULL)
        co_yaml_complain_at(y, file, 1, "", "a file or directory that can be read",
                            "cannot be read: %s", strerror(error));
    return y->is_out_of_memory ? CO_ENOMEM : CO_EDOWN;
}

static enum co_err load_file(struct co_yaml *y, const char *path)
{
    FILE *f = fopen(path, "rb");
    if (f == NULL)
        return cannot_read(y, path, errno);
    struct co_buf text;
    co_buf_init(&text, CO_YAML_FILE_LIMIT_BYTES);
    for (;;) {
        uint8_t *to = co_buf_reserve(&text, 65536);
        size_t n = to == NULL ? 0 : fread(to, 1, 65536, f);
        if (n == 0)
            break;
        co_buf_added(&text, n);
    }
    enum co_err err = CO_OK;
    if (text.err != CO_OK)
        err = cannot_read(y, path, text.err == CO_EFULL ? EFBIG : ENOMEM);
    else if (ferror(f) != 0)
        err = cannot_read(y, path, errno);
    else
        err = co_yaml_load_text(y, path, co_buf_text(&text), text.len);
    co_buf_done(&text);
    fclose(f);
    return err;
}

static int is_wanted(const struct dirent *e)
{
    return e->d_name[0] != '.';
}

static bool is_yaml(const char *path)
{
    const char *dot = strrchr(path, '.');
    return dot != NULL && (strcmp(dot, ".yaml") == 0 || strcmp(dot, ".yml") == 0);
}

/* `depth` is how many directories may lie above the files. */
static enum co_err load_path(struct co_yaml *y, const char *path, unsigned depth, bool is_named)
{
    struct stat st;
    if (stat(path, &st) != 0)
        return cannot_read(y, path, errno);
    if (!S_ISDIR(st.st_mode))
        return is_named || is_yaml(path) ? load_file(y, path) : CO_OK;
    if (depth == 0)
        return cannot_read(y, path, ELOOP);
    struct dirent **entry = NULL;
    int n = scandir(path, &entry, is_wanted, alphasort);
    if (n < 0)
        return cannot_read(y, path, errno);
    enum co_err err = CO_OK;
    for (int i = 0; i < n; i++) {
        char below[4096];
        snprintf(below, sizeof(below), "%s/%s", path, entry[i]->d_name);
        enum co_err e = load_path(y, below, depth - 1, false);
        err = err == CO_OK ? e : err;
        free(entry[i]);
    }
    free(entry);
    return err;
}

enum co_err co_yaml_load(struct co_yaml *y, const char *path)
{
    return load_path(y, path, DEPTH_MAX, true);
}

enum co_err co_yaml_load_message(struct co_yaml *y, const char *path,
                                 const ProtobufCMessageDescriptor *type,
                                 const ProtobufCMessage **ret_message)
{
    y->whole = co_yaml_alloc(y, type->sizeof_message);
    if (y->whole == NULL)
        return CO_ENOMEM;
    protobuf_c_message_init(type, y->whole);
    *ret_message = y->whole;
    enum co_err err = load_path(y, path, DEPTH_MAX, true);
    y->whole = NULL;
    return err;
}
