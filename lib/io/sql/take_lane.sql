-- Takes a lane that is free or whose owner is dead. The epoch seen before must still stand, so of two takers one wins; the row
-- lock waits for a transaction of the old owner, which the new epoch then shuts out.
-- in:  $1 int2 lane, $2 text service, $3 int8 epoch seen, $4 text instance
-- out: seq int8, epoch int8; no row: somebody else was faster
UPDATE journal.cursor
   SET owner = $4::text, epoch = epoch + 1
 WHERE lane = $1::int2 AND service = $2::text AND epoch = $3::int8
RETURNING seq, epoch;
