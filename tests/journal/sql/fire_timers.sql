-- Notes what fired; a timer that is gone or not due yet is none of it.
-- in:  $1 int2 lane, $2 int8[] case_id, $3 timestamptz now
WITH gone AS (
    DELETE FROM test.timer
     WHERE lane = $1::int2 AND case_id = ANY ($2::int8[]) AND next_at <= $3::timestamptz
 RETURNING lane, case_id, next_at)
INSERT INTO test.fired (lane, case_id, next_at)
SELECT lane, case_id, next_at
  FROM gone;
