-- Takes a lane that is free or whose owner is dead. The epoch seen before must still stand, so of two takers one wins. A lane
-- that a transaction of the old owner still holds is passed over, and taken later: one stopped process must not keep the
-- other lanes, taken in the same transaction, from moving.
-- in:  $1 int2 lane, $2 text service, $3 int8 epoch seen, $4 text instance, $5 int8 kinds that it reads
-- out: seq int8, epoch int8; no row: somebody else was faster, or still holds it
UPDATE journal.cursor
   SET owner = $4::text, epoch = epoch + 1, kinds = $5::int8
 WHERE lane = $1::int2 AND service = $2::text
   AND epoch = (SELECT c.epoch
                  FROM journal.cursor AS c
                 WHERE c.lane = $1::int2 AND c.service = $2::text AND c.epoch = $3::int8
                   FOR UPDATE SKIP LOCKED)
RETURNING seq, epoch;
