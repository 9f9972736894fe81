-- What is known of some cases of one lane. Only the lane's owner changes it, so it still holds when the turn commits.
-- in:  $1 int2 lane, $2 int8[] case_id
-- out: case_id int8, state bytea (in the order of case_id)
SELECT case_id, state
  FROM notify.case
 WHERE lane = $1::int2 AND case_id = ANY ($2::int8[])
 ORDER BY case_id;
