#include "co_html.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "co_text.h"

enum { DEPTH_MAX = 32, NAME_TEXT = 32 };

#define BLANKS " \t\r\n"

static const char *const elements[] = {
    "a",        "abbr",  "b",      "blockquote", "br",  "caption", "center", "code", "col",
    "colgroup", "dd",    "del",    "div",        "dl",  "dt",      "em",     "font", "h1",
    "h2",       "h3",    "h4",     "h5",         "h6",  "hr",      "i",      "img",  "ins",
    "kbd",      "li",    "mark",   "ol",         "p",   "pre",     "q",      "s",    "samp",
    "small",    "span",  "strong", "sub",        "sup", "table",   "tbody",  "td",   "tfoot",
    "th",       "thead", "tr",     "u",          "ul",
};
#define ELEMENTS (sizeof(elements) / sizeof(elements[0]))

/* Those that have no end. */
static const char *const voids[] = { "br", "col", "hr", "img" };

static const char *const schemes[] = { "http://", "https://", "mailto:", "tel:" };

struct open {
    char name[NAME_TEXT];
    unsigned line;
};

struct scan {
    const char *at;
    unsigned line;
    struct open open[DEPTH_MAX];
    unsigned depth;
    struct co_html_fault *fault;
};

static bool refuse(struct scan *s, const char *allowed, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Always false. */
static bool refuse(struct scan *s, const char *allowed, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    (void)vsnprintf(s->fault->what, sizeof(s->fault->what), format, args);
    va_end(args);
    s->fault->line = s->line;
    s->fault->allowed = allowed;
    return false;
}

static void go(struct scan *s, size_t len)
{
    for (; len > 0; len--)
        s->line += *s->at++ == '\n' ? 1 : 0;
}

static bool is_one_of(const char *name, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(list[i], name) == 0)
            return true;
    return false;
}

/* Takes a name of letters, digits and hyphens, in small letters. False: there is none, or it is
 * longer than any that is known. */
static bool take_name(struct scan *s, char name[static NAME_TEXT])
{
    size_t len = 0;
    while (isalnum((unsigned char)s->at[len]) || s->at[len] == '-') {
        if (len == NAME_TEXT - 1)
            return false;
        name[len] = (char)tolower((unsigned char)s->at[len]);
        len++;
    }
    name[len] = '\0';
    go(s, len);
    return len > 0;
}

/* ---- attributes ---- */

/* What stands in a tag is not text: only the number of the case is safe there. */
static bool check_fields(struct scan *s, const char *name, const char *value, size_t len)
{
    static const char number[] = "{number}";
    for (size_t i = 0; i < len; i++) {
        if (value[i] != '{' && value[i] != '}')
            continue;
        if (i + 1 < len && value[i + 1] == value[i])
            i++;
        else if (len - i >= sizeof(number) - 1 &&
                 strncmp(value + i, number, sizeof(number) - 1) == 0)
            i += sizeof(number) - 2;
        else
            return refuse(s, "{number}; other fields between tags", "a field in the attribute %s",
                          name);
    }
    return true;
}

static bool check_address(struct scan *s, const char *name, const char *value)
{
    bool is_address = strcmp(name, "href") == 0 || strcmp(name, "src") == 0;
    for (size_t i = 0; is_address && i < sizeof(schemes) / sizeof(schemes[0]); i++)
        is_address = strncasecmp(value, schemes[i], strlen(schemes[i])) != 0;
    return !is_address || refuse(s, "http://, https://, mailto:, tel:",
                                 "%s is no address that may stand in a mail", name);
}

/* Behind the "=". */
static bool take_value(struct scan *s, const char *name)
{
    char quote = *s->at;
    if (quote != '"' && quote != '\'')
        return refuse(s, "a value in quotes", "the value of %s is not in quotes", name);
    const char *value = s->at + 1;
    const char ends[] = { quote, '<', '\0' };
    size_t len = strcspn(value, ends);
    if (value[len] != quote)
        return refuse(s, "the quote at its end", "the value of %s is not closed", name);
    if (!check_fields(s, name, value, len) || !check_address(s, name, value))
        return false;
    go(s, len + 2);
    return true;
}

static bool take_attribute(struct scan *s, const char *element)
{
    char name[NAME_TEXT];
    if (!take_name(s, name))
        return refuse(s, "name=\"value\"", "what stands in <%s> is no attribute", element);
    if (strncmp(name, "on", 2) == 0)
        return refuse(s, "", "%s: nothing is run in a mail", name);
    go(s, strspn(s->at, BLANKS));
    if (*s->at != '=')
        return true;
    go(s, 1);
    go(s, strspn(s->at, BLANKS));
    return take_value(s, name);
}

/* Up to the end of the tag, ">" or "/>". */
static bool take_attributes(struct scan *s, const char *element)
{
    while (true) {
        go(s, strspn(s->at, BLANKS));
        if (*s->at == '>' || (s->at[0] == '/' && s->at[1] == '>'))
            return true;
        if (*s->at == '\0' || *s->at == '<')
            return refuse(s, ">", "<%s is not closed", element);
        if (!take_attribute(s, element))
            return false;
    }
}

/* ---- tags ---- */

static bool check_element(struct scan *s, const char *name)
{
    static const char allowed[] = "elements of written text: p, br, b, a, img, ul, table ...";
    if (is_one_of(name, elements, ELEMENTS))
        return true;
    const char *nearest = co_text_nearest(name, elements, ELEMENTS);
    if (nearest == NULL)
        return refuse(s, allowed, "<%s> is not taken in a mail", name);
    return refuse(s, allowed, "<%s> is not taken in a mail; did you mean <%s>?", name, nearest);
}

static bool open_element(struct scan *s, const char *name)
{
    if (s->depth == DEPTH_MAX)
        return refuse(s, "32 at most", "elements stand too deep in each other");
    struct open *o = &s->open[s->depth++];
    (void)co_text_copy(o->name, sizeof(o->name), name);
    o->line = s->line;
    return true;
}

/* Behind "</". */
static bool take_end(struct scan *s)
{
    char name[NAME_TEXT];
    if (!take_name(s, name))
        return refuse(s, "</name>", "</ without the name of an element");
    go(s, strspn(s->at, BLANKS));
    if (*s->at != '>')
        return refuse(s, ">", "</%s is not closed", name);
    if (s->depth == 0)
        return refuse(s, "", "</%s> closes nothing", name);
    if (strcmp(s->open[s->depth - 1].name, name) != 0)
        return refuse(s, "elements closed in the order in which they stand in each other",
                      "</%s> where <%s> is open", name, s->open[s->depth - 1].name);
    s->depth--;
    go(s, 1);
    return true;
}

/* Behind "<". */
static bool take_begin(struct scan *s)
{
    char name[NAME_TEXT];
    if (!isalpha((unsigned char)*s->at) || !take_name(s, name))
        return refuse(s, "&lt; for the sign itself", "a < that begins no tag");
    bool is_void = is_one_of(name, voids, sizeof(voids) / sizeof(voids[0]));
    if (!check_element(s, name) || !take_attributes(s, name))
        return false;
    if (*s->at == '/' && !is_void)
        return refuse(s, "an end tag", "<%s/> does not close it", name);
    go(s, *s->at == '/' ? 2 : 1);
    return is_void || open_element(s, name);
}

bool co_html_check(const char *html, struct co_html_fault *ret_fault)
{
    struct scan s = { .at = html, .line = 1, .fault = ret_fault };
    while (true) {
        go(&s, strcspn(s.at, "<"));
        if (*s.at == '\0')
            break;
        bool is_end = s.at[1] == '/';
        go(&s, is_end ? 2 : 1);
        if (is_end ? !take_end(&s) : !take_begin(&s))
            return false;
    }
    if (s.depth == 0)
        return true;
    s.line = s.open[s.depth - 1].line;
    return refuse(&s, "an end tag", "<%s> is not closed", s.open[s.depth - 1].name);
}
