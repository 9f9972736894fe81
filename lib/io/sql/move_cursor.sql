-- Moves a service's cursor in one lane and proves that the caller still owns the lane: raises division_by_zero, and so
-- aborts the rest of the transaction, when another epoch has taken over. First statement of every transaction of a
-- leased service, also of one that consumes no entry; the row lock makes a second owner wait for the first's end.
-- in:  $1 int2 lane, $2 text service, $3 int8 epoch, $4 int8 seq (unchanged where nothing was consumed)
-- out: held int8, always 1
WITH moved AS (
    UPDATE journal.cursor
       SET seq = $4::int8
     WHERE lane = $1::int2 AND service = $2::text AND epoch = $3::int8
 RETURNING 1)
SELECT 1 / count(*) AS held
  FROM moved;
