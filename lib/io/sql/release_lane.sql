-- Gives a lane away in good order, with the cursor where its owner stands.
-- in:  $1 int2 lane, $2 text service, $3 int8 epoch, $4 int8 seq
UPDATE journal.cursor
   SET owner = NULL, seq = $4::int8
 WHERE lane = $1::int2 AND service = $2::text AND epoch = $3::int8;
