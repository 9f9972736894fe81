-- Asks the owner of a case that was set aside to try it again, or to drop the entries that wait.
-- in:  $1 text service, $2 int8 case_id, $3 text what is asked
-- out: service text, case_id int8, since_seq int8, parked_at timestamptz, reason text, waiting int8 (not counted here: 0)
UPDATE journal.parked
   SET asked = $3::text
 WHERE lane = ($2::int8 & 255)::int2 AND service = $1::text AND case_id = $2::int8
RETURNING service, case_id, since_seq, parked_at, reason, 0::int8 AS waiting;
