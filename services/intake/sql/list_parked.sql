-- Cases set aside, and how many of their entries wait.
-- in:  $1 text service (empty: any), $2 int8 case_id (0: any)
-- out: service text, case_id int8, since_seq int8, parked_at timestamptz, reason text, waiting int8
SELECT p.service, p.case_id, p.since_seq, p.parked_at, p.reason,
       (SELECT count(*)
          FROM journal.entry AS e
         WHERE e.lane = p.lane AND e.case_id = p.case_id AND e.seq > p.since_seq) AS waiting
  FROM journal.parked AS p
 WHERE ($1::text = '' OR p.service = $1::text)
   AND ($2::int8 = 0 OR p.case_id = $2::int8)
 ORDER BY p.parked_at, p.case_id
 LIMIT 1000;
