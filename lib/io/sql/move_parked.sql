-- Part of a parked case has been caught up with: its entries from since_seq on still wait.
-- in:  $1 int2 lane, $2 text service, $3 int8 case_id, $4 int8 since_seq
UPDATE journal.parked
   SET since_seq = $4::int8
 WHERE lane = $1::int2 AND service = $2::text AND case_id = $3::int8;
