#include "intake_rule.h"

#include <math.h>
#include <string.h>

#include "co_number.h"

enum { SHA256_BYTES = 32, ATTACHMENT_NAME_MAX = 200, ATTACHMENT_URI_MAX = 2000, NOTICE_OBLIGATION_MAX = 223, NOTICE_SLOT_MAX = 31,
       NOTICE_KEY_MAX = 64, DOCUMENT_VERSION_MAX = 64, NOTICE_STATES_MAX = 8 };

static const void *field_of(const struct intake_rule *rule, const void *message)
{
    return (const char *)message + rule->at;
}

static const char *text_of(const struct intake_rule *rule, const void *message)
{
    return *(const char *const *)field_of(rule, message);
}

static void invalid(const struct intake_check_options *o, const struct intake_rule *rule, const char *what,
                    struct intake_complaint *c)
{
    intake_complain(c, o->arena, CALLOUT__V1__CODE__CODE_INVALID, rule->field, "%s %s", rule->field, what);
}

/* Of valid UTF-8: bytes that do not continue a character. Stops counting beyond `limit`. */
static uint32_t characters(const char *s, uint32_t limit)
{
    uint32_t n = 0;
    for (; *s != '\0' && n <= limit; s++)
        n += ((unsigned char)*s & 0xC0) != 0x80;
    return n;
}

static bool is_long_enough(const char *text, uint32_t min, uint32_t max)
{
    if (min <= 1 && strlen(text) <= max) /* as a rule; no text has more characters than bytes */
        return text[0] != '\0' || min == 0;
    uint32_t n = characters(text, max);
    return n >= min && n <= max;
}

bool intake_rule_text(const struct intake_check_options *o, const struct intake_rule *rule, const void *message,
                      struct intake_complaint *c)
{
    const char *text = text_of(rule, message);
    if (is_long_enough(text, rule->min, rule->max))
        return true;
    invalid(o, rule, text[0] == '\0' ? "is missing" : "is too long", c);
    intake_allow(c, "%u..%u characters", rule->min, rule->max);
    return false;
}

bool intake_rule_texts(const struct intake_check_options *o, const struct intake_rule *rule, const void *message,
                       struct intake_complaint *c)
{
    char *const *list = *(char *const *const *)field_of(rule, message);
    size_t n = *(const size_t *)((const char *)message + rule->count_at);
    if (n > rule->count_max) {
        invalid(o, rule, "has too many values", c);
        intake_allow(c, "at most %u values", rule->count_max);
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        if (is_long_enough(list[i], rule->min, rule->max))
            continue;
        invalid(o, rule, list[i][0] == '\0' ? "has an empty value" : "has a value that is too long", c);
        intake_allow(c, "%u..%u characters each", rule->min, rule->max);
        return false;
    }
    return true;
}

bool intake_rule_count(const struct intake_check_options *o, const struct intake_rule *rule, const void *message,
                       struct intake_complaint *c)
{
    uint32_t value = *(const uint32_t *)field_of(rule, message);
    if (value >= rule->min && value <= rule->max)
        return true;
    invalid(o, rule, value == 0 ? "is missing" : value < rule->min ? "is too small" : "is too large", c);
    intake_allow(c, "%u..%u", rule->min, rule->max);
    return false;
}

bool intake_rule_minutes(const struct intake_check_options *o, const struct intake_rule *rule, const void *message,
                         struct intake_complaint *c)
{
    int32_t value = *(const int32_t *)field_of(rule, message), most = (int32_t)rule->max;
    if (value != 0 && value >= (rule->min > 0 ? (int32_t)rule->min : -most) && value <= most)
        return true;
    invalid(o, rule, value == 0 ? "is missing" : value < 0 ? "is too small" : "is too large", c);
    if (rule->min > 0)
        intake_allow(c, "%u..%u", rule->min, rule->max);
    else
        intake_allow(c, "-%u..%u, but not 0", rule->max, rule->max);
    return false;
}

bool intake_rule_bytes(const struct intake_check_options *o, const struct intake_rule *rule, const void *message,
                       struct intake_complaint *c)
{
    const ProtobufCBinaryData *bytes = field_of(rule, message);
    if (bytes->len <= rule->max)
        return true;
    invalid(o, rule, "is too long", c);
    intake_allow(c, "at most %u bytes", rule->max);
    return false;
}

static bool is_between(const struct intake_check_options *o, const struct intake_rule *rule, int64_t us,
                       int64_t from_us, int64_t until_us, struct intake_complaint *c)
{
    if (us >= from_us && us <= until_us)
        return true;
    invalid(o, rule, us == 0 ? "is missing" : us < from_us ? "is too long ago" : "lies too far in the future", c);
    intake_allow(c, "%lld..%lld", (long long)from_us, (long long)until_us);
    return false;
}

bool intake_rule_occurred(const struct intake_check_options *o, const struct intake_rule *rule, const void *message,
                          struct intake_complaint *c)
{
    int64_t us = *(const int64_t *)field_of(rule, message);
    return us == 0 || is_between(o, rule, us, o->now_us - INTAKE_BACK_US, o->now_us + INTAKE_AHEAD_US, c);
}

bool intake_rule_agreed(const struct intake_check_options *o, const struct intake_rule *rule, const void *message,
                        struct intake_complaint *c)
{
    int64_t us = *(const int64_t *)field_of(rule, message);
    return is_between(o, rule, us, o->now_us - INTAKE_BACK_US, o->now_us + INTAKE_AGREED_AHEAD_US, c);
}

bool intake_rule_agreed_if_any(const struct intake_check_options *o, const struct intake_rule *rule, const void *message,
                               struct intake_complaint *c)
{
    return *(const int64_t *)field_of(rule, message) == 0 || intake_rule_agreed(o, rule, message, c);
}

bool intake_rule_number(const struct intake_check_options *o, const struct intake_rule *rule, const void *message,
                        struct intake_complaint *c)
{
    const char *text = text_of(rule, message);
    int64_t id = 0;
    if (text[0] == '\0' && rule->min == 0)
        return true;
    if (co_number_parse(text, &id) != CO_OK) {
        invalid(o, rule, text[0] == '\0' ? "is missing" : "is not the number of a case (is a character wrong?)", c);
        intake_allow(c, "a number as given in the reply to a submit, for example C-180D");
        return false;
    }
    if (co_number_lane(id) < o->lanes)
        return true;
    intake_complain(c, o->arena, CALLOUT__V1__CODE__CODE_NOT_FOUND, rule->field, "there is no case with this number");
    return false;
}

bool intake_rule_position(const struct intake_check_options *o, const struct intake_rule *rule, const void *message,
                          struct intake_complaint *c)
{
    const Callout__V1__Position *p = *(Callout__V1__Position *const *)field_of(rule, message);
    if (p == NULL)
        return true;
    struct intake_rule part = *rule;
    bool is_known = protobuf_c_enum_descriptor_get_value(&callout__v1__datum__descriptor, (int)p->datum) != NULL;
    bool is_latitude = isfinite(p->latitude) && fabs(p->latitude) <= 90;
    bool is_longitude = isfinite(p->longitude) && fabs(p->longitude) <= 180;
    if (is_latitude && is_longitude && is_known)
        return true;
    part.field = !is_latitude ? "submit.position.latitude" : !is_longitude ? "submit.position.longitude"
                                                                           : "submit.position.datum";
    invalid(o, &part, "is out of range", c);
    intake_allow(c, "%s", !is_latitude ? "-90..90 degrees" : !is_longitude ? "-180..180 degrees" : "wgs84, gcj02, bd09");
    return false;
}

bool intake_rule_notice(const struct intake_check_options *o, const struct intake_rule *rule, const void *message,
                        struct intake_complaint *c)
{
    const char *const *names = rule->extra;
    static const size_t at[] = { offsetof(Callout__V1__NoticeName, obligation), offsetof(Callout__V1__NoticeName, slot) };
    static const uint32_t most[] = { NOTICE_OBLIGATION_MAX, NOTICE_SLOT_MAX };
    const Callout__V1__NoticeName *n = *(Callout__V1__NoticeName *const *)field_of(rule, message);
    if (n == NULL && rule->min > 0)
        invalid(o, rule, "is missing", c);
    if (n == NULL)
        return rule->min == 0;
    for (size_t i = 0; i < sizeof(at) / sizeof(at[0]); i++) {
        struct intake_rule part = { names[i], intake_rule_text, at[i], 0, 1, most[i], 0, NULL };
        if (!part.holds(o, &part, n, c))
            return false;
    }
    return true;
}

bool intake_rule_notices(const struct intake_check_options *o, const struct intake_rule *rule, const void *message,
                         struct intake_complaint *c)
{
    static const struct intake_rule parts[] = {
        { "query.notices.person", intake_rule_text, offsetof(Callout__V1__NoticeFilter, person), 0, 0, NOTICE_KEY_MAX, 0, NULL },
        { "query.notices.channel", intake_rule_text, offsetof(Callout__V1__NoticeFilter, channel), 0, 0, NOTICE_KEY_MAX, 0, NULL },
    };
    const ProtobufCEnumDescriptor *states = &callout__v1__notice_state__descriptor;
    const struct intake_rule state = { .field = "query.notices.states" };
    const Callout__V1__NoticeFilter *f = *(Callout__V1__NoticeFilter *const *)field_of(rule, message);
    if (f == NULL)
        return true;
    bool is_fine = f->n_states <= NOTICE_STATES_MAX;
    for (size_t i = 0; is_fine && i < f->n_states; i++)
        is_fine = protobuf_c_enum_descriptor_get_value(states, (int)f->states[i]) != NULL;
    if (!is_fine) {
        invalid(o, &state, "has a state that there is not, or too many", c);
        for (unsigned i = 0; i < states->n_values; i++)
            intake_allow(c, "%d (%s)", states->values[i].value, states->values[i].name);
        return false;
    }
    return parts[0].holds(o, &parts[0], f, c) && parts[1].holds(o, &parts[1], f, c);
}

bool intake_rule_attachments(const struct intake_check_options *o, const struct intake_rule *rule,
                             const void *message, struct intake_complaint *c)
{
    static const struct intake_rule parts[] = {
        { "submit.attachments.name", intake_rule_text, offsetof(Callout__V1__Attachment, name), 0, 0,
          ATTACHMENT_NAME_MAX, 0, NULL },
        { "submit.attachments.uri", intake_rule_text, offsetof(Callout__V1__Attachment, uri), 0, 1,
          ATTACHMENT_URI_MAX, 0, NULL },
    };
    Callout__V1__Attachment *const *list = *(Callout__V1__Attachment *const *const *)field_of(rule, message);
    size_t n = *(const size_t *)((const char *)message + rule->count_at);
    if (n > rule->count_max) {
        invalid(o, rule, "has too many values", c);
        intake_allow(c, "at most %u values", rule->count_max);
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < sizeof(parts) / sizeof(parts[0]); k++)
            if (!parts[k].holds(o, &parts[k], list[i], c))
                return false;
        if (list[i]->sha256.len != SHA256_BYTES) {
            struct intake_rule part = { .field = "submit.attachments.sha256" };
            invalid(o, &part, "is not a SHA-256 hash", c);
            intake_allow(c, "%d bytes", SHA256_BYTES);
            return false;
        }
    }
    return true;
}

bool intake_rule_document(const struct intake_check_options *o, const struct intake_rule *rule, const void *message,
                          struct intake_complaint *c)
{
    static const struct intake_rule parts[] = {
        { "command.document.name", intake_rule_text, offsetof(Callout__V1__Document, name), 0, 1, ATTACHMENT_NAME_MAX, 0, NULL },
        { "command.document.uri", intake_rule_text, offsetof(Callout__V1__Document, uri), 0, 0, ATTACHMENT_URI_MAX, 0, NULL },
        { "command.document.version", intake_rule_text, offsetof(Callout__V1__Document, version), 0, 0, DOCUMENT_VERSION_MAX, 0, NULL },
    };
    const Callout__V1__Document *d = *(const Callout__V1__Document *const *)field_of(rule, message);
    for (size_t i = 0; d != NULL && i < sizeof(parts) / sizeof(parts[0]); i++)
        if (!parts[i].holds(o, &parts[i], d, c))
            return false;
    if (d == NULL || d->sha256.len == 0 || d->sha256.len == SHA256_BYTES)
        return true;
    struct intake_rule part = { .field = "command.document.sha256" };
    invalid(o, &part, "is not a SHA-256 hash", c);
    intake_allow(c, "%d bytes", SHA256_BYTES);
    return false;
}

bool intake_rule_enum(const struct intake_check_options *o, const struct intake_rule *rule, const void *message,
                      struct intake_complaint *c)
{
    int value = *(const int *)field_of(rule, message);
    const ProtobufCEnumDescriptor *desc = rule->extra;
    if (protobuf_c_enum_descriptor_get_value(desc, value) != NULL)
        return true;
    invalid(o, rule, "is not a value of its kind", c);
    for (unsigned i = 0; i < desc->n_values; i++)
        intake_allow(c, "%s", intake_enum_name(o->arena, desc, desc->values[i].value));
    return false;
}

bool intake_rule_value(const struct intake_check_options *o, const struct intake_rule *rule, const void *message,
                       struct intake_complaint *c)
{
    int value = *(const int *)field_of(rule, message);
    const struct intake_values *values = rule->extra;
    for (size_t i = 0; i < values->count; i++)
        if (values->value[i] == value)
            return true;
    invalid(o, rule, value == 0 ? "is missing" : "is not allowed here", c);
    for (size_t i = 0; i < values->count; i++)
        intake_allow(c, "%s", intake_enum_name(o->arena, values->desc, values->value[i]));
    return false;
}

bool intake_rule_word(const struct intake_check_options *o, const struct intake_rule *rule, const void *message,
                      struct intake_complaint *c)
{
    const char *text = text_of(rule, message);
    const char *const *words = rule->extra;
    for (size_t i = 0; words[i] != NULL; i++)
        if (strcmp(words[i], text) == 0)
            return true;
    invalid(o, rule, text[0] == '\0' ? "is missing" : "is not allowed here", c);
    for (size_t i = 0; words[i] != NULL; i++)
        intake_allow(c, "%s", words[i]);
    return false;
}

bool intake_rule_given(const struct intake_check_options *o, const struct intake_rule *rule, const void *message,
                       struct intake_complaint *c)
{
    if (*(const uint64_t *)field_of(rule, message) != 0)
        return true;
    invalid(o, rule, "is missing", c);
    return false;
}
