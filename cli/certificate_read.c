#include "certificate_impl.h"

#include <sodium.h>
#include <string.h>

#include "co_json.h"
#include "co_pbarena.h"

/* -- parts of the document */

static const char *text_of(struct certificate_checker *c, const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    if (text == NULL)
        certificate_found(c, "format", "", "there is no text \"signed.%s\" in it", name);
    return text;
}

/* NULL: a finding, or no memory. */
static uint8_t *decode(struct certificate_checker *c, const char *name, const char *text,
                       size_t *ret_len)
{
    size_t len = strlen(text), cap = len / 4 * 3 + 3;
    const char *end = NULL;
    uint8_t *bytes = co_arena_alloc(c->arena, cap);
    if (bytes == NULL) {
        c->err = CO_ENOMEM;
        return NULL;
    }
    if (sodium_base642bin(bytes, cap, text, len, NULL, ret_len, &end,
                          sodium_base64_VARIANT_ORIGINAL) == 0 &&
        end == text + len)
        return bytes;
    certificate_found(c, "format", "", "\"signed.%s\" is not base64 as it should be", name);
    return NULL;
}

static bool check_form(struct certificate_checker *c, const json_t *root)
{
    const json_t *format = json_object_get(root, "callout_certificate");
    if (!json_is_integer(format)) {
        certificate_found(c, "format", "",
                          "this is no certificate of Callout: \"callout_certificate\" is missing");
        return false;
    }
    if (json_integer_value(format) == (json_int_t)CERTIFICATE_FORMAT)
        return true;
    certificate_found(c, "release", "",
                      "the format is %lld, this callout knows %u: use a newer one",
                      (long long)json_integer_value(format), CERTIFICATE_FORMAT);
    return false;
}

/* -- who signed it */

static void check_key(struct certificate_checker *c, const uint8_t *known)
{
    const ProtobufCBinaryData *key = &c->certificate->public_key;
    char text[CO_KEY_TEXT];
    co_keys_encode(key->data, text);
    c->result->public_key = co_arena_strdup(c->arena, text);
    if (c->result->public_key == NULL) {
        c->result->public_key = (char *)(uintptr_t)protobuf_c_empty_string;
        c->err = CO_ENOMEM;
    }
    c->result->is_key_known = known != NULL && memcmp(known, key->data, key->len) == 0;
    if (known != NULL && !c->result->is_key_known)
        certificate_found(c, "key", "public_key",
                          "it says that another key signed it than the one that was given");
}

static void check_signature(struct certificate_checker *c, const uint8_t *content, size_t len,
                            const char *text)
{
    size_t signature_len = 0, signed_len = 0;
    uint8_t *signature = decode(c, "signature", text, &signature_len);
    if (signature == NULL)
        return;
    uint8_t *bytes = certificate_signed_bytes(content, len, c->arena, &signed_len);
    if (bytes == NULL) {
        c->err = CO_ENOMEM;
        return;
    }
    c->result->is_signed =
        signature_len == CO_SIGN_BYTES &&
        co_sign_holds(c->certificate->public_key.data, bytes, signed_len, signature);
    if (!c->result->is_signed)
        certificate_found(c, "signature", "",
                          "the signature does not fit the content: one of them was changed");
}

/* -- the content */

static bool unpack(struct certificate_checker *c, const uint8_t *content, size_t len)
{
    ProtobufCAllocator allocator = co_pbarena(c->arena);
    Callout__V1__Certificate *certificate =
        callout__v1__certificate__unpack(&allocator, len, content);
    if (certificate == NULL) {
        certificate_found(c, "format", "", "the content is not a certificate of this format");
        return false;
    }
    if (certificate->public_key.len != CO_SIGN_PUBLIC_BYTES) {
        certificate_found(c, "format", "public_key", "it does not say who signed it");
        return false;
    }
    if (!certificate_is_bounded(c, &certificate->base))
        return false;
    c->certificate = certificate;
    c->result->number = certificate->number;
    c->result->as_of_us = certificate->as_of_us;
    c->result->engine = certificate->engine;
    return true;
}

static void check_whole(struct certificate_checker *c, size_t len)
{
    if (c->certificate->format != CERTIFICATE_FORMAT)
        certificate_found(c, "release", "format", "the content is of format %u",
                          c->certificate->format);
    if (callout__v1__certificate__get_packed_size(c->certificate) != len)
        certificate_found(c, "format", "", "the content is not packed as Callout packs it");
}

static void check_readable(struct certificate_checker *c)
{
    json_t *meant = co_json_of_message(&c->certificate->base);
    if (meant == NULL) {
        c->err = CO_ENOMEM;
        return;
    }
    certificate_compare_json(c, c->readable, meant);
    json_decref(meant);
}

bool certificate_read(struct certificate_checker *c, const json_t *root, const uint8_t *known)
{
    if (!check_form(c, root))
        return false;
    const json_t *is_signed = json_object_get(root, "signed");
    const char *signature = text_of(c, is_signed, "signature");
    const char *text = text_of(c, is_signed, "content");
    size_t len = 0;
    uint8_t *content = text != NULL ? decode(c, "content", text, &len) : NULL;
    if (signature == NULL || content == NULL || !unpack(c, content, len))
        return false;
    c->readable = json_object_get(root, "certificate");
    check_key(c, known);
    check_signature(c, content, len, signature);
    check_whole(c, len);
    check_readable(c);
    return c->err == CO_OK;
}
