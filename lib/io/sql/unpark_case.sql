-- Ends the setting aside of a case, in the transaction that caught up with its entries, or that dropped them.
-- in:  $1 int2 lane, $2 text service, $3 int8 case_id
DELETE FROM journal.parked
 WHERE lane = $1::int2 AND service = $2::text AND case_id = $3::int8;
