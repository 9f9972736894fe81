-- Erases the hashes of addresses of a person that were gone for good.
-- in:  $1 int2 kind, $2 text key
-- out: rows int8
WITH gone AS (
    DELETE FROM notify.gone
     WHERE entry_kind = $1::int2 AND entry_key = $2::text
 RETURNING 1)
SELECT count(*) AS rows
  FROM gone;
