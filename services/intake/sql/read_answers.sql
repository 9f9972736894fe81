-- What can be answered by a code in the notices of a case.
-- in:  $1 int2 lane, $2 int8 case_id
-- out: obligation text, generation int4, slot text, person text, secret bytea, answers int4, answer_by timestamptz, recalled bool
SELECT obligation, generation, slot, person, secret, answers, answer_by, recalled
  FROM read.notify_answer
 WHERE lane = $1::int2 AND case_id = $2::int8;
