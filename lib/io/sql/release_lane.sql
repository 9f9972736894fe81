-- Gives a lane away in good order, with the cursor where its owner stands; never back: who releases a lane that he lost track
-- of may know an older number than the table. One that a transaction still holds is passed over, and released later.
-- in:  $1 int2 lane, $2 text service, $3 int8 epoch, $4 int8 seq
UPDATE journal.cursor
   SET owner = NULL, seq = greatest(seq, $4::int8)
 WHERE lane = $1::int2 AND service = $2::text
   AND epoch = (SELECT c.epoch
                  FROM journal.cursor AS c
                 WHERE c.lane = $1::int2 AND c.service = $2::text AND c.epoch = $3::int8
                   FOR UPDATE SKIP LOCKED);
