-- The next entries of one lane in the order of cases, then of the journal: those of certain kinds, behind a place. Through the
-- index (lane, case_id, seq): nothing is sorted, whatever the lane holds. Entries of no case (0) are passed over,
-- and cases that are in archives: not all of theirs are here.
-- in:  $1 int2 lane, $2 int8 case_id and $3 int8 seq, of the entry before; $4 int8 bit k for kind k, $5 int8 last case_id wanted,
--      $6 int4 limit
-- out: case_id int8, seq int8, at timestamptz, body bytea
SELECT case_id, seq, at, body
  FROM journal.entry
 WHERE lane = $1::int2 AND (case_id, seq) > ($2::int8, $3::int8) AND case_id <= $5::int8
   AND (1::int8 << kind) & $4::int8 <> 0
   AND NOT EXISTS (SELECT FROM journal.archived_case AS a WHERE a.lane = $1::int2 AND a.case_id = entry.case_id OFFSET 0)
 ORDER BY case_id, seq
 LIMIT $6::int4;
