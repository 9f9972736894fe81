-- Counts a try of one thing in a lane before the try, so that one that kills the process is counted too.
-- in:  $1 int2 lane, $2 text service, $3 int8 seq of the entry (0: a due case), $4 int8 case_id
-- out: tries int4, this one included
INSERT INTO journal.attempt AS a (lane, service, seq, case_id, tries)
VALUES ($1::int2, $2::text, $3::int8, $4::int8, 1)
    ON CONFLICT (lane, service, seq, case_id) DO UPDATE
   SET tries = a.tries + 1
RETURNING tries;
