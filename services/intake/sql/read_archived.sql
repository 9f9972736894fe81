-- The oldest archive that entries of a case are in.
-- in:  $1 int2 lane, $2 int8 case_id
-- out: low int8, the first number of its partition; no row: the case is whole in the journal
SELECT low
  FROM journal.archived_case
 WHERE lane = $1::int2 AND case_id = $2::int8
 ORDER BY low
 LIMIT 1;
