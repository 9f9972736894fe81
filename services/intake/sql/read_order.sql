-- The work order of a case.
-- in:  $1 int2 lane, $2 int8 case_id
-- out: state bytea
SELECT state
  FROM read.dispatch_order
 WHERE lane = $1::int2 AND case_id = $2::int8;
