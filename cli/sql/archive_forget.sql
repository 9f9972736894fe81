-- An archive is back in the journal.
-- in:  $1 int8 low, $2 text digest
-- out: low int8; no row: no such file was archived
WITH gone AS (
    DELETE FROM journal.archive
     WHERE low = $1::int8 AND digest = $2::text
 RETURNING low),
cases AS (
    DELETE FROM journal.archived_case AS a
     USING gone
     WHERE a.low = gone.low)
SELECT low
  FROM gone;
