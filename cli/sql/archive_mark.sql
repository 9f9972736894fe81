-- Notes the cases that have an entry in some numbers of the journal.
-- in:  $1 int8 low, $2 int8 high (exclusive)
-- out: cases int8
WITH marked AS (
    INSERT INTO journal.archived_case (lane, case_id, low)
    SELECT DISTINCT e.lane, e.case_id, $1::int8
      FROM journal.entry AS e
     WHERE e.seq >= $1::int8 AND e.seq < $2::int8 AND e.case_id > 0
 RETURNING 1)
SELECT count(*) AS cases
  FROM marked;
