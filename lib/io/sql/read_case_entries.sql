-- Entries of one case from a number on, in order.
-- in:  $1 int2 lane, $2 int8 case_id, $3 int8 from (inclusive), $4 int8 until (inclusive), $5 int4 limit
-- out: seq int8, at timestamptz, case_id int8, kind int2, body bytea
SELECT seq, at, case_id, kind, body
  FROM journal.entry
 WHERE lane = $1::int2 AND case_id = $2::int8 AND seq >= $3::int8 AND seq <= $4::int8
 ORDER BY seq
 LIMIT $5::int4;
