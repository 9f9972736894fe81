-- What of a replay is in the database.
-- in:  kinds of entries: $1 int2 ticket, $2 int2 command, $3 int2 applied, $4 int2 refused
-- out: ticket_receipts int8, command_receipts int8, ticket_entries int8, command_entries int8, verdicts int8, cases int8
SELECT (SELECT count(*) FROM intake.receipt WHERE kind = 1) AS ticket_receipts,
       (SELECT count(*) FROM intake.receipt WHERE kind = 2) AS command_receipts,
       count(*) FILTER (WHERE kind = $1::int2) AS ticket_entries,
       count(*) FILTER (WHERE kind = $2::int2) AS command_entries,
       count(*) FILTER (WHERE kind IN ($3::int2, $4::int2)) AS verdicts,
       (SELECT count(*) FROM sla.case) AS cases
  FROM journal.entry;
