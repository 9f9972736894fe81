-- What was archived.
-- out: low int8, high int8, file text, digest text, entries int8, cases int8, archived_at timestamptz
SELECT low, high, file, digest, entries, cases, archived_at
  FROM journal.archive
 ORDER BY low;
