/* Who, and what, is taken for the date of a case. */
#include <string.h>

#include "cli_event.h"
#include "cli_table.h"
#include "cli_view.h"

static const char *who(struct cli *cli, const Callout__V1__BookingView *b)
{
    if (b->resource[0] == '\0')
        return "NOBODY";
    const char *key = strchr(b->resource, '/');
    return cli_format(cli, "%s", key == NULL ? b->resource : key + 1);
}

static const char *state(struct cli *cli, const Callout__V1__BookingView *b)
{
    if (b->resource[0] != '\0')
        return b->is_done ? "over" : b->is_named ? "named" : "booked";
    if (b->missing[0] == '\0')
        return "being sought";
    return cli_format(
        cli, "missing: %s%s%s", b->missing, cli_plus(cli, ", nearest ", b->nearest),
        b->free_from_us == 0 ? "" : cli_format(cli, " (until %s)", cli_when(cli, b->free_from_us)));
}

void cli_view_bookings(struct cli *cli, const Callout__V1__CaseView *v)
{
    if (v->n_bookings == 0)
        return;
    cli_view_heading(cli, "Booked");
    struct cli_table t;
    cli_table_init(&t, cli, "slot|who|from|until|state");
    for (size_t i = 0; i < v->n_bookings; i++) {
        const Callout__V1__BookingView *b = v->bookings[i];
        CLI_TABLE_ADD(&t, cli_format(cli, "%s: %s", b->slot, cli_title(cli, b->title, b->slot)),
                      who(cli, b), cli_when(cli, b->from_us), cli_when(cli, b->until_us),
                      state(cli, b));
    }
    cli_table_print(&t, CLI_VIEW_INDENT);
}
