/* co_yaml_impl.h - what the files of this directory share. Nobody else includes it. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <yaml.h>

#include "co_arena.h"
#include "co_yaml.h"

#define CO_YAML_PATH 512

/* An array that grows in the loader's arena. */
struct co_yaml_list {
    void **item;
    size_t len;
    size_t cap;
};

/* An object and where it was defined. */
struct co_yaml_object {
    Callout__V1__RegistryObject *message;
    const char *file;
    unsigned line;
    const char *holidays; /* of a calendar: the name of its set, or NULL */
    unsigned holidays_line;
    Callout__V1__DayException makeup;        /* hours of a make-up workday */
    Callout__V1__DayException *later_makeup; /* the same with each of the calendar's later weeks */
    const char *extends;                     /* of a policy: the pack it is made from, or NULL */
    unsigned extends_line;
    bool is_joined; /* of a policy: with that pack */
};

/* Where a part of a policy pack stands: a message, or a field of one. */
struct co_yaml_place {
    const ProtobufCMessage *message;
    const ProtobufCFieldDescriptor *field; /* NULL: the message itself */
    const char *file;
    unsigned line;
};

/* The document `holidays: NAME`. */
struct co_yaml_holidays {
    const char *name;
    const char *file;
    struct co_yaml_list days; /* Callout__V1__DayException; n_spans == 0: off */
    bool *is_working;         /* per day */
    uint32_t *years;
    size_t n_years;
};

struct co_yaml {
    struct co_arena *arena;
    char *key_dir;
    bool is_out_of_memory;
    struct co_yaml_problem problem[CO_YAML_PROBLEMS_MAX];
    size_t problem_count;
    struct co_yaml_list objects;  /* co_yaml_object */
    struct co_yaml_list holidays; /* co_yaml_holidays */
    struct co_yaml_list places;   /* co_yaml_place, of policy packs */
    ProtobufCMessage *whole;      /* what the document is read into, where it is no registry file */
    Callout__V1__Registry registry;
};

/* The document being read, and where in it we are. */
struct co_yaml_source {
    struct co_yaml *y;
    const char *file;
    yaml_document_t doc;
    uint32_t visits; /* of nodes: aliases may make few bytes many nodes */
    char path[CO_YAML_PATH];
    size_t path_len;
    bool has_places;     /* what is read now is a policy pack: its places are kept */
    const char *extends; /* of the policy pack read last */
    unsigned extends_line;
};

/* memory of the loader; NULL sets is_out_of_memory */
void *co_yaml_alloc(struct co_yaml *y, size_t size); /* cleared */
char *co_yaml_strdup(struct co_yaml *y, const char *s);
bool co_yaml_list_add(struct co_yaml *y, struct co_yaml_list *l, void *item);

/* problems */
void co_yaml_complain_at(struct co_yaml *y, const char *file, unsigned line, const char *key,
                         const char *allowed, const char *format, ...)
    __attribute__((format(printf, 6, 7)));
void co_yaml_complain(struct co_yaml_source *s, const yaml_node_t *n, const char *allowed,
                      const char *format, ...) __attribute__((format(printf, 4, 5)));
/* "NAME is not known here; did you mean X?" with the list of names */
void co_yaml_unknown(struct co_yaml_source *s, const yaml_node_t *n, const char *name,
                     const char *const *names, size_t count);

/* the path: returns what co_yaml_pop() wants */
size_t co_yaml_push(struct co_yaml_source *s, const char *name);
size_t co_yaml_push_index(struct co_yaml_source *s, size_t i);
void co_yaml_pop(struct co_yaml_source *s, size_t mark);

/* nodes */
yaml_node_t *co_yaml_node(struct co_yaml_source *s, int index);
unsigned co_yaml_line(const yaml_node_t *n);
bool co_yaml_is_empty(const yaml_node_t *n); /* nothing after the colon */
const char *co_yaml_scalar(struct co_yaml_source *s,
                           const yaml_node_t *n); /* NULL: said what is wrong */

struct co_yaml_pair {
    const char *key;
    yaml_node_t *key_node;
    yaml_node_t *value;
};
/* The pairs of a mapping, each key a scalar and only once. NULL: said what is wrong. */
struct co_yaml_pair *co_yaml_pairs(struct co_yaml_source *s, const yaml_node_t *n,
                                   size_t *ret_count);

/* The messages that a mapping makes, pair by pair, each under the path of its key. False: said what
 * is wrong. */
typedef bool co_yaml_pair_reader(struct co_yaml_source *s, const struct co_yaml_pair *pair,
                                 struct co_yaml_list *items);
bool co_yaml_read_map(struct co_yaml_source *s, const yaml_node_t *n, co_yaml_pair_reader *read,
                      ProtobufCMessage ***ret_items, size_t *ret_count);

/* names */
#define CO_YAML_NAME 64
void co_yaml_field_name(const ProtobufCMessageDescriptor *d, const ProtobufCFieldDescriptor *f,
                        char name[static CO_YAML_NAME]);
bool co_yaml_is_time(const ProtobufCMessageDescriptor *d, const ProtobufCFieldDescriptor *f);
bool co_yaml_is_duration(const ProtobufCMessageDescriptor *d, const ProtobufCFieldDescriptor *f);
/* lower case, without the prefix that all values share */
void co_yaml_enum_name(const ProtobufCEnumDescriptor *d, unsigned i,
                       char name[static CO_YAML_NAME]);

/* Messages that people write shorter than field by field. Every function may be NULL. */
struct co_yaml_short {
    const ProtobufCMessageDescriptor *type;
    /* one scalar stands for the message; false: said what is wrong */
    bool (*read)(struct co_yaml_source *s, const yaml_node_t *n, const char *text,
                 ProtobufCMessage *m);
    const char *(*write)(const ProtobufCMessage *m, char *buf, size_t size); /* NULL: cannot */
    /* in a list: one pair of a mapping stands for it */
    bool (*read_pair)(struct co_yaml_source *s, const struct co_yaml_pair *pair,
                      ProtobufCMessage *m);
    /* writes the key into buf and adds the value's node to doc; 0: cannot */
    int (*write_pair)(yaml_document_t *doc, const ProtobufCMessage *m, char *buf, size_t size);
    /* a key that is not a field; false: not known either */
    bool (*read_extra)(struct co_yaml_source *s, const struct co_yaml_pair *pair,
                       ProtobufCMessage *m);
    const char *extra; /* its name, for lists of what is allowed */
    /* the value of that key, NULL: it cannot say it; then fields are written */
    const char *(*write_extra)(const ProtobufCMessage *m, char *buf, size_t size);
    /* a mapping stands for the whole list */
    bool (*read_list)(struct co_yaml_source *s, const yaml_node_t *n, ProtobufCMessage ***ret_items,
                      size_t *ret_count);
    int (*write_list)(yaml_document_t *doc, ProtobufCMessage *const *items,
                      size_t count); /* 0: cannot */
    unsigned extra_fields;           /* bit per index of a field that `write_extra` says */
    unsigned limits; /* bit per index of a list without which there is no limit: never empty */
    bool is_flow;    /* the mapping is written in one line */
};
const struct co_yaml_short *co_yaml_short_of(const ProtobufCMessageDescriptor *type);

/* values */
bool co_yaml_read_message(struct co_yaml_source *s, const yaml_node_t *n, ProtobufCMessage *m);
bool co_yaml_read_pairs(struct co_yaml_source *s, const struct co_yaml_pair *pairs, size_t count,
                        const ProtobufCFieldDescriptor *skip, ProtobufCMessage *m);
ProtobufCMessage *co_yaml_new_message(struct co_yaml_source *s,
                                      const ProtobufCMessageDescriptor *d);
/* one pair "severity: text" */
bool co_yaml_read_target(struct co_yaml_source *s, const struct co_yaml_pair *pair,
                         ProtobufCMessage *m);
int co_yaml_write_target(yaml_document_t *doc, const ProtobufCMessage *m, char *buf, size_t size);
/* the hours of a shift: "20:00-08:00" */
bool co_yaml_read_hours(struct co_yaml_source *s, const struct co_yaml_pair *pair,
                        ProtobufCMessage *m);
const char *co_yaml_write_hours(const ProtobufCMessage *m, char *buf, size_t size);
/* quiet hours: "22:00-07:00", or {hours: "22:00-07:00", but_severity: 2} */
bool co_yaml_read_quiet(struct co_yaml_source *s, const yaml_node_t *n, const char *text,
                        ProtobufCMessage *m);
const char *co_yaml_write_quiet(const ProtobufCMessage *m, char *buf, size_t size);
bool co_yaml_read_quiet_hours(struct co_yaml_source *s, const struct co_yaml_pair *pair,
                              ProtobufCMessage *m);
const char *co_yaml_write_quiet_hours(const ProtobufCMessage *m, char *buf, size_t size);
/* the figures of a contract: {MILESTONE: {SEVERITY: TARGET}} */
bool co_yaml_read_figures(struct co_yaml_source *s, const yaml_node_t *n,
                          ProtobufCMessage ***ret_items, size_t *ret_count);
int co_yaml_write_figures(yaml_document_t *doc, ProtobufCMessage *const *items, size_t count);
/* the holders of roles: {ROLE: PERSON}, {ROLE: [PERSON, PERSON]} */
bool co_yaml_read_holders(struct co_yaml_source *s, const yaml_node_t *n,
                          ProtobufCMessage ***ret_items, size_t *ret_count);
int co_yaml_write_holders(yaml_document_t *doc, ProtobufCMessage *const *items, size_t count);
bool co_yaml_read_enum(struct co_yaml_source *s, const yaml_node_t *n,
                       const ProtobufCEnumDescriptor *d, int *ret_value);
bool co_yaml_read_unsigned(struct co_yaml_source *s, const yaml_node_t *n, const char *text,
                           uint32_t *ret_value);
bool co_yaml_read_double(struct co_yaml_source *s, const yaml_node_t *n, double *ret_value);

/* places of what is read, where they are kept */
void co_yaml_mark(struct co_yaml_source *s, const ProtobufCMessage *m,
                  const ProtobufCFieldDescriptor *f, const yaml_node_t *n);

/* Makes a policy pack whole, where it extends another; says what is wrong with that. */
void co_yaml_join_policy(struct co_yaml *y, struct co_yaml_object *policy);

/* parts of the other documents */
yaml_node_t *co_yaml_value_of(const struct co_yaml_pair *pairs, size_t count,
                              const char *key); /* NULL: it is not there */
void co_yaml_check_keys(struct co_yaml_source *s, const struct co_yaml_pair *pairs, size_t count,
                        const char *const *known, size_t known_count);
size_t co_yaml_list_len(struct co_yaml_source *s, const yaml_node_t *n); /* NULL: 0 */
yaml_node_t *co_yaml_list_item(struct co_yaml_source *s, const yaml_node_t *n, size_t i);
char *co_yaml_read_text(struct co_yaml_source *s, const yaml_node_t *n); /* never NULL */
void co_yaml_read_spans(struct co_yaml_source *s, const yaml_node_t *n, size_t *ret_count,
                        Callout__V1__Span ***ret_spans);
void co_yaml_read_years(struct co_yaml_source *s, const yaml_node_t *n, size_t *ret_count,
                        uint32_t **ret_years);
Callout__V1__DayException *co_yaml_read_day(struct co_yaml_source *s, const yaml_node_t *n,
                                            const struct co_yaml_pair *pairs,
                                            size_t count); /* its date and name; NULL: no memory */

/* the other documents */
void co_yaml_read_calendar(struct co_yaml_source *s, const struct co_yaml_pair *pairs,
                           size_t count);
void co_yaml_read_holidays(struct co_yaml_source *s, const struct co_yaml_pair *pairs,
                           size_t count);
void co_yaml_join_holidays(struct co_yaml *y, struct co_yaml_object *calendar);
void co_yaml_add_object(struct co_yaml_source *s, const yaml_node_t *n,
                        Callout__V1__RegistryObject *message, struct co_yaml_object **ret_object);
/* The top-level key of the objects of that kind. */
const char *co_yaml_section(enum co_kind kind);

Callout__V1__RegistryObject *co_yaml_wrap(struct co_yaml *y, enum co_kind kind,
                                          ProtobufCMessage **ret_body);

/* writing */
int co_yaml_add_text(yaml_document_t *doc,
                     const char *text); /* quoted where it looks like a number */
int co_yaml_add_plain(yaml_document_t *doc, const char *text);
int co_yaml_write_message(yaml_document_t *doc, const ProtobufCMessage *m,
                          const ProtobufCFieldDescriptor *skip);
int co_yaml_write_calendar(yaml_document_t *doc, const Callout__V1__Calendar *c);
