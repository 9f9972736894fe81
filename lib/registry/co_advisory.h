/* co_advisory.h - which contracts an advisory concerns, and why not the others.
 *
 * Pure; borrows from the registry. An advisory names a product and versions of it; a version stands
 * for its service packs too, no version for all. It concerns what is installed at sites. Whether a
 * contract reaches so far is asked as of a report (co_entitle.h) of that version at that site,
 * which asks for the pack of the advisory. Times are microseconds since the Unix epoch, UTC.
 */
#pragma once

#include "co_arena.h"
#include "co_buf.h"
#include "co_entitle.h"

enum {
    CO_ADVISORY_KEY_CHARS = 54,    /* with the key of a contract it fits into the key of a ticket */
    CO_ADVISORY_TEXT_CHARS = 2000, /* fix plan and workaround, each language */
    CO_ADVISORY_REFERENCES = 16,
    CO_ADVISORY_REFERENCE_CHARS = 200,
};

/* A version that is installed somewhere. */
struct co_advisory_place {
    const Callout__V1__Site *site;
    const Callout__V1__ProductVersion *version; /* NULL: the product is not told apart by them */
};

struct co_advisory_look {
    struct co_advisory_place place; /* the first one that is concerned; no site: none is */
    bool is_one_site;               /* all that is concerned is at that site */
    bool is_one_version;            /* and of that version */
    bool is_installed;              /* at a site of the contract's customer */
    enum co_entitle_reason reason;  /* why none is concerned, where it is installed: of the place
                                       that came nearest */
};

/* What the advisory means for the contract at that time. */
struct co_advisory_look co_advisory_look(const struct co_registry *r,
                                         const Callout__V1__Advisory *advisory,
                                         const Callout__V1__Contract *contract, int64_t at_us);

/* The places that are concerned under the contract at that time, in the order of the sites' keys.
 */
typedef void co_advisory_fn(void *arg, const struct co_advisory_place *place);
void co_advisory_places(const struct co_registry *r, const Callout__V1__Advisory *advisory,
                        const Callout__V1__Contract *contract, int64_t at_us, co_advisory_fn *each,
                        void *arg);

/* The same in words, "site version; site version", the first 16 of them: at most 2,500 bytes. */
void co_advisory_list_places(const struct co_registry *r, const Callout__V1__Advisory *advisory,
                             const Callout__V1__Contract *contract, int64_t at_us, bool is_zh,
                             struct co_buf *to);

/* The contracts of all customers who have installed what the advisory is about, whatever they
 * cover: each once, by key. NULL: out of memory. */
const Callout__V1__Contract **co_advisory_contracts(const struct co_registry *r,
                                                    const Callout__V1__Advisory *advisory,
                                                    struct co_arena *arena, size_t *ret_count);
