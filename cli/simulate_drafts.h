/* simulate_drafts.h - drafts of policy packs and calendars, read from files and checked as `callout
 * apply` would. */
#pragma once

#include "history.h"

struct simulate_drafts;

/* Loads the files of --policy and --calendar into the registry in force. Problems are said with
 * file and line. Returns the exit code; simulate_drafts_free() in any case. Runs queries on the
 * history: before its versions do. */
CO_MUST_CHECK int simulate_drafts_load(struct history *h, struct simulate_drafts **ret);
void simulate_drafts_free(struct simulate_drafts *d); /* NULL is allowed */

const struct history_drafts *simulate_drafts_get(const struct simulate_drafts *d);
