-- Erases what notices of a case said, and where they went.
-- in:  $1 int2 lane, $2 int8 case_id
-- out: rows int8
WITH gone AS (
    DELETE FROM notify.notice_text
     WHERE lane = $1::int2 AND case_id = $2::int8
 RETURNING 1)
SELECT count(*) AS rows
  FROM gone;
