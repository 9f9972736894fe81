/* Documents and files of an export. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "co_yaml_impl.h"

#define EXPORT_LIMIT_BYTES CO_YAML_FILE_LIMIT_BYTES

static bool is_wanted(const Callout__V1__RegistryObject *o, enum co_kind kind, const char *key)
{
    const char *own = co_object_key_of(o);
    return (int)o->object_case == (int)kind && own != NULL &&
           (key == NULL || strcmp(own, key) == 0);
}

/* One pair of the document: what the objects stand under. */
static bool add_one(yaml_document_t *doc, int map, const Callout__V1__RegistryObject *o)
{
    const ProtobufCMessage *body = co_object_body(o);
    bool is_policy = (int)o->object_case == CO_KIND_POLICY;
    const ProtobufCFieldDescriptor *key = &body->descriptor->fields[0];
    int value = co_yaml_write_message(doc, body, is_policy ? NULL : key);
    int name = co_yaml_add_text(doc, is_policy ? "policy" : co_object_key_of(o));
    return value != 0 && name != 0 && yaml_document_append_mapping_pair(doc, map, name, value) != 0;
}

/* The document of many objects: KINDs: {KEY: {...}}. */
static bool add_section(yaml_document_t *doc, const Callout__V1__Registry *r, enum co_kind kind)
{
    int root = yaml_document_add_mapping(doc, NULL, YAML_BLOCK_MAPPING_STYLE);
    int map = yaml_document_add_mapping(doc, NULL, YAML_BLOCK_MAPPING_STYLE);
    int name = co_yaml_add_text(doc, co_yaml_section(kind));
    bool ok = root != 0 && map != 0 && name != 0 &&
              yaml_document_append_mapping_pair(doc, root, name, map) != 0;
    for (size_t i = 0; ok && i < r->n_objects; i++)
        if (is_wanted(r->objects[i], kind, NULL))
            ok = add_one(doc, map, r->objects[i]);
    return ok;
}

static bool fill(yaml_document_t *doc, const Callout__V1__Registry *r, enum co_kind kind,
                 const Callout__V1__RegistryObject *only)
{
    if (kind == CO_KIND_CALENDAR)
        return co_yaml_write_calendar(doc, only->calendar) != 0;
    if (kind != CO_KIND_POLICY)
        return add_section(doc, r, kind);
    int root = yaml_document_add_mapping(doc, NULL, YAML_BLOCK_MAPPING_STYLE);
    return root != 0 && add_one(doc, root, only);
}

static int append_bytes(void *arg, unsigned char *bytes, size_t size)
{
    return co_buf_append(arg, bytes, size) == CO_OK;
}

/* Takes the document over. */
static enum co_err emit(yaml_document_t *doc, struct co_buf *out)
{
    yaml_emitter_t emitter;
    if (!yaml_emitter_initialize(&emitter)) {
        yaml_document_delete(doc);
        return CO_ENOMEM;
    }
    yaml_emitter_set_output(&emitter, append_bytes, out);
    yaml_emitter_set_unicode(&emitter, 1);
    yaml_emitter_set_width(&emitter, -1);
    yaml_emitter_set_encoding(&emitter, YAML_UTF8_ENCODING);
    bool ok = yaml_emitter_open(&emitter) != 0 && yaml_emitter_dump(&emitter, doc) != 0 &&
              yaml_emitter_close(&emitter) != 0;
    yaml_emitter_delete(&emitter);
    if (ok)
        return CO_OK;
    return out->err != CO_OK ? out->err : CO_ENOMEM;
}

enum co_err co_yaml_write(const Callout__V1__Registry *registry, enum co_kind kind, const char *key,
                          struct co_buf *out)
{
    const Callout__V1__RegistryObject *first = NULL;
    for (size_t i = 0; i < registry->n_objects && first == NULL; i++)
        if (is_wanted(registry->objects[i], kind, key))
            first = registry->objects[i];
    if (first == NULL)
        return CO_OK;
    yaml_document_t doc;
    if (!yaml_document_initialize(&doc, NULL, NULL, NULL, 1, 1))
        return CO_ENOMEM;
    if (fill(&doc, registry, kind, first))
        return emit(&doc, out);
    yaml_document_delete(&doc);
    return CO_ENOMEM;
}

/* Under another name first, so that a file is there as a whole or as it was. */
static enum co_err write_file(const char *path, const struct co_buf *text, struct co_why *why)
{
    char temporary[4200];
    snprintf(temporary, sizeof(temporary), "%s.new", path);
    FILE *f = fopen(temporary, "wb");
    bool ok = f != NULL && fwrite(text->data, 1, text->len, f) == text->len;
    ok = ok && fflush(f) == 0 && fsync(fileno(f)) == 0;
    int error = errno;
    if (f != NULL && fclose(f) != 0 && ok) {
        ok = false;
        error = errno;
    }
    if (ok && rename(temporary, path) == 0)
        return CO_OK;
    co_why_set(why, "%s cannot be written: %s", path, strerror(ok ? errno : error));
    if (f != NULL)
        unlink(temporary);
    return CO_EDOWN;
}

static enum co_err export_one(const Callout__V1__Registry *registry, enum co_kind kind,
                              const char *key, const char *dir, struct co_why *why)
{
    struct co_buf text;
    char path[4096];
    co_buf_init(&text, EXPORT_LIMIT_BYTES);
    enum co_err err = co_yaml_write(registry, kind, key, &text);
    if (key == NULL)
        snprintf(path, sizeof(path), "%s/%s.yaml", dir, co_yaml_section(kind));
    else
        snprintf(path, sizeof(path), "%s/%s-%s.yaml", dir, co_kind_name(kind), key);
    if (err == CO_OK && text.len > 0)
        err = write_file(path, &text, why);
    else if (err != CO_OK)
        co_why_set(why, "%s cannot be made: %s", path, co_err_name(err));
    co_buf_done(&text);
    return err;
}

enum co_err co_yaml_export(const Callout__V1__Registry *registry, const char *dir,
                           struct co_why *why)
{
    if (mkdir(dir, 0777) != 0 && errno != EEXIST) {
        co_why_set(why, "%s cannot be made: %s", dir, strerror(errno));
        return CO_EDOWN;
    }
    for (enum co_kind k = CO_KIND_CUSTOMER; k < CO_KINDS; k++) {
        if (k == CO_KIND_CALENDAR || k == CO_KIND_POLICY)
            continue;
        enum co_err err = export_one(registry, k, NULL, dir, why);
        if (err != CO_OK)
            return err;
    }
    for (size_t i = 0; i < registry->n_objects; i++) {
        const Callout__V1__RegistryObject *o = registry->objects[i];
        enum co_kind k = (enum co_kind)o->object_case;
        if (k != CO_KIND_CALENDAR && k != CO_KIND_POLICY)
            continue;
        enum co_err err = export_one(registry, k, co_object_key_of(o), dir, why);
        if (err != CO_OK)
            return err;
    }
    return CO_OK;
}
