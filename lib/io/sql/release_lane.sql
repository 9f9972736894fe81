-- Gives a lane away in good order, with the cursor where its owner stands; never back: who releases a lane that he lost track
-- of may know an older number than the table.
-- in:  $1 int2 lane, $2 text service, $3 int8 epoch, $4 int8 seq
UPDATE journal.cursor
   SET owner = NULL, seq = greatest(seq, $4::int8)
 WHERE lane = $1::int2 AND service = $2::text AND epoch = $3::int8;
