-- Entries of one lane after a number, in order. Safe at any time: entries are never changed, and numbers up to the newest
-- committed one have no gaps.
-- in:  $1 int2 lane, $2 int8 after, $3 int8 how many numbers
-- out: seq int8, at timestamptz, case_id int8, kind int2, body bytea
SELECT seq, at, case_id, kind, body
  FROM journal.entry
 WHERE lane = $1::int2 AND seq > $2::int8 AND seq <= $2::int8 + $3::int8
 ORDER BY seq;
