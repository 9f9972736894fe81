-- The titles of the cases of one lane behind a place. Erased ones are not there.
-- in:  $1 int2 lane, $2 int8 case_id of the row before, $3 int8 last case_id wanted, $4 int4 limit
-- out: case_id int8, title text
SELECT case_id, title
  FROM read.ticket_text
 WHERE lane = $1::int2 AND case_id > $2::int8 AND case_id <= $3::int8
   AND NOT EXISTS (SELECT FROM journal.archived_case AS a WHERE a.lane = $1::int2 AND a.case_id = ticket_text.case_id OFFSET 0)
 ORDER BY case_id
 LIMIT $4::int4;
