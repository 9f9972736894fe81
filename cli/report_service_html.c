/* A service report as one page that prints well: no scripts, nothing from elsewhere, every text
 * escaped. */
#include "cli_files.h"
#include "co_buf.h"
#include "report_service.h"

enum { PAGE_LIMIT = 64 * 1024 * 1024 };

static const char style[] =
    "body{font:14px/1.5 system-ui,'Noto Sans CJK SC','Microsoft YaHei',sans-serif;color:#222;"
    "max-width:70em;margin:2em auto;padding:0 1em}\n"
    "h1{font-size:1.5em}h2{font-size:1.1em;margin:1.6em 0 .4em;break-after:avoid}\n"
    "table{border-collapse:collapse;width:100%}\n"
    "th,td{border-bottom:1px solid #ccc;padding:.25em .6em;text-align:left;vertical-align:top;"
    "overflow-wrap:anywhere}\n"
    "th{background:#f3f3f3}.r{text-align:right;font-variant-numeric:tabular-nums}\n"
    "tr{break-inside:avoid}thead{display:table-header-group}.note{color:#555}\n"
    "@media print{@page{size:A4 landscape;margin:15mm}body{max-width:none;margin:0;font-size:10px}"
    "th{background:none}}\n";

static void put_text(struct co_buf *b, const char *text)
{
    static const struct {
        char c;
        const char *text;
    } escapes[] = {
        { '&', "&amp;" }, { '<', "&lt;" }, { '>', "&gt;" }, { '"', "&quot;" }, { '\'', "&#39;" }
    };
    for (const char *p = text; *p != '\0'; p++) {
        const char *escaped = NULL;
        for (size_t i = 0; i < sizeof(escapes) / sizeof(escapes[0]); i++)
            if (escapes[i].c == *p)
                escaped = escapes[i].text;
        if (escaped != NULL)
            (void)co_buf_append_text(b, escaped);
        else
            (void)co_buf_append(b, (unsigned char)*p < ' ' ? " " : p, 1);
    }
}

/* As on the terminal, columns without any text are left out. */
static bool is_there(const struct cli_table *t, size_t column)
{
    for (size_t i = 0; i < t->rows; i++)
        if (t->row[i][column][0] != '\0')
            return true;
    return false;
}

static void put_row(struct co_buf *b, const struct cli_table *t, const char *const *cells,
                    const char *tag)
{
    (void)co_buf_append_text(b, "<tr>");
    for (size_t i = 0; i < t->columns; i++) {
        if (!is_there(t, i))
            continue;
        (void)co_buf_printf(b, "<%s%s>", tag, t->is_right[i] ? " class=\"r\"" : "");
        put_text(b, cells[i]);
        (void)co_buf_printf(b, "</%s>", tag);
    }
    (void)co_buf_append_text(b, "</tr>\n");
}

static void put_table(struct co_buf *b, const struct cli_table *t)
{
    (void)co_buf_append_text(b, "<table>\n");
    (void)co_buf_append_text(b, "<thead>");
    put_row(b, t, t->title, "th");
    (void)co_buf_append_text(b, "</thead>\n");
    (void)co_buf_append_text(b, "<tbody>\n");
    for (size_t i = 0; i < t->rows; i++)
        put_row(b, t, t->row[i], "td");
    (void)co_buf_append_text(b, "</tbody>\n</table>\n");
}

static void put_section(struct co_buf *b, const struct report_section *s, bool is_first)
{
    const char *tag = is_first ? "h1" : "h2";
    (void)co_buf_printf(b, "<%s>", tag);
    put_text(b, s->title);
    (void)co_buf_printf(b, "</%s>\n", tag);
    if (s->table.rows > 0)
        put_table(b, &s->table);
    if (s->note == NULL)
        return;
    (void)co_buf_append_text(b, "<p class=\"note\">");
    put_text(b, s->note);
    (void)co_buf_append_text(b, "</p>\n");
}

int report_service_html(struct report_service *r, const Callout__V1__ServiceReport *report,
                        const char *path)
{
    struct cli *cli = r->history.cli;
    struct report_section section[REPORT_SECTIONS_MAX];
    size_t n = report_service_say(r, report, section);
    struct co_buf b;
    co_buf_init(&b, PAGE_LIMIT);
    (void)co_buf_printf(&b,
                        "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n",
                        cli->language == CLI_ZH ? "zh" : "en");
    (void)co_buf_append_text(&b, "<title>");
    put_text(&b, cli_format(cli, "%s %s", report->contract, report->month));
    (void)co_buf_printf(&b, "</title>\n<style>\n%s</style>\n</head>\n<body>\n", style);
    for (size_t i = 0; i < n; i++)
        put_section(&b, &section[i], i == 0);
    (void)co_buf_append_text(&b, "</body>\n</html>\n");
    int code = b.err != CO_OK ? cli_fail(cli, CLI_FAILED, "the page is too large")
                              : cli_replace_file(cli, path, co_buf_text(&b));
    co_buf_done(&b);
    if (code == CLI_OK)
        cli_note(cli, "written: %s", path);
    return code;
}
