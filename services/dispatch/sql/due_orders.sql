-- Work orders that want to be woken, earliest first.
-- in:  $1 int2 lane, $2 timestamptz from, $3 timestamptz until (exclusive), $4 int4 limit
-- out: case_id int8, next_at timestamptz
SELECT case_id, next_at
  FROM dispatch.work_order
 WHERE lane = $1::int2 AND next_at >= $2::timestamptz AND next_at < $3::timestamptz
 ORDER BY next_at, case_id
 LIMIT $4::int4;
