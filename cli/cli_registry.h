/* cli_registry.h - a registry for commands that look at the whole of one. */
#pragma once

#include "cli.h"
#include "co_registry.h"
#include "co_yaml.h"

/* The registry in force, page by page; in the command's arena. Returns the exit code. */
CO_MUST_CHECK int cli_registry_fetch(struct cli *cli, Callout__V1__Registry *ret_registry);

/* Only objects of one kind: "calendar" ...; "": all of them. */
CO_MUST_CHECK int cli_registry_fetch_kind(struct cli *cli, const char *kind,
                                          Callout__V1__Registry *ret_registry);

/* Where keys made side by side are: the directory of our own. */
const char *cli_keys_dir(struct cli *cli);

/* What files say, with their problems told on `err`. *ret_registry belongs to the loader. */
CO_MUST_CHECK int cli_registry_load(struct cli *cli, struct co_yaml *y, char *const *paths,
                                    size_t count, const Callout__V1__Registry **ret_registry);

/* The registry of the files named by the words of the command line from `first` on, or the one in
 * force where there is none, made ready and handed to `look`. Returns what that returns, or why it
 * could not be had. `yaml` is NULL for the registry in force. */
CO_MUST_CHECK int cli_registry_look(struct cli *cli, size_t first,
                                    int (*look)(void *arg, const struct co_registry *registry,
                                                struct co_yaml *yaml),
                                    void *arg);

/* The same for `count` files and directories; 0: the registry in force. */
CO_MUST_CHECK int cli_registry_look_at(struct cli *cli, char *const *paths, size_t count,
                                       int (*look)(void *arg, const struct co_registry *registry,
                                                   struct co_yaml *yaml),
                                       void *arg);

/* --from DATE [today] and --days N [days]: [*ret_from_us, *ret_until_us), from midnight here. */
CO_MUST_CHECK int cli_read_days(struct cli *cli, uint32_t days, uint32_t days_max,
                                int64_t *ret_from_us, int64_t *ret_until_us);

/* The same, made ready for looking things up; the caller frees it. NULL: out of memory, said. */
struct co_registry *cli_registry_index(struct cli *cli, const Callout__V1__Registry *registry);

/* Says that there is no contract of that key, and which is meant perhaps. Returns the exit code. */
int cli_fail_contract(struct cli *cli, const struct co_registry *registry, const char *key);
