/* cli_view.h - parts of a case for people, shared by the cli_view files. */
#pragma once

#include "cli.h"

enum { CLI_VIEW_INDENT = 2 };

void cli_view_heading(struct cli *cli, const char *text);
/* A name and what it says; nothing where `text` is "". */
void cli_view_line(struct cli *cli, const char *name, const char *text);

/* cli_view_wide.c */
void cli_view_calendar(struct cli *cli, const Callout__V1__CaseView *v);
void cli_view_visit(struct cli *cli, const Callout__V1__CaseView *v);
void cli_view_exclusions(struct cli *cli, const Callout__V1__CaseView *v);

/* cli_view_step.c */
void cli_view_steps(struct cli *cli, const Callout__V1__CaseView *v);
/* cli_view_booking.c */
void cli_view_bookings(struct cli *cli, const Callout__V1__CaseView *v);
/* cli_view_consent.c */
void cli_view_consents(struct cli *cli, const Callout__V1__CaseView *v);

/* cli_view_days.c */
void cli_view_days(struct cli *cli, const Callout__V1__CaseView *v);
/* "3.5 h" */
const char *cli_man_hours(struct cli *cli, int64_t minutes);
/* What a posting does to what is reserved and what is used. */
void cli_man_days_add(const Callout__V1__LotPosted *posted, int64_t *reserved, int64_t *used);

/* cli_view_ladder.c: steps of ladders, and what was announced late. */
void cli_view_ladders(struct cli *cli, const Callout__V1__CaseView *v);
void cli_view_late(struct cli *cli, const Callout__V1__CaseView *v);
