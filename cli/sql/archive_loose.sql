-- The next entries of one lane that are of no case.
-- in:  $1 int2 lane, $2 int8 seq of the entry before, $3 int8 high (exclusive), $4 int4 limit
-- out: case_id int8 (0), seq int8, at timestamptz, kind int2, body bytea
SELECT case_id, seq, at, kind, body
  FROM journal.entry
 WHERE lane = $1::int2 AND case_id = 0 AND seq > $2::int8 AND seq < $3::int8
 ORDER BY seq
 LIMIT $4::int4;
