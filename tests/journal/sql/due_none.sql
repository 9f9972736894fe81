-- The reader has no timers.
-- in:  $1 int2 lane, $2 timestamptz from, $3 timestamptz until (exclusive), $4 int4 limit
-- out: case_id int8, next_at timestamptz
SELECT case_id, at AS next_at
  FROM journal.entry
 WHERE lane = $1::int2 AND at >= $2::timestamptz AND at < $3::timestamptz AND false
 LIMIT $4::int4;
