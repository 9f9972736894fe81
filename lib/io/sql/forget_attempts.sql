-- A counted try has succeeded, or is given up: in the transaction of its effect. A case that is due again and again under one
-- number must not be taken for one that fails.
-- in:  $1 int2 lane, $2 text service, $3 int8 seq, $4 int8 case_id (null: everything counted in the lane)
DELETE FROM journal.attempt
 WHERE lane = $1::int2 AND service = $2::text AND ($4::int8 IS NULL OR (seq, case_id) = ($3::int8, $4::int8));
