/* co_yaml.h - the registry as files that people write.
 *
 * A file is one YAML document; docs/policies.md and docs/registry.md say what may stand in it.
 * Files, or directories of *.yaml and *.yml files, are loaded one after the other; co_yaml_finish()
 * then joins calendars with their holidays, and packs with those they extend, and gives the whole
 * as one Registry message. Loading goes on after an error, so that all of them are told at once.
 * References between objects are not followed here: co_registry_check() does that.
 *
 * Blocking file calls: for tools only. One loader belongs to one thread.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "callout/v1/registry.pb-c.h"
#include "co_buf.h"
#include "co_err.h"
#include "co_object.h"
#include "co_why.h"

#define CO_YAML_FILE_LIMIT_BYTES ((size_t)64 * 1024 * 1024)
#define CO_YAML_PROBLEMS_MAX 200

struct co_yaml;

struct co_yaml_problem {
    const char *file;
    unsigned line;       /* from 1 */
    const char *key;     /* path in the file: "sites.haihe-dc1.position.lat"; "" for the file */
    const char *message; /* a sentence without its full stop */
    const char *allowed; /* what would be taken, or "" */
};

/* `key_dir` is where `public_key_file` of a client is looked for, NULL: nowhere. It is copied. The
 * caller owns the loader; NULL means out of memory. */
struct co_yaml *co_yaml_new(const char *key_dir);

/* Frees the loader and everything it gave out. NULL is allowed. */
void co_yaml_free(struct co_yaml *y);

/* Loads a file, or all *.yaml and *.yml files below a directory (hidden ones are passed over) in
 * the order of their names. CO_EINPUT: there are problems (see below), CO_EDOWN: the path cannot be
 * read (a problem too), CO_ENOMEM. An error need not be looked at here: co_yaml_finish() gives it
 * again. */
enum co_err co_yaml_load(struct co_yaml *y, const char *path);

/* The same for a text in memory; `name` stands for the file in problems. */
enum co_err co_yaml_load_text(struct co_yaml *y, const char *name, const char *text, size_t len);

/* Loads a file that is one message of another kind, by the names of its fields (lengths of time
 * without their _us). *ret_message belongs to the loader; it is set also with CO_EINPUT. Errors as
 * co_yaml_load(). */
CO_MUST_CHECK enum co_err co_yaml_load_message(struct co_yaml *y, const char *path,
                                               const ProtobufCMessageDescriptor *type,
                                               const ProtobufCMessage **ret_message);

/* All that was loaded, in the order of kinds and keys. The loader owns the message. CO_EINPUT:
 * there are problems, from here or from loading; CO_ENOMEM. Called once, after the last load. */
CO_MUST_CHECK enum co_err co_yaml_finish(struct co_yaml *y,
                                         const Callout__V1__Registry **ret_registry);

/* In the order in which they were met; at most CO_YAML_PROBLEMS_MAX are kept. */
size_t co_yaml_problem_count(const struct co_yaml *y);
const struct co_yaml_problem *co_yaml_problem_at(const struct co_yaml *y, size_t i);

/* Where an object was defined: false when it is not in. For problems that co_registry_check()
 * finds. */
CO_MUST_CHECK bool co_yaml_where(const struct co_yaml *y, enum co_kind kind, const char *key,
                                 const char **ret_file, unsigned *ret_line);

/* Where a part of a policy pack stands: `path` as in a co_problem, "milestones[2].targets[0]". The
 * nearest place around it, if it is not written itself; of a pack that extends another, the place
 * in either file. False when the pack is not in. */
CO_MUST_CHECK bool co_yaml_where_in_policy(const struct co_yaml *y, const char *name,
                                           const char *path, const char **ret_file,
                                           unsigned *ret_line);

/* Appends the objects of one kind as a YAML document; of CO_KIND_CALENDAR and CO_KIND_POLICY only
 * the one with that `key`, as a file holds one of them; else `key` is NULL. Nothing is appended
 * when there is none. The text is loaded back as the same objects. CO_ENOMEM, CO_EFULL as the
 * buffer. */
CO_MUST_CHECK enum co_err co_yaml_write(const Callout__V1__Registry *registry, enum co_kind kind,
                                        const char *key, struct co_buf *out);

/* Writes the whole registry into files below `dir`, which is made where it is missing:
 * customers.yaml ..., calendar-KEY.yaml, policy-NAME.yaml. Files of these names are replaced,
 * each as a whole. CO_EDOWN: a file cannot be written, `why` says which; CO_ENOMEM. */
CO_MUST_CHECK enum co_err co_yaml_export(const Callout__V1__Registry *registry, const char *dir,
                                         struct co_why *why);
