-- Entries of several lanes, each after a number, the oldest first; of one lane always in order and without gap.
-- in:  $1 int2[] lane, $2 int8[] after, $3 int4 limit
-- out: seq int8, at timestamptz, case_id int8, kind int2, body bytea, lane int2
SELECT e.seq, e.at, e.case_id, e.kind, e.body, c.lane
  FROM unnest($1::int2[], $2::int8[]) AS c (lane, after)
 CROSS JOIN LATERAL (
    SELECT seq, at, case_id, kind, body
      FROM journal.entry
     WHERE lane = c.lane AND seq > c.after AND seq <= c.after + $3::int4
     ORDER BY seq
     LIMIT $3::int4) AS e
 ORDER BY e.at, c.lane, e.seq
 LIMIT $3::int4;
