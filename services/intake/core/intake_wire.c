#include "intake_wire.h"

#include <stdbool.h>
#include <string.h>

#include "co_buf.h"
#include "co_text.h"

enum { WIRE_VARINT, WIRE_64, WIRE_BYTES, WIRE_GROUP, WIRE_GROUP_END, WIRE_32, PATH_MAX_BYTES = 256 };

/* A field on the way down to what is wrong. */
struct step {
    const ProtobufCFieldDescriptor *field;
    unsigned index; /* of the element, where it is repeated */
};

struct walk {
    struct step path[INTAKE_WIRE_DEPTH];
    size_t depth;
    const char *problem; /* NULL: none */
    const char *allowed;
};

struct reader {
    const uint8_t *at;
    const uint8_t *end;
};

static bool take_varint(struct reader *r, uint64_t *ret)
{
    uint64_t v = 0;
    for (unsigned shift = 0; shift < 64 && r->at < r->end; shift += 7) {
        uint8_t byte = *r->at++;
        v |= (uint64_t)(byte & 0x7f) << shift;
        if ((byte & 0x80) == 0) {
            *ret = v;
            return true;
        }
    }
    return false;
}

/* Passes over the value of a field; for WIRE_BYTES its bytes come back. */
static bool take_value(struct reader *r, unsigned type, struct reader *ret_bytes)
{
    uint64_t n = 0;
    if (type == WIRE_VARINT)
        return take_varint(r, &n);
    if (type == WIRE_BYTES && !take_varint(r, &n))
        return false;
    if (type == WIRE_64 || type == WIRE_32)
        n = type == WIRE_64 ? 8 : 4;
    if (type == WIRE_GROUP || type == WIRE_GROUP_END || type > WIRE_32 || n > (uint64_t)(r->end - r->at))
        return false;
    *ret_bytes = (struct reader){ r->at, r->at + n };
    r->at += n;
    return true;
}

static bool walk_message(struct walk *w, const ProtobufCMessageDescriptor *desc, struct reader r);

static bool walk_field(struct walk *w, const ProtobufCFieldDescriptor *f, unsigned index, struct reader value)
{
    if (f->type != PROTOBUF_C_TYPE_STRING && f->type != PROTOBUF_C_TYPE_MESSAGE)
        return true;
    w->path[w->depth++] = (struct step){ f, index };
    if (f->type == PROTOBUF_C_TYPE_MESSAGE) {
        if (!walk_message(w, f->descriptor, value))
            return false;
    } else if (!co_text_is_valid((const char *)value.at, (size_t)(value.end - value.at))) {
        w->problem = "is not valid UTF-8, or contains NUL";
        w->allowed = "UTF-8 without NUL";
        return false;
    }
    w->depth--;
    return true;
}

static bool walk_message(struct walk *w, const ProtobufCMessageDescriptor *desc, struct reader r)
{
    const ProtobufCFieldDescriptor *last = NULL;
    unsigned index = 0;
    if (w->depth == INTAKE_WIRE_DEPTH) {
        w->problem = "is nested too deep";
        w->allowed = desc->name;
        return false;
    }
    while (r.at < r.end) {
        uint64_t tag = 0;
        struct reader value = { NULL, NULL };
        if (!take_varint(&r, &tag) || !take_value(&r, (unsigned)(tag & 7), &value)) {
            w->problem = "cannot be read: its bytes are not a message";
            w->allowed = desc->name;
            return false;
        }
        const ProtobufCFieldDescriptor *f =
            tag >> 3 > UINT32_MAX ? NULL : protobuf_c_message_descriptor_get_field(desc, (unsigned)(tag >> 3));
        index = f != NULL && f == last ? index + 1 : 0;
        last = f;
        if (f != NULL && (tag & 7) == WIRE_BYTES && !walk_field(w, f, index, value))
            return false;
    }
    return true;
}

static void write_path(const struct walk *w, struct co_buf *out)
{
    for (size_t i = 0; i < w->depth; i++) {
        const struct step *s = &w->path[i];
        (void)co_buf_printf(out, "%s%s", i == 0 ? "" : ".", s->field->name);
        if (s->field->label == PROTOBUF_C_LABEL_REPEATED)
            (void)co_buf_printf(out, "[%u]", s->index);
    }
}

enum co_err intake_wire_check(struct co_arena *arena, const ProtobufCMessageDescriptor *desc, const uint8_t *bytes,
                              size_t len, struct intake_complaint *ret_complaint)
{
    struct walk w = { .problem = NULL };
    if (walk_message(&w, desc, (struct reader){ bytes, bytes + len }))
        return CO_OK;
    struct co_buf path;
    co_buf_init(&path, PATH_MAX_BYTES);
    write_path(&w, &path);
    const char *field = co_buf_text(&path);
    intake_complain(ret_complaint, arena, CALLOUT__V1__CODE__CODE_INVALID, field, "%s %s",
                    field[0] == '\0' ? "the request" : field, w.problem);
    intake_allow(ret_complaint, "%s", w.allowed);
    co_buf_done(&path);
    return CO_EINPUT;
}
