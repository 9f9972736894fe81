/* co_html.h - is a text fit to be the HTML of a mail?
 *
 * Pure. No parser of HTML: it looks at tags only, and takes less than browsers do. Elements are
 * those of a list, written text (none that runs, loads or asks for anything but pictures); each
 * one that is opened is closed, in order; attributes have quoted values, none begins with "on";
 * addresses are of http, https, mailto or tel. Not looked at: which element may stand in which,
 * what attributes there are, entities, the words of `style`.
 *
 * The text may be a template (notices): in a tag only {number} may stand, and only in a quoted
 * value, since no other value is safe there.
 */
#pragma once

#include <stdbool.h>

enum { CO_HTML_FAULT_TEXT = 200 };

struct co_html_fault {
    unsigned line;                 /* in the text, from 1 */
    char what[CO_HTML_FAULT_TEXT]; /* a sentence without its full stop */
    const char *allowed;           /* what would be taken; static */
};

/* True: nothing was found. Else the first fault; *ret_fault is only written then. */
bool co_html_check(const char *html, struct co_html_fault *ret_fault);
