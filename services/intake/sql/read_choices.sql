-- What dispatch saw when it chose whom to ask for a case, newest first.
-- in:  $1 int2 lane, $2 int8 case_id, $3 int4 limit
-- out: body bytea
SELECT body
  FROM read.dispatch_choice
 WHERE lane = $1::int2 AND case_id = $2::int8
 ORDER BY at DESC
 LIMIT $3::int4;
