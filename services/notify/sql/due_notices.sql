-- Cases of one lane with a notice to be sent before a time, earliest first; a case may come several times.
-- in:  $1 int2 lane, $2 timestamptz from, $3 timestamptz until (exclusive), $4 int4 limit
-- out: case_id int8, next_at timestamptz
SELECT case_id, next_at
  FROM notify.notice
 WHERE lane = $1::int2 AND next_at >= $2::timestamptz AND next_at < $3::timestamptz
 ORDER BY next_at, case_id
 LIMIT $4::int4;
