-- Counts a try of what a lane stands at, before the try, so that one that kills the process is counted too.
-- in:  $1 int2 lane, $2 text service, $3 int8 seq of the entry, $4 int8 case_id
-- out: tries int4, this one included
INSERT INTO journal.attempt AS a (lane, service, seq, case_id, tries)
VALUES ($1::int2, $2::text, $3::int8, $4::int8, 1)
    ON CONFLICT (lane, service) DO UPDATE
   SET tries = CASE WHEN (a.seq, a.case_id) = (excluded.seq, excluded.case_id) THEN a.tries + 1 ELSE 1 END,
       seq = excluded.seq, case_id = excluded.case_id
RETURNING tries;
